"""rename.py renames everything that has a name, and sees a tool that decides by names."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

import onnx

import rename

MODEL = """<ir_version: 8, opset_import: ["" : 17, "local" : 1]>
agraph (bool[1] choice, float[N, 4] data) => (float[N, 4] result)
<float[4, 4] weight = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}>
{
  scaled = local.Twice(data)
  result = If (choice) <
    then_branch = first () => (float[N, 4] inner) { inner = MatMul(scaled, weight) },
    else_branch = second () => (float[N, 4] other) { other = Identity(scaled) }>
}
<domain: "local", opset_import: ["" : 17]>
Twice (given) => (doubled) { doubled = Add(given, given) }
"""
OLD_NAMES = ("agraph", "choice", "data", "result", "weight", "scaled", "first", "second", "inner", "other", "given",
             "doubled", "one_node")

# Plans one tensor, whose role is what the file says of it by `word`.
TOOL = """#!{python}
import json, sys
import onnx
data = open(sys.argv[-1], "rb").read()
name = onnx.load(sys.argv[-1]).graph.initializer[0].name
role = "linear" if {word} in data else "parameter"
print(json.dumps({{"tensors": [{{"name": name, "source": "initializer", "role": role, "reason": name}}]}}))
"""


def made_model():
    model = onnx.parser.parse_model(MODEL)
    model.graph.node[0].name = "one_node"
    return model


class RenameTest(unittest.TestCase):

    def test_no_old_name_is_left(self):
        model, _ = rename.renamed(made_model(), "seed")
        data = model.SerializeToString()
        for name in OLD_NAMES:
            self.assertNotIn(name.encode(), data, name)

    def test_the_model_is_still_the_same_graph(self):
        model, names = rename.renamed(made_model(), "seed")
        onnx.checker.check_model(model)
        self.assertEqual(names.of("scaled"), model.graph.node[1].attribute[0].g.node[0].input[0])

    def test_a_tensor_of_an_attribute_is_called_by_its_node(self):
        names = rename.Names("seed")
        new = names.of("a.b")
        self.assertEqual(f"{new}.value", names.of_tensor({"name": "a.b.value", "source": "attribute"}))
        self.assertEqual(new, names.of_tensor({"name": "a.b", "source": "initializer"}))

    def run_with(self, word):
        with tempfile.TemporaryDirectory() as folder:
            tool = pathlib.Path(folder) / "tool"
            tool.write_text(TOOL.format(python=sys.executable, word=word), encoding="utf-8")
            tool.chmod(0o755)
            onnx.save(made_model(), str(pathlib.Path(folder) / "model.onnx"))
            return subprocess.run([sys.executable, rename.__file__, "--tool", tool, "--zoo", folder],
                                  capture_output=True, text=True, check=False)

    def test_a_tool_that_looks_at_operators_passes(self):
        process = self.run_with('b"MatMul"')
        self.assertEqual(0, process.returncode, process.stdout + process.stderr)

    def test_a_tool_that_looks_at_names_fails(self):
        process = self.run_with('b"weight"')
        self.assertEqual(1, process.returncode)
        self.assertIn("model.onnx: weight: role 'linear' -> 'parameter'", process.stdout)


if __name__ == "__main__":
    unittest.main()
