"""What gate.py calls worse, and what it says where it cannot measure."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

import gate

SCORE = """
import json, sys
report = sys.argv[sys.argv.index("--json") + 1]
count = {"right": 9, "wrong": 1}
none = {"right": 0, "wrong": 0}
native = count if "--native" in sys.argv else none
json.dump({"models": 2, "failed": 0, "properties": {"role": count, "native": native}}, open(report, "w"))
"""


class GateTest(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.zoo = pathlib.Path(folder.name)

    def run_gate(self, tool):
        return subprocess.run([sys.executable, gate.__file__, "--tool", tool, "--zoo", str(self.zoo)],
                              capture_output=True, text=True, check=False)

    def test_more_wrong_answers_fall_short(self):
        recorded = {"auto": {"models": 2, "failed": 0, "role": 5, "fans": 0}}
        rows = {
            "the same": ({"failed": 0, "role": 5, "fans": 0}, []),
            "better": ({"failed": 0, "role": 4, "fans": 0}, []),
            "worse": ({"failed": 0, "role": 6, "fans": 0}, ["auto: role has 6 wrong, recorded are 5"]),
            "two worse": ({"failed": 1, "role": 5, "fans": 2},
                          ["auto: failed has 1 wrong, recorded are 0", "auto: fans has 2 wrong, recorded are 0"]),
        }
        for name, (have, sentences) in rows.items():
            with self.subTest(name):
                self.assertEqual(list(gate.shortfalls(recorded, {"auto": {"models": 2, **have}})), sentences)

    def test_another_zoo_is_no_measure(self):
        short = list(gate.shortfalls({"auto": {"models": 3}}, {"auto": {"models": 2}}))
        self.assertEqual(short, ["auto: the zoo has 2 models, recorded are 3; record anew"])

    def test_each_run_gives_its_own_figures(self):
        (self.zoo / "score.py").write_text(SCORE, encoding="utf-8")
        self.assertEqual(gate.measure("tool", self.zoo, "auto"), {"models": 2, "failed": 0, "role": 1})
        self.assertEqual(gate.measure("tool", self.zoo, "native"), {"models": 2, "failed": 0, "native": 1})

    def test_what_is_missing_is_said_in_one_sentence(self):
        for tool, sentence in (("nowhere", "zoo: there is no program nowhere: build it first\n"),
                               (sys.executable, f"zoo: there is no {self.zoo}/score.py\n")):
            with self.subTest(tool):
                process = self.run_gate(tool)
                self.assertEqual((process.returncode, process.stderr), (1, sentence))

    def test_a_score_that_fails_is_said_in_one_sentence(self):
        (self.zoo / "score.py").write_text("raise SystemExit('no models found')", encoding="utf-8")
        process = self.run_gate(sys.executable)
        self.assertEqual((process.returncode, process.stderr), (1, "zoo: score.py failed: no models found\n"))
