#include "infer/reach.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "infer_support.h"
#include "onnx/onnx_pb.h"
#include "support/model_proto.h"

namespace onnx_reinit::infer {
namespace {

using test::Analysis;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAreArray;

// "Transpose Cast MatMul.1": the operators looked through, then the use.
std::string Describe(const graph::Graph& graph, const Reached& reached) {
  std::string text;
  for (const graph::NodeId id : reached.path) text += Text(graph.node(id).op_type, " ");
  return text + Text(graph.node(reached.node).op_type, ".", reached.input);
}

std::vector<std::string> UsesOf(const Analysis& analysis, std::string_view name) {
  std::vector<std::string> uses;
  for (const Reached& reached : Reach(analysis.slots(), analysis.Stored(name))) {
    uses.push_back(Describe(analysis.graph(), reached));
  }
  return uses;
}

struct Row {
  std::string_view name;
  std::string_view nodes;  // out of x [N, 4], n (an index), b (a truth value)
  std::vector<std::string> uses;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

const auto kRows = std::to_array<Row>({
    {"Direct", "y = MatMul(x, w)", {"MatMul.1"}},
    {"Unused", "y = Relu(x)", {}},
    {"ThroughOne", "v = Transpose(w) y = MatMul(x, v)", {"Transpose MatMul.1"}},
    {"ThroughMany",
     "a = Cast<to = 10>(w) b1 = Neg(a) c = Cast<to = 1>(b1) d = Identity(c) y = MatMul(x, d)",
     {"Cast Neg Cast Identity MatMul.1"}},
    {"OfTwoKinds",
     "e = Gather(w, n) v = Transpose(w) y = MatMul(e, v)",
     {"Gather.0", "Transpose MatMul.1"}},
    {"TwiceByOneNode", "y = Gemm(x, w, w)", {"Gemm.1", "Gemm.2"}},
    {"EachPart",
     "p, q = Split<axis = 1>(w) a = MatMul(x, p) c = MatMul(x, q) y = Add(a, c)",
     {"Split MatMul.1", "Split MatMul.1"}},
    {"OnlyItsShape", "s = Shape(w) y = Expand(x, s)", {"Shape.0"}},
    {"AsTheSmallerOperand", "v = Mul(w, big) y = MatMul(x, v)", {"Mul.0"}},
    {"WithDataBesideIt", "c = Concat<axis = 0>(w, x) y = Relu(c)", {"Concat.0"}},
    {"NotThroughAProduct", "p = MatMul(w, w) y = Transpose(p)", {"MatMul.0", "MatMul.1"}},
    {"NotThroughWhatIsNotKnown", "v = other.Mystery(w) y = MatMul(x, v)", {"Mystery.0"}},
    // Bodies.
    {"CapturedByBothBranches",
     "y = If <then_branch = one () => (float[N, 4] t) { t = MatMul(x, w) },"
     "else_branch = two () => (float[N, 4] u) { u = Gemm(x, w) }>(b)",
     {"MatMul.1", "Gemm.1"}},
    {"CapturedByALoop",
     "k = Constant<value = int64 {3}>() c = Constant<value = bool {1}>()"
     "y = Loop <body = body (int64 i, bool d, float[N, 4] h) => (bool d2, float[N, 4] h2)"
     "{ d2 = Identity(d) h2 = MatMul(h, w) }>(k, c, x)",
     {"MatMul.1"}},
    {"CarriedByALoop",
     "k = Constant<value = int64 {3}>() c = Constant<value = bool {1}>()"
     "y, z = Loop <body = body (int64 i, bool d, float[N, 4] h, float[4, 4] v)"
     "=> (bool d2, float[N, 4] h2, float[4, 4] v2)"
     "{ d2 = Identity(d) v2 = Identity(v) h2 = MatMul(h, v) }>(k, c, x, w)",
     {"Alias MatMul.1", "Loop.3"}},
    {"StackedForAScan",
     "y = Scan <num_scan_inputs = 1, body = body (float[N, 4] h, float[4] v)"
     "=> (float[N, 4] h2) { h2 = Mul(h, v) }>(x, w)",
     {"ScanInput Mul.1", "Scan.1"}},
    {"ChosenByABranch",
     "v = If <then_branch = one () => (float[4, 4] w) { },"
     "else_branch = two () => (float[4, 4] big) { }>(b) y = MatMul(x, v)",
     {"Merge MatMul.1"}},
});

class ReachTest : public ::testing::TestWithParam<Row> {};

TEST_P(ReachTest, FindsEveryUse) {
  const Analysis analysis(Text(
      "g (float[N, 4] x, int64[N] n, bool b) => (float[M] y) <float[4, 4] w, float[2, 4, 4] big> {",
      GetParam().nodes, "}"));

  EXPECT_THAT(UsesOf(analysis, "w"), UnorderedElementsAreArray(GetParam().uses));
}

INSTANTIATE_TEST_SUITE_P(Rows, ReachTest, ::testing::ValuesIn(kRows),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Reach, SaysWhatIsSeenThere) {
  const Analysis analysis(
      "g (float[N, 4] x) => (float[N, 2] y) <float[6, 4] w> {"
      "p, q, r = Split<axis = 0>(w) v = Transpose(q) y = MatMul(x, v) }");
  const std::vector<Reached> reached = Reach(analysis.slots(), analysis.Stored("w"));
  ASSERT_THAT(reached, SizeIs(1));
  EXPECT_EQ(test::Describe(reached[0].view), "1:4 | 0:2/6 part");
  ASSERT_TRUE(reached[0].meaning.has_value());
  EXPECT_EQ(reached[0].meaning->role, Role::kLinear);
  EXPECT_EQ(reached[0].node, analysis.Maker("y"));
}

TEST(Reach, AFunctionThatIsCalledTwiceHoldsItsConstantOnce) {
  const Analysis analysis(
      "g (float[N, 4] x) => (float[N, 4] y) { h = local.f(x) y = local.f(h) }",
      {.functions = "<domain: \"local\", opset_import: [\"\" : 17]> f (a) => (c) {"
                    "k = Constant<value = float[2, 2] {1, 2, 3, 5}>()"
                    "c = MatMul(a, k) }"});
  ASSERT_THAT(analysis.graph().tensors, SizeIs(1));
  EXPECT_THAT(UsesOf(analysis, "k"), ElementsAre("MatMul.1", "MatMul.1"));
}

TEST(Reach, AFunctionsInputLeadsToEachCallsTensor) {
  const Analysis analysis(
      "g (float[N, 4] x) => (float[N, 4] y) <float[4, 4] u, float[4, 4] v> {"
      "h = local.f(x, u) y = local.f(h, v) }",
      {.functions = "<domain: \"local\", opset_import: [\"\" : 17]> f (a, m) => (c) {"
                    "t = Transpose(m) c = MatMul(a, t) }"});
  EXPECT_THAT(UsesOf(analysis, "u"), ElementsAre("Transpose MatMul.1"));
  EXPECT_THAT(UsesOf(analysis, "v"), ElementsAre("Transpose MatMul.1"));
}

TEST(Reach, StartsAtConstantNodesToo) {
  const Analysis analysis(
      "g (float[N, 2] x) => (float[N, 2] y) {"
      "k = Constant<value = float[2, 2] {1, 2, 3, 5}>() y = MatMul(x, k) }");
  EXPECT_EQ(analysis.Stored("k").source, Source::kConstant);
  EXPECT_THAT(UsesOf(analysis, "k"), ElementsAre("MatMul.1"));
}

TEST(Reach, ASparseTensorHasItsDenseDims) {
  onnx::ModelProto model = test::EmptyModel();
  onnx::GraphProto& graph = *model.mutable_graph();
  test::AddInput(graph, "x", {-1, 6});
  test::AddNode(graph, "MatMul", {"x", "w"}, {"y"});
  test::AddOutput(graph, "y", {-1, 4});
  onnx::SparseTensorProto& sparse = *graph.add_sparse_initializer();
  *sparse.mutable_values() = test::FloatTensor("w", {3}, {0.1F, 0.2F, -0.3F});
  *sparse.mutable_indices() = test::Int64Tensor("w_indices", {3}, {1, 7, 20});
  sparse.add_dims(6);
  sparse.add_dims(4);
  const Analysis analysis(test::Serialize(model), true);
  const std::vector<Reached> reached = Reach(analysis.slots(), analysis.Stored("w"));
  ASSERT_THAT(reached, SizeIs(1));
  EXPECT_EQ(test::Describe(reached[0].view), "0:6 | 1:4");
}

TEST(Reach, StopsAtItsLimit) {
  std::string nodes;
  for (size_t i = 0; i < kMaxUses + 50; ++i) nodes += Text("t", i, " = MatMul(x, w) ");
  const Analysis analysis(
      Text("g (float[N, 4] x) => (float[N, 4] y) <float[4, 4] w> {", nodes, "y = Relu(x) }"));
  const std::vector<Reached> reached = Reach(analysis.slots(), analysis.Stored("w"));
  EXPECT_GE(reached.size(), kMaxUses);
  EXPECT_LE(reached.size(), kMaxUses + 50);
}

TEST(PathText, NamesEachStep) {
  const Analysis analysis(
      "g (float[N, 4] x) => (float[N, 4] y) <float[4, 4] w> {"
      "v = Transpose(w) u = Cast<to = 1>(v) y = MatMul(x, u) }");
  const graph::StoredTensor& tensor = analysis.Stored("w");
  const std::vector<Reached> reached = Reach(analysis.slots(), tensor);
  ASSERT_THAT(reached, SizeIs(1));
  EXPECT_EQ(PathText(analysis.graph(), tensor, reached[0]),
            "w -> Transpose -> Cast -> MatMul of #2 (input 1)");
}

}  // namespace
}  // namespace onnx_reinit::infer
