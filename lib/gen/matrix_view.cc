#include "gen/matrix_view.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace onnx_reinit::gen {
namespace {

// Elements from one index of each axis to the next.
std::vector<uint64_t> Strides(absl::Span<const int64_t> dims) {
  std::vector<uint64_t> strides(dims.size(), 1);
  for (size_t i = dims.size(); i > 1; --i) {
    strides[i - 2] = strides[i - 1] * static_cast<uint64_t>(dims[i - 1]);
  }
  return strides;
}

// Offsets of all combinations of indices along `axes`, the first axis slowest.
std::vector<uint64_t> Offsets(absl::Span<const int> axes, absl::Span<const int64_t> dims) {
  const std::vector<uint64_t> strides = Strides(dims);
  std::vector<uint64_t> offsets = {0};
  for (const int axis : axes) {
    const auto place = static_cast<size_t>(axis);
    std::vector<uint64_t> longer;
    longer.reserve(offsets.size() * static_cast<size_t>(dims[place]));
    for (const uint64_t offset : offsets) {
      for (int64_t i = 0; i < dims[place]; ++i) {
        longer.push_back(offset + static_cast<uint64_t>(i) * strides[place]);
      }
    }
    offsets = std::move(longer);
  }
  return offsets;
}

absl::Status CheckAxes(const MatrixAxes& axes, size_t rank) {
  std::vector<int> uses(rank);
  for (const auto* list : {&axes.batch, &axes.output, &axes.input, &axes.kernel}) {
    for (const int axis : *list) {
      if (axis < 0 || static_cast<size_t>(axis) >= rank) {
        return absl::InvalidArgumentError(
            absl::StrCat("the matrix has axis ", axis, " of ", rank, " dimensions"));
      }
      ++uses[static_cast<size_t>(axis)];
    }
  }
  for (size_t axis = 0; axis < rank; ++axis) {
    if (uses[axis] != 1) {
      return absl::InvalidArgumentError(
          absl::StrCat("axis ", axis, " is used ", uses[axis], " times by the matrix, not once"));
    }
  }
  return absl::OkStatus();
}

size_t Centre(absl::Span<const int> axes, absl::Span<const int64_t> dims, int64_t less) {
  int64_t index = 0;
  for (const int axis : axes) {
    const int64_t size = dims[static_cast<size_t>(axis)];
    index = index * size + (size - less) / 2;
  }
  return static_cast<size_t>(index);
}

}  // namespace

absl::StatusOr<MatrixView> MatrixView::Create(const MatrixAxes& axes,
                                              absl::Span<const int64_t> dims) {
  if (absl::Status status = CheckAxes(axes, dims.size()); !status.ok()) return status;
  return MatrixView{Offsets(axes.batch, dims),    Offsets(axes.output, dims),
                    Offsets(axes.input, dims),    Offsets(axes.kernel, dims),
                    Centre(axes.kernel, dims, 1), Centre(axes.kernel, dims, 0)};
}

}  // namespace onnx_reinit::gen
