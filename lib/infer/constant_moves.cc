#include "infer/constant_moves.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "infer/constant_functions.h"

namespace onnx_reinit::infer {
namespace {

using Index = absl::Span<const int64_t>;
using Source = absl::Span<int64_t>;

// Nothing where there is no array, or a number of it is not known.
std::optional<std::vector<int64_t>> Integers(const Array* array) {
  if (array == nullptr) return std::nullopt;
  std::vector<int64_t> integers;
  for (const double value : array->values) {
    if (std::isnan(value)) return std::nullopt;
    integers.push_back(RoundedInteger(value));
  }
  return integers;
}

}  // namespace

std::optional<std::vector<int64_t>> ListOf(const ConstantCall& call, std::string_view name,
                                           size_t input) {
  if (call.node.FindAttribute(name) != nullptr) {
    const Index ints = call.node.IntsAttribute(name);
    return std::vector<int64_t>(ints.begin(), ints.end());
  }
  const Array* array = call.Input(input);
  return array == nullptr ? std::vector<int64_t>() : Integers(array);
}

namespace moves {
namespace {

// The part of `from` that begins at `start` on `axis` and has `dims`.
Result Part(const Array& from, Index dims, size_t axis, int64_t start, int64_t step = 1) {
  return Rearranged(from, dims, [&](Index index, Source source) {
    std::copy(index.begin(), index.end(), source.begin());
    source[axis] = start + step * index[axis];
  });
}

std::optional<std::vector<size_t>> SortedAxes(const std::vector<int64_t>& axes, size_t rank) {
  std::vector<size_t> sorted;
  for (const int64_t axis : axes) {
    const std::optional<size_t> position = AxisOf(axis, rank);
    if (!position) return std::nullopt;
    sorted.push_back(*position);
  }
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

}  // namespace

Result First(const ConstantCall& call) {
  if (call.Input(0) == nullptr) return std::nullopt;
  return *call.Input(0);
}

Result Agreed(const ConstantCall& call) {
  const Array* first = call.Input(0);
  if (first == nullptr) return std::nullopt;
  for (const Array* other : call.inputs) {
    if (other == nullptr || other->dims != first->dims || other->values != first->values) {
      return std::nullopt;
    }
  }
  return *first;
}

Result Concat(const ConstantCall& call) {
  const Array* first = call.Input(0);
  if (first == nullptr) return std::nullopt;
  const auto axis = AxisOf(call.node.IntAttribute("axis", 0), first->rank());
  if (!axis) return std::nullopt;
  std::vector<int64_t> dims = first->dims;
  dims[*axis] = 0;
  for (const Array* input : call.inputs) {
    if (input == nullptr || input->rank() != first->rank()) return std::nullopt;
    for (size_t i = 0; i < dims.size(); ++i) {
      if (i != *axis && input->dims[i] != dims[i]) return std::nullopt;
    }
    dims[*axis] += input->dims[*axis];
  }
  Result result = MakeArray(dims, first->is_integer);
  if (!result) return std::nullopt;
  auto out = result->values.begin();
  const Extents extents = ExtentsAround(dims, *axis);
  for (int64_t outer = 0; outer < extents.outer; ++outer) {
    for (const Array* input : call.inputs) {
      const int64_t stretch = input->dims[*axis] * extents.inner;
      out = std::copy_n(input->values.begin() + outer * stretch, stretch, out);
    }
  }
  return result;
}

Result ConstantOfShape(const ConstantCall& call) {
  const auto dims = Integers(call.Input(0));
  if (!dims) return std::nullopt;
  Result result = MakeArray(*dims, false);
  const wire::Attribute* attribute = call.node.FindAttribute("value");
  if (!result || attribute == nullptr) return result;
  if (attribute->tensors.size() != 1) return std::nullopt;
  const Result value = ReadArray(attribute->tensors[0], call.values);
  if (!value || value->values.size() != 1) return std::nullopt;
  std::fill(result->values.begin(), result->values.end(), value->values[0]);
  result->is_integer = value->is_integer;
  return result;
}

Result Expand(const ConstantCall& call) {
  const auto wanted = Integers(call.Input(1));
  if (call.Input(0) == nullptr || !wanted) return std::nullopt;
  const auto dims = CommonDims(call.Input(0)->dims, *wanted);
  if (!dims) return std::nullopt;
  return BroadcastTo(*call.Input(0), *dims);
}

Result Flatten(const ConstantCall& call) {
  const Array* from = call.Input(0);
  if (from == nullptr) return std::nullopt;
  const int64_t axis = call.node.IntAttribute("axis", 1);
  const auto rank = static_cast<int64_t>(from->rank());
  if (axis < -rank || axis > rank) return std::nullopt;
  int64_t rows = 1;
  for (int64_t i = 0; i < (axis < 0 ? axis + rank : axis); ++i) {
    rows *= from->dims[static_cast<size_t>(i)];
  }
  const auto count = static_cast<int64_t>(from->values.size());
  return WithDims(*from, {rows, rows == 0 ? 0 : count / rows});
}

Result Gather(const ConstantCall& call) {
  const Array* from = call.Input(0);
  const Array* indices = call.Input(1);
  if (from == nullptr || indices == nullptr) return std::nullopt;
  const auto axis = AxisOf(call.node.IntAttribute("axis", 0), from->rank());
  auto picks = Integers(indices);
  if (!axis || !picks) return std::nullopt;
  const int64_t extent = from->dims[*axis];
  for (int64_t& pick : *picks) {
    if (pick < 0) pick += extent;
    if (pick < 0 || pick >= extent) return std::nullopt;
  }
  const auto begin = static_cast<std::ptrdiff_t>(*axis);
  std::vector<int64_t> dims = from->dims;
  dims.erase(dims.begin() + begin);
  dims.insert(dims.begin() + begin, indices->dims.begin(), indices->dims.end());
  const Extents extents = ExtentsAround(from->dims, *axis);
  Result result = MakeArray(dims, from->is_integer);
  if (!result) return std::nullopt;
  auto out = result->values.begin();
  for (int64_t outer = 0; outer < extents.outer; ++outer) {
    for (const int64_t pick : *picks) {
      const int64_t first = (outer * extent + pick) * extents.inner;
      out = std::copy_n(from->values.begin() + first, extents.inner, out);
    }
  }
  return result;
}

Result Range(const ConstantCall& call) {
  for (size_t i = 0; i < 3; ++i) {
    if (call.Input(i) == nullptr || call.Input(i)->values.size() != 1) return std::nullopt;
  }
  const double start = call.Input(0)->values[0];
  const double delta = call.Input(2)->values[0];
  const double count = std::ceil((call.Input(1)->values[0] - start) / delta);
  if (!(count <= static_cast<double>(kMaxArrayElements))) return std::nullopt;
  Result result =
      MakeArray({std::max<int64_t>(RoundedInteger(count), 0)}, call.Input(0)->is_integer);
  for (size_t i = 0; result && i < result->values.size(); ++i) {
    result->values[i] = start + static_cast<double>(i) * delta;
  }
  return result;
}

Result Reshape(const ConstantCall& call) {
  const Array* from = call.Input(0);
  auto dims = ListOf(call, "shape", 1);
  if (from == nullptr || !dims) return std::nullopt;
  const bool keeps_zeros = call.node.IntAttribute("allowzero", 0) != 0;
  int64_t* remaining = nullptr;
  double others = 1;
  for (size_t i = 0; i < dims->size(); ++i) {
    int64_t& dim = (*dims)[i];
    if (dim == 0 && !keeps_zeros) {
      if (i >= from->rank()) return std::nullopt;
      dim = from->dims[i];
    }
    if (dim == -1 && remaining == nullptr) {
      remaining = &dim;
    } else {
      others *= static_cast<double>(dim);
    }
  }
  if (remaining != nullptr) {
    if (others < 1) return std::nullopt;
    *remaining = RoundedInteger(std::floor(static_cast<double>(from->values.size()) / others));
  }
  return WithDims(*from, *std::move(dims));
}

Result Slice(const ConstantCall& call) {
  Result result = First(call);
  const auto starts = ListOf(call, "starts", 1);
  const auto ends = ListOf(call, "ends", 2);
  const auto axes = ListOf(call, "axes", 3);
  const auto steps = ListOf(call, "steps", 4);
  if (!starts || !ends || !axes || !steps || starts->size() != ends->size()) return std::nullopt;
  if (!axes->empty() && axes->size() != starts->size()) return std::nullopt;
  if (!steps->empty() && steps->size() != starts->size()) return std::nullopt;
  for (size_t i = 0; result && i < starts->size(); ++i) {
    const auto axis = AxisOf(axes->empty() ? static_cast<int64_t>(i) : (*axes)[i], result->rank());
    if (!axis) return std::nullopt;
    std::vector<int64_t> dims = result->dims;
    const SliceRange range =
        SliceOf(dims[*axis], (*starts)[i], (*ends)[i], steps->empty() ? 1 : (*steps)[i]);
    dims[*axis] = range.count;
    result = Part(*result, dims, *axis, range.start, range.step);
  }
  return result;
}

Result Split(const ConstantCall& call) {
  const Array* from = call.Input(0);
  if (from == nullptr) return std::nullopt;
  const auto axis = AxisOf(call.node.IntAttribute("axis", 0), from->rank());
  auto sizes = ListOf(call, "split", 1);
  if (!axis || !sizes) return std::nullopt;
  const auto wanted = static_cast<size_t>(call.output);
  const int64_t extent = from->dims[*axis];
  if (sizes->empty()) {
    const auto count = static_cast<int64_t>(call.node.outputs.size());
    const int64_t chunk = (extent + count - 1) / count;
    for (int64_t left = extent; static_cast<int64_t>(sizes->size()) < count; left -= chunk) {
      sizes->push_back(std::clamp<int64_t>(left, 0, chunk));
    }
  }
  if (wanted >= sizes->size()) return std::nullopt;
  int64_t start = 0;
  for (size_t i = 0; i <= wanted; ++i) {
    if ((*sizes)[i] < 0 || (*sizes)[i] > extent - start) return std::nullopt;
    if (i < wanted) start += (*sizes)[i];
  }
  std::vector<int64_t> dims = from->dims;
  dims[*axis] = (*sizes)[wanted];
  return Part(*from, dims, *axis, start);
}

Result Squeeze(const ConstantCall& call) {
  const Array* from = call.Input(0);
  const auto axes = ListOf(call, "axes", 1);
  if (from == nullptr || !axes) return std::nullopt;
  const auto gone = SortedAxes(*axes, from->rank());
  if (!gone) return std::nullopt;
  std::vector<int64_t> dims;
  for (size_t i = 0; i < from->rank(); ++i) {
    const bool goes =
        axes->empty() ? from->dims[i] == 1 : std::binary_search(gone->begin(), gone->end(), i);
    if (!goes) dims.push_back(from->dims[i]);
  }
  return WithDims(*from, std::move(dims));
}

Result Tile(const ConstantCall& call) {
  const Array* from = call.Input(0);
  const auto repeats = Integers(call.Input(1));
  if (from == nullptr || !repeats || repeats->size() != from->rank()) return std::nullopt;
  std::vector<int64_t> dims = from->dims;
  for (size_t i = 0; i < dims.size(); ++i) {
    if ((*repeats)[i] < 0 || (*repeats)[i] > kMaxArrayElements) return std::nullopt;
    dims[i] *= (*repeats)[i];
  }
  return Rearranged(*from, dims, [&](Index index, Source source) {
    for (size_t i = 0; i < source.size(); ++i) source[i] = index[i] % from->dims[i];
  });
}

Result Transpose(const ConstantCall& call) {
  const Array* from = call.Input(0);
  if (from == nullptr) return std::nullopt;
  const size_t rank = from->rank();
  std::vector<size_t> perm(rank);
  for (size_t i = 0; i < rank; ++i) perm[i] = rank - 1 - i;
  if (call.node.FindAttribute("perm") != nullptr) {
    const Index given = call.node.IntsAttribute("perm");
    const auto sorted = SortedAxes({given.begin(), given.end()}, rank);
    if (!sorted || sorted->size() != rank) return std::nullopt;
    for (size_t i = 0; i < rank; ++i) {
      if ((*sorted)[i] != i) return std::nullopt;
      perm[i] = *AxisOf(given[i], rank);
    }
  }
  std::vector<int64_t> dims(rank);
  for (size_t i = 0; i < rank; ++i) dims[i] = from->dims[perm[i]];
  return Rearranged(*from, dims, [&](Index index, Source source) {
    for (size_t i = 0; i < rank; ++i) source[perm[i]] = index[i];
  });
}

Result Unsqueeze(const ConstantCall& call) {
  const Array* from = call.Input(0);
  const auto axes = ListOf(call, "axes", 1);
  if (from == nullptr || !axes) return std::nullopt;
  const auto added = SortedAxes(*axes, from->rank() + axes->size());
  if (!added) return std::nullopt;
  std::vector<int64_t> dims = from->dims;
  for (const size_t axis : *added) {
    if (axis > dims.size()) return std::nullopt;
    dims.insert(dims.begin() + static_cast<std::ptrdiff_t>(axis), 1);
  }
  return WithDims(*from, std::move(dims));
}

}  // namespace moves
}  // namespace onnx_reinit::infer
