#!/usr/bin/env python3
"""Scores the tool on the zoo and fails where it has more wrong answers than recorded.json says.

usage: gate.py --tool PATH --zoo DIR [--record]
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

RECORDED = pathlib.Path(__file__).with_name("recorded.json")
# Two runs: one with the preset auto, one in which each model is planned with the preset of its own family.
RUNS = {"auto": [], "native": ["--native"]}


def figures(run, report):
    """{what: how many} of one score.py report; a run with --native differs from the other in nothing but
    the values, so only those are of interest."""
    wrong = {name: count["wrong"] for name, count in report["properties"].items() if sum(count.values()) > 0}
    kept = {name: count for name, count in wrong.items() if (name == "native") == (run == "native")}
    return {"models": report["models"], "failed": report["failed"], **kept}


def measure(tool, zoo, run):
    """The figures of one run. Raises RuntimeError, with a sentence, where score.py cannot say."""
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.json"
        process = subprocess.run(
            [sys.executable, str(zoo / "score.py"), "--tool", tool, "--misses", "0", "--json", str(report), *RUNS[run]],
            capture_output=True, text=True, check=False)
        if process.returncode != 0 or not report.exists():
            last_line = (process.stderr.strip().splitlines() or ["it wrote no report"])[-1]
            raise RuntimeError(f"score.py failed: {last_line}")
        return figures(run, json.loads(report.read_text(encoding="utf-8")))


def shortfalls(recorded, measured):
    """One sentence for each figure that got worse."""
    for run, bars in recorded.items():
        have = measured[run]
        if have["models"] != bars["models"]:
            yield f"{run}: the zoo has {have['models']} models, recorded are {bars['models']}; record anew"
            continue
        for name, bar in bars.items():
            if have.get(name, 0) > bar:
                yield f"{run}: {name} has {have[name]} wrong, recorded are {bar}"


def fault(args):
    """Why nothing can be measured, or None."""
    if not os.access(args.tool, os.X_OK) or os.path.isdir(args.tool):
        return f"there is no program {args.tool}: build it first"
    if not (args.zoo / "score.py").is_file():
        return f"there is no {args.zoo}/score.py"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--zoo", required=True, type=pathlib.Path)
    parser.add_argument("--record", action="store_true", help="write what is measured to recorded.json")
    args = parser.parse_args()
    if reason := fault(args):
        sys.exit(f"zoo: {reason}")
    try:
        measured = {run: measure(args.tool, args.zoo, run) for run in RUNS}
    except RuntimeError as error:
        sys.exit(f"zoo: {error}")
    print("zoo:", json.dumps(measured))
    if args.record:
        RECORDED.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    short = list(shortfalls(json.loads(RECORDED.read_text(encoding="utf-8")), measured))
    for sentence in short:
        print("zoo falls short:", sentence)
    sys.exit(1 if short else 0)


if __name__ == "__main__":
    main()
