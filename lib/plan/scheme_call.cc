#include "plan/scheme_call.h"

#include <algorithm>
#include <cmath>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "base/printable.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "plan/schemes.h"

namespace onnx_reinit::plan {
namespace {

size_t IndexOf(const SchemeRow& row, std::string_view name) {
  const auto* found = std::find_if(row.parameters.begin(), row.parameters.end(),
                                   [&](const ParameterRow& p) { return p.name == name; });
  return static_cast<size_t>(found - row.parameters.begin());
}

std::string JoinNames(absl::Span<const ParameterRow> parameters) {
  std::string names;
  for (const ParameterRow& parameter : parameters) {
    names.append(names.empty() ? "" : ", ").append(parameter.name);
  }
  return names;
}

std::string JoinWords(absl::Span<const std::string_view> words) {
  std::string joined;
  for (const std::string_view word : words) {
    joined.append(joined.empty() ? "" : "|").append(word);
  }
  return joined;
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  absl::StatusOr<SchemeCall> Parse() {
    const size_t open = text_.find('(');
    RETURN_IF_ERROR(ReadName(Trim(text_.substr(0, open))));
    if (open == std::string_view::npos) return call_;
    if (Trim(text_).back() != ')') return Error(text_.size(), "the closing ) is missing");
    const size_t close = text_.rfind(')');
    for (size_t begin = open + 1; begin < close;) {
      const size_t end = std::min(text_.find(',', begin), close);
      RETURN_IF_ERROR(ReadArgument(begin, end));
      begin = end + 1;
    }
    RETURN_IF_ERROR(CheckOrder(open + 1));
    return call_;
  }

 private:
  absl::Status Error(size_t at, std::string_view what) const {
    return absl::InvalidArgumentError(
        Text("scheme ", Quote(text_), ", column ", at + 1, ": ", what));
  }

  absl::Status ReadName(std::string_view name) {
    call_.row = FindScheme(name);
    if (call_.row == nullptr) {
      return Error(0, NoSuchScheme(name));
    }
    for (size_t i = 0; i < call_.row->parameters.size(); ++i) {
      call_.arguments[i] = call_.row->parameters[i].standard;
    }
    return absl::OkStatus();
  }

  absl::Status ReadArgument(size_t begin, size_t end) {
    const std::string_view argument = text_.substr(begin, end - begin);
    const size_t equals = argument.find('=');
    if (equals == std::string_view::npos) return Error(begin, "a parameter is key=value");
    const std::string_view key = Trim(argument.substr(0, equals));
    const size_t index = IndexOf(*call_.row, key);
    if (index == call_.row->parameters.size()) return Error(begin, NoSuchParameter(key));
    if (is_given_[index]) return Error(begin, Text(key, " is given twice"));
    is_given_[index] = true;
    return ReadValue(call_.row->parameters[index], Trim(argument.substr(equals + 1)),
                     begin + equals + 1, call_.arguments[index]);
  }

  absl::Status CheckOrder(size_t at) const {
    for (const ParameterRow& parameter : call_.row->parameters) {
      if (parameter.not_below.empty()) continue;
      if (call_.Number(parameter.name) >= call_.Number(parameter.not_below)) continue;
      return Error(at, Text(parameter.name, " is below ", parameter.not_below));
    }
    return absl::OkStatus();
  }

  static std::string NoSuchScheme(std::string_view name) {
    std::string hyphens{name};
    std::replace(hyphens.begin(), hyphens.end(), '_', '-');
    const std::string advice = FindScheme(hyphens) == nullptr ? "`list schemes` prints them all"
                                                              : Text("did you mean ", hyphens, "?");
    return Text("there is no scheme ", Quote(name), "; ", advice);
  }

  std::string NoSuchParameter(std::string_view key) const {
    if (call_.row->parameters.empty()) return Text(call_.row->name, " has no parameters");
    return Text(call_.row->name, " has no parameter ", Quote(key), "; it has ",
                JoinNames(call_.row->parameters));
  }

  absl::Status ReadValue(const ParameterRow& parameter, std::string_view value, size_t at,
                         double& out) const {
    if (!parameter.words.empty()) {
      const auto* word = std::find(parameter.words.begin(), parameter.words.end(), value);
      if (word == parameter.words.end()) {
        return Error(at, Text(parameter.name, " is one of ", JoinWords(parameter.words)));
      }
      out = static_cast<double>(word - parameter.words.begin());
      return absl::OkStatus();
    }
    if (!absl::SimpleAtod(TextPiece(value), &out) || !std::isfinite(out)) {
      return Error(at, Text(parameter.name, " is a number, not ", Quote(value)));
    }
    if (out < parameter.lowest || out > parameter.highest) {
      return Error(
          at, Text(parameter.name, " lies between ", parameter.lowest, " and ", parameter.highest));
    }
    return absl::OkStatus();
  }

  std::string_view text_;
  SchemeCall call_;
  std::array<bool, kMaxParameters> is_given_{};
};

}  // namespace

double SchemeCall::Number(std::string_view name) const { return arguments[IndexOf(*row, name)]; }

std::string_view SchemeCall::Word(std::string_view name) const {
  const size_t index = IndexOf(*row, name);
  return row->parameters[index].words[static_cast<size_t>(arguments[index])];
}

absl::StatusOr<SchemeCall> ParseSchemeCall(std::string_view text) { return Parser(text).Parse(); }

std::string ToText(const SchemeCall& call) {
  std::string arguments;
  for (size_t i = 0; i < call.row->parameters.size(); ++i) {
    const ParameterRow& parameter = call.row->parameters[i];
    const double value = call.arguments[i];
    if (value == parameter.standard) continue;
    const std::string text = parameter.words.empty()
                                 ? Text(value)
                                 : std::string(parameter.words[static_cast<size_t>(value)]);
    arguments += Text(arguments.empty() ? "" : ",", parameter.name, "=", text);
  }
  return arguments.empty() ? std::string(call.row->name)
                           : Text(call.row->name, "(", arguments, ")");
}

}  // namespace onnx_reinit::plan
