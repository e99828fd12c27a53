#include "plan/number_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "absl/strings/str_cat.h"

namespace onnx_reinit::plan {
namespace {

constexpr size_t kLongest = 320;  // the largest double has 309 digits before the point

std::string Print(double number, std::chars_format format, int precision) {
  std::array<char, kLongest> text;
  const auto [end, error] =
      std::to_chars(text.data(), text.data() + text.size(), number, format, precision);
  return {text.data(), end};
}

}  // namespace

std::string FourDigits(double number) { return Print(number, std::chars_format::general, 4); }

// Fans are whole numbers.
std::string NoFraction(double number) {
  const bool is_whole = std::fabs(number) < 0x1p53 && number == std::trunc(number);
  if (is_whole && !std::signbit(number)) return absl::StrCat(static_cast<int64_t>(number));
  return Print(number, std::chars_format::fixed, 0);
}

}  // namespace onnx_reinit::plan
