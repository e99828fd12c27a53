// Seconds that one thread needs for a 2048 x 2048 orthogonal matrix, per kernel, as JSON on stdout.
// The reference is torch.nn.init.orthogonal_ with one thread: 0.5 s on the machine that the bar of
// three times as long was set on.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "base/element_type.h"
#include "gen/generator.h"
#include "gen/kernels.h"

namespace onnx_reinit::gen {
namespace {

constexpr int64_t kSize = 2048;
constexpr int kRepetitions = 3;

double Seconds(const Fill& fill, Kernel kernel, std::vector<uint8_t>& out) {
  double best = 1e9;
  for (int i = 0; i < kRepetitions; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const auto generator = Generator::Create(fill, 1, kernel);
    (*generator)->Write(0, static_cast<uint64_t>(kSize * kSize), absl::MakeSpan(out));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    best = std::min(best, took.count());
  }
  return best;
}

void Run() {
  Fill fill{.dims = {kSize, kSize}, .data_type = static_cast<int32_t>(ElementType::kFloat)};
  fill.pieces.push_back({.values = {.distribution = Distribution::kOrthogonal},
                         .matrix = {.output = {0}, .input = {1}}});
  std::vector<uint8_t> out(static_cast<size_t>(kSize * kSize) * sizeof(float));
  std::printf("[");
  const char* separator = "\n";
  for (const KernelRow& kernel : AvailableKernels()) {
    if (kernel.kernel == Kernel::kScalar) continue;  // a minute
    std::printf(R"(%s  {"matrix": %d, "kernel": "%s", "seconds": %.3f})", separator,
                static_cast<int>(kSize), std::string(kernel.name).c_str(),
                Seconds(fill, kernel.kernel, out));
    separator = ",\n";
  }
  std::printf("\n]\n");
}

}  // namespace
}  // namespace onnx_reinit::gen

int main() { onnx_reinit::gen::Run(); }
