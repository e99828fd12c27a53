#include "plan/distributions.h"

#include <array>

namespace onnx_reinit::plan {
namespace {

struct Row {
  Distribution distribution;
  std::string_view name;
  bool needs_matrix;
};

constexpr auto kRows = std::to_array<Row>({
    {Distribution::kConstant, "constant", false},
    {Distribution::kUniform, "uniform", false},
    {Distribution::kNormal, "normal", false},
    {Distribution::kTruncatedNormal, "truncated_normal", false},
    {Distribution::kOrthogonal, "orthogonal", true},
    {Distribution::kDeltaOrthogonal, "delta_orthogonal", true},
    {Distribution::kDirac, "dirac", true},
    {Distribution::kIdentity, "identity", true},
    {Distribution::kSparse, "sparse", true},
    {Distribution::kLogRange, "log_range", false},
    {Distribution::kInverseSoftplus, "inverse_softplus", false},
});

}  // namespace

std::string_view ToString(Distribution distribution) {
  for (const Row& row : kRows) {
    if (row.distribution == distribution) return row.name;
  }
  return {};
}

std::optional<Distribution> ParseDistribution(std::string_view text) {
  for (const Row& row : kRows) {
    if (row.name == text) return row.distribution;
  }
  return std::nullopt;
}

bool NeedsMatrix(Distribution distribution) {
  for (const Row& row : kRows) {
    if (row.distribution == distribution) return row.needs_matrix;
  }
  return false;
}

}  // namespace onnx_reinit::plan
