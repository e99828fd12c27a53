#include "infer/operator_sets.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace onnx_reinit::infer {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::array kSets = {
    OperatorSet::kLayer,         OperatorSet::kMove,        OperatorSet::kPool,
    OperatorSet::kNormalization, OperatorSet::kSoftmax,     OperatorSet::kRandom,
    OperatorSet::kShape,         OperatorSet::kElementwise, OperatorSet::kWeightless};

class SetTest : public ::testing::TestWithParam<OperatorSet> {
 protected:
  static std::vector<std::string> Names() {
    return {Rows(GetParam()).begin(), Rows(GetParam()).end()};
  }
};

TEST_P(SetTest, IsSortedAndHasNoRowTwice) {
  const std::vector<std::string> names = Names();
  EXPECT_THAT(names, Not(IsEmpty()));
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end(), std::greater_equal<>()), names.end());
}

TEST_P(SetTest, HoldsEachOfItsRows) {
  for (const std::string& name : Names()) {
    const size_t dot = name.rfind('.');
    const bool has_domain = dot != std::string::npos;
    const std::string domain = has_domain ? name.substr(0, dot) : "";
    const std::string op_type = has_domain ? name.substr(dot + 1) : name;
    EXPECT_TRUE(IsIn(GetParam(), {.op_type = op_type, .domain = domain})) << name;
    EXPECT_TRUE(IsInAny({GetParam()}, {.op_type = op_type, .domain = domain})) << name;
    EXPECT_FALSE(IsIn(GetParam(), {.op_type = op_type, .domain = "other.domain"})) << name;
    EXPECT_FALSE(IsIn(GetParam(), {.op_type = op_type + "X", .domain = domain})) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Sets, SetTest, ::testing::ValuesIn(kSets),
                         [](const auto& test) { return std::to_string(test.index); });

TEST(OperatorSets, IsInAnyTakesEitherAndNoOther) {
  using enum OperatorSet;
  EXPECT_TRUE(IsInAny({kMove, kPool}, {.op_type = "Reshape"}));
  EXPECT_TRUE(IsInAny({kMove, kPool}, {.op_type = "MaxPool"}));
  EXPECT_FALSE(IsInAny({kMove, kPool}, {.op_type = "MatMul"}));
  EXPECT_FALSE(IsInAny({}, {.op_type = "Reshape"}));
}

// No operator can both keep its elements and compute something.
TEST(OperatorSets, MovesAreNeitherLayersNorPoolsNorArithmetic) {
  for (const std::string_view move : Rows(OperatorSet::kMove)) {
    for (const OperatorSet other :
         {OperatorSet::kLayer, OperatorSet::kPool, OperatorSet::kElementwise, OperatorSet::kRandom,
          OperatorSet::kShape, OperatorSet::kNormalization, OperatorSet::kSoftmax}) {
      EXPECT_THAT(Rows(other), Not(Contains(move)));
    }
  }
}

struct Row {
  std::string name;
  OperatorSet set;
  std::string domain;
  std::string op_type;
  bool is_in;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class MemberTest : public ::testing::TestWithParam<Row> {};

TEST_P(MemberTest, IsIn) {
  EXPECT_EQ(IsIn(GetParam().set, {.op_type = GetParam().op_type, .domain = GetParam().domain}),
            GetParam().is_in);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, MemberTest,
    ::testing::Values(
        Row{"ConvIsALayer", OperatorSet::kLayer, "", "Conv", true},
        Row{"SoftmaxIsALayer", OperatorSet::kLayer, "", "Softmax", true},
        Row{"ReshapeIsNoLayer", OperatorSet::kLayer, "", "Reshape", false},
        Row{"ReluIsNoLayer", OperatorSet::kLayer, "", "Relu", false},
        Row{"BorderAliasMoves", OperatorSet::kMove, "border", "Alias", true},
        Row{"BorderStateDoesNot", OperatorSet::kMove, "border", "State", false},
        Row{"GatherMixesSoItIsNoMove", OperatorSet::kMove, "", "Gather", false},
        Row{"ConcatHoldsOthersToo", OperatorSet::kMove, "", "Concat", false},
        Row{"DomainsHaveDots", OperatorSet::kPool, "com.microsoft.nchwc", "MaxPool", true},
        Row{"ADomainIsNoPrefix", OperatorSet::kPool, "com.microsoft", "nchwc.MaxPool", false},
        Row{"ShapeReadsShapes", OperatorSet::kShape, "", "Shape", true},
        Row{"ReduceSumPools", OperatorSet::kPool, "", "ReduceSum", true},
        Row{"ReduceProdDoesNot", OperatorSet::kPool, "", "ReduceProd", false},
        Row{"BatchNormalizationNormalises", OperatorSet::kNormalization, "", "BatchNormalization",
            true},
        Row{"SoftmaxDoesNot", OperatorSet::kNormalization, "", "Softmax", false},
        Row{"RandomNormalLike", OperatorSet::kRandom, "", "RandomNormalLike", true},
        Row{"ConstantIsNotRandom", OperatorSet::kRandom, "", "Constant", false},
        Row{"Where", OperatorSet::kElementwise, "", "Where", true},
        Row{"OneOperandOnly", OperatorSet::kElementwise, "", "Neg", false}),
    [](const auto& test) { return test.param.name; });

TEST(RightOperand, StandsBehindScaleAndZeroPointWhereItIsQuantised) {
  for (const std::string_view type : {"MatMul", "Einsum", "FusedMatMul", "Conv", "MatMulInteger"}) {
    EXPECT_EQ(RightOperand({.op_type = type}), 1) << type;
  }
  for (const std::string_view type : {"QGemm", "QLinearConv", "QLinearMatMul"}) {
    EXPECT_EQ(RightOperand({.op_type = type}), 3) << type;
  }
  EXPECT_EQ(RightOperand({.op_type = "QOrderedMatMul"}), 2);
}

}  // namespace
}  // namespace onnx_reinit::infer
