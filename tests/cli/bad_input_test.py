"""Real models cut anywhere, files too large to be models, and what is no file at all. What is malformed in
smaller ways is in testdata/bad, see tests/bad."""
import os
import time

from tool import MODELS, REFUSED, ToolTest


class BadInputTest(ToolTest):

    def assert_refused(self, path):
        """`plan` and `apply` refuse `path` at once, and leave an existing output alone."""
        output = self.folder / "out.onnx"
        output.write_bytes(b"old")
        for command in (["plan", path], ["apply", path, "-o", output]):
            start = time.monotonic()
            process = self.expect(REFUSED, *command)
            self.assertLess(time.monotonic() - start, 5)
            self.assert_one_sentence(process)
            self.assertRegex(process.stderr, rf"\Aerror: {path}: at byte \d+: ")
        self.assertEqual(output.read_bytes(), b"old")
        return process.stderr

    def test_a_cut_model(self):
        whole = (MODELS / "mnist.onnx").read_bytes()
        path = self.folder / "cut.onnx"
        for size in (1, 10, 1000, len(whole) // 2, len(whole) - 1):
            with self.subTest(size=size):
                path.write_bytes(whole[:size])
                self.assert_refused(path)

    def test_a_file_that_protobuf_cannot_hold(self):
        whole = (MODELS / "mnist.onnx").read_bytes()
        path = self.folder / "large.onnx"
        path.write_bytes(whole)
        for size in (2**31, 2**32 + len(whole)):
            with self.subTest(size=size):
                os.truncate(path, size)  # takes no room on the disk
                self.assertIn("must keep its weights in external data", self.assert_refused(path))

    def test_what_is_no_file(self):
        (self.folder / "folder.onnx").mkdir()
        for name in ("folder.onnx", "/dev/zero", "/dev/null"):
            with self.subTest(name):
                self.assert_one_sentence(self.expect(REFUSED, "plan", name))
