// Gives a model new values through the public API: consumer IN OUT
#include <iostream>

#include "onnx_reinit/reinit.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const auto plan = onnx_reinit::MakePlan(argv[1], {.seed = 42});
  if (!plan.ok()) return 3;
  const absl::Status done = onnx_reinit::Apply(argv[1], *plan, argv[2], {});
  std::cout << plan->tensors.size() << " tensors: " << done << "\n";
  return done.ok() ? 0 : 4;
}
