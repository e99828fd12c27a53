// The lines that both descriptions are made of.
#ifndef ONNX_REINIT_TESTS_WIRE_DESCRIBE_TEXT_H_
#define ONNX_REINIT_TESTS_WIRE_DESCRIBE_TEXT_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/text.h"

namespace onnx_reinit::test {

class Description {
 public:
  void Number(const char* what, int64_t value) { Line(what, absl::StrCat(value)); }
  void Text(const char* what, std::string_view value) {
    Line(what, absl::CHexEscape(TextPiece(value)));
  }
  template <typename Numbers>
  void List(const char* what, const Numbers& values) {
    Line(what, absl::StrJoin(values, ","));
  }
  // Long values as size and hash.
  void Bytes(const char* what, const std::string& value) {
    Line(what, absl::StrCat(value.size(), " ", std::hash<std::string>()(value)));
  }
  void Begin(const char* what) {
    Line(what, "{");
    ++depth_;
  }
  void End() { --depth_; }
  std::string text() && { return std::move(text_); }

 private:
  void Line(const char* what, const std::string& value) {
    absl::StrAppend(&text_, std::string(depth_, ' '), what, " ", value, "\n");
  }
  std::string text_;
  size_t depth_ = 0;
};

}  // namespace onnx_reinit::test

#endif  // ONNX_REINIT_TESTS_WIRE_DESCRIBE_TEXT_H_
