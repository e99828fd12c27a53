#include "plan/number_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace onnx_reinit::plan {
namespace {

constexpr auto kPowersOfTen = std::to_array<double>({1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7});

// digits / 10^decimals.
struct Decimal {
  int64_t digits;
  int decimals;
};

// A number in [1e-4, 9999), where %g has no exponent, to four digits. The product is off by less
// than 1e-12, which decides only where it lies next to a half: then nullopt.
std::optional<Decimal> RoundQuickly(double number) {
  int decimals = 0;
  double product = number;
  while (product < 1000) product = number * kPowersOfTen[static_cast<size_t>(++decimals)];
  const double below = std::floor(product);
  if (std::fabs(product - below - 0.5) < 1e-9) return std::nullopt;
  Decimal decimal = {static_cast<int64_t>(below) + (product - below > 0.5 ? 1 : 0), decimals};
  for (; decimal.decimals > 0 && decimal.digits % 10 == 0; --decimal.decimals) decimal.digits /= 10;
  return decimal;
}

std::string ToText(Decimal decimal) {
  std::array<char, 16> text;
  char* at = text.end();
  for (int i = 0; i <= decimal.decimals || decimal.digits > 0; ++i, decimal.digits /= 10) {
    if (i > 0 && i == decimal.decimals) *--at = '.';
    *--at = static_cast<char>('0' + decimal.digits % 10);
  }
  return {at, text.end()};
}

std::string ToTextSlowly(double number) {
  std::array<char, 32> text;
  const auto [end, error] =
      std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::general, 4);
  return {text.data(), end};
}

}  // namespace

std::string FourDigits(double number) {
  const bool is_plain = number >= 1e-4 && number < 9999;
  const std::optional<Decimal> rounded = is_plain ? RoundQuickly(number) : std::nullopt;
  return rounded ? ToText(*rounded) : ToTextSlowly(number);
}

std::string NoFraction(double number) {
  const bool is_integer = std::fabs(number) < 0x1p53 && number == std::trunc(number);
  if (!is_integer || std::signbit(number)) return absl::StrFormat("%.0f", number);
  return absl::StrCat(static_cast<int64_t>(number));
}

}  // namespace onnx_reinit::plan
