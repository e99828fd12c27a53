"""Malformed input gives exit 3 and one sentence; an existing output stays as it was."""
import time
import zipfile

from tool import MODELS, REFUSED, SOURCE, ToolTest

LFS_POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 26454\n"


class BadInputTest(ToolTest):

    def assert_refused(self, path):
        """`plan` and `apply` refuse `path` quickly, and leave an existing output alone."""
        output = self.folder / "out.onnx"
        output.write_bytes(b"old")
        sentences = []
        for command in (["plan", path], ["apply", path, "-o", output]):
            start = time.monotonic()
            process = self.expect(REFUSED, *command)
            self.assertLess(time.monotonic() - start, 5)
            self.assert_one_sentence(process)
            self.assertIn(path.name, process.stderr)
            sentences.append(process.stderr)
        self.assertEqual(output.read_bytes(), b"old")
        return sentences[0]

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def test_what_is_no_model_is_named(self):
        with zipfile.ZipFile(self.folder / "archive.onnx", "w") as archive:
            archive.write(MODELS / "mnist.onnx", "mnist.onnx")
        rows = {
            "git-LFS": self.write("pointer.onnx", LFS_POINTER),
            "zip": self.folder / "archive.onnx",
            "empty": self.write("empty.onnx", b""),
            "text": self.write("text.onnx", b'ir_version: 8\nproducer_name: "me"\ngraph {\n}\n'),
            "JSON": self.write("json.onnx", b'{"irVersion": "8", "graph": {}}'),
        }
        for word, path in rows.items():
            with self.subTest(word):
                self.assertIn(word.lower(), self.assert_refused(path).lower())

    def test_a_cut_file_is_refused_with_its_offset(self):
        whole = (MODELS / "mnist.onnx").read_bytes()
        for size in (1, 10, 1000, len(whole) // 2, len(whole) - 1):
            with self.subTest(size=size):
                self.assertRegex(self.assert_refused(self.write("cut.onnx", whole[:size])), r"byte \d+|offset \d+")

    def test_every_bundled_bad_file_is_refused(self):
        for path in sorted((SOURCE / "testdata" / "bad").glob("*.onnx")):
            with self.subTest(path.name):
                self.assert_refused(path)

    def test_a_folder_is_no_model(self):
        (self.folder / "model.onnx").mkdir()
        self.assert_one_sentence(self.expect(REFUSED, "plan", "model.onnx"))
