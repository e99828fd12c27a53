"""The README's commands, run as printed; what it shows after a command is what the command prints."""
import os
import re
import shlex
import subprocess

from tool import DONE, SOURCE, TOOL, ToolTest

BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def steps(block):
    """[(command, lines that follow it)] of one block; an output line "..." stands for any lines."""
    result = []
    for line in block.splitlines():
        if line.startswith("$ "):
            result.append((line[2:], []))
        else:
            result[-1][1].append(line)
    return result


class ReadmeTest(ToolTest):

    def test_commands_do_what_the_readme_shows(self):
        os.symlink(SOURCE / "testdata", self.folder / "testdata")
        blocks = BLOCK.findall((SOURCE / "README.md").read_text(encoding="utf-8"))
        checked = 0
        for command, shown in (step for block in blocks for step in steps(block)):
            words = shlex.split(command.replace("tools/dev run ", "onnx-reinit "))
            if words[0] != "onnx-reinit":
                continue
            with self.subTest(command):
                line = shlex.join([TOOL, *words[1:]]) if ">" not in words else command.replace(words[0], TOOL, 1)
                process = subprocess.run(
                    line, shell=True, cwd=self.folder, capture_output=True, text=True, timeout=60, check=False)
                self.assertEqual(process.returncode, DONE, process.stderr)
                if shown:
                    pattern = ".*".join(re.escape(part) for part in "\n".join(shown).split("..."))
                    self.assertRegex(process.stdout.strip(), re.compile(rf"\A{pattern}\Z", re.DOTALL))
                checked += 1
        self.assertGreater(checked, 2)
