#include "infer/constant_arithmetic.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/element_type.h"
#include "infer/constant_functions.h"
#include "infer/constant_moves.h"

namespace onnx_reinit::infer::arithmetic {
namespace {

using Unary = double (*)(double);
using Binary = double (*)(double, double);

constexpr double kNotKnown = std::numeric_limits<double>::quiet_NaN();

Result Mapped(const ConstantCall& call, Unary function) {
  Result result = moves::First(call);
  if (!result) return std::nullopt;
  std::transform(result->values.begin(), result->values.end(), result->values.begin(), function);
  return result;
}

Result Combined(const Array& a, const Array& b, Binary function) {
  const auto dims = CommonDims(a.dims, b.dims);
  if (!dims) return std::nullopt;
  Result left = BroadcastTo(a, *dims);
  const Result right = BroadcastTo(b, *dims);
  if (!left || !right) return std::nullopt;
  std::transform(left->values.begin(), left->values.end(), right->values.begin(),
                 left->values.begin(), [&](double x, double y) {
                   return std::isnan(x) || std::isnan(y) ? kNotKnown : function(x, y);
                 });
  return left;
}

Result Pair(const ConstantCall& call, Binary function) {
  if (call.Input(0) == nullptr || call.Input(1) == nullptr) return std::nullopt;
  return Combined(*call.Input(0), *call.Input(1), function);
}

Result Compared(const ConstantCall& call, Binary function) {
  Result result = Pair(call, function);
  if (result) result->is_integer = true;
  return result;
}

// Of any number of operands.
Result Folded(const ConstantCall& call, Binary function) {
  Result result = moves::First(call);
  for (size_t i = 1; result && i < call.inputs.size(); ++i) {
    if (call.inputs[i] == nullptr) return std::nullopt;
    result = Combined(*result, *call.inputs[i], function);
  }
  return result;
}

double Smaller(double a, double b) { return std::min(a, b); }
double Larger(double a, double b) { return std::max(a, b); }
double Sum(double a, double b) { return a + b; }
double Product(double a, double b) { return a * b; }

// The axes that a reduction takes away: one flag for each.
std::optional<std::vector<bool>> ReducedAxes(const ConstantCall& call, size_t rank) {
  const auto axes = ListOf(call, "axes", 1);
  if (!axes) return std::nullopt;
  const bool is_identity = call.node.IntAttribute("noop_with_empty_axes", 0) != 0;
  std::vector<bool> reduced(rank, axes->empty() && !is_identity);
  for (const int64_t axis : *axes) {
    const auto position = AxisOf(axis, rank);
    if (!position) return std::nullopt;
    reduced[*position] = true;
  }
  return reduced;
}

Result Reduced(const ConstantCall& call, double start, Binary function) {
  const Array* from = call.Input(0);
  if (from == nullptr) return std::nullopt;
  const auto reduced = ReducedAxes(call, from->rank());
  if (!reduced) return std::nullopt;
  std::vector<int64_t> kept = from->dims;
  std::vector<int64_t> dims;
  for (size_t i = 0; i < kept.size(); ++i) {
    if ((*reduced)[i]) kept[i] = 1;
    if (!(*reduced)[i] || call.node.IntAttribute("keepdims", 1) != 0) dims.push_back(kept[i]);
  }
  Result result = MakeArray(kept, from->is_integer);
  if (!result) return std::nullopt;
  std::fill(result->values.begin(), result->values.end(), start);
  std::vector<int64_t> index(kept.size());
  for (const double value : from->values) {
    size_t offset = 0;
    for (size_t i = 0; i < kept.size(); ++i) {
      offset =
          offset * static_cast<size_t>(kept[i]) + static_cast<size_t>((*reduced)[i] ? 0 : index[i]);
    }
    double& total = result->values[offset];
    total = std::isnan(total) || std::isnan(value) ? kNotKnown : function(total, value);
    for (size_t i = kept.size(); i-- > 0;) {
      if (++index[i] < from->dims[i]) break;
      index[i] = 0;
    }
  }
  return WithDims(*result, std::move(dims));
}

double Truncated(double value) { return std::trunc(value); }
double Truth(double value) { return std::isnan(value) ? value : static_cast<double>(value != 0); }

// A vector along `axis` of `dims`, or one number for all.
Result Along(const Array& vector, absl::Span<const int64_t> dims, int64_t axis) {
  if (vector.values.size() == 1) return WithDims(vector, {});
  const auto position = AxisOf(axis, dims.size());
  if (!position || vector.rank() != 1 || vector.dims[0] != dims[*position]) return std::nullopt;
  std::vector<int64_t> shape(dims.size(), 1);
  shape[*position] = vector.dims[0];
  return WithDims(vector, std::move(shape));
}

}  // namespace

Result Abs(const ConstantCall& call) { return Mapped(call, std::fabs); }
Result Ceil(const ConstantCall& call) { return Mapped(call, std::ceil); }
Result Cos(const ConstantCall& call) { return Mapped(call, std::cos); }
Result Exp(const ConstantCall& call) { return Mapped(call, std::exp); }
Result Floor(const ConstantCall& call) { return Mapped(call, std::floor); }
Result Log(const ConstantCall& call) { return Mapped(call, std::log); }
Result Round(const ConstantCall& call) { return Mapped(call, std::nearbyint); }
Result Sin(const ConstantCall& call) { return Mapped(call, std::sin); }
Result Sqrt(const ConstantCall& call) { return Mapped(call, std::sqrt); }
Result Neg(const ConstantCall& call) {
  return Mapped(call, [](double x) { return -x; });
}
Result Not(const ConstantCall& call) {
  return Mapped(call, [](double x) { return 1 - Truth(x); });
}
Result Reciprocal(const ConstantCall& call) {
  return Mapped(call, [](double x) { return 1 / x; });
}

Result Add(const ConstantCall& call) { return Pair(call, Sum); }
Result Mul(const ConstantCall& call) { return Pair(call, Product); }
Result Sub(const ConstantCall& call) {
  return Pair(call, [](double a, double b) { return a - b; });
}
Result Pow(const ConstantCall& call) {
  return Pair(call, [](double a, double b) { return std::pow(a, b); });
}
Result And(const ConstantCall& call) {
  return Pair(call, [](double a, double b) { return static_cast<double>(a != 0 && b != 0); });
}
Result Or(const ConstantCall& call) {
  return Pair(call, [](double a, double b) { return static_cast<double>(a != 0 || b != 0); });
}

Result Div(const ConstantCall& call) {
  Result result = Pair(call, [](double a, double b) { return a / b; });
  if (!result || !result->is_integer) return result;
  for (double& value : result->values) value = std::isinf(value) ? kNotKnown : Truncated(value);
  return result;
}

// With the divisor's sign, or with fmod = 1 the dividend's.
Result Mod(const ConstantCall& call) {
  if (call.node.IntAttribute("fmod", 0) != 0) {
    return Pair(call, [](double a, double b) { return std::fmod(a, b); });
  }
  return Pair(call, [](double a, double b) { return a - b * std::floor(a / b); });
}

Result Equal(const ConstantCall& call) {
  return Compared(call, [](double a, double b) { return static_cast<double>(a == b); });
}
Result Greater(const ConstantCall& call) {
  return Compared(call, [](double a, double b) { return static_cast<double>(a > b); });
}
Result GreaterOrEqual(const ConstantCall& call) {
  return Compared(call, [](double a, double b) { return static_cast<double>(a >= b); });
}
Result Less(const ConstantCall& call) {
  return Compared(call, [](double a, double b) { return static_cast<double>(a < b); });
}
Result LessOrEqual(const ConstantCall& call) {
  return Compared(call, [](double a, double b) { return static_cast<double>(a <= b); });
}

Result Max(const ConstantCall& call) { return Folded(call, Larger); }
Result Min(const ConstantCall& call) { return Folded(call, Smaller); }

Result Where(const ConstantCall& call) {
  for (size_t i = 0; i < 3; ++i) {
    if (call.Input(i) == nullptr) return std::nullopt;
  }
  auto dims = CommonDims(call.Input(1)->dims, call.Input(2)->dims);
  if (dims) dims = CommonDims(call.Input(0)->dims, *dims);
  if (!dims) return std::nullopt;
  const Result condition = BroadcastTo(*call.Input(0), *dims);
  Result chosen = BroadcastTo(*call.Input(1), *dims);
  const Result otherwise = BroadcastTo(*call.Input(2), *dims);
  if (!condition || !chosen || !otherwise) return std::nullopt;
  for (size_t i = 0; i < chosen->values.size(); ++i) {
    if (std::isnan(condition->values[i])) {
      chosen->values[i] = kNotKnown;
    } else if (condition->values[i] == 0) {
      chosen->values[i] = otherwise->values[i];
    }
  }
  return chosen;
}

Result ReduceMax(const ConstantCall& call) {
  return Reduced(call, -std::numeric_limits<double>::infinity(), Larger);
}
Result ReduceMin(const ConstantCall& call) {
  return Reduced(call, std::numeric_limits<double>::infinity(), Smaller);
}
Result ReduceProd(const ConstantCall& call) { return Reduced(call, 1, Product); }
Result ReduceSum(const ConstantCall& call) { return Reduced(call, 0, Sum); }

Result Cast(const ConstantCall& call) {
  const auto to = static_cast<int32_t>(call.node.IntAttribute("to", 0));
  const ElementTypeInfo* type = FindElementType(to);
  if (type == nullptr || type->kind == NumberKind::kString) return std::nullopt;
  if (type->kind == NumberKind::kFloat) return CastLike(call);
  Result result = Mapped(call, type->kind == NumberKind::kBool ? Truth : Truncated);
  if (result) result->is_integer = true;
  return result;
}

// What it is cast to is hardly ever an integer, and need not be known here.
Result CastLike(const ConstantCall& call) {
  Result result = moves::First(call);
  if (result) result->is_integer = false;
  return result;
}

Result DequantizeLinear(const ConstantCall& call) {
  if (call.Input(0) == nullptr || call.Input(1) == nullptr) return std::nullopt;
  if (call.node.IntAttribute("block_size", 0) != 0) return std::nullopt;
  const int64_t axis = call.node.IntAttribute("axis", 1);
  Result result = *call.Input(0);
  if (call.Input(2) != nullptr) {
    const Result zero = Along(*call.Input(2), result->dims, axis);
    if (!zero) return std::nullopt;
    result = Combined(*result, *zero, [](double a, double b) { return a - b; });
  }
  const Result scale = Along(*call.Input(1), call.Input(0)->dims, axis);
  if (!result || !scale) return std::nullopt;
  result = Combined(*result, *scale, Product);
  if (result) result->is_integer = false;
  return result;
}

}  // namespace onnx_reinit::infer::arithmetic
