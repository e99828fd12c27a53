// Numbers as reasons print them.
#ifndef ONNX_REINIT_PLAN_NUMBER_TEXT_H_
#define ONNX_REINIT_PLAN_NUMBER_TEXT_H_

#include <string>

namespace onnx_reinit::plan {

// As printf's %.4g has it, in less time than absl::StrFormat takes.
std::string FourDigits(double number);

// As its %.0f has it.
std::string NoFraction(double number);

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_PLAN_NUMBER_TEXT_H_
