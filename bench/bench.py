#!/usr/bin/env python3
"""The benchmark: every figure beside its reference, measured in turns in one run.

Times are the shortest of several runs, so that other work on the machine matters little; rates are the
highest. Prints a table and writes everything that was measured as JSON. PyTorch and numpy are used
where --python (or build/venv) has them.
"""
import argparse
import contextlib
import dataclasses
import json
import math
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tests" / "support"))
from made_model import write_model  # noqa: E402

MIB, GIB = 1 << 20, 1 << 30
# Each layer of 4096 x 4096 holds 64 MiB of weights and 16 KiB of biases.
WIDTH = 4096
LAYERS_OF_1_GIB, LAYERS_OF_8_GIB = 16, 128


@dataclasses.dataclass
class Figure:
    name: str
    ours: str
    reference: str
    ratio: str
    bar: str = ""
    met: bool = True


def figures_table(figures):
    rows = [["figure", "ours", "reference", "ratio", "bar", ""]]
    rows += [[f.name, f.ours, f.reference, f.ratio, f.bar, "" if f.met else "MISSED"] for f in figures]
    widths = [max(len(row[i]) for row in rows) for i in range(6)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def faster(name, ours, reference, reference_name, bar):
    """A rate in elements per second, to be at least `bar` times the reference."""
    ratio = ours / reference
    return Figure(name, f"{ours / 1e9:.3f} G/s", f"{reference / 1e9:.4f} G/s {reference_name}", f"{ratio:.2f}x",
                  f">= {bar}x", ratio >= bar)


def slower(name, ours, reference, reference_name, bar):
    """A time in seconds, to be at most `bar` times the reference."""
    ratio = ours / reference
    return Figure(name, f"{ours:.3f} s", f"{reference:.3f} s {reference_name}", f"{ratio:.2f}x", f"<= {bar}x",
                  ratio <= bar)


def grows(name, seconds):
    """Seconds by the number of nodes, to grow no faster than it: as n^p with p <= 1.1.

    p is the slope of the line through the points on logarithmic scales. n log n would be n^1.13. Single steps
    tell less: what 10^4 nodes take fits into a processor's caches, and what 10^5 take does not.
    """
    power = statistics.linear_regression([math.log(n) for n in seconds], [math.log(t) for t in seconds.values()]).slope
    per_node = " ".join(f"{t / n * 1e6:.2f}" for n, t in seconds.items())
    return Figure(f"{name}, 10^2 to 10^5 nodes", f"{per_node} us/node", "-", f"n^{power:.2f}", "<= n^1.1", power <= 1.1)


def start(command):
    """Output is thrown away."""
    return subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL)


def check(process):
    if process.returncode != 0:
        sys.exit(f"{process.args} failed with {process.returncode}")


def seconds_of(command):
    begin = time.perf_counter()
    process = start(command)
    process.wait()
    seconds = time.perf_counter() - begin
    check(process)
    return seconds


def peak_of(command):
    """Bytes of resident memory. What the system tells of an ended process may be its parent's."""
    process = start(command)
    peak = 0
    while process.poll() is None:
        with contextlib.suppress(OSError):
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
            for line in status.splitlines():
                if line.startswith("VmHWM:"):
                    peak = int(line.split()[1]) * 1024
        time.sleep(0.002)
    check(process)
    return peak


def in_turns(commands, times, before=lambda: None):
    """Seconds of the shortest run of each, one after the other so that all see the same machine."""
    runs = {name: [] for name in commands}
    for _ in range(times):
        for name, command in commands.items():
            before()
            runs[name].append(seconds_of(command))
    return {name: min(seconds) for name, seconds in runs.items()}


class Benchmark:

    def __init__(self, build, python, folder):
        self.build, self.python, self.folder = build, python, folder
        self.tool = build / "onnx-reinit"
        self.figures = []
        self.measured = {}
        self.peaks = {}

    def program(self, name):
        return self.build / "bench" / name

    def json_of(self, *command):
        output = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True).stdout
        return json.loads(output)

    def note(self, name, value):
        self.measured[name] = value
        return value

    # --- Values ---------------------------------------------------------------------------------

    def generation(self):
        rows = self.note("generation", self.json_of(self.program("gen_bench")))
        reference = self.note("reference", self.json_of(self.python, ROOT / "bench" / "reference.py"))
        rate = {(r["distribution"], r["type"], r["kernel"], r["threads"]): r["elements_per_second"] for r in rows}
        best = rows[0]["kernel"]
        self.against_torch(rate, best, reference.get("torch"))
        # numpy has no truncated normal: its rejections would come on top of standard_normal.
        for draw, name in (("normal", "standard_normal"), ("uniform", "random"), ("truncated2", "standard_normal")):
            if "numpy" in reference:
                self.figures.append(
                    faster(f"float32 {draw}", rate[draw, "FLOAT", best, 1], reference["numpy"][name],
                           f"numpy {name}", 8))
        own = rate["normal", "FLOAT", best, 1]
        for narrow in ("FLOAT16", "BFLOAT16"):
            self.figures.append(
                faster(f"{narrow.lower()} normal", rate["normal", narrow, best, 1], own, "own float32", 0.9))
        self.figures.append(
            faster("float32 normal, 2 threads", rate["normal", "FLOAT", best, 2], own, "own 1 thread", 1.8))
        self.orthogonal(best, reference.get("torch_orthogonal_seconds"))

    def against_torch(self, rate, best, torch):
        if torch is None:
            print("PyTorch is not there; its figures are left out", file=sys.stderr)
            return
        bars = {"normal": ("kaiming_normal_", {"avx512": 2.5, "avx2": 1.3}),
                "uniform": ("kaiming_uniform_", {"avx512": 2.5, "avx2": 1.3}),
                "truncated2": ("trunc_normal_", {"avx512": 50, "avx2": 25})}
        for draw, (name, bar_of) in bars.items():
            for kernel, bar in bar_of.items():
                if (draw, "FLOAT", kernel, 1) in rate:
                    self.figures.append(
                        faster(f"float32 {draw}, {kernel}", rate[draw, "FLOAT", kernel, 1], torch[draw],
                               f"torch {name}", bar))

    def orthogonal(self, best, torch_seconds):
        rows = self.note("orthogonal", self.json_of(self.program("orthogonal_bench")))
        ours = next(r["seconds"] for r in rows if r["kernel"] == best)
        if torch_seconds is not None:
            self.figures.append(slower("orthogonal 2048 x 2048", ours, torch_seconds, "torch orthogonal_", 3))

    # --- Files ----------------------------------------------------------------------------------

    def copy_figure(self, name, model, location, bar, times):
        """`apply` beside `cp` of the same files, input in memory, nothing waiting for the disk."""
        files = [model] + ([model.parent / location] if location else [])
        for path in files:  # into the page cache
            with open(path, "rb") as file:
                while file.read(MIB):
                    pass
        outputs = self.folder / "out"

        def start_afresh():
            shutil.rmtree(outputs, ignore_errors=True)
            outputs.mkdir()
            os.sync()

        apply = [self.tool, "apply", model, "-o", outputs / "out.onnx", "--quiet"]
        best = in_turns({"cp": ["cp", *files, outputs], "apply": apply}, times, before=start_afresh)
        peak = self.peaks[name] = peak_of(apply)
        shutil.rmtree(outputs)
        self.note(name, best | {"peak": peak})
        self.figures.append(slower(f"apply, {name}", best["apply"], best["cp"], "cp", bar))
        self.figures.append(
            Figure(f"peak memory, {name}", f"{peak / MIB:.1f} MiB", "-", "-", "<= 64 MiB", peak <= 64 * MIB))
        for path in files:
            path.unlink()

    def one_gib(self):
        model = write_model(self.folder / "1gib.onnx", LAYERS_OF_1_GIB, WIDTH)
        self.copy_figure("1 GiB in one file", model, None, 1.3, times=5)

    def eight_gib(self):
        if shutil.disk_usage(self.folder).free < 20 * GIB:
            print("8 GiB: not enough room on the disk; left out", file=sys.stderr)
            return
        model = write_model(self.folder / "8gib.onnx", LAYERS_OF_8_GIB, WIDTH, "8gib.bin")
        self.copy_figure("8 GiB of external data", model, "8gib.bin", 1.1, times=4)
        self.compare_peaks()

    def compare_peaks(self):
        """Eight times the weights take no more memory."""
        if len(self.peaks) < 2:
            return
        small, large = self.peaks.values()
        self.figures.append(
            Figure("peak memory, 8 GiB to 1 GiB", f"{large / MIB:.1f} MiB", f"{small / MIB:.1f} MiB own 1 GiB",
                   f"{large / small:.2f}x", "<= 1.1x", large <= 1.1 * small))

    def many_nodes(self):
        model = write_model(self.folder / "nodes.onnx", layers=3334, width=8)
        # To replace what the other has just written would cost each the other's time.
        copy, out = self.folder / "copy.onnx", self.folder / "out.onnx"
        best = in_turns({"libprotobuf": [self.program("proto_copy"), model, copy],
                         "apply": [self.tool, "apply", model, "-o", out, "--quiet"]}, 100)
        self.note("10 000 nodes", best)
        self.figures.append(
            slower("apply, 10 000 nodes", best["apply"], best["libprotobuf"],
                   "libprotobuf parse + serialise", 1.5))
        for path in (model, copy, out):
            path.unlink()

    def smallest(self):
        model = min((ROOT / "testdata" / "models").glob("*.onnx"), key=lambda path: path.stat().st_size)
        out = self.folder / "out.onnx"
        best = in_turns({"true": ["/bin/true"], "plan": [self.tool, "plan", model],
                         "apply": [self.tool, "apply", model, "-o", out, "--quiet"]}, 40)
        out.unlink()
        self.note("smallest model", best)
        for command in ("plan", "apply"):
            more = (best[command] - best["true"]) * 1000
            self.figures.append(
                Figure(f"{command}, smallest model", f"{best[command] * 1000:.1f} ms",
                       f"{best['true'] * 1000:.1f} ms /bin/true", f"+{more:.1f} ms", "<= +12 ms", more <= 12))

    # --- Scaling --------------------------------------------------------------------------------

    def scaling(self):
        """Each stage with 10^2 to 10^5 nodes: its time must not grow faster than their number."""
        sizes = [10**2, 10**3, 10**4, 10**5]
        times = {}
        for nodes in sizes:
            model = write_model(self.folder / "scaling.onnx", nodes // 3 + 1, width=8)
            runs = [self.json_of(self.program("stage_bench"), model) for _ in range(5)]
            stages = {stage: min(run[stage] for run in runs) for stage in runs[0]}
            stages["plan, whole process"] = min(seconds_of([self.tool, "plan", model]) for _ in range(3))
            times[nodes] = stages
            model.unlink()
        self.note("scaling", times)
        for stage in times[sizes[0]]:
            self.figures.append(grows(stage, {nodes: times[nodes][stage] for nodes in sizes}))


PARTS = ("generation", "smallest", "many_nodes", "scaling", "one_gib", "eight_gib")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--python", type=pathlib.Path, help="one that has torch and numpy")
    parser.add_argument("--folder", type=pathlib.Path, help="where large models go for a while; default: in the build")
    parser.add_argument("--json", type=pathlib.Path, help="default: bench.json in the build")
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help=f"of {', '.join(PARTS)}; default: all")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    build = arguments.build.resolve()
    venv = ROOT / "build" / "venv" / "bin" / "python"
    python = arguments.python or (venv if venv.exists() else pathlib.Path(sys.executable))
    folder = arguments.folder or build / "bench-data"
    folder.mkdir(parents=True, exist_ok=True)
    benchmark = Benchmark(build, python, folder)
    for part in arguments.parts or PARTS:
        getattr(benchmark, part)()
    print(figures_table(benchmark.figures))
    output = arguments.json or build / "bench.json"
    figures = [dataclasses.asdict(figure) for figure in benchmark.figures]
    output.write_text(json.dumps({"figures": figures, "measured": benchmark.measured}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
