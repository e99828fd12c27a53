// Operators that only move, re-type or rescale the values of a fixed tensor, and what they do to
// its view.
#ifndef ONNX_REINIT_INFER_SEE_THROUGH_H_
#define ONNX_REINIT_INFER_SEE_THROUGH_H_

#include <optional>
#include <string_view>

#include "absl/types/span.h"
#include "graph/graph.h"
#include "infer/constants.h"
#include "infer/levels.h"
#include "infer/view.h"

namespace onnx_reinit::infer {

struct SeeThroughContext {
  const graph::Graph& graph;
  const Levels& levels;
  Constants& constants;
};

// The use that is looked through: `node` reads the tensor at `input`; the question is what its
// output `output` shows of it.
struct Passage {
  const graph::Node& node;
  int input = 0;
  int output = 0;
};

struct SeeThroughRow {
  std::string_view domain;
  std::string_view op_type;
  int input;  // -1: any
  std::optional<View> (*apply)(SeeThroughContext&, const Passage&, View);
  std::string_view effect;  // for `list rules`
};

absl::Span<const SeeThroughRow> SeeThroughRows();

// The view behind the operator; nothing where the operator is not seen through at that input.
std::optional<View> SeeThrough(SeeThroughContext& context, const Passage& passage,
                               const View& view);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_SEE_THROUGH_H_
