#include "wire/read_skeleton.h"

#include <utility>

#include "base/status_macros.h"
#include "wire/cursor.h"
#include "wire/parse_graph.h"
#include "wire/parse_node.h"
#include "wire/parse_tensor.h"
#include "wire/parse_type.h"
#include "wire/signature.h"

namespace onnx_reinit::wire {
namespace {

void ParseOpset(Cursor& in, OpsetImport& opset) {
  while (in.Next()) {
    switch (in.key()) {
      case Length(1):
        in.Text(opset.domain);
        break;
      case Varint(2):
        opset.version = in.Integer();
        break;
      default:
        in.Skip();
    }
  }
}

// The names of a function.
bool ParseSignature(Cursor& in, Function& function) {
  switch (in.key()) {
    case Length(1):
      in.Text(function.name);
      return true;
    case Length(4):
      in.TextItem(function.inputs);
      return true;
    case Length(5):
      in.TextItem(function.outputs);
      return true;
    case Length(6):
      in.TextItem(function.attributes);
      return true;
    case Length(10):
      in.Text(function.domain);
      return true;
    case Length(13):
      in.Text(function.overload);
      return true;
    default:
      return false;
  }
}

void ParseFunctionField(Cursor& in, Function& function) {
  switch (in.key()) {
    case Length(7):
      return in.Item(function.nodes, ParseNode);
    case Length(9):
      return in.Item(function.opsets, ParseOpset);
    case Length(11):
      return in.Item(function.default_attributes, ParseAttribute);
    case Length(12):
      return in.Item(function.value_info, ParseValueInfo);
    case Length(14):
      return StringPairItem(in, function.metadata);
    default:
      in.Skip();
  }
}

void ParseFunction(Cursor& in, Function& function) {
  function.offset = in.position();
  while (in.Next()) {
    if (!ParseSignature(in, function)) ParseFunctionField(in, function);
  }
}

void ParseTraining(Cursor& in, TrainingInfo& training) {
  while (in.Next()) {
    switch (in.key()) {
      case Length(1):
        in.Message([&] { ParseGraph(in, training.initialization); });
        break;
      case Length(2):
        in.Message([&] { ParseGraph(in, training.algorithm); });
        break;
      case Length(3):
        StringPairItem(in, training.initialization_binding);
        break;
      case Length(4):
        StringPairItem(in, training.update_binding);
        break;
      default:
        in.Skip();
    }
  }
}

void ParseModelField(Cursor& in, Skeleton& model) {
  switch (in.key()) {
    case Varint(1):
      model.ir_version = in.Integer();
      return;
    case Length(2):
      return in.Text(model.producer_name);
    case Length(3):
      return in.Text(model.producer_version);
    case Length(7):
      return in.Message([&] { ParseGraph(in, model.graph); });
    case Length(8):
      return in.Item(model.opsets, ParseOpset);
    case Length(14):
      return StringPairItem(in, model.metadata);
    case Length(20):
      return in.Item(model.training, ParseTraining);
    case Length(25):
      return in.Item(model.functions, ParseFunction);
    default:
      in.Skip();
  }
}

// A file that is cut between two fields is well formed, but lacks what stood behind the cut.
void CheckCompleteness(Cursor& in, const Skeleton& model) {
  const Graph& graph = model.graph;
  if (graph.nodes.empty() && graph.initializers.empty() && graph.sparse_initializers.empty() &&
      model.functions.empty()) {
    in.Fail(in.position(), "the model has no nodes and no initializers; is the file cut short?");
  }
  constexpr int64_t kFirstIrWithOpsets = 3;
  if (model.ir_version >= kFirstIrWithOpsets && model.opsets.empty()) {
    in.Fail(in.position(), "the model has no opset_import; is the file cut short?");
  }
}

}  // namespace

absl::StatusOr<Skeleton> ReadSkeleton(const InputFile& file) {
  RETURN_IF_ERROR(CheckSignature(file));
  Skeleton model;
  model.file_size = file.size();
  Cursor in(file, model.frames, model.texts);
  while (in.Next()) ParseModelField(in, model);
  if (in.ok()) CheckCompleteness(in, model);
  if (!in.ok()) return in.status();
  return model;
}

}  // namespace onnx_reinit::wire
