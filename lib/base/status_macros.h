// Early return on error, for functions that return absl::Status or absl::StatusOr.
#ifndef ONNX_REINIT_BASE_STATUS_MACROS_H_
#define ONNX_REINIT_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define ONNX_REINIT_CONCAT_INNER(a, b) a##b
#define ONNX_REINIT_CONCAT(a, b) ONNX_REINIT_CONCAT_INNER(a, b)

// RETURN_IF_ERROR(Write(file));
#define RETURN_IF_ERROR(expression)                                                   \
  do {                                                                                \
    if (absl::Status status_of_expression = (expression); !status_of_expression.ok()) \
      return status_of_expression;                                                    \
  } while (false)

// ASSIGN_OR_RETURN(Index index, ReadIndex(file));
#define ASSIGN_OR_RETURN(declaration, expression) \
  ASSIGN_OR_RETURN_IMPL(ONNX_REINIT_CONCAT(status_or_, __LINE__), declaration, expression)
// NOLINTBEGIN(bugprone-macro-parentheses): `declaration` and `temporary` declare variables.
#define ASSIGN_OR_RETURN_IMPL(temporary, declaration, expression) \
  auto temporary = (expression);                                  \
  if (!temporary.ok()) return std::move(temporary).status();      \
  declaration = *std::move(temporary)
// NOLINTEND(bugprone-macro-parentheses)

#endif  // ONNX_REINIT_BASE_STATUS_MACROS_H_
