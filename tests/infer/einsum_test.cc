#include "infer/einsum.h"

#include <array>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "gtest/gtest.h"
#include "infer_support.h"

namespace onnx_reinit::infer {
namespace {

// y = Einsum(operands), of the data x and z and stored numbers.
struct Row {
  std::string_view name;
  std::string_view equation;
  std::string_view operands;
  int input;
  int rank;
  std::string_view labels;  // "none" for nullopt
  int64_t outputs;          // -1 for nullopt
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

constexpr auto kRows = std::to_array<Row>({
    {"Right", "ni,io->no", "x, a", 1, 2, "input output", 6},
    {"TheDatasOwn", "ni,io->no", "x, a", 0, 2, "output input", 6},
    {"Left", "oi,ni->no", "c, x", 0, 2, "output input", 6},
    {"Near", "ni,ir,ro->no", "x, b, d", 1, 2, "input output", 6},
    {"Far", "ni,ir,ro->no", "x, b, d", 2, 2, "input output", 6},
    {"FarFirst", "ro,ni,ir->no", "d, x, b", 0, 2, "input output", 6},
    {"Hadamard", "ni,ij,ij,jo->no", "x, e, e, a", 2, 2, "input output", 6},
    {"BehindTwoData", "ni,nj,ijo->no", "x, x, t", 2, 3, "input input output", 6},
    {"SummedByItself", "ni,io->n", "x, a", 1, 2, "input input", 1},
    {"NoLetterOfTheData", "ni,o->nio", "x, f", 1, 1, "output", 6},
    {"SharedAndKept", "ni,i->ni", "x, g", 1, 1, "batch", 1},
    {"EllipsisOfTheWeight", "ni,...io->...no", "x, t", 1, 3, "batch input output", -1},
    {"NoEquation", "ni->n", "x, a", 1, 2, "none", -1},
    {"OneOperand", "ii->i", "a", 0, 2, "none", -1},
});

using EinsumTest = ::testing::TestWithParam<Row>;

TEST_P(EinsumTest, IsReadByItsLetters) {
  const Row& row = GetParam();
  test::Analysis analysis(
      Text("g (float[N, 4] x) => (float[M] y) <float[4, 6] a, float[4, 2] b, float[6, 4] c, "
           "float[2, 6] d, float[4, 4] e, float[6] f, float[4] g, float[4, 4, 6] t> {"
           "y = Einsum<equation = \"",
           row.equation, "\">(", row.operands, ") }"));
  const graph::Node& node = analysis.MakerNode("y");
  const auto labels = EinsumLabels(analysis.levels(), node, row.input, row.rank);
  EXPECT_EQ(labels ? test::Describe(*labels) : "none", row.labels);
  EXPECT_EQ(EinsumOutputs(analysis.levels(), analysis.constants(), node).value_or(-1), row.outputs);
}

INSTANTIATE_TEST_SUITE_P(Rows, EinsumTest, ::testing::ValuesIn(kRows),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace onnx_reinit::infer
