// Gives a model new values through the public API: consumer IN OUT
#include <iostream>

#include "onnx_reinit/reinit.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const auto model = onnx_reinit::Model::Open(argv[1]);
  if (!model.ok()) return 3;
  const auto plan = onnx_reinit::MakePlan(*model, {.seed = 42});
  if (!plan.ok()) return 3;
  const absl::Status done = onnx_reinit::Apply(*model, *plan, argv[2], {});
  std::cout << plan->tensors.size() << " tensors: " << done << "\n";
  return done.ok() ? 0 : 4;
}
