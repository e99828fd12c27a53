// The versions of operators: those of its domain's opset in which ONNX defined or changed it.
#ifndef ONNX_REINIT_INFER_OPERATOR_VERSIONS_H_
#define ONNX_REINIT_INFER_OPERATOR_VERSIONS_H_

#include <string_view>

#include "absl/types/span.h"

namespace onnx_reinit::infer {

struct VersionsRow {
  std::string_view domain;
  std::string_view op_type;
  std::string_view versions;  // "1 6 13", ascending
};

// Sorted by domain and operator: those that rules are about. Source: the operators' history in
// onnx 1.23, docs/Changelog.md.
absl::Span<const VersionsRow> OperatorVersions();

// Of com.microsoft, whose operators have one version, "1"; empty for other domains.
std::string_view VersionsOf(std::string_view domain, std::string_view op_type);

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_OPERATOR_VERSIONS_H_
