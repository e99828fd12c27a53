// The order of the table, and inputs that hold no weight: of operators of other domains, of those
// that hold one at another input, and of those that hold none at all.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/text.h"
#include "gtest/gtest.h"
#include "infer/slot.h"
#include "infer_support.h"

namespace onnx_reinit::infer {
namespace {

using test::Analysis;

TEST(SlotRows, AreSortedAndNoneStandsTwice) {
  const auto key = [](const SlotRow& row) {
    return std::tuple(row.domain, row.op_type, row.input);
  };
  const auto rows = SlotRows();
  EXPECT_EQ(
      std::adjacent_find(rows.begin(), rows.end(),
                         [&](const SlotRow& a, const SlotRow& b) { return key(a) >= key(b); }),
      rows.end());
}

// An operator of the same name means nothing in another domain.
TEST(SlotRows, HoldInTheirDomainOnly) {
  Analysis analysis("g (float[N] x) => (float[N] y) <float[6, 4] w> { y = other.Op(x, w) }");
  const View view = View::Of({6, 4});
  for (const SlotRow& row : SlotRows()) {
    graph::Node node = analysis.MakerNode("y");
    node.op_type = row.op_type;
    const Slot slot{node, std::max(row.input, 0), view};
    EXPECT_FALSE(Meaning(analysis.slots(), slot).has_value()) << row.op_type;
  }
}

struct Row {
  std::string_view name;
  std::string_view nodes;
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

constexpr auto kRows = std::to_array<Row>({
    {"DeformConvOffset", "y = DeformConv(x, x, w)"},
    {"FusedConvSummand", "y = com.microsoft.FusedConv(x, x, x, w)"},
    {"CausalConvState", "y = CausalConvWithState(x, x, x, w)"},
    {"DynamicPads", "y = com.microsoft.ConvTransposeWithDynamicPads(x, x, w)"},
    {"LstmData", "y = LSTM(w, x, x)"},
    {"PReluData", "y = PRelu(w, x)"},
    {"ReshapeShape", "y = Reshape(x, w)"},
    {"SliceStart", "y = Slice(x, w, w)"},
    {"ClipLimit", "y = Clip(x, w)"},
    {"PadFiller", "y = Pad(x, i, w)"},
    {"ResizeScales", "y = Resize(x, , w)"},
    {"ExpandShape", "y = Expand(x, w)"},
    {"TileRepeats", "y = Tile(x, w)"},
    {"OneHotValues", "y = OneHot(x, i, w)"},
    {"RangeLimit", "y = Range(n, w, n)"},
    {"WhereCondition", "y = Where(w, x, x)"},
    {"GatherIndices", "y = Gather(x, w)"},
    {"NonMaxSuppressionThreshold", "y = NonMaxSuppression(x, x, w, w, w)"},
    {"RoiAlignBoxes", "y = RoiAlign(x, w, i)"},
    {"DropoutRatio", "y = Dropout(x, w)"},
    {"LoopTripCount",
     "y = Loop <body = b (int64 k, bool d, float[N, 4] h) => (bool d2, float[N, 4] h2)"
     "{ d2 = Identity(d) h2 = Neg(h) }>(w, , x)"},
    {"UnknownOperator", "y = other.Mystery(x, w)"},
    {"UnknownOperatorOfOnnx", "y = Mystery(x, w)"},
});

class ConstantTest : public ::testing::TestWithParam<Row> {};

TEST_P(ConstantTest, HoldsNothing) {
  const Analysis analysis(
      Text("g (float[N, 4] x, int64 n) => (float[M] y) <float[6, 4] w, int64[2] i = {0, 1}> {",
           GetParam().nodes, "}"));
  const View view = View::Of(analysis.Stored("w").tensor->dims);
  const std::vector<graph::Use> uses = analysis.UsesOf("w");
  ASSERT_FALSE(uses.empty());
  for (const graph::Use& use : uses) {
    const Slot slot{analysis.graph().node(use.node), use.input, view};
    EXPECT_FALSE(Meaning(analysis.slots(), slot).has_value()) << use.input;
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, ConstantTest, ::testing::ValuesIn(kRows),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace onnx_reinit::infer
