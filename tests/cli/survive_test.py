"""Whatever ends a run, the output is the old one or the new one, and the next run cleans up."""
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from tool import DONE, FAILED, REFUSED, TOOL, ToolTest, write_model

# A hundred with `ctest -C long -L long`.
KILLS = int(os.environ.get("ONNX_REINIT_KILLS", "15"))


class SurviveTest(ToolTest):

    def setUp(self):
        super().setUp()
        write_model(self.folder / "in.onnx", layers=8, width=1000)  # 32 MB

    def start(self, *args, **kwargs):
        return subprocess.Popen(
            [TOOL, *args], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **kwargs)

    def test_kill_at_random_moments(self):
        arguments = ["apply", "in.onnx", "-o", "out.onnx", "--quiet"]
        begin = time.monotonic()
        self.expect(DONE, *arguments)
        duration = time.monotonic() - begin
        new = (self.folder / "out.onnx").read_bytes()
        moments = random.Random(7)
        for i in range(KILLS):
            (self.folder / "out.onnx").write_bytes(b"old")
            with self.start(*arguments) as process:
                time.sleep(moments.uniform(0, duration))
                process.kill()
            self.assertIn((self.folder / "out.onnx").read_bytes(), (b"old", new), f"kill {i}")
        self.expect(DONE, *arguments)
        self.assertEqual(self.files(), ["in.onnx", "out.onnx"])

    def test_interrupt_leaves_nothing_and_is_reported_to_the_shell(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number):
                (self.folder / "out.onnx").write_bytes(b"old")
                # The scalar kernel and one thread: half a second of work.
                with self.start("apply", "in.onnx", "-o", "out.onnx", "--kernel", "scalar", "--threads", "1") as process:
                    while len(self.files()) < 3:
                        time.sleep(0.001)
                    process.send_signal(number)
                    error = process.stderr.read()
                self.assertEqual(process.returncode, -number)
                self.assertEqual(error, b"error: interrupted\n")
                self.assertEqual((self.folder / "out.onnx").read_bytes(), b"old")
                self.assertEqual(self.files(), ["in.onnx", "out.onnx"])

    def test_interrupt_while_a_pipe_is_read(self):
        with self.start("apply", "-", "-o", "out.onnx", stdin=subprocess.PIPE) as process:
            time.sleep(0.3)
            process.send_signal(signal.SIGINT)
            process.wait(timeout=20)
        self.assertEqual(process.returncode, -signal.SIGINT)
        self.assertEqual(self.files(), ["in.onnx"])

    def test_interrupt_while_nobody_reads_the_output(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            arguments = [TOOL, "apply", "in.onnx", "-o", "-"]
            with self.subTest(number), subprocess.Popen(arguments, cwd=self.folder, stdout=subprocess.PIPE,
                                                        stderr=subprocess.PIPE) as process:
                process.stdout.read(1)  # it has begun, and waits for us after a few MB
                time.sleep(0.2)
                process.send_signal(number)
                self.assertEqual(process.wait(timeout=20), -number)
                self.assertEqual(process.stderr.read(), b"error: interrupted\n")

    def test_an_input_that_shrinks_while_it_is_read(self):
        arguments = [TOOL, "apply", "in.onnx", "-o", "-", "--keep", "weight", "--threads", "1"]
        with subprocess.Popen(arguments, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            process.stdout.read(1)  # it has begun, and waits for us after a few MB
            os.truncate(self.folder / "in.onnx", (self.folder / "in.onnx").stat().st_size // 2)
            error = process.communicate(timeout=60)[1]
        self.assertEqual(process.returncode, REFUSED, error)
        self.assertRegex(error, rb"\Aerror: [^\n]*in.onnx: became shorter[^\n]*\n\Z")

    @unittest.skipIf(os.geteuid() != 0, "only root can mount a small disk")
    def test_a_full_disk_is_found_before_anything_is_written(self):
        disk = tempfile.mkdtemp()
        self.addCleanup(os.rmdir, disk)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "none", disk], check=False)
        if mounted.returncode != 0:
            self.skipTest("no small disk can be mounted here")
        self.addCleanup(subprocess.run, ["umount", disk], check=True)
        output = os.path.join(disk, "out.onnx")
        with open(output, "wb") as file:
            file.write(b"old")
        process = self.expect(FAILED, "apply", "in.onnx", "-o", output)
        self.assert_one_sentence(process)
        self.assertIn("No space left on device", process.stderr)
        self.assertEqual(os.listdir(disk), ["out.onnx"])
        with open(output, "rb") as file:
            self.assertEqual(file.read(), b"old")

    def test_a_limit_on_the_size_of_files(self):
        process = subprocess.run(["bash", "-c", 'ulimit -f 1024; exec "$0" apply in.onnx -o out.onnx', TOOL],
                                 cwd=self.folder, capture_output=True, text=True, check=False)
        self.assertEqual(process.returncode, FAILED)
        self.assert_one_sentence(process)
        self.assertIn("File too large", process.stderr)
        self.assertEqual(self.files(), ["in.onnx"])

    def test_a_read_only_folder(self):
        closed = self.folder / "closed"
        closed.mkdir()
        (closed / "out.onnx").write_bytes(b"old")
        self.folder.chmod(0o755)
        closed.chmod(0o555)
        self.addCleanup(closed.chmod, 0o755)
        as_nobody = {"user": 65534, "group": 65534} if os.geteuid() == 0 else {}
        tool = shutil.copy(TOOL, self.folder / "tool")  # the build's folder may be closed to others
        process = subprocess.run([tool, "apply", "in.onnx", "-o", "closed/out.onnx"], cwd=self.folder,
                                 capture_output=True, text=True, check=False, **as_nobody)
        self.assertEqual(process.returncode, FAILED)
        self.assert_one_sentence(process)
        self.assertIn("closed", process.stderr)
        self.assertEqual((closed / "out.onnx").read_bytes(), b"old")
