#include "support/wire_text.h"

#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "support/wire_bytes.h"

namespace onnx_reinit::test {
namespace {

constexpr int kVarint = 0;
constexpr int kLength = 2;

void Append(WireText& text, const WireText& piece) {
  if (piece.mark) text.mark = text.bytes.size() + *piece.mark;
  text.bytes += piece.bytes;
}

WireText WithLength(const WireText& body) {
  WireText result{.bytes = VarintBytes(body.bytes.size()), .mark = std::nullopt};
  Append(result, body);
  return result;
}

class Assembler {
 public:
  explicit Assembler(std::string_view text) : text_(text) {}

  WireText All() {
    WireText result = Items('\0');
    if (failed_) return {};
    return result;
  }

 private:
  char Peek() {
    while (at_ < text_.size()) {
      if (text_[at_] == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
        ++at_;
      } else {
        return text_[at_];
      }
    }
    return '\0';
  }

  bool Take(char wanted) {
    if (Peek() != wanted || wanted == '\0') return false;
    ++at_;
    return true;
  }

  void Fail(const std::string& what) {
    if (!failed_) ADD_FAILURE() << what << " at " << at_ << " of\n" << text_;
    failed_ = true;
    at_ = text_.size();
  }

  void Expect(char wanted) {
    if (!Take(wanted)) Fail(std::string("expected ") + wanted);
  }

  // Up to `end`, which is left; '\0' is the end of the text.
  WireText Items(char end) {
    WireText result{.bytes = "", .mark = std::nullopt};
    while (Peek() != end && !failed_) Append(result, Item());
    return result;
  }

  WireText Item() {
    switch (Peek()) {
      case '^':
        ++at_;
        return {.bytes = "", .mark = 0};
      case '{':
        return WithLength(Enclosed('{', '}'));
      case '(':
        return Enclosed('(', ')');
      case '"':
        return {.bytes = Quoted(), .mark = std::nullopt};
      case '`':
        return {.bytes = Hex(), .mark = std::nullopt};
      case '@':
        ++at_;
        return inner_;
      case 'n':
        return Nest();
      default:
        return NumberOrField();
    }
  }

  WireText Enclosed(char begin, char end) {
    Expect(begin);
    WireText body = Items(end);
    Expect(end);
    return body;
  }

  WireText NumberOrField() {
    const uint64_t number = Number();
    if (Take(':')) return Field(static_cast<uint32_t>(number));
    if (Take('*')) return Repeat(number);
    return {.bytes = VarintBytes(number), .mark = std::nullopt};
  }

  WireText Field(uint32_t number) {
    // A bare tag has its wire type right behind the colon: 9:2.
    if (at_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_])) != 0) {
      return {.bytes = Tag(number, static_cast<uint32_t>(Number())), .mark = std::nullopt};
    }
    const bool is_marked = Take('^');
    const char kind = Peek();
    const bool is_bytes = kind == '"' || kind == '`';
    WireText result{.bytes = Tag(number, is_bytes || kind == '{' ? kLength : kVarint),
                    .mark = std::nullopt};
    if (is_marked) result.mark = result.bytes.size();
    Append(result, is_bytes ? WithLength(Item()) : Item());
    return result;
  }

  WireText Repeat(uint64_t count) {
    const WireText body = Enclosed('(', ')');
    WireText result{.bytes = "", .mark = std::nullopt};
    result.bytes.reserve(count * body.bytes.size());
    for (uint64_t i = 0; i < count; ++i) result.bytes += body.bytes;
    if (body.mark && count > 0) result.mark = (count - 1) * body.bytes.size() + *body.mark;
    return result;
  }

  // The body is read again for each level, with what is inside it known.
  WireText Nest() {
    if (text_.substr(at_, 4) != "nest") Fail("expected nest");
    at_ += 4;
    Peek();
    const uint64_t count = Number();
    const size_t body = at_;
    inner_ = {};
    for (uint64_t i = 0; i < count && !failed_; ++i) {
      at_ = body;
      inner_ = Enclosed('(', ')');
    }
    return std::exchange(inner_, {});
  }

  uint64_t Number() {
    const bool is_negative = Take('-');
    const char* begin = text_.data() + at_;
    char* end = nullptr;
    const uint64_t number = std::strtoull(begin, &end, 0);
    if (end == begin) Fail("expected a number");
    if (!failed_) at_ += static_cast<size_t>(end - begin);
    return is_negative ? -number : number;
  }

  std::string Quoted() {
    std::string bytes;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      bytes += text_[at_] == '\\' ? Escape() : text_[at_];
    }
    Expect('"');
    return bytes;
  }

  char Escape() {
    const char escape = text_[++at_];
    if (escape == 'n') return '\n';
    if (escape != 'x') return escape;
    at_ += 2;
    return static_cast<char>(std::stoi(std::string(text_.substr(at_ - 1, 2)), nullptr, 16));
  }

  std::string Hex() {
    std::string bytes;
    for (++at_; Peek() != '`' && !failed_; at_ += 2) {
      const std::string digits(text_.substr(at_, 2));
      if (digits.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) Fail("no hex");
      if (!failed_) bytes += static_cast<char>(std::stoi(digits, nullptr, 16));
    }
    Expect('`');
    return bytes;
  }

  // Ends in a zero byte, so that numbers at the end are safe to read.
  const std::string text_;
  size_t at_ = 0;
  bool failed_ = false;
  WireText inner_;  // what @ stands for
};

}  // namespace

WireText AssembleWireText(std::string_view text) { return Assembler(text).All(); }

}  // namespace onnx_reinit::test
