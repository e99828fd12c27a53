// A scheme with its parameters as users write it: NAME or NAME(key=value,...).
#ifndef ONNX_REINIT_PLAN_SCHEME_CALL_H_
#define ONNX_REINIT_PLAN_SCHEME_CALL_H_

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace onnx_reinit::plan {

struct SchemeRow;

// A number between `lowest` and `highest`, or where there are `words`, one of them.
struct ParameterRow {
  std::string_view name;
  std::string_view summary;
  double standard = 0;  // value when not given; of a word, its index
  double lowest = 0;
  double highest = 0;
  absl::Span<const std::string_view> words = {};
  std::string_view not_below = {};  // another parameter's name
};

inline constexpr size_t kMaxParameters = 6;

struct SchemeCall {
  const SchemeRow* row = nullptr;
  std::array<double, kMaxParameters> arguments{};  // in the order of the row's parameters

  // Of the parameter with that name, which the row has.
  double Number(std::string_view name) const;
  std::string_view Word(std::string_view name) const;
};

// InvalidArgument names what is wrong and the column where it stands, counted from 1.
absl::StatusOr<SchemeCall> ParseSchemeCall(std::string_view text);

// NAME(key=value,...) with the parameters that differ from the standard ones.
std::string ToText(const SchemeCall& call);

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_SCHEME_CALL_H_
