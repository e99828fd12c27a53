#include "plan/fan_convention.h"

#include <gtest/gtest.h>

#include <functional>
#include <ostream>

#include "plan/facts.h"

namespace onnx_reinit::plan {
namespace {

using infer::TensorFacts;

struct FanCase {
  const char* name;
  std::function<TensorFacts(FactsMaker&)> facts;
  Fans exact;
  Fans torch;
  Fans keras;
};

std::ostream& operator<<(std::ostream& out, const FanCase& c) { return out << c.name; }

class FanConventionTest : public testing::TestWithParam<FanCase> {
 protected:
  void Expect(FanConvention convention, const Fans& fans) {
    const TensorFacts facts = GetParam().facts(maker_);
    EXPECT_EQ(FansBy(convention, facts).fan_in, fans.fan_in);
    EXPECT_EQ(FansBy(convention, facts).fan_out, fans.fan_out);
  }
  FactsMaker maker_;
};

TEST_P(FanConventionTest, Exact) { Expect(FanConvention::kExact, GetParam().exact); }
TEST_P(FanConventionTest, Torch) { Expect(FanConvention::kTorch, GetParam().torch); }
TEST_P(FanConventionTest, Keras) { Expect(FanConvention::kKeras, GetParam().keras); }

// 64 to 128 channels, 3 x 3, in 4 groups.
TensorFacts Grouped(FactsMaker& maker) {
  TensorFacts facts = maker.Conv(16, 128, 3);
  facts.groups = 4;
  facts.fan_out = int64_t{32} * 9;
  return facts;
}

// 8 channels, each to 2, 5 x 5.
TensorFacts Depthwise(FactsMaker& maker) {
  TensorFacts facts = maker.Conv(1, 16, 5);
  facts.groups = 8;
  facts.fan_out = 50;
  return facts;
}

// W [inputs, outputs / group, 4, 4]: 32 to 24 channels in 2 groups.
TensorFacts Transposed(FactsMaker& maker) {
  TensorFacts facts = maker.Make(Role::kConvTranspose, {32, 12, 4, 4});
  facts.groups = 2;
  facts.fan_in = int64_t{16} * 16;
  facts.fan_out = int64_t{12} * 16;
  facts.axes = {.output = {1}, .input = {0}, .kernel = {2, 3}};
  return facts;
}

TensorFacts Gates(FactsMaker& maker) {
  TensorFacts facts = maker.Make(Role::kRnnInput, {1, 64, 10});
  facts.fan_in = 10;
  facts.fan_out = 16;
  facts.axes = {.batch = {0}, .output = {1}, .input = {2}};
  return facts;
}

TensorFacts Opaque(FactsMaker& maker) {
  TensorFacts facts = maker.Linear(7, 9);
  facts.axes = {};
  return facts;
}

// schemes.md, section 2.1; torch/nn/init.py _calculate_fan_in_and_fan_out; keras compute_fans.
INSTANTIATE_TEST_SUITE_P(
    Cases, FanConventionTest,
    testing::Values(FanCase{"Linear",
                            [](FactsMaker& maker) { return maker.Linear(30, 20); },
                            {30, 20},
                            {30, 20},
                            {30, 20}},
                    FanCase{"Conv",
                            [](FactsMaker& maker) { return maker.Conv(3, 8, 3); },
                            {27, 72},
                            {27, 72},
                            {27, 72}},
                    FanCase{
                        "GroupsAreLeftOutOfFanOut", Grouped, {144, 288}, {144, 1152}, {144, 1152}},
                    FanCase{"KerasDoesNotSeeDepthwise", Depthwise, {25, 50}, {25, 400}, {200, 50}},
                    FanCase{"TransposedIsSwapped", Transposed, {256, 192}, {192, 512}, {192, 512}},
                    FanCase{"GatesAreOneMatrix", Gates, {10, 16}, {10, 64}, {10, 64}},
                    FanCase{"UnknownLayoutStaysExact", Opaque, {7, 9}, {7, 9}, {7, 9}}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace onnx_reinit::plan
