#include "graph/calls.h"

#include <string>
#include <utility>

#include "base/text.h"
#include "gmock/gmock.h"
#include "graph/flat_text.h"
#include "gtest/gtest.h"
#include "support/model_proto.h"
#include "support/text_model.h"

namespace onnx_reinit::graph {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

constexpr std::string_view kHeader = "<ir_version: 8, opset_import: [\"\" : 17, \"l\" : 1]>\n";

// A function of domain "l" with input a and output r.
std::string FunctionText(std::string_view name, std::string_view body) {
  return Text("<domain: \"l\", opset_import: [\"\" : 17, \"l\" : 1]>\n", name, " (a) => (r) {",
              body, "}\n");
}

std::string MainText(std::string_view body) {
  return Text(kHeader, "g (float[2] x, bool c) => (float[2] y) {", body, "}\n");
}

struct RecursionRow {
  const char* name;
  const char* main;
  const char* f;
  const char* g;
  const char* culprit;
};

class RecursionTest : public ::testing::TestWithParam<RecursionRow> {};

TEST_P(RecursionTest, IsRefused) {
  const RecursionRow& row = GetParam();
  const test::TestModel model =
      test::ReadModelText(MainText(row.main) + FunctionText("f", row.f) + FunctionText("g", row.g));
  EXPECT_EQ(test::BuildError(model),
            Text("at byte ", model.skeleton.functions[*row.culprit == 'f' ? 0 : 1].offset,
                 ": the function '", row.culprit, "' calls itself, directly or through others"));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, RecursionTest,
    ::testing::Values(
        RecursionRow{"direct", "y = l.f(x)", "r = l.f(a)", "r = Relu(a)", "f"},
        RecursionRow{"through_another", "y = l.f(x)", "r = l.g(a)", "r = l.f(a)", "f"},
        RecursionRow{"never_called", "y = Relu(x)", "r = Relu(a)", "r = l.g(a)", "g"},
        RecursionRow{"only_the_callee", "y = l.f(x)", "r = l.g(a)", "r = l.g(a)", "g"},
        RecursionRow{"in_a_subgraph", "y = l.f(x)",
                     "r = If (a) <then_branch = t () => (float s) { s = l.f(a) },"
                     " else_branch = e () => (float a) { }>",
                     "r = Relu(a)", "f"}),
    [](const auto& test_info) { return test_info.param.name; });

TEST(Calls, OfOneFunctionFromManyPlacesAreNoRecursion) {
  const test::TestModel model = test::ReadModelText(MainText("p = l.f(x) q = l.g(p) y = l.g(q)") +
                                                    FunctionText("f", "b = l.g(a) r = l.g(b)") +
                                                    FunctionText("g", "r = Relu(a)"));
  EXPECT_EQ(test::BuildError(model), "");
}

TEST(Calls, OfAFunctionThatIsDefinedTwiceAreRefused) {
  const test::TestModel model = test::ReadModelText(
      MainText("y = l.f(x)") + FunctionText("f", "r = Relu(a)") + FunctionText("f", "r = Neg(a)"));
  EXPECT_EQ(test::BuildError(model), Text("at byte ", model.skeleton.functions[1].offset,
                                          ": the function 'f' of domain 'l' is defined twice"));
}

// f0 calls f1, f1 calls f2 ...; each `width` times.
test::TestModel CallTower(int height, int width) {
  std::string text = MainText("y = l.f0(x)");
  for (int i = 0; i < height; ++i) {
    const bool is_last = i + 1 == height;
    std::string body;
    for (int k = 0; k < width; ++k) {
      body += Text(" ", k + 1 == width ? "r" : Text("t", k), " = ",
                   is_last ? std::string("Relu") : Text("l.f", i + 1), "(a)");
    }
    text += FunctionText(Text("f", i), body);
  }
  return test::ReadModelText(text);
}

TEST(Calls, NestToTheLimitAndNotBeyond) {
  EXPECT_EQ(test::BuildError(CallTower(kMaxBodyDepth, 1)), "");
  EXPECT_THAT(test::BuildError(CallTower(kMaxBodyDepth + 1, 1)),
              EndsWith("nest more than 100 deep"));
}

// 2^60 calls from sixty functions: refused without laying out a single one.
TEST(Calls, ThatMultiplyAreRefused) {
  EXPECT_THAT(test::BuildError(CallTower(60, 2)), HasSubstr("make more than 2000000 nodes"));
  EXPECT_EQ(test::BuildError(CallTower(10, 2)), "");
}

// Every node of each body counts, so that long bodies do not slip through.
TEST(Calls, CountWhatTheBodiesHold) {
  std::string body = " r = Relu(a)";
  for (int i = 0; i < 500; ++i) body += Text(" t", i, " = Relu(a)");
  std::string main = " y = l.f(x)";
  for (int i = 0; i < 2000; ++i) main += Text(" u", i, " = l.f(x)");
  EXPECT_THAT(test::BuildError(test::ReadModelText(MainText(main) + FunctionText("f", body))),
              HasSubstr("the calls in the main graph, laid out one by one, make more than"));
}

struct ScopeRow {
  const char* name;
  const char* domain;
  const char* function;
  const char* overload;
  const char* scope;
};

class FunctionScopeTest : public ::testing::TestWithParam<ScopeRow> {};

TEST_P(FunctionScopeTest, NamesTheFunction) {
  const ScopeRow& row = GetParam();
  EXPECT_EQ(FunctionScope({.name = row.function, .domain = row.domain, .overload = row.overload}),
            row.scope);
}

INSTANTIATE_TEST_SUITE_P(Rows, FunctionScopeTest,
                         ::testing::Values(ScopeRow{"plain", "a.b", "f", "", "fn:a.b.f"},
                                           ScopeRow{"no_domain", "", "f", "", "fn:.f"},
                                           ScopeRow{"overload", "a", "f", "2", "fn:a.f:2"}),
                         [](const auto& test_info) { return test_info.param.name; });

TEST(NormalDomain, OfOnnxIsEmpty) {
  EXPECT_EQ(NormalDomain("ai.onnx"), "");
  EXPECT_EQ(NormalDomain(""), "");
  EXPECT_EQ(NormalDomain("ai.onnx.ml"), "ai.onnx.ml");
}

}  // namespace
}  // namespace onnx_reinit::graph
