#include "gen/orthogonal.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "absl/types/span.h"
#include "gen/draw.h"

namespace onnx_reinit::gen {
namespace {

// Reflections that are multiplied out together (a block), and columns that are worked on at a time,
// so that they stay in the second-level cache.
constexpr size_t kBlock = kProductColumns;

size_t RoundedUp(size_t count) { return (count + kBlock - 1) / kBlock * kBlock; }

// A block of reflections H = I - u u^T with |u|^2 = 2, one per column of a matrix: their product is
// I + U N U^T with N upper triangular. Schreiber, Van Loan: "A storage-efficient WY representation
// for products of Householder transformations", 1989.
struct Reflections {
  std::vector<float> vectors;                   // U: rows x kBlock; unused columns are 0
  std::array<float, kBlock * kBlock> triangle;  // N
};

// The vector that reflects the Gaussian `direction` onto the first axis, and the sign of what it
// becomes there.
float Reflect(absl::Span<float> direction) {
  double squares = 0;
  for (const float x : direction) squares += double{x} * double{x};
  const double norm = std::sqrt(squares);
  const double first = direction.front();
  const double scale = 1.0 / std::sqrt(squares + std::fabs(first) * norm);
  direction.front() = static_cast<float>(first + std::copysign(norm, first));
  for (float& x : direction) x = static_cast<float>(x * scale);
  return first < 0 ? 1.0f : -1.0f;
}

class Builder {
 public:
  Builder(size_t rows, size_t columns, const Draw& draw, uint64_t matrix, const KernelRow& kernel)
      : rows_(rows),
        columns_(columns),
        padded_rows_(RoundedUp(rows)),
        draw_(draw),
        first_element_(matrix * rows * columns),
        kernel_(kernel),
        signs_(columns) {
    // The odd number of cache lines per row keeps rows apart in the cache.
    q_ = {rows, columns, RoundedUp(columns) + 16, {}};
    q_.values.resize(padded_rows_ * q_.stride);
    for (size_t i = 0; i < columns; ++i) q_.values[i * q_.stride + i] = 1;
    block_.vectors.resize(padded_rows_ * kBlock);
  }

  Matrix Build() && {
    for (size_t end = RoundedUp(columns_); end > 0; end -= kBlock) {
      DrawBlockFrom(end - kBlock);
      FormTriangle(end - kBlock);
      for (size_t column = end - kBlock; column < columns_; column += kBlock) {
        Apply(end - kBlock, column);
      }
    }
    for (size_t row = 0; row < rows_; ++row) {
      for (size_t column = 0; column < columns_; ++column) {
        q_.values[row * q_.stride + column] *= signs_[column];
      }
    }
    return std::move(q_);
  }

 private:
  // Fills U with the reflections of columns [first, first + kBlock): that of column c leaves the
  // rows above c alone.
  void DrawBlockFrom(size_t first) {
    std::ranges::fill(block_.vectors, 0.0f);
    std::vector<float> direction(rows_);
    for (size_t column = first; column < std::min(first + kBlock, columns_); ++column) {
      const absl::Span<float> below = absl::MakeSpan(direction).subspan(column);
      FillElements(kernel_.fill, draw_, KernelOutput::kFloat,
                   first_element_ + column * rows_ + column, below.size(),
                   reinterpret_cast<uint8_t*>(below.data()));
      signs_[column] = Reflect(below);
      for (size_t row = column; row < rows_; ++row) {
        block_.vectors[row * kBlock + column - first] = direction[row];
      }
    }
  }

  // N column by column: n_kk = -1; above it, n_k = -(N so far) (U so far)^T u_k.
  void FormTriangle(size_t first_row) {
    std::array<float, kBlock * kBlock> gram{};
    const float* vectors = &block_.vectors[first_row * kBlock];
    kernel_.product({kBlock, kBlock, padded_rows_ - first_row, vectors, 1, kBlock, vectors, kBlock,
                     gram.data(), kBlock});
    block_.triangle.fill(0);
    for (size_t k = 0; k < kBlock; ++k) {
      for (size_t row = 0; row < k; ++row) {
        float sum = 0;
        for (size_t i = row; i < k; ++i) {
          sum += block_.triangle[row * kBlock + i] * gram[i * kBlock + k];
        }
        block_.triangle[row * kBlock + k] = -sum;
      }
      block_.triangle[k * kBlock + k] = -1;
    }
  }

  // Q += U (N (U^T Q)) for kBlock columns of Q; the rows above first_row do not change.
  void Apply(size_t first_row, size_t column) {
    const size_t depth = padded_rows_ - first_row;
    const float* vectors = &block_.vectors[first_row * kBlock];
    float* q = &q_.values[first_row * q_.stride + column];
    std::array<float, kBlock * kBlock> projected{};
    kernel_.product(
        {kBlock, kBlock, depth, vectors, 1, kBlock, q, q_.stride, projected.data(), kBlock});
    std::array<float, kBlock * kBlock> weights{};
    kernel_.product({kBlock, kBlock, kBlock, block_.triangle.data(), kBlock, 1, projected.data(),
                     kBlock, weights.data(), kBlock});
    kernel_.product(
        {depth, kBlock, kBlock, vectors, kBlock, 1, weights.data(), kBlock, q, q_.stride});
  }

  size_t rows_;
  size_t columns_;
  size_t padded_rows_;
  Draw draw_;
  uint64_t first_element_;
  KernelRow kernel_;
  std::vector<float> signs_;
  Matrix q_;
  Reflections block_;
};

}  // namespace

Matrix RandomOrthogonal(size_t rows, size_t columns, uint64_t key, uint32_t part, uint64_t matrix,
                        const KernelRow& kernel) {
  Draw draw;
  draw.kind = DrawKind::kNormal;
  draw.key = key;
  draw.part = part;
  draw.scale = 1;
  return Builder(rows, columns, draw, matrix, kernel).Build();
}

}  // namespace onnx_reinit::gen
