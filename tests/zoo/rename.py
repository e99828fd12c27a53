#!/usr/bin/env python3
"""Gives every tensor and node of every model of the zoo a random name and demands the same plan: what the
tool decides must come from the graph, never from the names that an exporter chose.

usage: rename.py --tool PATH --zoo DIR [--only REGEX]

Needs the onnx wheel.
"""
import argparse
import concurrent.futures
import json
import lzma
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import onnx

# What a plan may say differently: names, and sentences that hold names.
NAMED = re.compile(r"(.*_)?(name|scope)|node|reason")


class Names:
    """New names, the same one wherever the old one stands; no name stays none."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.new = {}

    def of(self, old):
        if old and old not in self.new:
            self.new[old] = f"n{self.random.getrandbits(64):016x}"
        return self.new.get(old, "")

    def of_tensor(self, tensor):
        """What a planned tensor is called; one in an attribute is called NODE.ATTRIBUTE."""
        node, dot, attribute = tensor["name"].rpartition(".") if tensor["source"] == "attribute" else ("", "", "")
        return self.new.get(node, node) + dot + attribute if dot else self.new.get(tensor["name"], tensor["name"])

    def rename(self, thing, field):
        if thing.HasField(field):
            setattr(thing, field, self.of(getattr(thing, field)))

    def rename_all(self, repeated):
        repeated[:] = [self.of(name) for name in repeated]


def rename_nodes(nodes, values):
    for node in nodes:
        values.rename(node, "name")
        values.rename_all(node.input)
        values.rename_all(node.output)
        node.doc_string = ""
        if hasattr(node, "metadata_props"):
            del node.metadata_props[:]  # torch.export writes the names of modules there
        for attribute in node.attribute:
            for graph in [attribute.g, *attribute.graphs] if attribute.HasField("g") else attribute.graphs:
                rename_graph(graph, values)


def rename_graph(graph, values):
    values.rename(graph, "name")
    rename_nodes(graph.node, values)
    for value in [*graph.input, *graph.output, *graph.value_info, *graph.initializer]:
        values.rename(value, "name")
    for tensor in graph.sparse_initializer:
        values.rename(tensor.values, "name")
    for annotation in graph.quantization_annotation:
        values.rename(annotation, "tensor_name")
        for entry in annotation.quant_parameter_tensor_names:
            values.rename(entry, "value")


def renamed(model, seed):
    """The model with other names, and the names."""
    values = Names(seed)
    rename_graph(model.graph, values)
    for function in model.functions:
        rename_nodes(function.node, values)
        values.rename_all(function.input)
        values.rename_all(function.output)
        for value in getattr(function, "value_info", []):
            values.rename(value, "name")
    return model, values


def plan_of(tool, path):
    process = subprocess.run([tool, "plan", "--json", str(path)], capture_output=True, text=True, check=False)
    if process.returncode != 0:
        raise RuntimeError(process.stderr.strip())
    return json.loads(process.stdout)


def nameless(value):
    """A part of a plan without what names may change."""
    if isinstance(value, dict):
        return {key: nameless(part) for key, part in value.items() if not NAMED.fullmatch(key)}
    return list(map(nameless, value)) if isinstance(value, list) else value


def differences(before, after, names):
    """One sentence for each tensor that is decided otherwise."""
    expected = [names.of_tensor(tensor) for tensor in before["tensors"]]
    if expected != [tensor["name"] for tensor in after["tensors"]]:
        yield "other tensors, or in another order"
        return
    for tensor, other in zip(before["tensors"], after["tensors"]):
        was, now = nameless(tensor), nameless(other)
        if wrong := sorted(key for key in was if was[key] != now[key]):
            changes = ", ".join(f"{key} {was[key]!r} -> {now[key]!r}" for key in wrong)
            yield f"{tensor['name']}: {changes}"


def compare(tool, path):
    """(path, differences) of one model."""
    data = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        first, second = pathlib.Path(folder) / "first.onnx", pathlib.Path(folder) / "second.onnx"
        first.write_bytes(data)
        model, names = renamed(onnx.load_from_string(data), seed=str(path.name))
        second.write_bytes(model.SerializeToString())
        return path, list(differences(plan_of(tool, first), plan_of(tool, second), names))


def models(zoo, only):
    found = [path for path in sorted(zoo.rglob("*.onnx*")) if path.suffix in (".onnx", ".xz")]
    return [path for path in found if only.search(str(path.relative_to(zoo)))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--zoo", required=True, type=pathlib.Path)
    parser.add_argument("--only", default="", help="models whose path matches this regular expression")
    args = parser.parse_args()
    paths = models(args.zoo, re.compile(args.only))
    if not paths:
        sys.exit(f"rename: no model below {args.zoo} matches '{args.only}'")
    changed = 0
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
        for path, sentences in pool.map(compare, [args.tool] * len(paths), paths):
            changed += bool(sentences)
            for sentence in sentences[:3]:
                print(f"{path.relative_to(args.zoo)}: {sentence}")
    print(f"rename: {len(paths)} models with other names, {changed} of them planned otherwise")
    sys.exit(1 if changed else 0)


if __name__ == "__main__":
    main()
