"""A saved plan does what a fresh one does, and is refused on another model."""
import json

from tool import DONE, FAILED, REFUSED, USAGE, ToolTest


class ReplayTest(ToolTest):

    def save_plan(self, model, *args):
        path = self.folder / "plan.json"
        path.write_text(self.expect(DONE, "plan", model, "--json", *args).stdout, encoding="utf-8")
        return path

    def test_gives_the_same_bytes(self):
        for name in ("mnist.onnx", "tinybert.onnx", "yunet.onnx"):
            with self.subTest(name):
                model = self.model(name)
                self.save_plan(model, "--seed", 11)
                self.expect(DONE, "apply", model, "-o", "a.onnx", "--seed", 11)
                self.expect(DONE, "apply", model, "-o", "b.onnx", "--plan", "plan.json")
                self.assertEqual((self.folder / "a.onnx").read_bytes(), (self.folder / "b.onnx").read_bytes())

    def test_the_order_of_its_tensors_does_not_matter(self):
        model = self.model("tinybert.onnx")
        path = self.save_plan(model)
        plan = json.loads(path.read_text(encoding="utf-8"))
        kept = [tensor for tensor in plan["tensors"] if "fill" not in tensor]
        drawn = [tensor for tensor in plan["tensors"] if "fill" in tensor]
        self.assertTrue(kept and drawn)
        self.expect(DONE, "apply", model, "-o", "a.onnx", "--plan", path)
        for name, tensors in {"reversed": plan["tensors"][::-1], "moved": drawn[1:] + kept + drawn[:1],
                              "without those that stay": drawn}.items():
            with self.subTest(name):
                path.write_text(json.dumps({**plan, "tensors": tensors}), encoding="utf-8")
                self.expect(DONE, "apply", model, "-o", "b.onnx", "--plan", path)
                self.assertEqual((self.folder / "a.onnx").read_bytes(), (self.folder / "b.onnx").read_bytes())

    def test_an_edited_plan_is_followed(self):
        model = self.model()
        path = self.save_plan(model)
        plan = json.loads(path.read_text(encoding="utf-8"))
        for tensor in plan["tensors"]:
            tensor["action"] = "keep"
            tensor.pop("fill", None)
        path.write_text(json.dumps(plan), encoding="utf-8")
        self.expect(DONE, "apply", model, "-o", "out.onnx", "--plan", path)
        self.assertEqual((self.folder / "out.onnx").read_bytes(), model.read_bytes())

    def test_another_models_plan_is_refused(self):
        self.save_plan(self.model("yunet.onnx"))
        process = self.expect(REFUSED, "apply", self.model(), "-o", "out.onnx", "--plan", "plan.json")
        self.assert_one_sentence(process)
        self.assertIn("another model", process.stderr)
        self.assertNotIn("out.onnx", self.files())

    def test_a_model_in_which_a_tensor_that_stays_is_another_is_refused(self):
        model = self.model()
        path = self.save_plan(model)
        plan = json.loads(path.read_text(encoding="utf-8"))
        kept = next(tensor for tensor in plan["tensors"] if tensor["action"] == "keep")
        for edit in ({"dims": ["7"]}, {"data_type": "FLOAT"}):
            with self.subTest(edit):
                tensors = [{**tensor, **edit} if tensor is kept else tensor for tensor in plan["tensors"]]
                path.write_text(json.dumps({**plan, "tensors": tensors}), encoding="utf-8")
                process = self.expect(REFUSED, "apply", model, "-o", "out.onnx", "--plan", path)
                self.assert_one_sentence(process)
                self.assertIn("another model", process.stderr)
                self.assertNotIn("out.onnx", self.files())

    def test_what_is_no_plan_is_wrong_usage(self):
        model = self.model()
        for text in ("", "{", "[]", '{"tensors": 5}', '{"tensors": [{"role": "frobnicate"}]}'):
            with self.subTest(text):
                (self.folder / "plan.json").write_text(text, encoding="utf-8")
                process = self.expect(USAGE, "apply", model, "-o", "out.onnx", "--plan", "plan.json")
                self.assert_one_sentence(process)
                self.assertIn("plan.json: ", process.stderr)

    def test_a_plan_edited_to_nonsense_is_refused_with_the_tensors_name(self):
        model = self.model()
        plan = json.loads(self.save_plan(model).read_text(encoding="utf-8"))
        place = next(i for i, tensor in enumerate(plan["tensors"]) if tensor["role"] == "conv")
        piece = plan["tensors"][place]["fill"]["pieces"][0]
        rows = {
            "negative std": {"distribution": "normal", "std": -1},
            "std beyond the type": {"distribution": "normal", "std": 1e300},
            "pieces that do not cover": {"axis": 0, "begin": "0", "end": "1"},
        }
        for name, edit in rows.items():
            with self.subTest(name):
                edited = json.loads(json.dumps(plan))
                edited["tensors"][place]["fill"]["pieces"][0] = {**piece, **edit}
                (self.folder / "plan.json").write_text(json.dumps(edited), encoding="utf-8")
                process = self.expect(USAGE, "apply", model, "-o", "out.onnx", "--plan", "plan.json", "--quiet")
                self.assert_one_sentence(process)
                self.assertIn(plan["tensors"][place]["name"], process.stderr)

    def test_a_tensor_that_is_listed_twice_is_refused(self):
        model = self.model()
        path = self.save_plan(model)
        plan = json.loads(path.read_text(encoding="utf-8"))
        tensors = plan["tensors"]
        for name, listed in {"at once": tensors[:1] + tensors, "at the end": tensors + tensors[:1],
                             "backwards": tensors[:2] + tensors[::-1]}.items():
            with self.subTest(name):
                path.write_text(json.dumps({**plan, "tensors": listed}), encoding="utf-8")
                process = self.expect(USAGE, "apply", model, "-o", "out.onnx", "--plan", path)
                self.assert_one_sentence(process)
                self.assertIn("twice", process.stderr)

    def test_a_missing_plan_is_a_failure(self):
        self.assert_one_sentence(self.expect(FAILED, "apply", self.model(), "-o", "out.onnx", "--plan", "none.json"))

    def test_a_directory_is_no_plan_and_no_recipe(self):
        for option in ("--plan", "--recipe"):
            with self.subTest(option):
                process = self.expect(FAILED, "apply", self.model(), "-o", "out.onnx", option, ".")
                self.assert_one_sentence(process)
                self.assertIn("directory", process.stderr)
