"""Models through pipes: in and out, by every name that a shell has for them."""
import os
import resource
import signal
import subprocess
import threading
import time

from tool import DONE, FAILED, REFUSED, TOOL, USAGE, ToolTest, write_model


class PipeTest(ToolTest):

    def setUp(self):
        super().setUp()
        self.content = self.model().read_bytes()
        self.expect(DONE, "apply", "mnist.onnx", "-o", "expected.onnx")
        self.expected = (self.folder / "expected.onnx").read_bytes()

    def pipe(self, *args, content=None, code=DONE):
        """The finished process, output as bytes; its standard input is a pipe that brings the model."""
        process = subprocess.run(
            [TOOL, *args], input=self.content if content is None else content, capture_output=True,
            cwd=self.folder, timeout=60, check=False)
        self.assertEqual(process.returncode, code, process.stderr)
        return process

    def test_output_to_standard_output(self):
        for name in ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
            with self.subTest(name):
                process = self.pipe("apply", "mnist.onnx", "-o", name)
                self.assertEqual(process.stdout, self.expected)
                self.assertIn(b"with new values", process.stderr)

    def test_quiet_leaves_the_model_alone(self):
        process = self.pipe("apply", "mnist.onnx", "-o", "-", "--quiet")
        self.assertEqual((process.stdout, process.stderr), (self.expected, b""))

    def test_standard_output_that_is_a_file_is_appended_to_as_the_shell_asks(self):
        for mode, before in (("wb", b""), ("ab", b"before")):
            (self.folder / "out").write_bytes(b"before")
            with self.subTest(mode), open(self.folder / "out", mode) as out:
                subprocess.run([TOOL, "apply", "mnist.onnx", "-o", "/dev/stdout"], stdout=out, cwd=self.folder,
                               stderr=subprocess.DEVNULL, check=True)
            self.assertEqual((self.folder / "out").read_bytes(), before + self.expected)

    def test_input_from_standard_input(self):
        for name in ("-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"):
            with self.subTest(name):
                self.pipe("apply", name, "-o", "out.onnx")
                self.assertEqual((self.folder / "out.onnx").read_bytes(), self.expected)
                self.assertIn(b"conv", self.pipe("plan", name).stdout)

    def test_pipe_in_pipe_out(self):
        self.assertEqual(self.pipe("apply", "-", "-o", "-").stdout, self.expected)

    def test_named_pipes(self):
        os.mkfifo(self.folder / "in")
        os.mkfifo(self.folder / "out")
        got = []
        threads = [
            threading.Thread(target=(self.folder / "in").write_bytes, args=(self.content,)),
            threading.Thread(target=lambda: got.append((self.folder / "out").read_bytes())),
        ]
        for thread in threads:
            thread.start()
        self.expect(DONE, "apply", "in", "-o", "out")
        for thread in threads:
            thread.join()
        self.assertEqual(got, [self.expected])
        self.assertEqual(self.files(), ["expected.onnx", "in", "mnist.onnx", "out"])

    def test_a_bad_model_is_refused_under_the_pipes_name(self):
        for content, word in ((self.content[:1000], b"byte "), (b"", b"empty")):
            process = self.pipe("apply", "-", "-o", "out.onnx", content=content, code=REFUSED)
            self.assertRegex(process.stderr, rb"\Aerror: /dev/stdin: [^\n]+\n\Z")
            self.assertIn(word, process.stderr)
        self.assertNotIn("out.onnx", self.files())

    def test_external_data_of_a_piped_model_cannot_be_found(self):
        content = write_model(self.folder / "in.onnx", layers=1, width=20, location="w.bin").read_bytes()
        for name in ("-", "/proc/self/fd/0"):
            with self.subTest(name):
                process = self.pipe("apply", name, "-o", "out.onnx", "--keep", ".", content=content, code=FAILED)
                error = process.stderr.splitlines()[-1]
                self.assertRegex(error, rb"\Aerror: w\.bin: [^\n]*give the model's path\Z")
        self.assertNotIn(b"folder", self.pipe("plan", "/proc/self/fd/0").stderr)

    def test_a_closed_standard_output_is_a_failure(self):
        process = self.run_tool("apply", "mnist.onnx", "-o", "-", preexec_fn=lambda: os.close(1))
        self.assertEqual(process.returncode, FAILED)
        self.expect(DONE, "apply", "mnist.onnx", "-o", "out.onnx", "--quiet", preexec_fn=lambda: os.close(1))
        self.assertEqual((self.folder / "out.onnx").read_bytes(), self.expected)

    def test_a_temporary_folder_without_room_is_named_with_the_way_out(self):
        def leave_no_room():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        process = subprocess.run(
            [TOOL, "plan", "-"], input=self.content, capture_output=True, cwd=self.folder, timeout=60, check=False,
            env=os.environ | {"TMPDIR": str(self.folder)}, preexec_fn=leave_no_room)
        self.assertEqual(process.returncode, FAILED)
        self.assertIn(f"'{self.folder}'".encode(), process.stderr)
        self.assertIn(b"TMPDIR", process.stderr)
        self.assertEqual(self.files(), ["expected.onnx", "mnist.onnx"])

    def test_an_interrupt_ends_the_wait_for_a_named_pipe(self):
        os.mkfifo(self.folder / "pipe")
        for args in (["pipe", "-o", "out.onnx"], ["mnist.onnx", "-o", "pipe"]):
            with self.subTest(args), subprocess.Popen([TOOL, "apply", *args], cwd=self.folder,
                                                      stderr=subprocess.DEVNULL) as process:
                time.sleep(0.5)  # it waits for the other end
                process.send_signal(signal.SIGINT)
                self.assertEqual(process.wait(timeout=20), -signal.SIGINT)

    def test_a_device_is_no_model(self):
        self.assert_one_sentence(self.expect(REFUSED, "plan", "/dev/zero"))

    def test_the_model_and_json_do_not_mix(self):
        process = self.pipe("apply", "mnist.onnx", "-o", "-", "--json", code=USAGE)
        self.assertEqual(process.stdout, b"")

    def test_a_full_output_is_a_failure(self):
        self.assert_one_sentence(self.expect(FAILED, "apply", "mnist.onnx", "-o", "/dev/full"))
