#include "infer/constant_dims.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <tuple>
#include <utility>

#include "base/checked_math.h"
#include "infer/arithmetic.h"
#include "infer/array.h"
#include "infer/operator_rows.h"
#include "infer/operator_sets.h"
#include "infer/view.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using Dims = std::vector<int64_t>;

const Dims& First(const DimsCall& call) { return call.operands[0]; }

// The view's functions know what a move does to the axes.
MaybeDims Seen(const View& view, const DimsCall& call) {
  if (view.is_opaque || view.Elements() != ElementCount(First(call))) return std::nullopt;
  return view.Dims();
}

MaybeDims Same(const DimsCall& call) { return First(call); }

MaybeDims Common(const DimsCall& call) {
  MaybeDims common = First(call);
  for (const Dims& dims : call.operands.subspan(1)) {
    if (common) common = CommonDims(*common, dims);
  }
  return common;
}

MaybeDims Transpose(const DimsCall& call) {
  return Seen(Transposed(View::Of(First(call)), call.node.IntsAttribute("perm")), call);
}

MaybeDims Reshape(const DimsCall& call) {
  const MaybeDims dims = call.constants.List(call.node, "shape", 1);
  if (!dims || ElementCount(First(call)).value_or(0) == 0) return std::nullopt;
  // The axes may not be followed one by one, but the extents are those that are asked for.
  const View view = Reshaped(View::Of(First(call)), *dims, call.node.IntAttribute("allowzero", 0));
  if (view.Elements() != ElementCount(First(call))) return std::nullopt;
  return view.Dims();
}

MaybeDims Flatten(const DimsCall& call) {
  const auto rank = static_cast<int64_t>(First(call).size());
  const int64_t axis = call.node.IntAttribute("axis", 1);
  if (axis < -rank || axis > rank) return std::nullopt;
  const auto dims = absl::MakeConstSpan(First(call));
  const auto rows = static_cast<size_t>(axis < 0 ? axis + rank : axis);
  const auto before = ElementCount(dims.first(rows));
  const auto after = ElementCount(dims.subspan(rows));
  if (!before || !after) return std::nullopt;
  return Dims{*before, *after};
}

MaybeDims Squeeze(const DimsCall& call) {
  const MaybeDims axes = call.constants.List(call.node, "axes", 1);
  if (!axes) return std::nullopt;
  return Seen(Squeezed(View::Of(First(call)), *axes), call);
}

MaybeDims Unsqueeze(const DimsCall& call) {
  const MaybeDims axes = call.constants.List(call.node, "axes", 1);
  if (!axes) return std::nullopt;
  return Seen(Unsqueezed(View::Of(First(call)), *axes), call);
}

MaybeDims Expand(const DimsCall& call) {
  const MaybeDims dims = call.constants.Integers(call.node.Input(1));
  if (!dims) return std::nullopt;
  return CommonDims(First(call), *dims);
}

MaybeDims Concat(const DimsCall& call) {
  Dims dims = First(call);
  const auto axis = AxisOf(call.node.IntAttribute("axis", 0), dims.size());
  if (!axis) return std::nullopt;
  for (const Dims& other : call.operands.subspan(1)) {
    if (other.size() != dims.size()) return std::nullopt;
    const auto sum = CheckedSignedAdd(dims[*axis], other[*axis]);
    if (!sum) return std::nullopt;
    dims[*axis] = *sum;
  }
  return dims;
}

MaybeDims Slice(const DimsCall& call) {
  Constants& constants = call.constants;
  const MaybeDims starts = constants.List(call.node, "starts", 1);
  const MaybeDims ends = constants.List(call.node, "ends", 2);
  const MaybeDims axes = constants.List(call.node, "axes", 3);
  const MaybeDims steps = constants.List(call.node, "steps", 4);
  if (!starts || !ends || !axes || !steps || starts->size() != ends->size()) return std::nullopt;
  Dims dims = First(call);
  for (size_t i = 0; i < starts->size(); ++i) {
    const int64_t named = i < axes->size() ? (*axes)[i] : static_cast<int64_t>(i);
    const auto axis = AxisOf(named, dims.size());
    if (!axis) return std::nullopt;
    const int64_t step = i < steps->size() ? (*steps)[i] : 1;
    dims[*axis] = SliceOf(dims[*axis], (*starts)[i], (*ends)[i], step).count;
  }
  return dims;
}

MaybeDims Split(const DimsCall& call) {
  Dims dims = First(call);
  const auto axis = AxisOf(call.node.IntAttribute("axis", 0), dims.size());
  const MaybeDims sizes = call.constants.List(call.node, "split", 1);
  if (!axis || !sizes) return std::nullopt;
  const auto part = static_cast<size_t>(call.output);
  if (!sizes->empty()) {
    if (part >= sizes->size()) return std::nullopt;
    dims[*axis] = (*sizes)[part];
    return dims;
  }
  const auto count = static_cast<int64_t>(call.node.outputs.size());
  const int64_t chunk = dims[*axis] / count + (dims[*axis] % count == 0 ? 0 : 1);
  dims[*axis] = std::clamp<int64_t>(dims[*axis] - chunk * call.output, 0, chunk);
  return dims;
}

MaybeDims Gather(const DimsCall& call) {
  Dims dims = First(call);
  const auto axis = AxisOf(call.node.IntAttribute("axis", 0), dims.size());
  if (!axis) return std::nullopt;
  const auto at = dims.erase(dims.begin() + static_cast<std::ptrdiff_t>(*axis));
  dims.insert(at, call.operands[1].begin(), call.operands[1].end());
  return dims;
}

// The last axis of the indices counts how many axes of the data an index goes through.
MaybeDims GatherND(const DimsCall& call) {
  const Dims& data = call.operands[0];
  Dims dims = call.operands[1];
  if (dims.empty()) return std::nullopt;
  const int64_t batch = call.node.IntAttribute("batch_dims", 0);
  const int64_t indexed = dims.back();
  const auto rank = static_cast<int64_t>(data.size());
  if (batch < 0 || batch > rank || indexed < 1 || indexed > rank - batch) return std::nullopt;
  dims.pop_back();
  dims.insert(dims.end(), data.begin() + (batch + indexed), data.end());
  return dims;
}

// Numpy's rules; a vector's missing axis is dropped from the result.
MaybeDims MatMul(const DimsCall& call) {
  Dims left = call.operands[0];
  Dims right = call.operands[1];
  if (left.empty() || right.empty()) return std::nullopt;
  const bool is_row = left.size() == 1;
  const bool is_column = right.size() == 1;
  if (is_row) left.insert(left.begin(), 1);
  if (is_column) right.push_back(1);
  const Dims matrix = {left[left.size() - 2], right.back()};
  MaybeDims dims = CommonDims(absl::MakeConstSpan(left).first(left.size() - 2),
                              absl::MakeConstSpan(right).first(right.size() - 2));
  if (!dims) return std::nullopt;
  if (!is_row) dims->push_back(matrix[0]);
  if (!is_column) dims->push_back(matrix[1]);
  return dims;
}

MaybeDims Gemm(const DimsCall& call) {
  const Dims& left = call.operands[0];
  const Dims& right = call.operands[1];
  if (left.size() != 2 || right.size() != 2) return std::nullopt;
  return Dims{left[call.node.IntAttribute("transA", 0) != 0 ? 1 : 0],
              right[call.node.IntAttribute("transB", 0) != 0 ? 0 : 1]};
}

MaybeDims Reduce(const DimsCall& call) {
  const Node& node = call.node;
  if (!node.op_type.starts_with("Reduce")) return std::nullopt;  // GlobalAveragePool has no axes
  const MaybeDims axes = call.constants.List(node, "axes", 1);
  if (!axes) return std::nullopt;
  Dims dims = First(call);
  if (axes->empty() && node.IntAttribute("noop_with_empty_axes", 0) != 0) return dims;
  std::vector<bool> is_reduced(dims.size(), axes->empty());
  for (const int64_t named : *axes) {
    const auto axis = AxisOf(named, dims.size());
    if (!axis) return std::nullopt;
    is_reduced[*axis] = true;
  }
  Dims reduced;
  for (size_t i = 0; i < dims.size(); ++i) {
    if (!is_reduced[i]) reduced.push_back(dims[i]);
    if (is_reduced[i] && node.IntAttribute("keepdims", 1) != 0) reduced.push_back(1);
  }
  return reduced;
}

constexpr std::array kRows = {
    DimsRow{"", "Ceil", 1, Same},
    DimsRow{"", "Concat", -1, Concat},
    DimsRow{"", "Cos", 1, Same},
    DimsRow{"", "Expand", 1, Expand},
    DimsRow{"", "Flatten", 1, Flatten},
    DimsRow{"", "Floor", 1, Same},
    DimsRow{"", "Gather", 2, Gather},
    DimsRow{"", "GatherND", 2, GatherND},
    DimsRow{"", "Gemm", 2, Gemm},
    DimsRow{"", "LpNormalization", 1, Same},
    DimsRow{"", "MatMul", 2, MatMul},
    DimsRow{"", "Reshape", 1, Reshape},
    DimsRow{"", "Round", 1, Same},
    DimsRow{"", "Sin", 1, Same},
    DimsRow{"", "Slice", 1, Slice},
    DimsRow{"", "Softmax", 1, Same},
    DimsRow{"", "Split", 1, Split},
    DimsRow{"", "Squeeze", 1, Squeeze},
    DimsRow{"", "Transpose", 1, Transpose},
    DimsRow{"", "Trilu", 1, Same},
    DimsRow{"", "Unsqueeze", 1, Unsqueeze},
};

}  // namespace

absl::Span<const DimsRow> DimsRows() { return kRows; }

DimsPositions DimsOperands(const Node& node) {
  if (const DimsRow* row = RowOf<kRows>(node)) {
    const size_t wanted =
        row->operands < 0 ? node.inputs.size() : static_cast<size_t>(row->operands);
    if (node.inputs.size() < wanted) return {};
    DimsPositions positions(wanted);
    std::iota(positions.begin(), positions.end(), 0);
    return positions;
  }
  if (const ArithmeticRow* row = FindArithmetic(node)) return OperandPositions(node, *row);
  const bool is_same = IsIn(OperatorSet::kRetype, node) && !node.inputs.empty();
  return is_same ? DimsPositions{0} : DimsPositions();
}

MaybeDims OutputDims(const DimsCall& call) {
  if (const DimsRow* row = RowOf<kRows>(call.node)) {
    const bool is_complete = static_cast<int>(call.operands.size()) >= row->operands;
    return is_complete ? row->apply(call) : std::nullopt;  // an input may be left out
  }
  const ArithmeticRow* row = FindArithmetic(call.node);
  if (row == nullptr || row->kind == ArithmeticKind::kSame) return Same(call);
  return row->kind == ArithmeticKind::kReduction ? Reduce(call) : Common(call);
}

}  // namespace onnx_reinit::infer
