#include "infer/see_through.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/checked_math.h"
#include "infer/array.h"
#include "infer/operator_rows.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using graph::ValueId;
using Context = SeeThroughContext;
using Result = std::optional<View>;

Result Same(Context&, const Passage&, View view) { return view; }

Result Computed(Context&, const Passage&, View view) {
  view.is_computed = true;
  return view;
}

Result Angle(Context&, const Passage&, View view) {
  view.is_angle = true;
  view.is_computed = true;
  return view;
}

Result Exponential(Context&, const Passage&, View view) {
  view.is_exponential = true;
  view.is_computed = true;
  return view;
}

Result Negated(Context&, const Passage&, View view) {
  view.scale = -view.scale;
  view.shift = -view.shift;
  return view;
}

Result ScanSlice(Context&, const Passage& at, View view) {
  // The scanned axis is a stack of layers: it is gone inside, and every slice is used.
  const int64_t axis = at.node.scan_axis;
  const int64_t position = axis < 0 ? axis + view.rank() : axis;
  if (position < 0 || position >= view.rank()) return Opaque(std::move(view), {});
  view.axes.erase(view.axes.begin() + position);
  return view;
}

Result Transpose(Context&, const Passage& at, View view) {
  return Transposed(std::move(view), at.node.IntsAttribute("perm"));
}

Result Reshape(Context& context, const Passage& at, View view) {
  const auto dims = context.constants.List(at.node, "shape", 1);
  if (!dims) return Opaque(std::move(view), {});
  return Reshaped(std::move(view), *dims, at.node.IntAttribute("allowzero", 0) != 0);
}

Result Flatten(Context&, const Passage& at, View view) {
  int64_t axis = at.node.IntAttribute("axis", 1);
  if (axis < 0) axis += view.rank();
  if (axis < 0 || axis > view.rank()) return Opaque(std::move(view), {});
  const std::vector<int64_t> dims = view.Dims();
  const int64_t rows =
      ElementCount(absl::MakeSpan(dims).first(static_cast<size_t>(axis))).value_or(0);
  const int64_t columns = rows == 0 ? 0 : view.Elements() / rows;
  return Reshaped(std::move(view), {rows, columns}, true);
}

Result Unsqueeze(Context& context, const Passage& at, View view) {
  const auto axes = context.constants.List(at.node, "axes", 1);
  if (!axes) return Opaque(std::move(view), {});
  return Unsqueezed(std::move(view), *axes);
}

Result Squeeze(Context& context, const Passage& at, View view) {
  const auto axes = context.constants.List(at.node, "axes", 1);
  if (!axes) return Opaque(std::move(view), {});
  return Squeezed(std::move(view), *axes);
}

Result Slice(Context& context, const Passage& at, View view) {
  const auto starts = context.constants.List(at.node, "starts", 1);
  const auto ends = context.constants.List(at.node, "ends", 2);
  auto axes = context.constants.List(at.node, "axes", 3);
  const auto steps = context.constants.List(at.node, "steps", 4);
  if (!axes) return Opaque(std::move(view), {});
  if (!starts || !ends || starts->size() != ends->size()) {
    // Cut at a place that the data decides (a table as long as the sequence): the axes stay.
    view.is_part = true;
    return view;
  }
  for (size_t i = 0; i < starts->size(); ++i) {
    int64_t axis = i < axes->size() ? (*axes)[i] : static_cast<int64_t>(i);
    if (axis < 0) axis += view.rank();
    if (axis < 0 || axis >= view.rank()) return Opaque(std::move(view), {});
    const int64_t step = steps && i < steps->size() ? (*steps)[i] : 1;
    const int64_t extent = view.Extent(static_cast<int>(axis));
    const SliceRange range = SliceOf(extent, (*starts)[i], (*ends)[i], step);
    view = Restricted(std::move(view), axis, range.count);
  }
  return view;
}

Result Split(Context& context, const Passage& at, View view) {
  const int64_t axis = at.node.IntAttribute("axis", 0);
  const auto sizes = context.constants.List(at.node, "split", 1);
  const int64_t position = axis < 0 ? axis + view.rank() : axis;
  if (position < 0 || position >= view.rank()) return Opaque(std::move(view), {});
  if (sizes && static_cast<size_t>(at.output) < sizes->size()) {
    return Restricted(std::move(view), axis, (*sizes)[static_cast<size_t>(at.output)]);
  }
  const auto count = static_cast<int64_t>(std::max<size_t>(at.node.outputs.size(), 1));
  const int64_t extent = view.Extent(static_cast<int>(position));
  const int64_t chunk = extent / count + (extent % count == 0 ? 0 : 1);
  const int64_t rest = std::max<int64_t>(extent - chunk * at.output, 0);
  return Restricted(std::move(view), axis, std::min(chunk, rest));
}

// Gather by indices that no data decides picks parts; by data it is an embedding, and no passage.
Result Gather(Context& context, const Passage& at, View view) {
  const ValueId indices = at.node.Input(1);
  if (context.levels.of(indices) != Level::kFixed) return std::nullopt;
  const int64_t axis = at.node.IntAttribute("axis", 0);
  const auto dims = context.constants.Dims(indices);
  view.is_picked = view.is_picked || (axis == 0 && view.rank() == 2);
  if (!dims) return Opaque(std::move(view), {});
  if (dims->empty()) return Selected(std::move(view), axis);
  const int64_t position = axis < 0 ? axis + view.rank() : axis;
  if (position < 0 || position >= view.rank()) return Opaque(std::move(view), {});
  const int64_t picked = ElementCount(*dims).value_or(0);
  const bool is_repeated = picked > view.Extent(static_cast<int>(position));
  view = Restricted(std::move(view), axis, picked);
  if (dims->size() == 1) return view;
  // Indices of higher rank: the axis becomes several, of which the data sees as many.
  std::vector<int64_t> wanted = view.Dims();
  wanted.erase(wanted.begin() + position);
  wanted.insert(wanted.begin() + position, dims->begin(), dims->end());
  // A number that stands in several places (Toeplitz) belongs to all axes that it stands along.
  if (is_repeated) return Opaque(std::move(view), wanted);
  return Reshaped(std::move(view), wanted, true);
}

Result PickedAnywhere(Context& context, const Passage& at, View view) {
  for (size_t i = 1; i < at.node.inputs.size(); ++i) {
    if (context.levels.IsData(at.node.inputs[i])) return std::nullopt;
  }
  view.is_part = true;
  const ValueId output = at.node.Output(0);
  return Opaque(std::move(view), context.constants.Dims(output).value_or(std::vector<int64_t>()));
}

// The inputs are looked at once for each of them. A thousand experts are stacked; more are an
// attack.
constexpr size_t kMaxJoined = 1024;

Result Concat(Context& context, const Passage& at, View view) {
  if (at.node.inputs.size() > kMaxJoined) return std::nullopt;
  const int64_t axis = at.node.IntAttribute("axis", 0);
  int64_t total = 0;
  for (const ValueId input : at.node.inputs) {
    if (context.levels.IsData(input)) return std::nullopt;
    const auto dims = context.constants.Dims(input);
    if (!dims || dims->empty()) continue;
    const int64_t position = axis < 0 ? axis + static_cast<int64_t>(dims->size()) : axis;
    if (position >= 0 && position < static_cast<int64_t>(dims->size())) {
      total = CheckedSignedAdd(total, (*dims)[static_cast<size_t>(position)]).value_or(0);
    }
  }
  const int64_t position = axis < 0 ? axis + view.rank() : axis;
  if (position < 0 || position >= view.rank()) return Opaque(std::move(view), {});
  const int64_t extent = std::max(total, view.Extent(static_cast<int>(position)));
  return Joined(std::move(view), axis, extent);
}

Result Expand(Context& context, const Passage& at, View view) {
  const auto dims = context.constants.Integers(at.node.Input(1));
  if (dims) return Broadcast(std::move(view), *dims);
  const auto rank = context.constants.Dims(at.node.Input(1));
  if (!rank || rank->size() != 1) return view;
  const auto most = static_cast<int64_t>(kMaxArrayRank);
  if ((*rank)[0] < 0 || (*rank)[0] > most) return Opaque(std::move(view), {});
  return Broadcast(std::move(view), std::vector<int64_t>(static_cast<size_t>((*rank)[0]), -1));
}

Result Tile(Context& context, const Passage& at, View view) {
  const auto repeats = context.constants.Integers(at.node.Input(1));
  if (!repeats || static_cast<int>(repeats->size()) != view.rank()) return view;
  for (size_t i = 0; i < repeats->size(); ++i) {
    if ((*repeats)[i] > 1) view.axes[i].insert(view.axes[i].begin(), {-1, (*repeats)[i], 1});
  }
  return view;
}

Result Pad(Context& context, const Passage& at, View view) {
  const auto pads = context.constants.List(at.node, "pads", 1);
  const auto rank = static_cast<size_t>(view.rank());
  if (!pads || pads->size() != 2 * rank) return Opaque(std::move(view), {});
  for (size_t i = 0; i < rank; ++i) {
    const std::optional<int64_t> added = CheckedSignedAdd((*pads)[i], (*pads)[rank + i]);
    const int64_t extent = view.Extent(static_cast<int>(i));
    const std::optional<int64_t> padded = added ? CheckedSignedAdd(extent, *added) : added;
    if (!padded) return Opaque(std::move(view), {});
    view = Restricted(std::move(view), static_cast<int64_t>(i), *padded);
  }
  return view;
}

// Whether all elements of the result come from `view`, as far as its shape tells.
bool HasAllElements(Context& context, const Node& node, const View& view) {
  const auto dims = context.constants.Dims(node.Output(0));
  return dims && ElementCount(*dims) == view.Elements();
}

// Arithmetic of fixed values. The operand that has all elements of the result is seen through it; a
// smaller one (a gain, a limit) is used by it.
Result Arithmetic(Context& context, const Passage& at, View view) {
  if (at.node.inputs.size() > kMaxJoined) return std::nullopt;
  if (context.levels.IsData(at.node.Output(0))) return std::nullopt;
  int64_t largest = 1;
  int rank = 0;
  for (size_t i = 0; i < at.node.inputs.size(); ++i) {
    if (static_cast<int>(i) == at.input || at.node.inputs[i] == graph::kNone) continue;
    const auto dims = context.constants.Dims(at.node.inputs[i]);
    if (!dims && !HasAllElements(context, at.node, view)) return std::nullopt;
    if (!dims) continue;
    largest = std::max(largest, ElementCount(*dims).value_or(0));
    rank = std::max(rank, static_cast<int>(dims->size()));
  }
  if (view.Elements() < largest) return std::nullopt;
  return Broadcast(std::move(view), std::vector<int64_t>(static_cast<size_t>(rank), 1));
}

std::optional<double> OtherScalar(Context& context, const Passage& at) {
  return context.constants.Scalar(at.node.Input(at.input == 0 ? 1 : 0));
}

Result Multiplied(Context& context, const Passage& at, View view) {
  Result result = Arithmetic(context, at, std::move(view));
  if (!result) return result;
  const std::optional<double> factor = OtherScalar(context, at);
  if (!factor) {
    result->is_computed = true;
    return result;
  }
  result->scale *= *factor;
  result->shift *= *factor;
  return result;
}

// What a stored tensor of several numbers is divided by is its norm, and no weight.
Result Divided(Context& context, const Passage& at, View view) {
  if (at.input != 0 && !OtherScalar(context, at)) return std::nullopt;
  Result result = Arithmetic(context, at, std::move(view));
  if (!result) return result;
  const std::optional<double> divisor = OtherScalar(context, at);
  if (!divisor || at.input != 0 || *divisor == 0) {
    result->is_computed = true;
    return result;
  }
  result->scale /= *divisor;
  result->shift /= *divisor;
  return result;
}

Result Added(Context& context, const Passage& at, View view) {
  Result result = Arithmetic(context, at, std::move(view));
  if (!result) return result;
  const double sign = at.node.op_type == "Sub" ? -1 : 1;
  if (at.input == 1 && sign < 0) {
    result->scale = -result->scale;
    result->shift = -result->shift;
  }
  if (const std::optional<double> term = OtherScalar(context, at)) {
    result->shift += at.input == 0 ? sign * *term : *term;
  }
  return result;
}

Result OtherArithmetic(Context& context, const Passage& at, View view) {
  Result result = Arithmetic(context, at, std::move(view));
  if (result) result->is_computed = true;
  return result;
}

Result Chosen(Context& context, const Passage& at, View view) {
  return at.input == 0 ? std::nullopt : OtherArithmetic(context, at, std::move(view));
}

constexpr std::string_view kMs = "com.microsoft";
constexpr std::string_view kNchwc = "com.microsoft.nchwc";
constexpr std::string_view kBrevitas = "onnx.brevitas";
constexpr std::string_view kQonnx = "qonnx.custom_op.general";

constexpr std::array kRows = {
    SeeThroughRow{"", "Abs", 0, Computed, "elementwise function"},
    SeeThroughRow{"", "Add", -1, Added, "shifted by a scalar, or merged with an equal shape"},
    SeeThroughRow{"", "Atan", 0, Computed, "elementwise function"},
    SeeThroughRow{"", "BatchNormalization", 0, Computed, "a weight, standardised"},
    SeeThroughRow{"", "Cast", 0, Same, "re-typed"},
    SeeThroughRow{"", "CastLike", 0, Same, "re-typed"},
    SeeThroughRow{"", "Ceil", 0, Computed, "elementwise function"},
    SeeThroughRow{"", "Celu", 0, Computed, "elementwise function"},
    SeeThroughRow{"", "Clip", 0, Computed, "limited"},
    SeeThroughRow{"", "Concat", -1, Concat, "a part of one axis of fixed values"},
    SeeThroughRow{"", "Cos", 0, Angle, "elementwise function"},
    SeeThroughRow{"", "DequantizeLinear", 0, Same, "integers on a grid"},
    SeeThroughRow{"", "Div", -1, Divided, "scaled by a scalar"},
    SeeThroughRow{"", "Dropout", 0, Same, "unchanged in inference"},
    SeeThroughRow{"", "Elu", 0, Computed, "elementwise function"},
    SeeThroughRow{"", "Erf", 0, Computed, "elementwise function"},
    SeeThroughRow{"", "Exp", 0, Exponential, "elementwise function"},
    SeeThroughRow{"", "Expand", 0, Expand, "repeated"},
    SeeThroughRow{"", "Flatten", 0, Flatten, "axes merged"},
    SeeThroughRow{"", "Floor", 0, Computed, "elementwise function"},
    SeeThroughRow{"", "Gather", 0, Gather, "a part, where the indices are fixed"},
    SeeThroughRow{"", "GatherElements", 0, PickedAnywhere, "parts, where the indices are fixed"},
    SeeThroughRow{"", "GatherND", 0, PickedAnywhere, "parts, where the indices are fixed"},
    SeeThroughRow{"", "Gelu", 0, Computed, "elementwise function"},
    SeeThroughRow{"", "HardSigmoid", 0, Computed, "elementwise function"},
    SeeThroughRow{"", "HardSwish", 0, Computed, "elementwise function"},
    SeeThroughRow{"", "Identity", 0, Same, "unchanged"},
    SeeThroughRow{"", "LeakyRelu", 0, Computed, "elementwise function"},
    SeeThroughRow{"", "Log", 0, Computed, "elementwise function"},
    SeeThroughRow{"", "LogSoftmax", 0, Computed, "logarithms of shares of a sum"},
    SeeThroughRow{"", "LpNormalization", 0, Computed, "divided by its norm"},
    SeeThroughRow{"", "Max", -1, OtherArithmetic, "arithmetic of fixed values"},
    SeeThroughRow{"", "Min", -1, OtherArithmetic, "arithmetic of fixed values"},
    SeeThroughRow{"", "Mish", 0, Computed, "elementwise function"},
    SeeThroughRow{"", "Mul", -1, Multiplied, "scaled by a scalar"},
    SeeThroughRow{"", "Neg", 0, Negated, "negated"},
    SeeThroughRow{"", "Pad", 0, Pad, "lengthened by constants"},
    SeeThroughRow{"", "Pow", 0, OtherArithmetic, "arithmetic of fixed values"},
    SeeThroughRow{"", "QuantizeLinear", 0, Same, "rounded to a grid"},
    SeeThroughRow{"", "Reciprocal", 0, Computed, "elementwise function"},
    SeeThroughRow{"", "Relu", 0, Computed, "elementwise function"},
    SeeThroughRow{"", "Reshape", 0, Reshape, "axes merged and split"},
    SeeThroughRow{"", "Resize", 0, PickedAnywhere, "interpolated, where the size is not data"},
    SeeThroughRow{"", "Round", 0, Computed, "elementwise function"},
    SeeThroughRow{"", "Scatter", 0, PickedAnywhere, "parts replaced"},
    SeeThroughRow{"", "ScatterElements", 0, PickedAnywhere, "parts replaced"},
    SeeThroughRow{"", "ScatterND", 0, PickedAnywhere, "parts replaced"},
    SeeThroughRow{"", "Selu", 0, Computed, "elementwise function"},
    SeeThroughRow{"", "Sigmoid", 0, Computed, "elementwise function"},
    SeeThroughRow{"", "Sign", 0, Computed, "elementwise function"},
    SeeThroughRow{"", "Sin", 0, Angle, "elementwise function"},
    SeeThroughRow{"", "Slice", 0, Slice, "a part"},
    SeeThroughRow{"", "Softmax", 0, Computed, "the shares of a sum"},
    SeeThroughRow{"", "Softplus", 0, Computed, "elementwise function"},
    SeeThroughRow{"", "Softsign", 0, Computed, "elementwise function"},
    SeeThroughRow{"", "Split", 0, Split, "a part"},
    SeeThroughRow{"", "Sqrt", 0, Computed, "elementwise function"},
    SeeThroughRow{"", "Squeeze", 0, Squeeze, "axes of extent 1 dropped"},
    SeeThroughRow{"", "Sub", -1, Added, "shifted by a scalar"},
    SeeThroughRow{"", "Tanh", 0, Computed, "elementwise function"},
    SeeThroughRow{"", "ThresholdedRelu", 0, Computed, "elementwise function"},
    SeeThroughRow{"", "Tile", 0, Tile, "repeated"},
    SeeThroughRow{"", "Transpose", 0, Transpose, "axes permuted"},
    SeeThroughRow{"", "Trilu", 0, Same, "a triangle of it"},
    SeeThroughRow{"", "Unsqueeze", 0, Unsqueeze, "axes of extent 1 added"},
    SeeThroughRow{"", "Where", -1, Chosen, "parts replaced"},
    SeeThroughRow{"border", "Alias", 0, Same, "the same value inside a body"},
    SeeThroughRow{"border", "Merge", -1, Same, "one of several values"},
    SeeThroughRow{"border", "ScanInput", 0, ScanSlice, "one slice for each step"},
    SeeThroughRow{kMs, "DequantizeLinear", 0, Same, "integers on a grid"},
    SeeThroughRow{kMs, "QuantizeLinear", 0, Same, "rounded to a grid"},
    SeeThroughRow{kMs, "Trilu", 0, Same, "a triangle of it"},
    SeeThroughRow{kNchwc, "ReorderInput", 0, Same, "axes in blocks"},
    SeeThroughRow{kNchwc, "ReorderOutput", 0, Same, "axes in blocks"},
    SeeThroughRow{kBrevitas, "BipolarQuant", 0, Same, "rounded to a grid"},
    SeeThroughRow{kBrevitas, "Quant", 0, Same, "rounded to a grid"},
    SeeThroughRow{kBrevitas, "Trunc", 0, Same, "rounded to a grid"},
    SeeThroughRow{kQonnx, "BipolarQuant", 0, Same, "rounded to a grid"},
    SeeThroughRow{kQonnx, "FloatQuant", 0, Same, "rounded to a grid"},
    SeeThroughRow{kQonnx, "IntQuant", 0, Same, "rounded to a grid"},
    SeeThroughRow{kQonnx, "Quant", 0, Same, "rounded to a grid"},
    SeeThroughRow{kQonnx, "Trunc", 0, Same, "rounded to a grid"},
};

}  // namespace

absl::Span<const SeeThroughRow> SeeThroughRows() { return kRows; }

std::optional<View> SeeThrough(SeeThroughContext& context, const Passage& passage,
                               const View& view) {
  const SeeThroughRow* row = RowOf<kRows>(passage.node);
  if (row == nullptr) return std::nullopt;
  if (row->input >= 0 && row->input != passage.input) return std::nullopt;
  return row->apply(context, passage, view);
}

}  // namespace onnx_reinit::infer
