// Elements per second, per distribution, type, kernel and number of threads, as JSON on stdout.
#include <algorithm>
#include <array>
#include <barrier>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/element_type.h"
#include "gen/generator.h"
#include "gen/kernels.h"

namespace onnx_reinit::gen {
namespace {

constexpr int64_t kSide = 1024;  // a usual weight: 1024 x 1024
constexpr auto kElements = static_cast<uint64_t>(kSide * kSide);
// Others slow a machine down for longer than a row takes: each is timed in several rounds.
constexpr int kRounds = 10;
constexpr int kRepetitions = 20;

struct alignas(64) CacheLine {
  std::array<uint8_t, 64> bytes;
};

struct DrawRow {
  const char* name;
  Values values;
};

constexpr auto kDraws = std::to_array<DrawRow>({
    {"uniform", {.distribution = Distribution::kUniform, .bound = 0.05}},
    {"normal", {.distribution = Distribution::kNormal, .std = 0.02}},
    {"truncated2",
     {.distribution = Distribution::kTruncatedNormal, .parent_std = 1, .low = -2, .high = 2}},
    {"truncated3",
     {.distribution = Distribution::kTruncatedNormal, .parent_std = 1, .low = -3, .high = 3}},
    {"truncated6",
     {.distribution = Distribution::kTruncatedNormal, .parent_std = 1, .low = -6, .high = 6}},
});

constexpr auto kTypes =
    std::to_array({ElementType::kFloat, ElementType::kFloat16, ElementType::kBfloat16});

// Seconds until all threads have written their tensors, the shortest of all repetitions.
double BestTime(const Generator& generator, std::vector<std::vector<CacheLine>>& tensors) {
  // Some kernels leave new threads on one processor for a while.
  const int repetitions = tensors.size() == 1 ? kRepetitions : 10 * kRepetitions;
  double best = 1e9;
  auto start = std::chrono::steady_clock::now();
  int round = 0;
  std::barrier barrier(static_cast<std::ptrdiff_t>(tensors.size()), [&]() noexcept {
    const auto now = std::chrono::steady_clock::now();
    if (round++ > 0) best = std::min(best, std::chrono::duration<double>(now - start).count());
    start = std::chrono::steady_clock::now();
  });
  const auto work = [&](std::vector<CacheLine>& tensor) {
    for (int i = 0; i < repetitions; ++i) {
      barrier.arrive_and_wait();
      generator.Write(0, kElements,
                      {tensor.front().bytes.data(), tensor.size() * sizeof(CacheLine)});
    }
    barrier.arrive_and_wait();
  };
  std::vector<std::thread> threads;
  threads.reserve(tensors.size());
  for (auto& tensor : tensors) threads.emplace_back(work, std::ref(tensor));
  for (std::thread& thread : threads) thread.join();
  return best;
}

struct Row {
  const DrawRow& draw;
  ElementType type;
  const KernelRow& kernel;
  size_t threads = 1;
  double elements_per_second = 0;
};

std::vector<Row> AllRows() {
  std::vector<Row> rows;
  for (const DrawRow& draw : kDraws) {
    for (const KernelRow& kernel : AvailableKernels()) {
      if (kernel.kernel == Kernel::kScalar) continue;  // the definition, not a way to work
      for (const ElementType type : kTypes) rows.push_back({draw, type, kernel});
    }
    rows.push_back({draw, ElementType::kFloat, AvailableKernels().front(), 2});
  }
  return rows;
}

double ElementsPerSecond(const Row& row) {
  Fill fill;
  fill.dims = {kSide, kSide};
  fill.data_type = static_cast<int32_t>(row.type);
  fill.pieces = {Piece{.label = "", .values = row.draw.values, .matrix = {}}};
  const auto generator = Generator::Create(fill, 1, row.kernel.kernel);
  const auto bits = static_cast<uint64_t>(FindElementType(fill.data_type)->bits);
  std::vector<std::vector<CacheLine>> tensors(
      row.threads, std::vector<CacheLine>(kElements * bits / 8 / sizeof(CacheLine)));
  return static_cast<double>(row.threads * kElements) / BestTime(**generator, tensors);
}

void Print(const std::vector<Row>& rows) {
  const char* separator = "[\n";
  for (const Row& row : rows) {
    std::printf(
        "%s  {\"distribution\": \"%s\", \"type\": \"%s\", \"kernel\": \"%s\", \"threads\": %zu, "
        "\"elements_per_second\": %.4g}",
        separator, row.draw.name, ElementTypeName(static_cast<int32_t>(row.type)).c_str(),
        std::string(row.kernel.name).c_str(), row.threads, row.elements_per_second);
    separator = ",\n";
  }
  std::printf("\n]\n");
}

void Run() {
  std::vector<Row> rows = AllRows();
  for (int round = 0; round < kRounds; ++round) {
    for (Row& row : rows) {
      row.elements_per_second = std::max(row.elements_per_second, ElementsPerSecond(row));
    }
  }
  Print(rows);
}

}  // namespace
}  // namespace onnx_reinit::gen

int main() { onnx_reinit::gen::Run(); }
