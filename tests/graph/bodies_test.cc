// Subgraphs and calls, laid out in the one flat graph.
#include <string>

#include "gmock/gmock.h"
#include "graph/flat_text.h"
#include "graph/graph.h"
#include "gtest/gtest.h"
#include "support/model_proto.h"
#include "support/text_model.h"

namespace onnx_reinit::graph {
namespace {

using test::BuildError;
using test::BuildGraph;
using test::Lines;
using test::NodeOfType;
using test::ReadGraphText;
using test::ReadModelText;
using test::TensorNames;
using test::TestGraph;
using test::ValueNamed;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// A field that is newer than the messages at hand.
void AddField(google::protobuf::Message& message, int number, const std::string& body) {
  message.GetReflection()->MutableUnknownFields(&message)->AddLengthDelimited(number, body);
}

// --- If ---

TEST(If, MergesItsBranches) {
  const TestGraph built = BuildGraph(ReadGraphText(R"(
      agraph (float[N, 2] x, bool c) => (float[N, 2] y) <float[2, 2] w = {1, 2, 3, 4}> {
        y = If (c) <
          then_branch = g1 () => (float[N, 2] a) { a = MatMul(x, w) },
          else_branch = g2 () => (float[N, 2] b) { b = Relu(x) }>
      })"));
  EXPECT_THAT(Lines(built.graph),
              ElementsAre("a = MatMul(x, w)", "b = Relu(x)", "y = Merge(a, b)", "If(c)"));
}

TEST(If, ABranchMayGiveWhatItCaptured) {
  const TestGraph built = BuildGraph(ReadGraphText(R"(
      agraph (float[N] x, bool c) => (float[N] y) {
        y = If (c) <
          then_branch = g1 () => (float[N] a) { a = Relu(x) },
          else_branch = g2 () => (float[N] x) { }>
      })"));
  EXPECT_THAT(Lines(built.graph), ElementsAre("a = Relu(x)", "y = Merge(a, x)", "If(c)"));
}

// The innermost scope wins, also over a name that the main graph defines.
TEST(If, ABranchHasNamesOfItsOwn) {
  const TestGraph built = BuildGraph(ReadGraphText(R"(
      agraph (float[2] x, bool c) => (float[2] y) <float[2] w = {1, 2}> {
        z = Add(x, w)
        y = If (c) <
          then_branch = g1 () => (float[2] a) <float[2] w = {3, 4}> { a = Add(z, w) },
          else_branch = g2 () => (float[2] a) { a = Sub(z, w) }>
      })"));
  EXPECT_THAT(TensorNames(built.graph), ElementsAre("/w", "#1.then_branch/w"));
  const auto scope_of_second = [&](const char* op_type, const char* output) {
    for (const Node& node : built.graph.nodes) {
      if (node.Is(op_type) && built.graph.value(node.outputs[0]).name == output) {
        return built.graph.Stored(node.Input(1))->scope;
      }
    }
    return std::string("none");
  };
  EXPECT_EQ(scope_of_second("Add", "z"), "");
  EXPECT_EQ(scope_of_second("Add", "a"), "#1.then_branch");
  EXPECT_EQ(scope_of_second("Sub", "a"), "");
}

TEST(If, NamesOfABranchAreUnknownOutside) {
  EXPECT_THAT(
      BuildError(ReadGraphText(R"(
      agraph (float[N] x, bool c) => (float[N] y) {
        z = If (c) <
          then_branch = g1 () => (float[N] a) { a = Relu(x) },
          else_branch = g2 () => (float[N] b) { b = Add(x, a) }>
        y = Neg(z)
      })")),
      EndsWith("nothing defines the name 'a', which is used in the scope '#0.else_branch'"));
}

TEST(If, NestsScopes) {
  const TestGraph built = BuildGraph(ReadGraphText(R"(
      agraph (float[2] x, bool c) => (float[2] y) {
        y = If (c) <
          then_branch = g1 () => (float[2] a) {
            t = Neg(x)
            a = If (c) <
              then_branch = g2 () => (float[2] b) <float[2] w = {1, 2}> { b = Add(t, w) },
              else_branch = g3 () => (float[2] d) { d = Constant <value = float[2] {5, 6}> () }>
          },
          else_branch = g4 () => (float[2] x) { }>
      })"));
  EXPECT_THAT(TensorNames(built.graph),
              ElementsAre("#0.then_branch/#1.then_branch/w", "#0.then_branch/#1.else_branch/d"));
  EXPECT_EQ(built.graph.Describe(NodeOfType(built.graph, "Add")),
            "Add of #0.then_branch/#1.then_branch/#0");
}

TEST(If, WithoutABranchIsRefused) {
  EXPECT_THAT(BuildError(ReadGraphText(R"(
      agraph (float[N] x, bool c) => (float[N] y) {
        y = If (c) <then_branch = g1 () => (float[N] x) { }>
      })")),
              EndsWith("node '#0' (If) has no graph 'else_branch'"));
}

TEST(If, ThatFeedsItselfIsACycle) {
  EXPECT_THAT(BuildError(ReadGraphText(R"(
      agraph (float[N] x, bool c) => (float[N] y) {
        y = If (c) <
          then_branch = g1 () => (float[N] a) { a = Relu(y) },
          else_branch = g2 () => (float[N] x) { }>
      })")),
              HasSubstr("the graph has a cycle"));
}

// --- Loop ---

TEST(Loop, TellsWhatBecomesOfItsStates) {
  const TestGraph built = BuildGraph(ReadGraphText(R"(
      agraph (int64 n, bool c, float[2] s, float[2, 2] w) => (float[2] y) {
        y, same, all = Loop (n, c, s, w) <
          body = g (int64 i, bool k, float[2] a, float[2, 2] b)
              => (bool go, float[2] next, float[2, 2] still, float[2] seen) {
            go = Identity(k)
            next = MatMul(a, b)
            t = Identity(b)
            still = Identity(t)
            seen = Relu(next)
          }>
      })"));
  EXPECT_THAT(Lines(built.graph),
              ElementsAre("%0 = Border()", "%1 = Border()",  // the iteration and the condition
                          "%2 = State(s)", "%3 = Alias(w)",  // w comes out as it went in
                          "go = Identity(%1)", "next = MatMul(%2, %3)", "t = Identity(%3)",
                          "still = Identity(t)", "seen = Relu(next)",  //
                          "y = Merge(next, s)", "same = Alias(w)", "all = ScanOutput(seen)",
                          "Loop(n, c, s, w)"));
}

TEST(Loop, IdentitiesThatGoInCirclesAreNoInvariant) {
  EXPECT_THAT(BuildError(ReadGraphText(R"(
      agraph (int64 n, bool c, float[2] s) => (float[2] y) {
        y = Loop (n, c, s) <
          body = g (int64 i, bool k, float[2] a) => (bool k, float[2] p) {
            p = Identity(q)
            q = Identity(p)
          }>
      })")),
              HasSubstr("the graph has a cycle"));
}

TEST(Loop, WithFewerInputsThanItsBodyHasOpenOnes) {
  const TestGraph built = BuildGraph(ReadGraphText(R"(
      agraph (int64 n) => (float[2] y) {
        y = Loop (n) <body = g (int64 i, bool k, float[2] a) => (bool k, float[2] b) { b = Relu(a) }>
      })"));
  EXPECT_THAT(Lines(built.graph), ElementsAre("%0 = Border()", "%1 = Border()", "%2 = Border()",
                                              "b = Relu(%2)", "y = ScanOutput(b)", "Loop(n)"));
}

TEST(Loop, WithoutABodyIsRefused) {
  EXPECT_THAT(BuildError(ReadGraphText("g (int64 n) => (float[2] y) { y = Loop(n) }")),
              EndsWith("node '#0' (Loop) has no graph 'body'"));
}

// --- Scan ---

TEST(Scan, SlicesItsLastInputs) {
  const TestGraph built = BuildGraph(ReadGraphText(R"(
      agraph (float[2] s, float[3, 2] x, float[2, 3, 2] w) => (float[2] y, float[3, 2] all) {
        y, all = Scan <num_scan_inputs = 2, scan_input_axes = [0, 1],
          body = g (float[2] a, float[2] b, float[2, 2] m) => (float[2] next, float[2] out) {
            t = MatMul(b, m)
            next = Add(a, t)
            out = Relu(next)
          }> (s, x, w)
      })"));
  EXPECT_THAT(Lines(built.graph),
              ElementsAre("%0 = State(s)", "%1 = ScanInput(x)", "%2 = ScanInput(w)",
                          "t = MatMul(%1, %2)", "next = Add(%0, t)", "out = Relu(next)",
                          "y = Alias(next)", "all = ScanOutput(out)", "Scan(s, x, w)"));
  EXPECT_EQ(built.graph.nodes[1].scan_axis, 0);
  EXPECT_EQ(built.graph.nodes[2].scan_axis, 1);
}

// Version 8 has the lengths of the sequences first, and a batch axis that makes slices unknown.
TEST(Scan, OfVersion8HasLengthsFirst) {
  const char* graph = R"(
      agraph (int64[1] l, float[2] s, float[1, 3, 2] x) => (float[2] y) {
        y = Scan <num_scan_inputs = 1,
          body = g (float[2] a, float[2] b) => (float[2] next) { next = Add(a, b) }> (l, s, x)
      })";
  EXPECT_THAT(Lines(BuildGraph(ReadGraphText(graph, 8)).graph),
              ElementsAre("%0 = State(s)", "%1 = Border(x)", "next = Add(%0, %1)",
                          "y = Alias(next)", "Scan(l, s, x)"));
}

TEST(Scan, ThatSlicesMoreThanItHasSlicesAll) {
  const TestGraph built = BuildGraph(ReadGraphText(R"(
      agraph (float[3, 2] x) => (float[3, 2] y) {
        y = Scan <num_scan_inputs = 9, body = g (float[2] b) => (float[2] r) { r = Relu(b) }> (x)
      })"));
  EXPECT_THAT(Lines(built.graph),
              ElementsAre("%0 = ScanInput(x)", "r = Relu(%0)", "y = ScanOutput(r)", "Scan(x)"));
}

// --- Others with subgraphs ---

TEST(OtherBodies, AreLaidOutBehindABorder) {
  const TestGraph built = BuildGraph(test::ReadModelText(R"(
      <ir_version: 8, opset_import: ["" : 17, "com.microsoft" : 1]>
      agraph (int32[1, N] ids) => (int32[1, M] y) {
        y = com.microsoft.GreedySearch <
          decoder = g (int32[1, N] i) => (float[1, 2] logits) <float[4, 2] e = {1, 2, 3, 4, 5, 6, 7, 8}> {
            logits = Gather(e, i)
          }> (ids)
      })"));
  EXPECT_THAT(Lines(built.graph), ElementsAre("%0 = Border()", "logits = Gather(e, %0)",
                                              "y = Border(logits)", "GreedySearch(ids)"));
  EXPECT_THAT(TensorNames(built.graph), ElementsAre("#0.decoder/e"));
}

// --- Functions ---

constexpr const char* kTwoCalls = R"(
    <ir_version: 8, opset_import: ["" : 17, "local" : 1]>
    agraph (float[N, 2] x) => (float[N, 2] y) <float[2, 2] v = {1, 2, 3, 4}, float[2, 2] w = {1, 2, 3, 4}> {
      h = local.dense <slope = 0.25> (x, v)
      y = local.dense (h, w)
    }
    <domain: "local", opset_import: ["" : 16]>
    dense <slope> (p, q) => (r) {
      b = Constant <value = float[2] {5, 6}> ()
      m = MatMul(p, q)
      s = Add(m, b)
      r = LeakyRelu <alpha: float = @slope> (s)
    }
)";

TEST(Calls, AreLaidOutOneByOne) {
  const TestGraph built = BuildGraph(ReadModelText(kTwoCalls));
  EXPECT_THAT(Lines(built.graph),
              ElementsAre("m = MatMul(x, v)", "s = Add(m, b)", "r = LeakyRelu(s)", "h = Alias(r)",
                          "m = MatMul(h, w)", "s = Add(m, b)", "r = LeakyRelu(s)", "y = Alias(r)"));
}

TEST(Calls, ShareTheTensorsOfTheBody) {
  const TestGraph built = BuildGraph(ReadModelText(kTwoCalls));
  EXPECT_THAT(TensorNames(built.graph), ElementsAre("/v", "/w", "fn:local.dense/b"));
  EXPECT_THAT(built.graph.tensors[2].values, SizeIs(2));
  EXPECT_NE(built.graph.nodes[1].Input(1), built.graph.nodes[5].Input(1));
}

TEST(Calls, BindAttributeReferences) {
  const TestGraph built = BuildGraph(ReadModelText(kTwoCalls));
  EXPECT_EQ(built.graph.nodes[2].FloatAttribute("alpha", 0.01F), 0.25F);
  // The second call gives no slope: the operator's own default is in force.
  EXPECT_EQ(built.graph.nodes[6].FloatAttribute("alpha", 0.01F), 0.01F);
}

TEST(Calls, HaveTheFunctionsOpsetAndScope) {
  const TestGraph built = BuildGraph(ReadModelText(kTwoCalls));
  EXPECT_EQ(NodeOfType(built.graph, "MatMul").version, 16);
  EXPECT_EQ(built.graph.Describe(NodeOfType(built.graph, "MatMul")), "MatMul of fn:local.dense/#1");
}

TEST(Calls, PassReferencesOn) {
  const TestGraph built = BuildGraph(ReadModelText(R"(
      <ir_version: 8, opset_import: ["" : 17, "local" : 1]>
      agraph (float[N] x) => (float[N] y) { y = local.outer <a = 0.5> (x) }
      <domain: "local", opset_import: ["" : 17, "local" : 1]>
      outer <a> (p) => (q) { q = local.inner <b: float = @a> (p) }
      <domain: "local", opset_import: ["" : 17]>
      inner <b> (s) => (t) { t = LeakyRelu <alpha: float = @b> (s) })"));
  EXPECT_THAT(Lines(built.graph), ElementsAre("t = LeakyRelu(x)", "q = Alias(t)", "y = Alias(q)"));
  EXPECT_EQ(built.graph.nodes[0].FloatAttribute("alpha", 0), 0.5F);
}

// FunctionProto.attribute_proto (IR 9) is newer than the text syntax at hand.
TEST(Calls, HaveDefaultAttributes) {
  onnx::ModelProto model;
  ASSERT_TRUE(model.ParseFromString(test::BytesOfText(kTwoCalls)));
  onnx::AttributeProto slope;
  slope.set_name("slope");
  slope.set_type(onnx::AttributeProto::FLOAT);
  slope.set_f(0.75F);
  onnx::FunctionProto& function = *model.mutable_functions(0);
  AddField(function, 11, test::Serialize(slope));
  const TestGraph built = BuildGraph(test::ReadModelProto(model));
  EXPECT_EQ(built.graph.nodes[2].FloatAttribute("alpha", 0), 0.25F) << "the call's own";
  EXPECT_EQ(built.graph.nodes[6].FloatAttribute("alpha", 0), 0.75F);
}

TEST(Calls, MayLeaveOutInputs) {
  const TestGraph built = BuildGraph(ReadModelText(R"(
      <ir_version: 8, opset_import: ["" : 17, "local" : 1]>
      agraph (float[N] x) => (float[N] y) { y = local.f (x) }
      <domain: "local", opset_import: ["" : 17]>
      f (a, low, high) => (r, rest) {
        r = Clip(a, low, high)
        rest = Neg(a)
      })"));
  EXPECT_THAT(Lines(built.graph),
              ElementsAre("r = Clip(x, _, _)", "rest = Neg(x)", "y = Alias(r)"));
}

TEST(Calls, SeeNoNamesOfTheCaller) {
  EXPECT_THAT(BuildError(ReadModelText(R"(
      <ir_version: 8, opset_import: ["" : 17, "local" : 1]>
      agraph (float[N] x) => (float[N] y) { y = local.f (x) }
      <domain: "local", opset_import: ["" : 17]>
      f (a) => (r) { r = Add(a, x) })")),
              EndsWith("nothing defines the name 'x', which is used in the scope 'fn:local.f'"));
}

TEST(Calls, MustGiveWhatTheyPromise) {
  EXPECT_THAT(BuildError(ReadModelText(R"(
      <ir_version: 8, opset_import: ["" : 17, "local" : 1]>
      agraph (float[N] x) => (float[N] y) { y = local.f (x) }
      <domain: "local", opset_import: ["" : 17]>
      f (a) => (r) { b = Relu(a) })")),
              HasSubstr("nothing defines the name 'r'"));
}

TEST(Calls, WithoutAFunctionAreNodes) {
  const TestGraph built = BuildGraph(ReadModelText(R"(
      <ir_version: 8, opset_import: ["" : 17, "local" : 1]>
      agraph (float[N] x) => (float[N] y) { y = other.f (x) }
      <domain: "local", opset_import: ["" : 17]>
      f (a) => (r) { r = Relu(a) })"));
  EXPECT_THAT(Lines(built.graph), ElementsAre("y = f(x)"));
}

// Opset 14 Relu of the model's own; ONNX's checker allows it, and onnxruntime calls the function.
TEST(Calls, MayHaveTheNameOfAnOperator) {
  const TestGraph built = BuildGraph(ReadModelText(R"(
      <ir_version: 8, opset_import: ["" : 17]>
      agraph (float[N] x) => (float[N] y) { y = Selu (x) }
      <domain: "ai.onnx", opset_import: ["" : 17]>
      Selu (a) => (r) { r = Elu(a) })"));
  EXPECT_THAT(Lines(built.graph), ElementsAre("r = Elu(x)", "y = Alias(r)"));
}

TEST(Calls, CaptureIntoSubgraphsOfTheBody) {
  const TestGraph built = BuildGraph(ReadModelText(R"(
      <ir_version: 8, opset_import: ["" : 17, "local" : 1]>
      agraph (float[2, 2] x, bool c) => (float[2, 2] y) <float[2, 2] w = {1, 2, 3, 4}> {
        y = local.f (x, w, c)
      }
      <domain: "local", opset_import: ["" : 17]>
      f (a, m, k) => (r) {
        r = If (k) <
          then_branch = g1 () => (float[2, 2] t) { t = MatMul(a, m) },
          else_branch = g2 () => (float[2, 2] e) <float[1] b = {1}> { e = Add(a, b) }>
      })"));
  EXPECT_THAT(Lines(built.graph), ElementsAre("t = MatMul(x, w)", "e = Add(x, b)",
                                              "r = Merge(t, e)", "If(c)", "y = Alias(r)"));
  EXPECT_THAT(TensorNames(built.graph), ElementsAre("/w", "fn:local.f/#0.else_branch/b"));
}

// NodeProto.overload and FunctionProto.overload (IR 10) are newer than the messages at hand.
TEST(Calls, ChooseTheOverload) {
  onnx::ModelProto model = test::EmptyModel();
  test::AddInput(*model.mutable_graph(), "x", {2});
  for (const char* overload : {"", "wide"}) {
    onnx::FunctionProto& function = *model.add_functions();
    function.set_name("f");
    function.set_domain("local");
    function.add_input("a");
    function.add_output("r");
    onnx::NodeProto& body = *function.add_node();
    body.set_op_type(*overload == '\0' ? "Relu" : "Neg");
    body.add_input("a");
    body.add_output("r");
    AddField(function, 13, overload);
    onnx::NodeProto& call =
        test::AddNode(*model.mutable_graph(), "f", {"x"}, {std::string("y") + overload});
    call.set_domain("local");
    AddField(call, 8, overload);
  }
  const TestGraph built = BuildGraph(test::ReadModelProto(model));
  EXPECT_THAT(Lines(built.graph),
              ElementsAre("r = Relu(x)", "y = Alias(r)", "r = Neg(x)", "ywide = Alias(r)"));
  EXPECT_THAT(built.graph.scope_names, Contains("fn:local.f:wide"));
}

// A reference whose value the call does not give, or gives as a number, stores nothing.
TEST(Calls, AConstantMayBeAReference) {
  const TestGraph built = BuildGraph(ReadModelText(R"(
      <ir_version: 8, opset_import: ["" : 17, "local" : 1]>
      agraph (float[2] x) => (float[2] y) { y = local.f <t = float[2] {1, 2}> (x) }
      <domain: "local", opset_import: ["" : 17]>
      f <t, u> (a) => (r) {
        given = Constant <value: tensor = @t> ()
        open = Constant <value: tensor = @u> ()
        r = Sum(a, given, open)
      })"));
  EXPECT_THAT(Lines(built.graph),
              ElementsAre("open = Border()", "r = Sum(x, given, open)", "y = Alias(r)"));
  const StoredTensor* given = built.graph.Stored(NodeOfType(built.graph, "Sum").Input(1));
  ASSERT_NE(given, nullptr);
  EXPECT_EQ(given->name, "#0.t") << "it is stored at the call";
  EXPECT_EQ(ValueNamed(built.graph, "open").tensor, kNone);
}

}  // namespace
}  // namespace onnx_reinit::graph
