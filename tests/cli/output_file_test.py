"""The output appears whole or not at all; the input is never touched unless it is the output."""
import os
import unittest

from tool import DONE, FAILED, REFUSED, ToolTest


class OutputFileTest(ToolTest):

    def test_writes_the_output_and_nothing_else(self):
        model = self.model()
        before = model.read_bytes()
        self.expect(DONE, "apply", model, "-o", "out.onnx")
        self.assertEqual(model.read_bytes(), before)
        self.assertNotEqual((self.folder / "out.onnx").read_bytes(), before)
        self.assertEqual(self.files(), ["mnist.onnx", "out.onnx"])

    def test_replaces_an_existing_output(self):
        (self.folder / "out.onnx").write_bytes(b"old")
        self.expect(DONE, "apply", self.model("yunet.onnx"), "-o", "out.onnx")
        self.assertGreater((self.folder / "out.onnx").stat().st_size, 1000)

    def test_the_input_by_any_name_is_refused(self):
        model = self.model()
        before = model.read_bytes()
        os.link(model, self.folder / "hard.onnx")
        os.symlink("mnist.onnx", self.folder / "soft.onnx")
        (self.folder / "below").mkdir()
        for output in ("mnist.onnx", "./mnist.onnx", "below/../mnist.onnx", "hard.onnx", "soft.onnx"):
            with self.subTest(output):
                self.assert_one_sentence(self.expect(REFUSED, "apply", "mnist.onnx", "-o", output))
        self.assertEqual(model.read_bytes(), before)
        self.assertEqual(self.files(), ["below", "hard.onnx", "mnist.onnx", "soft.onnx"])

    def test_the_longest_name_that_a_file_may_have(self):
        model = self.model()
        self.expect(DONE, "apply", model, "-o", "out.onnx")
        name = "n" * 250 + ".onnx"
        self.expect(DONE, "apply", model, "-o", name)
        self.assertEqual((self.folder / name).read_bytes(), (self.folder / "out.onnx").read_bytes())
        self.expect(DONE, "apply", model, "-o", name, "--prepare")
        self.expect(DONE, "apply", model, "-o", name, "--part", "1/1")
        self.assertEqual((self.folder / name).read_bytes(), (self.folder / "out.onnx").read_bytes())
        self.assertEqual(self.files(), ["mnist.onnx", name, "out.onnx"])

    def test_in_place_rewrites_the_input(self):
        model = self.model()
        self.expect(DONE, "apply", model, "-o", "out.onnx", "--seed", 5)
        self.expect(DONE, "apply", model, "-o", model, "--seed", 5, "--in-place")
        self.assertEqual(model.read_bytes(), (self.folder / "out.onnx").read_bytes())
        self.assertEqual(self.files(), ["mnist.onnx", "out.onnx"])

    def test_a_missing_folder_is_a_failure(self):
        self.assert_one_sentence(self.expect(FAILED, "apply", self.model(), "-o", "nowhere/out.onnx"))
        self.assertEqual(self.files(), ["mnist.onnx"])

    def test_a_folder_is_no_output(self):
        (self.folder / "out").mkdir()
        self.assert_one_sentence(self.expect(FAILED, "apply", self.model(), "-o", "out"))
        self.assertEqual(self.files(), ["mnist.onnx", "out"])

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_a_read_only_folder_is_a_failure(self):
        model = self.model()
        self.folder.chmod(0o500)
        self.addCleanup(self.folder.chmod, 0o700)
        self.assert_one_sentence(self.expect(FAILED, "apply", model, "-o", "out.onnx"))

    def test_a_missing_model_is_a_failure(self):
        for command in (["plan", "none.onnx"], ["apply", "none.onnx", "-o", "out.onnx"]):
            with self.subTest(command):
                process = self.expect(FAILED, *command)
                self.assert_one_sentence(process)
                self.assertIn("none.onnx", process.stderr)
        self.assertEqual(self.files(), [])

    def test_the_bytes_depend_on_the_seed_only(self):
        model = self.model()
        outputs = {}
        for name, args in {
                "a": ["--seed", "7"],
                "b": ["--seed", "7", "--threads", "1"],
                "c": ["--seed", "7", "--threads", "8", "--kernel", "scalar"],
                "d": ["--seed", "8"],
        }.items():
            self.expect(DONE, "apply", model, "-o", name, *args)
            outputs[name] = (self.folder / name).read_bytes()
        self.assertEqual(outputs["a"], outputs["b"])
        self.assertEqual(outputs["a"], outputs["c"])
        self.assertNotEqual(outputs["a"], outputs["d"])
