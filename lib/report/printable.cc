#include "report/printable.h"

#include <cstdint>

namespace onnx_reinit::report {
namespace {

bool IsContinuation(char c) { return (static_cast<uint8_t>(c) & 0xC0U) == 0x80U; }

}  // namespace

size_t Columns(std::string_view text) {
  size_t columns = 0;
  for (const char c : text) columns += IsContinuation(c) ? 0 : 1;
  return columns;
}

std::string Shorten(std::string_view text, size_t columns) {
  const size_t have = Columns(text);
  if (have <= columns) return std::string(text);
  size_t to_drop = have - (columns - 3);
  while (!text.empty() && (to_drop > 0 || IsContinuation(text[0]))) {
    if (!IsContinuation(text[0])) --to_drop;
    text.remove_prefix(1);
  }
  return "..." + std::string(text);
}

std::string ShortenEnd(std::string_view text, size_t columns) {
  const size_t have = Columns(text);
  if (have <= columns) return std::string(text);
  size_t to_drop = have - (columns - 3);
  while (!text.empty() && to_drop > 0) {
    if (!IsContinuation(text.back())) --to_drop;
    text.remove_suffix(1);
  }
  return std::string(text) + "...";
}

}  // namespace onnx_reinit::report
