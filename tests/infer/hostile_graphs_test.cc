// Graphs that no exporter makes: what inference does for a tensor stays bounded, so that all of it
// is linear in the graph.
#include <string>

#include "base/text.h"
#include "gtest/gtest.h"
#include "infer/infer_support.h"
#include "infer/reach.h"

namespace onnx_reinit::infer {
namespace {

// A product whose weight comes by `length` operators.
std::string BehindAChain(size_t length) {
  std::string nodes = "c0 = Identity(w)";
  for (size_t i = 1; i < length; ++i) nodes += Text(" c", i, " = Identity(c", i - 1, ")");
  return Text("g (float[N, 4] x) => (float[N, 2] y) <float[4, 2] w> {", nodes, " y = MatMul(x, c",
              length - 1, ")}");
}

TEST(Reach, FollowsALongWay) {
  test::Inferred model(BehindAChain(kMaxPath));
  EXPECT_EQ(model["w"].role, Role::kLinear);
}

TEST(Reach, EndsOnALongerOne) {
  test::Inferred model(BehindAChain(kMaxPath + 1));
  EXPECT_EQ(model["w"].role, Role::kConstant);
}

// A product with `width` tensors, joined, that come by `length` operators.
std::string Joined(int width, int length) {
  std::string declared;
  std::string inputs;
  for (int i = 0; i < width; ++i) {
    declared += Text(i == 0 ? "" : ", ", "float[1, 2] w", i);
    inputs += Text(i == 0 ? "" : ", ", "w", i);
  }
  std::string nodes = Text("c0 = Concat<axis = 0>(", inputs, ")");
  for (int i = 1; i < length; ++i) nodes += Text(" c", i, " = Identity(c", i - 1, ")");
  return Text("g (float[N, ", width, "] x) => (float[N, 2] y) <", declared, "> {", nodes,
              " y = MatMul(x, c", length - 1, ")}");
}

TEST(Reach, FollowsAStackOfAThousand) {
  EXPECT_EQ(test::Inferred(Joined(1024, 1))["w7"].role, Role::kLinear);
}

TEST(Reach, LeavesALargerStackAlone) {
  EXPECT_EQ(test::Inferred(Joined(1025, 1))["w7"].role, Role::kConstant);
}

// `width` tensors of eight numbers, the limits of one another.
std::string Limited(size_t width) {
  std::string declared;
  std::string inputs;
  for (size_t i = 0; i < width; ++i) {
    declared += Text(i == 0 ? "" : ", ", "float[4, 2] w", i);
    inputs += Text(i == 0 ? "" : ", ", "w", i);
  }
  return Text("g (float[N, 4] x) => (float[N, 2] y) <", declared, "> {c = Max(", inputs,
              ") y = MatMul(x, c)}");
}

TEST(Reach, FollowsTheLargestOfAThousand) {
  EXPECT_EQ(test::Inferred(Limited(1024))["w7"].role, Role::kLinear);
}

TEST(Reach, LeavesTheLargestOfMoreAlone) {
  EXPECT_EQ(test::Inferred(Limited(1025))["w7"].role, Role::kConstant);
}

// A weight that a thousand products read as `weight`, beside `others` tensors.
size_t UsesBeside(int others, std::string_view weight) {
  std::string declared;
  for (int i = 0; i < others; ++i) declared += Text(", float[1] s", i);
  std::string nodes = "c = Identity(w)";
  for (int i = 0; i < 1000; ++i) nodes += Text(" y", i, " = MatMul(x, ", weight, ")");
  const test::Analysis analysis(
      Text("g (float[N, 4] x) => (float[N, 2] y0) <float[4, 2] w", declared, "> {", nodes, "}"));
  return Reach(analysis.slots(), analysis.Stored("w")).size();
}

TEST(Reach, FindsAllUsesBehindACopy) { EXPECT_EQ(UsesBeside(0, "c"), 1000); }

// Were each of 10,000 tensors to find a thousand uses behind one operator, ten million. A product
// is three looks.
TEST(Reach, FindsFewerBehindACopyWhereThereAreManyTensors) {
  EXPECT_LE(UsesBeside(10'000, "c"), kMinLooks / 3 + 1);
}

TEST(Reach, FindsAllUsesOfTheTensorItself) { EXPECT_EQ(UsesBeside(10'000, "w"), 1000); }

// A thousand tensors that share a way of two thousand operators: were each reason to list it, two
// million names.
TEST(Reasons, DoNotMultiply) {
  test::Inferred model(Joined(1000, 2000));
  size_t bytes = 0;
  for (const TensorFacts& facts : model.all()) {
    bytes += facts.reason.size();
  }
  EXPECT_LT(bytes, model.all().size() * 20 * kMaxPath);
}

// Copies that lead nowhere do not hide the use that counts.
TEST(Reach, EndsWhereATensorHasCopiesWithoutNumber) {
  std::string nodes;
  for (size_t i = 0; i < 2 * kMaxStops; ++i) nodes += Text(" c", i, " = Neg(w)");
  test::Inferred model(
      Text("g (float[N, 4] x) => (float[N, 2] y) <float[4, 2] w> {", nodes, " y = MatMul(x, w)}"));
  EXPECT_EQ(model["w"].role, Role::kLinear);
}

}  // namespace
}  // namespace onnx_reinit::infer
