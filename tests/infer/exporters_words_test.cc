#include "infer/exporters_words.h"

#include <array>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"
#include "infer_support.h"
#include "onnx/onnx_pb.h"
#include "support/model_proto.h"
#include "support/wire_bytes.h"

namespace onnx_reinit::infer {
namespace {

// As torch 2.9 writes it.
constexpr std::string_view kSignature =
    "\n# inputs\n"
    "p_fc_weight: PARAMETER target='fc.weight'\n"
    "b_basis: BUFFER target='basis' persistent=True\n"
    "c_lifted: CONSTANT_TENSOR target='lifted'\n"
    "x: USER_INPUT\n"
    "\n# outputs\nlinear: USER_OUTPUT\n";

std::string Entry(std::string_view key, std::string_view value) {
  return test::LengthField(1, key) + test::LengthField(2, value);
}

struct WordsRow {
  std::string_view name;
  std::string_view kind;     // of the tensor; empty: none
  std::string_view sources;  // that it was folded from; empty: none
  Word word;
  std::string_view signature = kSignature;
};

void PrintTo(const WordsRow& row, std::ostream* out) { *out << row.name; }

constexpr auto kRows = std::to_array<WordsRow>({
    {"Nothing", "", "", Word::kNone},
    {"Parameter", "PARAMETER", "", Word::kParameter},
    {"Buffer", "BUFFER", "", Word::kConstant},
    {"ItsOwnKindComesFirst", "PARAMETER", "['basis']", Word::kParameter},
    {"FoldedFromAParameter", "", "['fc.weight']", Word::kOfParameter},
    {"FoldedFromABuffer", "", "['basis']", Word::kConstant},
    {"FoldedFromAConstant", "", "['lifted', 'val_3']", Word::kConstant},
    {"FoldedFromBoth", "", "['basis', 'fc.weight']", Word::kOfParameter},
    {"FoldedFromBothTheOtherWay", "", "['fc.weight', 'basis']", Word::kOfParameter},
    {"FoldedFromWhatTheProgramMade", "", "['val_1', 'val_2']", Word::kNone},
    {"TheInputsOfTheGraphAreNoTargets", "", "['x', 'p_fc_weight']", Word::kNone},
    {"NoSignature", "", "['basis']", Word::kNone, ""},
    {"NoList", "", "basis", Word::kNone},
    {"ListWithoutEnd", "", "['basis", Word::kNone},
    {"SignatureWithoutKinds", "", "['basis']", Word::kNone, "target='basis'\nbasis"},
    {"SignatureCutShort", "", "['basis']", Word::kNone, "b: BUFFER target='basis"},
});

class ExportersWordsTest : public testing::TestWithParam<WordsRow> {};

TEST_P(ExportersWordsTest, AreRead) {
  const WordsRow& row = GetParam();
  onnx::ModelProto model = test::EmptyModel();
  onnx::GraphProto& graph = *model.mutable_graph();
  test::AddInput(graph, "x", {2, 2});
  test::AddNode(graph, "MatMul", {"x", "w"}, {"y"});
  test::AddOutput(graph, "y", {2, 2});
  *graph.add_initializer() = test::FloatTensor("w", {2, 2}, {1, 2, 3, 4});
  // Fields that the registry's own messages do not know yet.
  std::string info = test::LengthField(1, "w");
  if (!row.kind.empty()) {
    info +=
        test::LengthField(4, Entry("pkg.torch.export.graph_signature.InputSpec.kind", row.kind));
  }
  if (!row.sources.empty()) {
    info += test::LengthField(4, Entry("pkg.onnxscript.optimizer.folded_from", row.sources));
  }
  const std::string signature =
      Entry("pkg.torch.export.ExportedProgram.graph_signature", row.signature);
  graph.ParseFromString(test::Serialize(graph) + test::LengthField(13, info) +
                        test::LengthField(16, signature));
  const test::Analysis analysis(test::Serialize(model), true);
  EXPECT_EQ(ExportersWords(analysis.graph()).Of(analysis.Stored("w")), row.word);
}

INSTANTIATE_TEST_SUITE_P(Rows, ExportersWordsTest, testing::ValuesIn(kRows),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace onnx_reinit::infer
