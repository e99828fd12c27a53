"""Wrong usage gives exit 2 and says what is wrong; asking for help is no error."""
from tool import DONE, USAGE, ToolTest, write_model


class ArgumentsTest(ToolTest):

    def test_wrong_usage(self):
        self.model()
        rows = {
            "no command": [],
            "unknown command": ["frobnicate"],
            "no model": ["plan"],
            "no output": ["apply", "mnist.onnx"],
            "unknown option": ["plan", "mnist.onnx", "--frobnicate"],
            "two models": ["plan", "mnist.onnx", "mnist.onnx"],
            "negative seed": ["plan", "mnist.onnx", "--seed", "-1"],
            "seed beyond 64 bits": ["plan", "mnist.onnx", "--seed", "18446744073709551616"],
            "seed that is no number": ["plan", "mnist.onnx", "--seed", "x"],
            "unknown preset": ["plan", "mnist.onnx", "--preset", "frobnicate"],
            "unknown scheme": ["plan", "mnist.onnx", "--scheme", "frobnicate"],
            "unknown scheme parameter": ["plan", "mnist.onnx", "--scheme", "normal(frobnicate=1)"],
            "pattern that is no pattern": ["plan", "mnist.onnx", "--keep", "("],
            "unknown fan convention": ["plan", "mnist.onnx", "--fan-convention", "frobnicate"],
            "negative threads": ["apply", "mnist.onnx", "-o", "out.onnx", "--threads", "-1"],
            "negative threads of a plan": ["plan", "mnist.onnx", "--threads", "-1"],
            "unknown external data": ["apply", "mnist.onnx", "-o", "out.onnx", "--external-data", "x"],
            "shards without a size": ["apply", "mnist.onnx", "-o", "out.onnx", "--external-data", "shards="],
            "a plan and a seed": ["apply", "mnist.onnx", "-o", "out.onnx", "--plan", "p", "--seed", "1"],
            "a plan without a name": ["apply", "mnist.onnx", "-o", "out.onnx", "--plan", ""],
            "a recipe without a name": ["plan", "mnist.onnx", "--recipe", ""],
            "a scheme without a name": ["plan", "mnist.onnx", "--scheme", ""],
            "unknown listing": ["list", "frobnicate"],
        }
        for name, args in rows.items():
            with self.subTest(name):
                process = self.expect(USAGE, *args)
                self.assertEqual(process.stdout, "")
                self.assertNotEqual(process.stderr, "")
        self.assertEqual(self.files(), ["mnist.onnx"])

    def test_what_is_wrong_is_said_in_the_users_words(self):
        self.model()
        apply = ["apply", "mnist.onnx", "-o", "out.onnx"]
        rows = {
            "unknown command": (["frobnicate", "mnist.onnx"], "there is no command 'frobnicate', only apply, plan, list"),
            "a plan and a seed": ([*apply, "--plan", "p", "--seed", "1"], "leave --seed out"),
            "prepared in place": ([*apply, "--prepare", "--in-place"], "leave --in-place out"),
            "a part in place": ([*apply, "--part", "1/2", "--in-place"], "leave --in-place out"),
            "no output name": (["apply", "mnist.onnx", "-o", ""], "-o names no file"),
            "no input name": (["plan", ""], "IN names no file"),
            "external data beside a stream": (["apply", "mnist.onnx", "-o", "-", "--external-data", "one-file"], "folder"),
        }
        for name, (args, words) in rows.items():
            with self.subTest(name):
                process = self.expect(USAGE, *args)
                self.assert_one_sentence(process)
                self.assertIn(words, process.stderr)
        self.assertEqual(self.files(), ["mnist.onnx"])

    def test_what_protobuf_says_of_a_plan_is_one_line(self):
        (self.folder / "plan.json").write_text('{"tensors": [}', encoding="utf-8")
        process = self.expect(USAGE, "apply", self.model(), "-o", "out.onnx", "--plan", "plan.json")
        self.assert_one_sentence(process)
        self.assertNotIn("\\x", process.stderr)

    def test_help_and_version_are_results(self):
        for args in (["--help"], ["apply", "--help"], ["plan", "--help"], ["list", "--help"], ["--version"]):
            with self.subTest(args):
                process = self.expect(DONE, *args)
                self.assertIn("onnx-reinit" if "--version" in args else "Usage", process.stdout)
                self.assertEqual(process.stderr, "")

    def test_the_kernel_option_is_hidden(self):
        self.assertNotIn("--kernel", self.expect(DONE, "apply", "--help").stdout)
        self.expect(DONE, "apply", self.model(), "-o", "out.onnx", "--kernel", "scalar")

    def test_the_largest_seed_is_taken(self):
        plan = self.expect(DONE, "plan", self.model(), "--seed", 2**64 - 1)
        self.assertIn(f"seed {2**64 - 1}", plan.stdout)

    def test_threads_do_not_change_a_plan(self):
        write_model(self.folder / "in.onnx", layers=600, width=2)  # enough for several threads
        plans = {self.expect(DONE, "plan", "in.onnx", "--json", "--threads", n).stdout for n in (0, 1, 5)}
        self.assertEqual(len(plans), 1)

    def test_list_prints_each_table(self):
        for listing in ("rules", "schemes", "presets"):
            with self.subTest(listing):
                self.assertGreater(self.expect(DONE, "list", listing).stdout.count("\n"), 3)
