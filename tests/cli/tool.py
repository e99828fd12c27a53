"""Runs the program in an empty folder of its own. What all command line tests share."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

TOOL = os.environ["ONNX_REINIT"]
SOURCE = pathlib.Path(os.environ["ONNX_REINIT_SOURCE_DIR"])
MODELS = SOURCE / "testdata" / "models"
sys.path.append(str(SOURCE / "tests" / "support"))
from made_model import write_model  # noqa: E402,F401: the tests take it from here

DONE, USAGE, REFUSED, FAILED = 0, 2, 3, 4


class ToolTest(unittest.TestCase):
    """A test with a folder of its own, `self.folder`, in which the program runs."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def run_tool(self, *args, **kwargs):
        """The finished process, output as text."""
        kwargs.setdefault("cwd", self.folder)
        return subprocess.run(
            [TOOL, *map(str, args)], capture_output=True, text=True, timeout=120, check=False, **kwargs)

    def expect(self, code, *args, **kwargs):
        """Runs and asserts the exit code."""
        process = self.run_tool(*args, **kwargs)
        self.assertEqual(process.returncode, code, f"{args}\n{process.stdout}\n{process.stderr}")
        return process

    def model(self, name="mnist.onnx"):
        """A copy of a bundled model in the test's folder."""
        return pathlib.Path(shutil.copy(MODELS / name, self.folder / name))

    def files(self):
        """Names of all that lies in the test's folder."""
        return sorted(path.name for path in self.folder.iterdir())

    def assert_one_sentence(self, process):
        """Errors are one line on stderr; stdout stays empty."""
        self.assertEqual(process.stdout, "")
        self.assertRegex(process.stderr, r"\Aerror: [^\n]+\n\Z")
