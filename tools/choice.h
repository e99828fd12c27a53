// An option that takes one word out of a few.
#ifndef ONNX_REINIT_TOOLS_CHOICE_H_
#define ONNX_REINIT_TOOLS_CHOICE_H_

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace onnx_reinit::tools {

template <typename Value>
struct Choice {
  std::string_view word;
  Value value;
};

// "exact|torch|keras"
template <typename Value, size_t kSize>
std::string JoinWords(const std::array<Choice<Value>, kSize>& choices) {
  std::string words;
  for (const Choice<Value>& choice : choices) {
    words.append(words.empty() ? "" : "|").append(choice.word);
  }
  return words;
}

// `choices` and `target` outlive the option. A Target holds a Value: it may be optional.
template <typename Value, size_t kSize, typename Target>
CLI::Option* AddChoice(CLI::App& app, const char* name,
                       const std::array<Choice<Value>, kSize>& choices, Target& target,
                       const char* description) {
  const auto set = [&choices, &target, name](const std::string& text) {
    const auto* chosen = std::find_if(choices.begin(), choices.end(),
                                      [&](const auto& choice) { return choice.word == text; });
    if (chosen == choices.end()) {
      throw CLI::ValidationError(name, "'" + text + "' is none of " + JoinWords(choices));
    }
    target = chosen->value;
  };
  return app.add_option_function<std::string>(name, set, description)
      ->option_text(JoinWords(choices));
}

}  // namespace onnx_reinit::tools

#endif  // ONNX_REINIT_TOOLS_CHOICE_H_
