// The words of an enumeration as a list, for sentences that say what there is.
#ifndef ONNX_REINIT_PLAN_WORDS_H_
#define ONNX_REINIT_PLAN_WORDS_H_

#include <string>
#include <string_view>

#include "onnx_reinit/vocabulary.h"
#include "plan/distributions.h"

namespace onnx_reinit::plan {

// "reinitialize, keep". The enumerators of Enum count from 0; one without a word is left out.
template <typename Enum>
std::string AllWords() {
  std::string words;
  for (int i = 0;; ++i) {
    const std::string_view word = ToString(static_cast<Enum>(i));
    if (word.empty() && i > 0) return words;
    if (word.empty()) continue;
    words.append(words.empty() ? "" : ", ").append(word);
  }
}

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_WORDS_H_
