#include "base/printable.h"

#include <cstddef>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace onnx_reinit {
namespace {

constexpr size_t kLongestQuote = 200;

struct CodePoint {
  uint32_t value = 0;
  size_t size = 0;  // bytes; 0: the text does not begin with valid UTF-8
};

bool IsContinuation(char c) { return (static_cast<uint8_t>(c) & 0xC0U) == 0x80U; }

// Bytes of the sequence that `lead` begins; 0 where it begins none.
size_t SequenceSize(uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

// Overlong forms, surrogates and numbers beyond Unicode are no UTF-8.
bool IsAllowed(uint32_t value, size_t size) {
  if (size == 3) return value >= 0x800 && (value < 0xD800 || value > 0xDFFF);
  if (size == 4) return value >= 0x10000 && value <= 0x10FFFF;
  return true;
}

CodePoint DecodeFirst(std::string_view text) {
  const auto lead = static_cast<uint8_t>(text[0]);
  const size_t size = SequenceSize(lead);
  if (size == 0 || size > text.size()) return {};
  uint32_t value = size == 1 ? lead : lead & (0xFFU >> (size + 1));
  for (size_t i = 1; i < size; ++i) {
    if (!IsContinuation(text[i])) return {};
    value = value << 6U | (static_cast<uint8_t>(text[i]) & 0x3FU);
  }
  return IsAllowed(value, size) ? CodePoint{value, size} : CodePoint{};
}

bool SteersTerminal(uint32_t value) {
  const bool is_control = value < 0x20 || (value >= 0x7F && value < 0xA0);
  const bool is_direction = value == 0x200E || value == 0x200F || value == 0x061C ||
                            (value >= 0x202A && value <= 0x202E) ||
                            (value >= 0x2066 && value <= 0x2069);
  const bool is_line_end = value == 0x2028 || value == 0x2029;
  return is_control || is_direction || is_line_end;
}

void AppendEscaped(std::string_view bytes, std::string& out) {
  for (const char byte : bytes) absl::StrAppendFormat(&out, "\\x%02X", static_cast<uint8_t>(byte));
}

}  // namespace

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const size_t size = DecodeFirst(text).size;
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string Printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const CodePoint first = DecodeFirst(text);
    const size_t size = first.size == 0 ? 1 : first.size;
    const std::string_view bytes = text.substr(0, size);
    if (first.size == 0 || SteersTerminal(first.value)) {
      AppendEscaped(bytes, out);
    } else {
      out.append(bytes);
    }
    text.remove_prefix(size);
  }
  return out;
}

std::string Quote(std::string_view text) {
  if (text.size() <= kLongestQuote) return absl::StrCat("'", Printable(text), "'");
  return absl::StrCat("'", Printable(text.substr(0, kLongestQuote)), "...'");
}

}  // namespace onnx_reinit
