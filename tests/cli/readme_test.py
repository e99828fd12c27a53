"""The README's commands, run as printed: what it shows after a command is what the command prints. And the
code that the documents show."""
import os
import re
import subprocess
import unittest

from tool import SOURCE, TOOL, ToolTest

BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"^```cpp\n(.*?)^```", re.MULTILINE | re.DOTALL)


def steps(block):
    """[(command, lines that follow it)] of one block. "> " continues a command; the output line "..."
    stands for any lines."""
    result = []
    for line in block.splitlines():
        if line.startswith("$ "):
            result.append((line[2:], []))
        elif line.startswith("> ") and not result[-1][1]:
            result[-1] = (result[-1][0] + "\n" + line[2:], [])
        else:
            result[-1][1].append(line)
    return result


class DocumentsTest(unittest.TestCase):

    def test_the_code_that_they_show_is_the_code(self):
        sources = "".join(path.read_text(encoding="utf-8") for folder in ("lib", "tests")
                          for path in sorted((SOURCE / folder).rglob("*.cc")))
        shown = CODE.findall((SOURCE / "docs/inference.md").read_text(encoding="utf-8"))
        self.assertEqual(len(shown), 3)
        for code in shown:
            self.assertIn(code, sources)


class ReadmeTest(ToolTest):

    def test_commands_do_what_the_readme_shows(self):
        os.symlink(SOURCE / "testdata", self.folder / "testdata")
        bin_folder = self.folder / "bin"
        bin_folder.mkdir()
        os.symlink(TOOL, bin_folder / "onnx-reinit")
        environment = os.environ | {"PATH": f"{bin_folder}:{os.environ['PATH']}"}
        blocks = BLOCK.findall((SOURCE / "README.md").read_text(encoding="utf-8"))
        commands = [step for block in blocks for step in steps(block)]
        self.assertGreater(len(commands), 5)
        for command, shown in commands:
            with self.subTest(command):
                process = subprocess.run(
                    command.replace("tools/dev run ", "onnx-reinit "), shell=True, cwd=self.folder,
                    env=environment, capture_output=True, text=True, timeout=60, check=False)
                self.assertEqual((process.returncode, process.stderr), (0, ""))
                pattern = ".*".join(re.escape(part) for part in "\n".join(shown).split("..."))
                self.assertRegex(process.stdout.strip(), re.compile(rf"\A{pattern}\Z", re.DOTALL))

    def test_the_commands_and_options_exist(self):
        readme = (SOURCE / "README.md").read_text(encoding="utf-8")
        text = "".join(self.expect(0, command, "--help").stdout for command in ("apply", "plan", "list"))
        mentioned = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", readme))
        self.assertGreater(len(mentioned), 10)
        for option in mentioned - {"--install"}:  # of cmake
            self.assertIn(option, text)
