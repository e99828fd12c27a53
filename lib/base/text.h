// Text from pieces. absl::StrCat of Debian 12 does not take std::string_view (its absl::string_view
// is a type of its own); this does, with any Abseil.
#ifndef ONNX_REINIT_BASE_TEXT_H_
#define ONNX_REINIT_BASE_TEXT_H_

#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace onnx_reinit {

inline absl::string_view TextPiece(std::string_view piece) { return {piece.data(), piece.size()}; }
inline absl::string_view TextPiece(const std::string& piece) { return piece; }
inline absl::string_view TextPiece(const char* piece) { return piece; }
template <typename Number>
Number TextPiece(Number piece) {
  return piece;
}

// Text("node ", name, " has ", 3, " inputs")
template <typename... Pieces>
std::string Text(const Pieces&... pieces) {
  return absl::StrCat(TextPiece(pieces)...);
}

template <typename... Pieces>
void AppendText(std::string& text, const Pieces&... pieces) {
  absl::StrAppend(&text, TextPiece(pieces)...);
}

}  // namespace onnx_reinit

#endif  // ONNX_REINIT_BASE_TEXT_H_
