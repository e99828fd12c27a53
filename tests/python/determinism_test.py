"""The values of a tensor depend on the seed and on its identity: not on threads, kernels, or the
order of tensors in the file."""
import hashlib
import pathlib
import random
import tempfile
import unittest

import onnx

import identity
import models


def digest(folder):
    """Names and hashes of all files in a folder."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def shuffle_initializers(graph, rng):
    """Permutes the initializers of a graph and of all graphs below it."""
    shuffled = list(graph.initializer)
    rng.shuffle(shuffled)
    del graph.initializer[:]
    graph.initializer.extend(shuffled)
    for node in graph.node:
        for attribute in node.attribute:
            for inner in [*attribute.graphs, *([attribute.g] if attribute.HasField("g") else [])]:
                shuffle_initializers(inner, rng)


class DeterminismTest(unittest.TestCase):

    def apply(self, source, folder, *args):
        """The new model's path, or None where the model is refused."""
        folder.mkdir()
        process = models.run_tool("apply", source, "-o", folder / "out.onnx", "--seed", 3, "--quiet", *args)
        self.assertIn(process.returncode, (models.DONE, models.REFUSED), process.stderr)
        return folder / "out.onnx" if process.returncode == models.DONE else None

    def test_threads_and_kernels_change_nothing(self):
        variants = {
            "one": ["--threads", "1"],
            "eight": ["--threads", "8"],
            "scalar": ["--threads", "2", "--kernel", "scalar"],
        }
        for source in models.all_models():
            if models.is_large(source):
                continue
            with self.subTest(source.name), tempfile.TemporaryDirectory() as folder:
                digests = {}
                for name, args in variants.items():
                    if self.apply(source, pathlib.Path(folder) / name, *args):
                        digests[name] = digest(pathlib.Path(folder) / name)
                self.assertIn(len(digests), (0, len(variants)))
                self.assertLessEqual(len({str(d) for d in digests.values()}), 1, digests)

    def test_the_order_of_tensors_changes_nothing(self):
        for source in models.all_models():
            model = onnx.load(str(source), load_external_data=False)
            tensors = identity.tensors_of_model(model).values()
            if any(t.data_location == onnx.TensorProto.EXTERNAL for t in tensors):
                continue
            with self.subTest(source.name), tempfile.TemporaryDirectory() as name:
                folder = pathlib.Path(name)
                shuffle_initializers(model.graph, random.Random(0))
                onnx.save(model, str(folder / "shuffled.onnx"))
                plain = self.apply(source, folder / "plain")
                shuffled = self.apply(folder / "shuffled.onnx", folder / "other")
                if plain is None:
                    self.assertIsNone(shuffled)
                    continue
                expected = identity.tensors_of_model(onnx.load(str(plain)))
                got = identity.tensors_of_model(onnx.load(str(shuffled)))
                self.assertEqual(set(expected), set(got))
                for key, tensor in expected.items():
                    self.assertEqual(tensor.SerializeToString(), got[key].SerializeToString(), key)
