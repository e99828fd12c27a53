#!/usr/bin/env python3
"""Trains four networks from six initialisations, and writes results.json, trainability.png and README.md's table."""
import argparse
import multiprocessing
import pathlib
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

import torch
from torch import nn

import picture
import report
import weights
from networks import EXPERIMENTS, Experiment
from training import EVALUATION_SEED, Run, best_run, scales

HERE = pathlib.Path(__file__).resolve().parent
TOOL = HERE.parents[1] / "build" / "release" / "onnx-reinit"
SEED = 1
PROCESSES = 2


def default(experiment: Experiment) -> nn.Module:
    """The network as PyTorch's constructors leave it."""
    torch.manual_seed(SEED)
    return experiment.make()


def by_hand(experiment: Experiment) -> nn.Module:
    """The network as its careful author leaves it."""
    network = default(experiment)
    experiment.by_hand(network)
    return network


def loaded(experiment: Experiment, path: pathlib.Path) -> nn.Module:
    """The network with the weights of an ONNX file."""
    network = default(experiment)
    weights.load(network, path)
    return network


def must_agree(experiment: Experiment, path: pathlib.Path) -> None:
    """The network that is loaded from the file computes what onnxruntime computes from it."""
    network = loaded(experiment, path)
    inputs, _ = experiment.task(torch.Generator().manual_seed(EVALUATION_SEED), experiment.batch)
    difference = weights.disagreement(network, path, inputs)
    if not difference < weights.TOLERANCE:
        raise RuntimeError(f"{path.name}: PyTorch and onnxruntime differ by {difference:.1e} of the largest output")


def record(experiment: Experiment, name: str, make: Callable[[], nn.Module], run: Run) -> report.Record:
    """What is kept of a run."""
    before = {way: [report.short(x) for x in values] for way, values in scales(make(), experiment).items()}
    losses = [report.short(x) for x in report.means(run.losses, report.STEPS_PER_POINT)]
    return report.Record(experiment.title, name, run.rate, report.short(run.final), losses, **before)


def rewritten(
        experiment: Experiment, trained: nn.Module, tool: pathlib.Path,
        folder: pathlib.Path) -> dict[str, pathlib.Path]:
    """The trained network's ONNX model, with its weights replaced in each way."""
    source = folder / "trained.onnx"
    inputs, _ = experiment.task(torch.Generator().manual_seed(EVALUATION_SEED), experiment.batch)
    weights.export(trained, inputs, source)
    paths = {"onnx-reinit": folder / "reinitialised.onnx"}
    weights.reinitialise(tool, source, paths["onnx-reinit"], SEED)
    for path in (source, paths["onnx-reinit"]):  # the others may amplify rounding until two runtimes differ
        must_agree(experiment, path)
    for index, (name, values) in enumerate(weights.OVERWRITES.items()):
        paths[name] = folder / f"overwritten_{index}.onnx"
        weights.overwrite(source, paths[name], trained, values)
    return paths


def measure(key: str, tool: pathlib.Path) -> list[report.Record]:
    """All initialisations of one network."""
    torch.set_num_threads(1)
    experiment = EXPERIMENTS[key]
    starts: dict[str, Callable[[], nn.Module]] = {
        "PyTorch, default": lambda: default(experiment),
        "PyTorch, by hand": lambda: by_hand(experiment),
    }
    runs = {name: best_run(make, experiment) for name, make in starts.items()}
    trained = min(runs.values(), key=lambda run: run.final).network
    with tempfile.TemporaryDirectory() as folder:
        paths = rewritten(experiment, trained, tool, pathlib.Path(folder))
        for name, path in paths.items():
            starts[name] = lambda path=path: loaded(experiment, path)
            runs[name] = best_run(starts[name], experiment)
        return [record(experiment, name, starts[name], run) for name, run in runs.items()]


def publish(records: list[report.Record]) -> None:
    """Writes the three files."""
    report.write(records, HERE / "results.json")
    picture.save(records, HERE / "trainability.png")
    readme = HERE / "README.md"
    text = report.with_table(readme.read_text(encoding="utf-8"), report.table(records))
    readme.write_text(text, encoding="utf-8")
    print(report.table(records))


def main() -> None:
    """Measures, each network in a process of its own, and publishes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", type=pathlib.Path, default=TOOL, help="onnx-reinit; by default this repository's")
    tool = parser.parse_args().tool.resolve()
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as pool:
        measured = {key: pool.submit(measure, key, tool) for key in reversed(EXPERIMENTS)}  # the longest first
        publish([record for key in EXPERIMENTS for record in measured[key].result()])


if __name__ == "__main__":
    main()
