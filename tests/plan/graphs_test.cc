// From a graph to its plan: that what inference says of a tensor is what schemes and presets ask
// for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "base/text.h"
#include "plan/planned_graph.h"

namespace onnx_reinit::plan {
namespace {

// --- Residual branches --------------------------------------------------------------------------

// Two blocks of convolutions without normalisation; the first has a projection on its shortcut.
const char* const kResidualNetwork =
    "g (float[N, 3, 8, 8] x) => (float[N, 6, 8, 8] y) <float[4, 3, 1, 1] e, float[6, 4, 3, 3] a1,"
    "  float[6, 6, 3, 3] a2, float[6, 4, 1, 1] s, float[6, 6, 3, 3] b1, float[6, 6, 3, 3] b2> {"
    "  z = Conv(x, e) r = Relu(z)"
    "  p = Conv<pads = [1, 1, 1, 1]>(r, a1) q = Relu(p) o = Conv<pads = [1, 1, 1, 1]>(q, a2)"
    "  t = Conv(r, s) u = Add(t, o) v = Relu(u)"
    "  h = Conv<pads = [1, 1, 1, 1]>(v, b1) i = Relu(h) j = Conv<pads = [1, 1, 1, 1]>(i, b2)"
    "  k = Add(v, j) y = Relu(k) }";

TEST(ResidualGraphTest, FixupCountsTheBranchWithoutTheShortcut) {
  const PlannedGraph planned(kResidualNetwork, {.scheme = "fixup"});
  // L = 2, m = 2.
  EXPECT_NEAR(planned["a1"].std, std::sqrt(2.0 / 54) / std::sqrt(2), 1e-9);
  EXPECT_NEAR(planned["b1"].std, std::sqrt(2.0 / 54) / std::sqrt(2), 1e-9);
  EXPECT_EQ(planned["a2"].std, 0);
  EXPECT_EQ(planned["b2"].std, 0);
  EXPECT_NEAR(planned["s"].std, std::sqrt(2.0 / 6), 1e-9);
}

TEST(ResidualGraphTest, AutoDividesTheEndOfTheBranchAndNotTheShortcut) {
  const PlannedGraph planned(kResidualNetwork);
  EXPECT_NEAR(planned["a2"].std, std::sqrt(2.0 / 54) / std::sqrt(2), 1e-9);
  EXPECT_NEAR(planned["s"].std, std::sqrt(2.0 / 4), 1e-9);
}

TEST(ResidualGraphTest, DiffusionBeginsBranchesAsIdentities) {
  const PlannedGraph planned(kResidualNetwork, {.preset = "diffusion"});
  EXPECT_EQ(planned["a2"].std, 0);
  EXPECT_GT(planned["s"].std, 0);
}

// A block whose convolutions are normalised, with a projection that is too.
const char* const kNormalised =
    "g (float[N, 3, 8, 8] x) => (float[N, 6, 8, 8] y) <float[4, 3, 1, 1] e, float[6, 4, 3, 3] w1,"
    "  float[6, 6, 3, 3] w2, float[6, 4, 1, 1] s, float[6] g1, float[6] g2, float[6] g3,"
    "  float[6] b, float[6] m, float[6] v> {"
    "  z = Conv(x, e) r = Relu(z)"
    "  p = Conv<pads = [1, 1, 1, 1]>(r, w1) n = BatchNormalization(p, g1, b, m, v) q = Relu(n)"
    "  o = Conv<pads = [1, 1, 1, 1]>(q, w2) u = BatchNormalization(o, g2, b, m, v)"
    "  t = Conv(r, s) h = BatchNormalization(t, g3, b, m, v) k = Add(u, h) y = Relu(k) }";

TEST(ResidualGraphTest, OnlyTheLastScaleOfTheBranchBeginsAtZero) {
  for (const PlanOptions& options :
       {PlanOptions{.scheme = "zero-gamma"}, PlanOptions{.preset = "resnet-timm"}}) {
    const PlannedGraph planned(kNormalised, options);
    EXPECT_EQ(planned["g2"].mean, 0) << options.preset << planned["g2"].reason;
    EXPECT_EQ(planned["g1"].mean, 1) << options.preset << planned["g1"].reason;
    EXPECT_EQ(planned["g3"].mean, 1) << options.preset << planned["g3"].reason;
  }
}

TEST(ResidualGraphTest, AutoDividesTheLastMatricesOfExperts) {
  const PlannedGraph planned(
      "g (float[N, 4] x) => (float[N, 8] y) <float[4, 8] e, float[8, 4] r, float[4, 16, 8] a,"
      "  float[4, 8, 16] b, float[8, 8] h> {"
      "  z = MatMul(x, e) l = MatMul(z, r) o = com.microsoft.MoE<k = 1>(z, l, a, , b)"
      "  s = Add(z, o) y = MatMul(s, h) }");
  EXPECT_NEAR(planned["a"].std, 1 / std::sqrt(8), 1e-9) << planned["a"].reason;
  EXPECT_NEAR(planned["b"].std, 1 / std::sqrt(16) / std::sqrt(2), 1e-9) << planned["b"].reason;
}

TEST(ResidualGraphTest, ALowRankPairIsDividedByNoDepth) {
  const PlannedGraph planned(
      "g (float[N, 8] x) => (float[N, 8] y) <float[8, 8] e, float[8, 8] w, float[8, 2] a,"
      "  float[2, 8] b, float two = {2}> {"
      "  z = MatMul(x, e) p = MatMul(z, w) q = MatMul(z, a) r = MatMul(q, b) s = Mul(r, two)"
      "  y = Add(p, s) }",
      {.preset = "gpt2"});
  EXPECT_NEAR(planned["b"].std, 0.02, 1e-9) << planned["b"].reason;
}

// --- Fused layers -------------------------------------------------------------------------------

// Two heads of queries of 4 channels for one of keys and values, and an MLP with a gate.
const char* const kFused =
    "g (float[1, 6, 8] x) => (float[1, 6, 8] y) <float[8, 16] w, float[8, 8] o, float[8, 32] m,"
    "  float[16, 8] d, int64[3] sizes = {8, 4, 4}, int64[4] heads = {1, 6, 2, 4},"
    "  int64[4] one = {1, 6, 1, 4}, int64[3] whole = {1, 6, 8}> {"
    "  a = MatMul(x, w) q0, k0, v0 = Split<axis = 2>(a, sizes)"
    "  q1 = Reshape(q0, heads) k1 = Reshape(k0, one) v1 = Reshape(v0, one)"
    "  q = Transpose<perm = [0, 2, 1, 3]>(q1) k = Transpose<perm = [0, 2, 3, 1]>(k1)"
    "  v = Transpose<perm = [0, 2, 1, 3]>(v1)"
    "  s = MatMul(q, k) p = Softmax(s) c = MatMul(p, v) t = Transpose<perm = [0, 2, 1, 3]>(c)"
    "  r = Reshape(t, whole) h = MatMul(r, o) z = Add(x, h)"
    "  n = MatMul(z, m) g, u = Split<axis = 2>(n) i = Sigmoid(g) j = Mul(g, i) l = Mul(j, u)"
    "  e = MatMul(l, d) y = Add(z, e) }";

TEST(FusedGraphTest, EachPartHasItsOwnFans) {
  const PlannedGraph planned(kFused, {.scheme = "xavier-normal"});
  const std::vector<Piece>& pieces = planned["w"].fill->pieces;
  ASSERT_EQ(pieces.size(), 3U) << planned["w"].reason;
  EXPECT_NEAR(pieces[0].values.std, std::sqrt(2.0 / 16), 1e-9);
  EXPECT_NEAR(pieces[1].values.std, std::sqrt(2.0 / 12), 1e-9);
  EXPECT_NEAR(pieces[2].values.std, std::sqrt(2.0 / 12), 1e-9);
}

TEST(FusedGraphTest, ARuleMayNameAPartOrTheWhole) {
  const PlannedGraph part(kFused, {.settings = {"block_role=key:zeros"}});
  const std::vector<Piece>& pieces = part["w"].fill->pieces;
  ASSERT_EQ(pieces.size(), 3U);
  EXPECT_GT(pieces[0].values.std, 0);
  EXPECT_EQ(pieces[1].values.std, 0);
  const PlannedGraph whole(kFused, {.settings = {"block_role=qkv:zeros"}});
  EXPECT_EQ(whole["w"].std, 0);
}

TEST(FusedGraphTest, TheFactorBesideTheGateHasNoActivation) {
  const PlannedGraph planned(kFused, {.preset = "llama"});
  const std::vector<Piece>& pieces = planned["m"].fill->pieces;
  ASSERT_EQ(pieces.size(), 2U) << planned["m"].reason;
  EXPECT_NEAR(pieces[0].values.std, 0.02, 1e-6);
  EXPECT_NEAR(pieces[1].values.std, 0.02 / std::sqrt(2), 1e-6);
}

// --- State-space layers -------------------------------------------------------------------------

// The decay e^(step * -e^a) of a state and the skip d, with steps made by `steps` from s.
std::string StateSpace(std::string_view steps) {
  return Text(
      "g (float[N, 8] x) => (float[N, 8] y) <float[8, 8] e, float[8, 8] w, float[8] b,"
      "  float[8, 4] a, float[8] d, int64[1] last = {-1}> {"
      "  z = MatMul(x, e) p = MatMul(z, w) s = Add(p, b) ",
      steps,
      "  u = Unsqueeze(t, last) n = Exp(a) m = Neg(n) q = Mul(u, m) h = Exp(q)"
      "  r = ReduceSum<keepdims = 0>(h, last) k = Mul(z, d) y = Add(r, k) }");
}

TEST(StateSpaceGraphTest, NativeIsMambaAndSetsDecayStepsAndSkip) {
  const PlannedGraph planned(StateSpace("t = Softplus(s)"), {.preset = "native"});
  EXPECT_EQ(planned.plan().preset, "mamba");
  EXPECT_EQ(planned["a"].scheme, "log-range") << planned["a"].reason;
  EXPECT_EQ(planned["b"].scheme, "inverse-softplus") << planned["b"].reason;
  EXPECT_EQ(planned["d"].scheme, "ones") << planned["d"].reason;
}

TEST(StateSpaceGraphTest, StepsThatNoSoftplusMakesAreNotMambas) {
  const PlannedGraph planned(StateSpace("t = Relu(s)"), {.preset = "native"});
  EXPECT_EQ(planned.plan().preset, "torch");
}

TEST(StateSpaceGraphTest, AStepOfOtherMakingHasNoInverseSoftplus) {
  const PlannedGraph planned(StateSpace("t = Relu(s)"), {.preset = "mamba"});
  EXPECT_EQ(planned["b"].scheme, "zeros") << planned["b"].reason;
}

// --- Weight normalisation -----------------------------------------------------------------------

const char* const kWeightNormalised =
    "g (float[N, 4, 9] x) => (float[N, 8, 9] y) <float[8, 4, 3] v, float[8, 1, 1] s> {"
    "  n = ReduceL2<axes = [1, 2]>(v) d = Div(v, n) w = Mul(d, s) c = Conv(x, w) y = Relu(c) }";

TEST(WeightNormGraphTest, TheGainIsTheNormOfTheDirectionAsItIsDrawn) {
  const PlannedGraph planned(kWeightNormalised);
  EXPECT_NEAR(planned["v"].std, std::sqrt(2.0 / 12), 1e-9);
  EXPECT_EQ(planned["s"].action, Action::kReinitialize) << planned["s"].reason;
  EXPECT_EQ(planned["s"].distribution, "constant");
  EXPECT_NEAR(planned["s"].mean, std::sqrt(2.0), 1e-9);
}

TEST(WeightNormGraphTest, TheGainOfAUniformDirectionHasItsDeviation) {
  const PlannedGraph planned(kWeightNormalised, {.preset = "torch"});
  // U(-1 / sqrt(12), 1 / sqrt(12)) of 12 numbers.
  EXPECT_NEAR(planned["s"].mean, 1 / std::sqrt(3.0), 1e-9) << planned["s"].reason;
}

TEST(WeightNormGraphTest, TheGainStaysWhereTheDirectionDoes) {
  EXPECT_EQ(PlannedGraph(kWeightNormalised, {.keep = {"^v$"}})["s"].action, Action::kKeep);
}

TEST(WeightNormGraphTest, TheGainIsWhatTheUserSays) {
  const PlannedGraph kept(kWeightNormalised, {.keep = {"^s$"}});
  EXPECT_EQ(kept["v"].action, Action::kReinitialize);
  EXPECT_EQ(kept["s"].action, Action::kKeep);
  const PlannedGraph by_role(kWeightNormalised, {.settings = {"role=parameter:keep"}});
  EXPECT_EQ(by_role["s"].action, Action::kKeep) << by_role["s"].reason;
  const PlannedGraph ones(kWeightNormalised, {.settings = {"role=parameter:ones"}});
  EXPECT_EQ(ones["s"].mean, 1) << ones["s"].reason;
}

}  // namespace
}  // namespace onnx_reinit::plan
