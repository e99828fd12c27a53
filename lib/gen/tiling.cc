#include "gen/tiling.h"

#include <algorithm>
#include <numeric>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/checked_math.h"
#include "base/status_macros.h"

namespace onnx_reinit::gen {
namespace {

uint64_t Product(absl::Span<const int64_t> dims) {
  return static_cast<uint64_t>(ElementCount(dims).value_or(0));
}

int64_t EndOf(const Piece& piece, uint64_t extent) {
  return piece.end < 0 ? static_cast<int64_t>(extent) : piece.end;
}

// One piece, wherever it says that it lies.
bool IsWhole(const Fill& fill) {
  const Piece& only = fill.pieces.front();
  return fill.pieces.size() == 1 && only.begin == 0 && only.end < 0;
}

}  // namespace

absl::StatusOr<Tiling> Tiling::Create(const Fill& fill) {
  if (!ElementCount(fill.dims)) return absl::InvalidArgumentError("the tensor's dims are no shape");
  if (fill.pieces.empty()) return absl::InvalidArgumentError("the fill has no pieces");
  Tiling tiling;
  if (IsWhole(fill)) {
    tiling.inner_ = Product(fill.dims);
    return tiling;
  }
  const int axis = fill.pieces.front().axis;
  if (axis < 0 || axis >= static_cast<int>(fill.dims.size())) {
    return absl::InvalidArgumentError(
        absl::StrCat("the pieces lie along axis ", axis, " of ", fill.dims.size(), " dimensions"));
  }
  tiling.SplitAt(fill.dims, static_cast<size_t>(axis));
  RETURN_IF_ERROR(tiling.LayOut(fill.pieces));
  return tiling;
}

void Tiling::SplitAt(absl::Span<const int64_t> dims, size_t axis) {
  axis_ = axis;
  outer_ = Product(dims.first(axis));
  extent_ = static_cast<uint64_t>(dims[axis]);
  inner_ = Product(dims.subspan(axis + 1));
}

absl::Status Tiling::LayOut(const std::vector<Piece>& pieces) {
  const auto axis = static_cast<int>(axis_);
  std::vector<size_t> order(pieces.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, {}, [&](size_t i) { return pieces[i].begin; });
  slots_.clear();
  int64_t covered = 0;
  for (const size_t i : order) {
    const int64_t end = EndOf(pieces[i], extent_);
    if (pieces[i].axis != axis || pieces[i].begin != covered || end < covered) {
      return absl::InvalidArgumentError(absl::StrCat(
          "piece ", i, " covers [", pieces[i].begin, ", ", end, ") of axis ", pieces[i].axis,
          " where [", covered, ", ...) of axis ", axis, " comes next"));
    }
    slots_.push_back({static_cast<uint64_t>(covered), i});
    covered = end;
  }
  slots_.push_back({extent_, pieces.size()});
  if (static_cast<uint64_t>(covered) == extent_) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the pieces cover ", covered, " of ", extent_, " indices of axis ", axis));
}

std::vector<int64_t> Tiling::PieceDims(const Fill& fill, size_t piece) const {
  std::vector<int64_t> dims = fill.dims;
  if (slots_.size() == 2) return dims;
  const Slot* const slot = std::ranges::find(slots_, piece, &Slot::piece);
  dims[axis_] = static_cast<int64_t>(slot[1].begin - slot->begin);
  return dims;
}

Run Tiling::RunAt(uint64_t element) const {
  const uint64_t row = element / inner_;
  const uint64_t column = element % inner_;
  const uint64_t index = row % extent_;
  const Slot* const above = std::ranges::upper_bound(slots_, index, {}, &Slot::begin);
  const auto [begin, piece] = above[-1];
  const uint64_t length = above->begin - begin;
  const uint64_t within = (row / extent_ * length + (index - begin)) * inner_ + column;
  return {piece, (above->begin - index) * inner_ - column, within};
}

}  // namespace onnx_reinit::gen
