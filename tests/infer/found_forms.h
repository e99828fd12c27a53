// Models of arithmetic, and the activations and normalisations that are found in them, as text.
#ifndef ONNX_REINIT_TESTS_INFER_FOUND_FORMS_H_
#define ONNX_REINIT_TESTS_INFER_FOUND_FORMS_H_

#include <string>
#include <string_view>

#include "infer/infer_support.h"

namespace onnx_reinit::test {

// `nodes` make y of the data x and z, each [N, 8]. The numbers that they name (see the source), and
// the vectors vector and other [8] and the matrix matrix [8, 8], are stored.
std::string ArithmeticText(std::string_view nodes);

// "gelu x -> y by erf form of 5 nodes; relu (weight) -> z by inside FusedConv", in the order of the
// graph.
std::string ActivationsOf(const Analysis& analysis);
// "layer normalization x -> y in 7 nodes; ..."
std::string NormalizationsOf(const Analysis& analysis);

}  // namespace onnx_reinit::test

#endif  // ONNX_REINIT_TESTS_INFER_FOUND_FORMS_H_
