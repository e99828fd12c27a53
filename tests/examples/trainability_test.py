"""The example's record of its measurements: its table, and what the README claims of it."""
import json
import math
import os
import pathlib
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["ONNX_REINIT_SOURCE_DIR"])
EXAMPLE = SOURCE / "examples" / "trainability"
sys.path.insert(0, str(EXAMPLE))

import report  # noqa: E402

OURS = "onnx-reinit"
DEFAULT = "PyTorch, default"
PNG_LIMIT = 150_000  # bytes
LEARNED = 0.1  # to guess costs log(8) = 2.08, for the decoder log(16) = 2.77
NOT_LEARNED = 1.5
NORMALISED = "Decoder, 12 blocks"


def record(network="net", initialisation=OURS, final_loss=0.5):
    return report.Record(network, initialisation, 1e-3, final_loss, [2.0], [1.0], [1.0])


class FormatTest(unittest.TestCase):

    def test_numbers_are_short_and_what_is_not_finite_is_none(self):
        for name, value, expected in (
                ("rounded", 0.123456, 0.1235), ("large", 1.23456e20, 1.235e20), ("zero", 0.0, 0.0),
                ("infinite", math.inf, None), ("not a number", math.nan, None)):
            with self.subTest(name):
                self.assertEqual(report.short(value), expected)

    def test_means_of_groups(self):
        for name, values, count, expected in (
                ("whole", [1, 3, 5, 7], 2, [2, 6]), ("rest", [1, 3, 5], 2, [2, 5]), ("none", [], 2, []),
                ("infinite", [1, math.inf], 2, [math.inf])):
            with self.subTest(name):
                self.assertEqual(report.means(values, count), expected)

    def test_cell(self):
        for name, loss, expected in (
                ("usual", 0.51239, "0.512 (0.001)"), ("small", 2.178e-5, "2.18e-05 (0.001)"),
                ("large", 1.5e22, "1.5e+22 (0.001)"), ("diverged", None, "not finite")):
            with self.subTest(name):
                self.assertEqual(report.cell(record(final_loss=loss)), expected)

    def test_table_has_a_row_for_each_initialisation(self):
        records = [record("a", "x", 1.0), record("a", "y", 2.0), record("b", "x", 3.0), record("b", "y", 4.0)]
        self.assertEqual(report.table(records).splitlines(), [
            "| initialisation | a | b |",
            "| --- | ---: | ---: |",
            "| x | 1 (0.001) | 3 (0.001) |",
            "| y | 2 (0.001) | 4 (0.001) |"])

    def test_only_what_stands_between_the_marks_is_replaced(self):
        text = f"above\n{report.BEGIN}\nold\n{report.END}\nbelow\n"
        self.assertEqual(report.with_table(text, "new"), f"above\n{report.BEGIN}\nnew\n{report.END}\nbelow\n")

    def test_what_is_written_is_read(self):
        records = [record(), record(final_loss=None)]
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "results.json"
            report.write(records, path)
            self.assertEqual(report.read(path), records)
            json.loads(path.read_text(encoding="utf-8"), parse_constant=self.fail)  # no NaN, no Infinity


class CommittedTest(unittest.TestCase):

    def setUp(self):
        self.records = report.read(EXAMPLE / "results.json")
        self.networks = {each.network for each in self.records}

    def final(self, network, initialisation):
        found = [r for r in self.records if (r.network, r.initialisation) == (network, initialisation)]
        self.assertEqual(len(found), 1, (network, initialisation))
        return math.inf if found[0].final_loss is None else found[0].final_loss

    def test_the_readme_shows_the_results(self):
        text = (EXAMPLE / "README.md").read_text(encoding="utf-8")
        self.assertEqual(report.with_table(text, report.table(self.records)), text)

    def test_ours_learns_each_task_and_ends_below_the_default(self):
        for network in self.networks:
            with self.subTest(network):
                ours = self.final(network, OURS)
                self.assertLess(ours, LEARNED)
                self.assertLess(ours, self.final(network, DEFAULT))

    def test_what_ignores_the_graph_does_not_learn(self):
        for network in self.networks:
            for initialisation in ("U(min, max)", "N(0, 1)", "zeros"):
                if (network, initialisation) == (NORMALISED, "U(min, max)"):
                    continue  # the README says that it does
                with self.subTest(network=network, initialisation=initialisation):
                    self.assertGreater(self.final(network, initialisation), NOT_LEARNED)

    def test_the_picture_is_small(self):
        self.assertLess((EXAMPLE / "trainability.png").stat().st_size, PNG_LIMIT)


if __name__ == "__main__":
    unittest.main()
