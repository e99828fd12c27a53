#!/usr/bin/env python3
"""Scores the tool on the zoo and fails where a figure is below the one in recorded.json.

usage: gate.py --tool PATH --zoo DIR [--record]
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

RECORDED = pathlib.Path(__file__).with_name("recorded.json")
# Of these the count of wrong answers is recorded (fewer is better), of all others the percentage
# of right ones.
COUNTED = ("missed", "touched")


def figures(report):
    """{property: figure} of one score.py report, `failed` included."""
    result = {"failed": report["failed"]}
    for name, count in report["properties"].items():
        total = count["right"] + count["wrong"]
        if total == 0:
            continue
        wrong_only = name in COUNTED
        result[name] = count["wrong"] if wrong_only else round(100 * count["right"] / total, 3)
    return result


def measure(tool, zoo, native):
    """Runs score.py; `native` plans each model with the preset that names its family."""
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        extra = ["--native"] if native else []
        subprocess.run(
            [sys.executable, str(zoo / "score.py"), "--tool", tool, "--misses", "0", "--json", report.name, *extra],
            check=True, stdout=subprocess.DEVNULL)
        return figures(json.load(open(report.name)))


def shortfalls(recorded, measured):
    """One sentence for each figure that got worse."""
    for name, bar in recorded.items():
        have = measured.get(name)
        lower_is_better = name in COUNTED or name == "failed"
        if have is None or (have > bar if lower_is_better else have < bar):
            yield f"{name} is {have}, recorded {bar}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--zoo", required=True, type=pathlib.Path)
    parser.add_argument("--record", action="store_true", help="write what is measured to recorded.json")
    args = parser.parse_args()
    measured = {kind: measure(args.tool, args.zoo, kind == "native") for kind in ("auto", "native")}
    # A native run differs from the other in nothing but the preset, so only its std is of interest.
    measured["native"] = {k: v for k, v in measured["native"].items() if k in ("failed", "native")}
    if args.record:
        RECORDED.write_text(json.dumps(measured, indent=2) + "\n")
    recorded = json.loads(RECORDED.read_text())
    short = [f"{kind}: {s}" for kind in recorded for s in shortfalls(recorded[kind], measured[kind])]
    print("zoo:", json.dumps(measured))
    for sentence in short:
        print("zoo falls short:", sentence)
    sys.exit(1 if short else 0)


if __name__ == "__main__":
    main()
