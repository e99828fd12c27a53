// Elements per second of one thread, per distribution, type and kernel, as JSON on stdout.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "base/element_type.h"
#include "gen/generator.h"
#include "gen/kernels.h"

namespace onnx_reinit::gen {
namespace {

constexpr uint64_t kElements = uint64_t{1} << 18;  // 1 MiB of float32: what a cache holds
constexpr int kRepetitions = 200;

struct alignas(64) CacheLine {
  uint8_t bytes[64];
};

struct DrawRow {
  const char* name;
  Values values;
};

const DrawRow kDraws[] = {
    {"constant", {.distribution = Distribution::kConstant, .mean = 1}},
    {"uniform", {.distribution = Distribution::kUniform, .bound = 0.05}},
    {"normal", {.distribution = Distribution::kNormal, .std = 0.02}},
    {"truncated2",
     {.distribution = Distribution::kTruncatedNormal, .parent_std = 1, .low = -2, .high = 2}},
    {"truncated3",
     {.distribution = Distribution::kTruncatedNormal, .parent_std = 1, .low = -3, .high = 3}},
    {"truncated6",
     {.distribution = Distribution::kTruncatedNormal, .parent_std = 1, .low = -6, .high = 6}},
};

constexpr ElementType kTypes[] = {ElementType::kFloat,    ElementType::kFloat16,
                                  ElementType::kBfloat16, ElementType::kDouble,
                                  ElementType::kInt8,     ElementType::kFloat8E4M3FN};

double ElementsPerSecond(const Generator& generator, absl::Span<uint8_t> out) {
  double best = 0;
  for (int i = 0; i < kRepetitions; ++i) {
    const auto start = std::chrono::steady_clock::now();
    generator.Write(0, kElements, out);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    best = std::max(best, static_cast<double>(kElements) / took.count());
  }
  return best;
}

double Measure(const DrawRow& draw, ElementType type, Kernel kernel) {
  Fill fill;
  fill.dims = {static_cast<int64_t>(kElements)};
  fill.data_type = static_cast<int32_t>(type);
  fill.pieces = {Piece{.label = "", .values = draw.values, .matrix = {}}};
  const auto generator = Generator::Create(fill, 1, kernel);
  const auto bits = static_cast<uint64_t>(FindElementType(fill.data_type)->bits);
  std::vector<CacheLine> out(kElements * bits / 8 / sizeof(CacheLine));
  return ElementsPerSecond(**generator, {out.front().bytes, out.size() * sizeof(CacheLine)});
}

void Run() {
  std::printf("[");
  const char* separator = "\n";
  for (const DrawRow& draw : kDraws) {
    for (const ElementType type : kTypes) {
      for (const KernelRow& kernel : AvailableKernels()) {
        if (kernel.kernel == Kernel::kScalar && type != ElementType::kFloat) continue;
        std::printf(
            "%s  {\"distribution\": \"%s\", \"type\": \"%s\", \"kernel\": \"%s\", "
            "\"elements_per_second\": %.4g}",
            separator, draw.name, ElementTypeName(static_cast<int32_t>(type)).c_str(),
            std::string(kernel.name).c_str(), Measure(draw, type, kernel.kernel));
        separator = ",\n";
      }
    }
  }
  std::printf("\n]\n");
}

}  // namespace
}  // namespace onnx_reinit::gen

int main() { onnx_reinit::gen::Run(); }
