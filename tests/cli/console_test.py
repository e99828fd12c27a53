"""stdout carries the result, stderr everything else; colour only on a terminal."""
import json
import os
import pty
import subprocess
import time

from tool import DONE, FAILED, TOOL, ToolTest, write_model

ESCAPE = b"\x1b["


class ConsoleTest(ToolTest):

    def on_terminal(self, *args, **env):
        """What the program prints on a terminal, as bytes."""
        master, slave = pty.openpty()
        environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"} | env
        with subprocess.Popen([TOOL, *args], stdout=slave, stderr=slave, cwd=self.folder, env=environment) as process:
            os.close(slave)
            output = b""
            try:
                while chunk := os.read(master, 65536):
                    output += chunk
            except OSError:  # Linux: the other end is closed
                pass
            os.close(master)
            self.assertEqual(process.wait(), DONE, output)
        return output

    def test_plan_prints_a_table(self):
        process = self.expect(DONE, "plan", self.model())
        self.assertRegex(process.stdout, r"\Atensor +shape +type +role")
        self.assertEqual(process.stderr, "")

    def test_plan_prints_json(self):
        process = self.expect(DONE, "plan", self.model(), "--json")
        self.assertTrue(json.loads(process.stdout)["tensors"])

    def test_verbose_prints_reasons(self):
        model = self.model()
        brief = self.expect(DONE, "plan", model).stdout
        verbose = self.expect(DONE, "plan", model, "--verbose").stdout
        self.assertGreater(verbose.count("\n"), brief.count("\n") + 4)

    def test_apply_prints_a_summary(self):
        process = self.expect(DONE, "apply", self.model(), "-o", "out.onnx")
        self.assertIn("with new values", process.stdout)
        self.assertLess(process.stdout.count("\n"), 25)

    def test_apply_prints_the_plan_as_json(self):
        model = self.model()
        applied = self.expect(DONE, "apply", model, "-o", "out.onnx", "--json").stdout
        planned = self.expect(DONE, "plan", model, "--json").stdout
        self.assertEqual(json.loads(applied), json.loads(planned))

    def test_quiet_and_verbose_do_what_the_help_says(self):
        model = self.model()
        rows = {  # what --quiet and --verbose change of the output
            ("apply", model, "-o", "out.onnx"): ("No summary, no warnings", "Print how far", True, False),
            ("plan", model): ("Print no warnings", "Print the reason of each decision", False, True),
            ("list", "schemes"): ("Taken as by every command", "Taken as by every command", False, False),
        }
        for command, (quiet, verbose, quiet_changes, verbose_changes) in rows.items():
            with self.subTest(command[0]):
                text = " ".join(self.expect(DONE, command[0], "--help").stdout.split())
                self.assertIn("--quiet " + quiet, text)
                self.assertIn("--verbose " + verbose, text)
                plain = self.expect(DONE, *command).stdout
                self.assertEqual(self.expect(DONE, *command, "--quiet").stdout != plain, quiet_changes)
                self.assertEqual(self.expect(DONE, *command, "--verbose").stdout != plain, verbose_changes)

    def test_quiet_prints_nothing(self):
        process = self.expect(DONE, "apply", self.model(), "-o", "out.onnx", "--quiet")
        self.assertEqual((process.stdout, process.stderr), ("", ""))

    def test_color_only_on_a_terminal(self):
        model = str(self.model())
        self.assertIn(ESCAPE, self.on_terminal("plan", model))
        self.assertNotIn("\x1b", self.expect(DONE, "plan", model).stdout)

    def slow_apply_on_terminal(self, *args, **env):
        """What is on the terminal when the model goes to a pipe that nobody reads for a while."""
        write_model(self.folder / "in.onnx", layers=8, width=1000)
        master, slave = pty.openpty()
        environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"} | env
        with subprocess.Popen([TOOL, "apply", "in.onnx", "-o", "-", *args], stdout=subprocess.PIPE, stderr=slave,
                              cwd=self.folder, env=environment) as process:
            os.close(slave)
            process.stdout.read(1)
            time.sleep(1.2)
            process.stdout.read()
            output = os.read(master, 65536)
            os.close(master)
            self.assertEqual(process.wait(), DONE)
        return output

    def test_a_long_run_shows_a_bar_and_takes_it_away(self):
        output = self.slow_apply_on_terminal()
        self.assertRegex(output, rb"\A\r\[#* *\] +\d+%  [0-9.]+ [KM]iB of 30.5 MiB, ")
        self.assertRegex(output, rb"\r\x1b\[K\d+ tensors ")

    def test_no_bar_where_none_is_wanted(self):
        self.assertNotIn(b"MiB/s", self.slow_apply_on_terminal(NO_COLOR="1"))

    def test_no_color_is_respected(self):
        model = str(self.model())
        self.assertNotIn(ESCAPE, self.on_terminal("plan", model, NO_COLOR="1"))
        self.assertIn(ESCAPE, self.on_terminal("plan", model, NO_COLOR=""))

    def test_a_full_standard_output_is_a_failure(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            process = subprocess.run(
                [TOOL, "plan", str(self.model())], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(process.returncode, FAILED)
        self.assertIn("standard output", process.stderr)
