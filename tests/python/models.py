"""The real models at hand, and the program."""
import json
import math
import os
import pathlib
import subprocess

TOOL = os.environ["ONNX_REINIT"]
SOURCE = pathlib.Path(os.environ["ONNX_REINIT_SOURCE_DIR"])

DONE, REFUSED = 0, 3


def all_models():
    """The bundled models, and those of ../shared/models where it is there."""
    folders = [SOURCE / "testdata" / "models", SOURCE.parent / "shared" / "models"]
    return sorted(path for folder in folders if folder.is_dir() for path in folder.rglob("*.onnx"))


# More than that takes minutes, and shows nothing that the others do not.
MANY_ELEMENTS = 2**27


def is_large(path):
    """Whether `apply` would write gigabytes."""
    plan = json.loads(run_tool("plan", path, "--json").stdout or '{"tensors": []}')
    planned = (t["dims"] for t in plan["tensors"] if t["action"] == "reinitialize")
    return sum(math.prod(map(int, dims)) for dims in planned) > MANY_ELEMENTS


def run_tool(*args):
    """The finished process, output as text."""
    return subprocess.run([TOOL, *map(str, args)], capture_output=True, text=True, timeout=300, check=False)
