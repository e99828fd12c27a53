#include "infer/view.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_join.h"
#include "base/checked_math.h"
#include "base/text.h"

namespace onnx_reinit::infer {
namespace {

// Extents that a file makes up can be anything: what is negative or beyond 64 bits counts as 0.
int64_t Product(absl::Span<const int64_t> dims) {
  return static_cast<int64_t>(ElementCount(dims).value_or(0));
}

// The axis counted from the front, or -1 where there is none such.
int Position(int64_t axis, int rank) {
  if (axis < 0) axis += rank;
  return axis >= 0 && axis < rank ? static_cast<int>(axis) : -1;
}

// True for each axis that is named; nothing where one is none, or is named twice.
std::optional<std::vector<bool>> Marked(absl::Span<const int64_t> axes, int rank) {
  std::vector<bool> is_marked(static_cast<size_t>(rank), false);
  for (const int64_t axis : axes) {
    const int position = Position(axis, rank);
    if (position < 0 || is_marked[static_cast<size_t>(position)]) return std::nullopt;
    is_marked[static_cast<size_t>(position)] = true;
  }
  return is_marked;
}

std::vector<int64_t> ResolveShape(const View& view, absl::Span<const int64_t> dims,
                                  bool keep_zeros) {
  std::vector<int64_t> resolved(dims.begin(), dims.end());
  std::vector<int64_t> given;
  for (size_t i = 0; i < resolved.size(); ++i) {
    if (resolved[i] == 0 && !keep_zeros && static_cast<int>(i) < view.rank()) {
      resolved[i] = view.Extent(static_cast<int>(i));
    }
    if (resolved[i] > 0) given.push_back(resolved[i]);
  }
  const int64_t known = view.IsUnknown() ? 0 : Product(given);
  for (int64_t& dim : resolved) {
    if (dim == -1 && known > 0) dim = view.Elements() / known;
  }
  return resolved;
}

// Splits `factor` so that its slow part has extent `slow`; the fast part is returned.
Factor SplitOff(Factor& factor, int64_t slow) {
  Factor fast{factor.axis, factor.extent / slow, factor.extent / slow};
  if (factor.axis < 0) fast.stored = 1;
  factor.stored = factor.axis < 0 ? 1 : std::max<int64_t>(factor.stored / fast.extent, 1);
  factor.extent = slow;
  return fast;
}

// Takes factors from the front of `rest` (the back of the vector is the front) until their product
// is `extent`. False where it never is.
bool TakeAxis(std::vector<Factor>& rest, int64_t extent, Factors& axis) {
  int64_t wanted = extent;
  while (wanted > 1) {
    if (rest.empty()) return false;
    Factor factor = rest.back();
    rest.pop_back();
    if (wanted % factor.extent == 0) {
      wanted /= factor.extent;
    } else if (factor.extent % wanted == 0) {
      rest.push_back(SplitOff(factor, wanted));
      wanted = 1;
    } else {
      return false;
    }
    axis.push_back(factor);
  }
  return true;
}

}  // namespace

View View::Of(absl::Span<const int64_t> dims) {
  View view;
  view.axes.reserve(dims.size());
  for (size_t i = 0; i < dims.size(); ++i) {
    view.axes.emplace_back().push_back({static_cast<int>(i), dims[i], dims[i]});
  }
  return view;
}

int64_t View::Extent(int axis) const {
  const Factors& factors = axes[static_cast<size_t>(axis)];
  if (factors.size() == 1) return factors[0].extent;
  std::vector<int64_t> extents;
  extents.reserve(factors.size());
  for (const Factor& factor : factors) extents.push_back(factor.extent);
  return Product(extents);
}

std::vector<int64_t> View::Dims() const {
  std::vector<int64_t> dims;
  dims.reserve(axes.size());
  for (int i = 0; i < rank(); ++i) dims.push_back(Extent(i));
  return dims;
}

int64_t View::Elements() const { return Product(Dims()); }

bool View::IsSingle() const {
  const auto is_single = [](const Factor& factor) { return factor.extent == 1; };
  return !IsUnknown() && std::ranges::all_of(axes, [&](const Factors& factors) {
    return std::ranges::all_of(factors, is_single);
  });
}

View Opaque(View view, absl::Span<const int64_t> dims) {
  view.is_opaque = true;
  view.axes.clear();
  for (const int64_t dim : dims) view.axes.push_back({{-1, dim, 1}});
  return view;
}

View Transposed(View view, absl::Span<const int64_t> perm) {
  if (perm.empty()) {
    std::reverse(view.axes.begin(), view.axes.end());
    return view;
  }
  const std::optional<std::vector<bool>> is_moved = Marked(perm, view.rank());
  if (!is_moved || perm.size() != view.axes.size()) return Opaque(std::move(view), {});
  std::vector<Factors> axes;
  for (const int64_t from : perm) {
    axes.push_back(view.axes[static_cast<size_t>(Position(from, view.rank()))]);
  }
  view.axes = std::move(axes);
  return view;
}

View Reshaped(View view, absl::Span<const int64_t> dims, bool keep_zeros) {
  const std::vector<int64_t> wanted = ResolveShape(view, dims, keep_zeros);
  const int64_t elements = view.Elements();
  if (view.is_opaque || elements <= 0 || Product(wanted) != elements) {
    return Opaque(std::move(view), wanted);
  }
  std::vector<Factor> rest;
  for (const Factors& axis : view.axes) {
    for (const Factor& factor : axis) {
      if (factor.extent != 1 || factor.stored != 1) rest.push_back(factor);
    }
  }
  std::reverse(rest.begin(), rest.end());
  std::vector<Factors> axes(wanted.size());
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (!TakeAxis(rest, wanted[i], axes[i])) return Opaque(std::move(view), wanted);
  }
  view.axes = std::move(axes);
  return view;
}

View Unsqueezed(View view, absl::Span<const int64_t> axes) {
  const int rank = view.rank() + static_cast<int>(axes.size());
  const std::optional<std::vector<bool>> is_new = Marked(axes, rank);
  if (!is_new || view.IsUnknown()) return Opaque(std::move(view), {});
  std::vector<Factors> result;
  size_t next = 0;
  for (int i = 0; i < rank; ++i) {
    if ((*is_new)[static_cast<size_t>(i)]) {
      result.emplace_back();
    } else {
      result.push_back(view.axes[next++]);
    }
  }
  view.axes = std::move(result);
  return view;
}

View Squeezed(View view, absl::Span<const int64_t> axes) {
  const std::optional<std::vector<bool>> is_named = Marked(axes, view.rank());
  if (!is_named) return Opaque(std::move(view), {});
  std::vector<Factors> kept;
  for (int i = 0; i < view.rank(); ++i) {
    if ((*is_named)[static_cast<size_t>(i)] || (axes.empty() && view.Extent(i) == 1)) continue;
    kept.push_back(view.axes[static_cast<size_t>(i)]);
  }
  view.axes = std::move(kept);
  return view;
}

View Restricted(View view, int64_t axis, int64_t extent) {
  const int position = Position(axis, view.rank());
  if (position < 0) return Opaque(std::move(view), {});
  Factors& factors = view.axes[static_cast<size_t>(position)];
  const int64_t before = view.Extent(position);
  if (extent == before) return view;
  view.is_part = view.is_part || extent < before;
  if (factors.size() == 1) {
    factors[0].extent = extent;
  } else {
    // Whole runs of the fast factors where they divide; else the axis keeps what is stored.
    std::vector<int64_t> stored;
    int source = -1;
    for (const Factor& factor : factors) {
      stored.push_back(factor.stored);
      if (factor.axis >= 0) source = factor.axis;
    }
    factors = {{source, extent, Product(stored)}};
  }
  return view;
}

View Selected(View view, int64_t axis) {
  const int position = Position(axis, view.rank());
  if (position < 0) return Opaque(std::move(view), {});
  view.is_part = view.is_part || view.Extent(position) > 1;
  view.axes.erase(view.axes.begin() + position);
  return view;
}

View Joined(View view, int64_t axis, int64_t extent) {
  view = Restricted(std::move(view), axis, extent);
  view.is_joined = true;
  return view;
}

View Broadcast(View view, absl::Span<const int64_t> dims) {
  if (view.IsUnknown()) return view;
  const int rank = static_cast<int>(dims.size());
  if (view.rank() < rank) {
    view.axes.insert(view.axes.begin(), static_cast<size_t>(rank - view.rank()), {});
  }
  for (int i = 0; i < rank; ++i) {
    const int axis = view.rank() - rank + i;
    const int64_t wanted = dims[static_cast<size_t>(i)];
    if (view.Extent(axis) == 1 && wanted > 1) {
      view.axes[static_cast<size_t>(axis)].push_back({-1, wanted, 1});
    }
  }
  return view;
}

std::string DimsText(absl::Span<const int64_t> dims) {
  return Text("[", absl::StrJoin(dims, ", "), "]");
}

}  // namespace onnx_reinit::infer
