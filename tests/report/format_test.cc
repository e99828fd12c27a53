#include "report/format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace onnx_reinit::report {
namespace {

TEST(FormatCountTest, GroupsByThousands) {
  EXPECT_EQ(FormatCount(0), "0");
  EXPECT_EQ(FormatCount(999), "999");
  EXPECT_EQ(FormatCount(1000), "1,000");
  EXPECT_EQ(FormatCount(1234567), "1,234,567");
  EXPECT_EQ(FormatCount(-123456), "-123,456");
  EXPECT_EQ(FormatCount(std::numeric_limits<int64_t>::max()), "9,223,372,036,854,775,807");
}

TEST(FormatBytesTest, PicksTheUnit) {
  EXPECT_EQ(FormatBytes(0), "0 B");
  EXPECT_EQ(FormatBytes(1023), "1023 B");
  EXPECT_EQ(FormatBytes(1024), "1.0 KiB");
  EXPECT_EQ(FormatBytes(uint64_t{3} << 29U), "1.5 GiB");
  EXPECT_EQ(FormatBytes(std::numeric_limits<uint64_t>::max()), "16.0 EiB");
}

TEST(FormatDimsTest, ScalarAndMatrix) {
  EXPECT_EQ(FormatDims({}), "scalar");
  EXPECT_EQ(FormatDims({64, 3, 7, 7}), "64x3x7x7");
}

TEST(FormatPluralTest, OneIsSingular) {
  EXPECT_EQ(FormatPlural(1, "tensor"), "1 tensor");
  EXPECT_EQ(FormatPlural(0, "tensor"), "0 tensors");
  EXPECT_EQ(FormatPlural(2000, "tensor"), "2,000 tensors");
}

TEST(FormatIdentityTest, ScopeStandsBeforeTheName) {
  EXPECT_EQ(FormatIdentity({.name = "w"}), "w");
  EXPECT_EQ(FormatIdentity({.name = "w", .scope = "loop.body"}), "loop.body/w");
  EXPECT_EQ(FormatIdentity({.name = "w\n", .scope = "\x1b"}), "\\x1B/w\\x0A");
}

TEST(FormatRoleTest, BlockRoleFollows) {
  EXPECT_EQ(FormatRole({.role = Role::kConv}), "conv");
  EXPECT_EQ(FormatRole({.role = Role::kLinear, .block_role = BlockRole::kQuery}), "linear query");
}

TensorPlan Reinitialized(double mean, double std, double bound) {
  return {.action = Action::kReinitialize, .mean = mean, .std = std, .bound = bound};
}

TEST(FormatValuesTest, SaysWhatTheElementsWillBe) {
  EXPECT_EQ(FormatValues({.action = Action::kKeep, .std = 1}), "");
  EXPECT_EQ(FormatValues(Reinitialized(0, 0, 0)), "0");
  EXPECT_EQ(FormatValues(Reinitialized(0.25, 0, 0)), "0.25");
  EXPECT_EQ(FormatValues(Reinitialized(0, 0.05892, 0)), "std 0.0589");
  EXPECT_EQ(FormatValues(Reinitialized(1, 0.02, 0)), "std 0.02 around 1");
  EXPECT_EQ(FormatValues(Reinitialized(0, 0.02, 0.06)), "std 0.02 within 0.06");
}

TEST(ElementsOfTest, ImpossibleDimsHoldNothing) {
  EXPECT_EQ(ElementsOf({.dims = {2, 3}}), 6);
  EXPECT_EQ(ElementsOf({}), 1);
  EXPECT_EQ(ElementsOf({.dims = {-1, 3}}), 0);
  EXPECT_EQ(ElementsOf({.dims = {int64_t{1} << 40, int64_t{1} << 40}}), 0);
}

}  // namespace
}  // namespace onnx_reinit::report
