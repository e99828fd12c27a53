"""External data: many files of it, and what cannot be read."""
import os
import resource

from tool import DONE, FAILED, ToolTest, write_model

import made_model  # tool.py has its folder in the path


def few_open_files():
    resource.setrlimit(resource.RLIMIT_NOFILE, (50, 50))


class ExternalDataTest(ToolTest):

    def test_more_files_than_a_process_may_open(self):
        write_model(self.folder / "in.onnx", layers=100, width=20, location="w{}.bin")
        plan = self.expect(DONE, "plan", "in.onnx", "--json").stdout
        self.assertEqual(self.expect(DONE, "plan", "in.onnx", "--json", preexec_fn=few_open_files).stdout, plan)
        self.expect(DONE, "apply", "in.onnx", "-o", "free.onnx", "--keep", "weight", "--external-data", "inline")
        for _ in range(2):  # the second time over an output that is there
            self.expect(DONE, "apply", "in.onnx", "-o", "out.onnx", "--keep", "weight", "--external-data", "inline",
                        preexec_fn=few_open_files)
            self.assertEqual((self.folder / "out.onnx").read_bytes(), (self.folder / "free.onnx").read_bytes())

    def test_more_shards_than_a_process_may_open(self):
        write_model(self.folder / "in.onnx", layers=100, width=20)
        shards = ["apply", "in.onnx", "--external-data", "shards=2KB"]
        self.expect(DONE, *shards, "-o", "free.onnx")
        for _ in range(2):  # the second time over an output that is there
            self.expect(DONE, *shards, "-o", "out.onnx", "--sync", preexec_fn=few_open_files)
        self.expect(DONE, *shards, "-o", "parts.onnx", "--prepare", preexec_fn=few_open_files)
        for part in ("2/2", "1/2"):
            self.expect(DONE, *shards, "-o", "parts.onnx", "--part", part, preexec_fn=few_open_files)
        self.assertEqual(len(self.files()), 4 + 3 * 100)
        for i in range(1, 101):
            content = (self.folder / f"free.onnx-{i:05}-of-00100.data").read_bytes()
            for name in ("out.onnx.2", "parts.onnx"):  # the first data of out.onnx are in use while it is replaced
                self.assertEqual((self.folder / f"{name}-{i:05}-of-00100.data").read_bytes(), content)

    def test_what_is_missing_or_short_is_said_and_planned_without(self):
        for name, size in {"missing": None, "short": 100}.items():
            with self.subTest(name):
                write_model(self.folder / "in.onnx", layers=2, width=20, location="w.bin")
                self.assertEqual(self.expect(DONE, "plan", "in.onnx").stderr, "")
                if size is None:
                    (self.folder / "w.bin").unlink()
                else:
                    os.truncate(self.folder / "w.bin", size)
                for command in (["plan", "in.onnx"], ["apply", "in.onnx", "-o", "out.onnx"]):
                    self.assertRegex(self.expect(DONE, *command).stderr,
                                     r"\Awarning: some values cannot be read [^\n]*w\.bin[^\n]*\n\Z")

    def test_a_model_without_weights_says_so(self):
        graph = made_model.node("Relu", ["x"], "y") + made_model.bytes_field(11, made_model.value_info("x", 20))
        graph += made_model.bytes_field(12, made_model.value_info("y", 20))
        opset = made_model.bytes_field(8, made_model.number_field(2, 17))
        (self.folder / "in.onnx").write_bytes(
            made_model.number_field(1, 8) + opset + made_model.bytes_field(7, graph))
        self.assertRegex(self.expect(DONE, "plan", "in.onnx").stderr, r"\Awarning: the model stores no weights[^\n]*\n\Z")
        write_model(self.folder / "in.onnx", layers=1, width=20)
        self.assertEqual(self.expect(DONE, "plan", "in.onnx").stderr, "")

    def test_what_the_system_cannot_read_is_an_error(self):
        write_model(self.folder / "in.onnx", layers=2, width=20, location="w.bin")
        (self.folder / "w.bin").unlink()
        os.symlink("w.bin", self.folder / "w.bin")  # a loop
        for command in (["plan", "in.onnx"], ["apply", "in.onnx", "-o", "out.onnx"]):
            self.assert_one_sentence(self.expect(FAILED, *command))
