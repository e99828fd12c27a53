// The tables that the program runs on, as text for people.
#ifndef ONNX_REINIT_TABLES_H_
#define ONNX_REINIT_TABLES_H_

#include <string>

#include "onnx_reinit/report.h"

namespace onnx_reinit {

enum class Listing {
  kRules,    // what each operator input holds, and what is looked through
  kSchemes,  // formula, parameters and source of each
  kPresets,  // the rows of each, in the order in which they are tried
};

std::string ListText(Listing listing, const TextStyle& style);

}  // namespace onnx_reinit

#endif  // ONNX_REINIT_TABLES_H_
