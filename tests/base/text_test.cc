#include "base/text.h"

#include "gtest/gtest.h"

namespace onnx_reinit {
namespace {

TEST(Text, JoinsEveryKindOfPiece) {
  const std::string_view view = "view";
  const std::string text = "string";
  EXPECT_EQ(Text("a ", view, " ", text, " ", 3, " ", 0.5), "a view string 3 0.5");
}

TEST(Text, ViewsNeedNoTerminator) {
  EXPECT_EQ(Text(std::string_view("abcdef").substr(1, 2)), "bc");
}

}  // namespace
}  // namespace onnx_reinit
