"""Weights through ONNX files: out of a torch module, overwritten, and back by their names."""
import pathlib
import subprocess
from collections.abc import Callable

import numpy
import onnx
import onnxruntime
import torch
from onnx import numpy_helper
from torch import Tensor, nn

Overwrite = Callable[[numpy.ndarray, numpy.random.Generator], numpy.ndarray]

TOLERANCE = 1e-3

# What is often done to a model whose weights may not be shared: each stored array by itself.
OVERWRITES: dict[str, Overwrite] = {
    "U(min, max)": lambda x, random: random.uniform(x.min(), x.max(), x.shape),
    "N(0, 1)": lambda x, random: random.standard_normal(x.shape),
    "zeros": lambda x, random: numpy.zeros(x.shape),
}


def export(network: nn.Module, inputs: Tensor, path: pathlib.Path) -> None:
    """Writes an ONNX model whose initializers have the names and the layout of the module's parameters."""
    torch.onnx.export(network, (inputs,), path, dynamo=True, optimize=False, external_data=False, verbose=False)


def parameters(model: onnx.ModelProto, network: nn.Module) -> dict[str, onnx.TensorProto]:
    """The model's initializer of each parameter of the module."""
    stored = {tensor.name: tensor for tensor in model.graph.initializer}
    return {name: stored[name] for name, _ in network.named_parameters()}


def overwrite(source: pathlib.Path, target: pathlib.Path, network: nn.Module, values: Overwrite) -> None:
    """Writes `target`: `source` with new values in each parameter of the module."""
    model = onnx.load(source)
    random = numpy.random.default_rng(5)
    for name, tensor in parameters(model, network).items():
        fresh = values(numpy_helper.to_array(tensor), random).astype(numpy.float32)
        tensor.CopyFrom(numpy_helper.from_array(fresh, name))
    onnx.save(model, target)


def reinitialise(tool: pathlib.Path, source: pathlib.Path, target: pathlib.Path, seed: int) -> None:
    """Writes `target`: `source` with the values of `onnx-reinit apply`, nothing else said."""
    command = [tool, "apply", source, "-o", target, "--seed", str(seed), "--quiet"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def load(network: nn.Module, path: pathlib.Path) -> None:
    """Gives the module the weights of an ONNX model."""
    tensors = parameters(onnx.load(path), network)
    state = {name: torch.from_numpy(numpy_helper.to_array(tensor).copy()) for name, tensor in tensors.items()}
    network.load_state_dict(state, strict=True)


def disagreement(network: nn.Module, path: pathlib.Path, inputs: Tensor) -> float:
    """Largest difference between the module and onnxruntime, relative to the module's largest output."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    theirs = session.run(None, {session.get_inputs()[0].name: inputs.numpy()})[0]
    with torch.no_grad():
        ours = network(inputs).numpy()
    return float(numpy.abs(ours - theirs).max() / max(numpy.abs(ours).max(), 1e-30))
