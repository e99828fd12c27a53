"""One output by several processes: any set of parts in any order gives the bytes of a single run."""
import itertools
import random
import subprocess

from tool import DONE, FAILED, REFUSED, TOOL, USAGE, ToolTest, write_model

MODEL = ["in.onnx", "--seed", "3"]


class PartTest(ToolTest):

    def setUp(self):
        super().setUp()
        write_model(self.folder / "in.onnx", layers=3, width=1000)  # 12 MB: a dozen chunks

    def single_run(self, *args):
        self.expect(DONE, "apply", *MODEL, "-o", "single.onnx", *args)
        return (self.folder / "single.onnx").read_bytes()

    def fill(self, part, parts, *args):
        self.expect(DONE, "apply", *MODEL, "-o", "out.onnx", "--part", f"{part}/{parts}", *args)

    def test_any_number_of_parts_in_any_order(self):
        expected = self.single_run()
        for parts in (1, 2, 3, 7, 50):
            with self.subTest(parts=parts):
                self.expect(DONE, "apply", *MODEL, "-o", "out.onnx", "--prepare")
                order = list(range(1, parts + 1))
                random.Random(parts).shuffle(order)
                for part in order:
                    self.fill(part, parts)
                self.assertEqual((self.folder / "out.onnx").read_bytes(), expected)

    def test_parts_at_the_same_time(self):
        expected = self.single_run()
        self.expect(DONE, "apply", *MODEL, "-o", "out.onnx", "--prepare")
        processes = [
            subprocess.Popen([TOOL, "apply", *MODEL, "-o", "out.onnx", "--part", f"{part}/4"], cwd=self.folder)
            for part in (3, 1, 4, 2)
        ]
        self.assertEqual([process.wait() for process in processes], [DONE] * 4)
        self.assertEqual((self.folder / "out.onnx").read_bytes(), expected)

    def test_a_part_writes_its_share_only_and_can_be_done_again(self):
        expected = self.single_run()
        self.expect(DONE, "apply", *MODEL, "-o", "out.onnx", "--prepare")
        prepared = (self.folder / "out.onnx").read_bytes()
        self.fill(1, 3)
        one = (self.folder / "out.onnx").read_bytes()
        self.assertNotEqual(one, prepared)
        self.assertNotEqual(one, expected)
        self.fill(1, 3)
        self.assertEqual((self.folder / "out.onnx").read_bytes(), one)

    def test_parts_of_external_data(self):
        write_model(self.folder / "in.onnx", layers=3, width=1000, location="weights.bin")
        self.single_run()
        for mode in ([], ["--external-data", "inline"], ["--external-data", "shards=3MB"]):
            with self.subTest(mode):
                self.expect(DONE, "apply", *MODEL, "-o", "single.onnx", *mode)
                self.expect(DONE, "apply", *MODEL, "-o", "out.onnx", "--prepare", *mode)
                for part in (2, 1):
                    self.fill(part, 2, *mode)
                # The models differ in the names of their data files only: compare what they hold.
                self.expect(DONE, "apply", "single.onnx", "-o", "a", "--keep", ".", "--external-data", "inline")
                self.expect(DONE, "apply", "out.onnx", "-o", "b", "--keep", ".", "--external-data", "inline")
                self.assertEqual((self.folder / "a").read_bytes(), (self.folder / "b").read_bytes())

    def test_what_was_not_prepared_for_this_is_refused(self):
        self.expect(DONE, "apply", *MODEL, "-o", "out.onnx", "--prepare")
        write_model(self.folder / "other.onnx", layers=2, width=500)
        rows = {
            "another model": (REFUSED, ["apply", "other.onnx", "-o", "out.onnx", "--part", "1/2"]),
            "the input": (REFUSED, ["apply", *MODEL, "-o", "in.onnx", "--part", "1/2"]),
            "nothing there": (FAILED, ["apply", *MODEL, "-o", "none.onnx", "--part", "1/2"]),
        }
        before = (self.folder / "out.onnx").read_bytes()
        for name, (code, args) in rows.items():
            with self.subTest(name):
                self.assert_one_sentence(self.expect(code, *args))
        self.assertEqual((self.folder / "out.onnx").read_bytes(), before)

    def test_parts_of_another_plan_are_refused(self):
        self.expect(DONE, "apply", *MODEL, "-o", "out.onnx", "--prepare")
        before = (self.folder / "out.onnx").read_bytes()
        rows = {
            "seed": ["in.onnx", "--seed", "4"],
            "scheme": [*MODEL, "--scheme", "zeros"],
            "preset": [*MODEL, "--preset", "torch"],
            "home": [*MODEL, "--external-data", "one-file"],
        }
        for name, args in rows.items():
            with self.subTest(name):
                self.assert_one_sentence(self.expect(REFUSED, "apply", *args, "-o", "out.onnx", "--part", "1/1"))
        self.assertEqual((self.folder / "out.onnx").read_bytes(), before)

    def test_what_is_complete_takes_no_parts(self):
        (self.folder / "trained.onnx").write_bytes((self.folder / "in.onnx").read_bytes())
        self.single_run()
        self.expect(DONE, "apply", *MODEL, "-o", "out.onnx", "--prepare")
        self.assertIn(".out.onnx.onnx-reinit-parts", self.files())
        self.fill(1, 1)
        self.assertNotIn(".out.onnx.onnx-reinit-parts", self.files())
        for name in ("trained.onnx", "single.onnx", "out.onnx"):
            with self.subTest(name):
                before = (self.folder / name).read_bytes()
                self.assert_one_sentence(self.expect(REFUSED, "apply", *MODEL, "-o", name, "--part", "1/1"))
                self.assertEqual((self.folder / name).read_bytes(), before)

    def test_wrong_parts_are_wrong_usage(self):
        for part in ("0/2", "3/2", "-1/2", "1", "1/", "/2", "a/b", "1/2/3"):
            with self.subTest(part):
                self.expect(USAGE, "apply", *MODEL, "-o", "out.onnx", "--part", part)
        self.expect(USAGE, "apply", *MODEL, "-o", "out.onnx", "--prepare", "--part", "1/2")
        self.expect(USAGE, "apply", *MODEL, "-o", "/dev/null", "--prepare")

    def test_kernels_may_differ_from_part_to_part(self):
        expected = self.single_run()
        self.expect(DONE, "apply", *MODEL, "-o", "out.onnx", "--prepare")
        kernels = itertools.cycle(["best", "scalar"])
        for part, kernel in zip((1, 2, 3), kernels):
            self.fill(part, 3, "--kernel", kernel, "--threads", str(part))
        self.assertEqual((self.folder / "out.onnx").read_bytes(), expected)
