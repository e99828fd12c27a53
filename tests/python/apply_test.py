"""`apply` on every real model at hand: nothing but the planned payloads changes, and the result
loads and runs wherever the input does."""
import collections
import json
import pathlib
import tempfile
import unittest
import warnings

import numpy as np
import onnx
import onnxruntime

import identity
import models
import wire

onnxruntime.set_default_logger_severity(4)

NUMPY_OF = {
    "tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(float16)": np.float16,
    "tensor(int64)": np.int64, "tensor(int32)": np.int32, "tensor(int16)": np.int16, "tensor(int8)": np.int8,
    "tensor(uint8)": np.uint8, "tensor(uint16)": np.uint16, "tensor(bool)": np.bool_,
}


def has_external_data(model):
    return any(t.data_location == onnx.TensorProto.EXTERNAL for t in identity.tensors_of_model(model).values())


def content(tensor, folder):
    """All that a reader sees of a tensor, wherever and however its payload is stored."""
    if tensor.data_type == onnx.TensorProto.STRING:
        return list(tensor.string_data)
    return onnx.numpy_helper.to_array(tensor, str(folder)).tobytes()


def random_feed(session, rng):
    """An input for each of the session's inputs; unknown dimensions are 1."""
    feed = {}
    for value in session.get_inputs():
        dims = [d if isinstance(d, int) and d > 0 else 1 for d in value.shape]
        dtype = NUMPY_OF[value.type]
        is_real = np.issubdtype(dtype, np.floating)
        feed[value.name] = rng.random(dims).astype(dtype) if is_real else np.ones(dims, dtype)
    return feed


def load(path):
    """A session, or None where onnxruntime cannot load the model."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception:  # pylint: disable=broad-except  (onnxruntime's errors have no common base)
        return None


def run(session):
    """The outputs for one fixed random input, or None where the model takes no such input."""
    try:
        return session.run(None, random_feed(session, np.random.default_rng(0)))
    except Exception:  # pylint: disable=broad-except
        return None


def all_finite(outputs):
    """Whether every number of the outputs is finite; maps, sequences and strings do not count."""
    arrays = [np.asarray(o) for o in outputs if isinstance(o, np.ndarray)]
    return all(np.isfinite(a).all() for a in arrays if np.issubdtype(a.dtype, np.floating))


class ApplyTest(unittest.TestCase):

    def check_tensors(self, before, after, in_folder, out_folder, planned):
        """Kept tensors are equal, planned ones keep their shape and type, each lists the same names."""
        old, new = identity.tensors_of_model(before), identity.tensors_of_model(after)
        self.assertEqual(list(old), list(new))
        for key, tensor in old.items():
            self.assertEqual((tensor.dims, tensor.data_type), (new[key].dims, new[key].data_type), key)
            if key not in planned:
                self.assertEqual(content(tensor, in_folder), content(new[key], out_folder), key)

    def check_model(self, source, folder):
        output = folder / "out.onnx"
        process = models.run_tool("apply", source, "-o", output, "--seed", 42, "--json")
        if process.returncode == models.REFUSED:
            self.assertRegex(process.stderr, r"\Aerror: [^\n]+\n\Z")
            self.assertFalse(output.exists())
            self.count["refused"] += 1
            return
        self.assertEqual(process.returncode, models.DONE, process.stderr)
        planned = {(t["scope"], t["name"])
                   for t in json.loads(process.stdout)["tensors"] if t["action"] == "reinitialize"}
        before = onnx.load(str(source), load_external_data=False)
        after = onnx.load(str(output), load_external_data=False)
        self.check_tensors(before, after, source.parent, folder, planned)
        if not has_external_data(before):
            self.assertEqual(wire.skeleton(source.read_bytes()), wire.skeleton(output.read_bytes()))
        self.check_behaviour(load(source), load(output))

    def check_behaviour(self, old, new):
        """The new model loads and runs wherever the old one does, and its outputs are as finite."""
        if old is None:
            return
        self.assertIsNotNone(new, "onnxruntime loads the input but not the output")
        self.count["loaded"] += 1
        old_outputs = run(old)
        if old_outputs is None:
            return
        new_outputs = run(new)
        self.assertIsNotNone(new_outputs, "onnxruntime runs the input but not the output")
        self.assertTrue(all_finite(new_outputs) or not all_finite(old_outputs), "outputs are not finite")
        self.count["run"] += 1

    def test_all_models(self):
        warnings.simplefilter("ignore")
        self.count = collections.Counter()
        sources = models.all_models()
        for source in sources:
            with self.subTest(source.name), tempfile.TemporaryDirectory() as folder:
                self.check_model(source, pathlib.Path(folder))
        print(f"{len(sources)} models: {dict(self.count)}")
        self.assertGreater(self.count["run"], len(sources) // 2, "the check of the outputs checks nothing")
