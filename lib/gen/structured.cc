#include "gen/structured.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/checked_math.h"
#include "base/status_macros.h"
#include "gen/double_math.h"
#include "gen/matrix_view.h"
#include "gen/orthogonal.h"
#include "gen/philox.h"

namespace onnx_reinit::gen {
namespace {

// Draws beside a part's own values: which elements of a sparse matrix are 0.
constexpr uint32_t kExtraDraws = 0x80000000u;

// The table of a structured piece is held in memory: 4 GiB at most.
constexpr size_t kMostElements = size_t{1} << 30;

size_t Count(absl::Span<const int64_t> dims) {
  return static_cast<size_t>(ElementCount(dims).value_or(0));
}

// Offsets of the columns of the R x (C K) matrix.
std::vector<uint64_t> ColumnsWithTaps(const MatrixView& view) {
  std::vector<uint64_t> offsets;
  offsets.reserve(view.column.size() * view.kernel.size());
  for (const uint64_t column : view.column) {
    for (const uint64_t tap : view.kernel) offsets.push_back(column + tap);
  }
  return offsets;
}

// Writes one orthogonal matrix per batch entry at the given offsets.
void ScatterOrthogonal(const MatrixView& view, const std::vector<uint64_t>& columns, float gain,
                       uint64_t key, uint32_t part, const KernelRow& kernel,
                       std::vector<float>& out) {
  const bool tall = view.row.size() >= columns.size();
  const size_t most = std::max(view.row.size(), columns.size());
  const size_t least = std::min(view.row.size(), columns.size());
  for (size_t batch = 0; batch < view.batch.size(); ++batch) {
    const Matrix q = RandomOrthogonal(most, least, key, part, batch, kernel);
    for (size_t row = 0; row < view.row.size(); ++row) {
      for (size_t column = 0; column < columns.size(); ++column) {
        // A wide one is the transpose. NOLINTNEXTLINE(readability-suspicious-call-argument)
        const float value = tall ? q.At(row, column) : q.At(column, row);
        out[view.batch[batch] + view.row[row] + columns[column]] = gain * value;
      }
    }
  }
}

void ScatterDiagonal(const MatrixView& view, const std::vector<uint64_t>& columns, float gain,
                     std::vector<float>& out) {
  for (const uint64_t batch : view.batch) {
    for (size_t i = 0; i < std::min(view.row.size(), columns.size()); ++i) {
      out[batch + view.row[i] + columns[i]] = gain;
    }
  }
}

std::vector<uint64_t> ColumnsAtTap(const MatrixView& view, size_t tap) {
  std::vector<uint64_t> offsets = view.column;
  for (uint64_t& offset : offsets) offset += view.kernel[tap];
  return offsets;
}

// Sets `zeros` of the elements at `places` to 0: those with the smallest words.
void ZeroSome(std::vector<std::pair<uint32_t, uint64_t>>& places, size_t zeros,
              std::vector<float>& out) {
  const auto end = places.begin() + static_cast<std::ptrdiff_t>(zeros);
  std::nth_element(places.begin(), end, places.end());
  for (auto place = places.begin(); place != end; ++place) out[place->second] = 0;
}

absl::Status MakeSparse(const MatrixView& view, const Values& values, uint64_t key, uint32_t part,
                        const KernelRow& kernel, std::vector<float>& out) {
  if (!(values.sparsity >= 0 && values.sparsity < 1)) {
    return absl::InvalidArgumentError(
        absl::StrCat("a sparsity of ", values.sparsity, ", which is not in [0, 1)"));
  }
  Values normal = values;
  normal.distribution = Distribution::kNormal;
  ASSIGN_OR_RETURN(const Draw draw, MakeDraw(normal, key, part));
  FillElements(kernel.fill, draw, KernelOutput::kFloat, 0, out.size(),
               reinterpret_cast<uint8_t*>(out.data()));
  const auto zeros =
      static_cast<size_t>(std::ceil(values.sparsity * static_cast<double>(view.row.size())));
  std::vector<std::pair<uint32_t, uint64_t>> places(view.row.size());
  for (const uint64_t batch : view.batch) {
    for (const uint64_t column : ColumnsWithTaps(view)) {
      for (size_t row = 0; row < view.row.size(); ++row) {
        const uint64_t place = batch + view.row[row] + column;
        places[row] = {BlockWords(key, part | kExtraDraws, place)[0], place};
      }
      ZeroSome(places, zeros, out);
    }
  }
  return absl::OkStatus();
}

void MakeLogRange(absl::Span<const int64_t> dims, std::vector<float>& out) {
  const size_t last = dims.empty() ? 1 : static_cast<size_t>(dims.back());
  for (size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<float>(PortableLog(static_cast<double>(i % last + 1)));
  }
}

absl::Status MakeInverseSoftplus(const Values& values, uint64_t key, uint32_t part,
                                 std::vector<float>& out) {
  if (!(values.low > 0 && values.low <= values.high && values.high <= 700)) {
    return absl::InvalidArgumentError(absl::StrCat("an inverse softplus of [", values.low, ", ",
                                                   values.high, "), which is not within (0, 700]"));
  }
  const double low = PortableLog(values.low);
  const double width = PortableLog(values.high) - low;
  for (size_t i = 0; i < out.size(); ++i) {
    const uint32_t word = BlockWords(key, part, i)[0];
    const double uniform = (static_cast<double>(word) + 0.5) * 0x1p-32;
    const double step = PortableExp(low + width * uniform);
    out[i] = static_cast<float>(PortableLog(PortableExpMinus1(step)));
  }
  return absl::OkStatus();
}

absl::Status MakeMatrix(const Piece& piece, absl::Span<const int64_t> dims, uint64_t key,
                        uint32_t part, const KernelRow& kernel, std::vector<float>& out) {
  ASSIGN_OR_RETURN(const MatrixView view, MatrixView::Create(piece.matrix, dims));
  if (out.empty()) return absl::OkStatus();
  const Values& values = piece.values;
  const auto gain = static_cast<float>(values.gain);
  switch (values.distribution) {
    case Distribution::kOrthogonal:
      ScatterOrthogonal(view, ColumnsWithTaps(view), gain, key, part, kernel, out);
      return absl::OkStatus();
    case Distribution::kDeltaOrthogonal:
      ScatterOrthogonal(view, ColumnsAtTap(view, view.centre_low), gain, key, part, kernel, out);
      return absl::OkStatus();
    case Distribution::kDirac:
      ScatterDiagonal(view, ColumnsAtTap(view, view.centre_high), gain, out);
      return absl::OkStatus();
    case Distribution::kIdentity:
      ScatterDiagonal(view, ColumnsWithTaps(view), gain, out);
      return absl::OkStatus();
    default:
      return MakeSparse(view, values, key, part, kernel, out);
  }
}

}  // namespace

bool IsStructured(Distribution distribution) {
  switch (distribution) {
    case Distribution::kConstant:
    case Distribution::kUniform:
    case Distribution::kNormal:
    case Distribution::kTruncatedNormal:
      return false;
    default:
      return true;
  }
}

absl::StatusOr<std::vector<float>> MakeStructured(const Piece& piece,
                                                  absl::Span<const int64_t> dims, uint64_t key,
                                                  uint32_t part, const KernelRow& kernel) {
  if (!std::isfinite(piece.values.gain)) {
    return absl::InvalidArgumentError("a gain that is not finite");
  }
  const size_t count = Count(dims);
  if (count > kMostElements) {
    return absl::ResourceExhaustedError(
        absl::StrCat("a structured distribution of ", count,
                     " elements does not fit in memory; choose one whose elements stand alone"));
  }
  std::vector<float> out(count);
  absl::Status status = absl::OkStatus();
  if (piece.values.distribution == Distribution::kLogRange) {
    MakeLogRange(dims, out);
  } else if (piece.values.distribution == Distribution::kInverseSoftplus) {
    status = MakeInverseSoftplus(piece.values, key, part, out);
  } else {
    status = MakeMatrix(piece, dims, key, part, kernel, out);
  }
  if (!status.ok()) return status;
  return out;
}

}  // namespace onnx_reinit::gen
