// A process that rewrites a model, for tests that kill, interrupt, measure or divide it.
//   rewrite_child rewrite IN OUT     every weight gets its pattern
//   rewrite_child slow IN OUT        the same, a millisecond for each chunk; ends on SIGINT
//   rewrite_child prepare IN OUT
//   rewrite_child part IN OUT I N
// Writes "started" when the first chunk is done; at the end, on a line of its own, the peak of its
// resident memory in KiB. Exits with the status code.
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

#include "write/rewrite.h"
#include "write/write_support.h"

namespace onnx_reinit::write {
namespace {

std::atomic<bool> interrupted = false;

// Slows a generator down.
class Slow : public gen::Generator {
 public:
  explicit Slow(std::unique_ptr<gen::Generator> inner) : inner_(std::move(inner)) {}
  int Granularity() const override { return inner_->Granularity(); }
  void Write(uint64_t first, uint64_t count, absl::Span<uint8_t> out) const override {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    inner_->Write(first, count, out);
  }

 private:
  std::unique_ptr<gen::Generator> inner_;
};

void SlowDown(std::vector<Replacement>& replacements) {
  for (Replacement& replacement : replacements) {
    replacement.make_generator =
        [make = replacement.make_generator]() -> absl::StatusOr<std::unique_ptr<gen::Generator>> {
      return std::make_unique<Slow>(*make());
    };
  }
}

// "VmHWM:     1234 kB"
std::string PeakMemory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmHWM:", 0) == 0) return std::to_string(std::atol(line.c_str() + 6));
  }
  return "0";
}

WriteOptions Options() {
  WriteOptions options = {.threads = 2, .cancelled = &interrupted};
  options.progress = [started = false](uint64_t /*done*/, uint64_t /*total*/) mutable {
    if (!started) std::puts("started");
    std::fflush(stdout);
    started = true;
  };
  return options;
}

absl::Status Run(const std::string& mode, char** arguments) {
  const OpenModel model = Open(arguments[0]);
  std::vector<Replacement> weights = PatternsForWeights(model);
  if (mode == "slow") SlowDown(weights);
  const std::string output = arguments[1];
  if (mode == "prepare") {
    return Prepare(*model.file, model.skeleton, *model.external, weights, output, "job", Options());
  }
  if (mode == "part") {
    return FillPart(*model.file, model.skeleton, *model.external, weights, output, "job",
                    std::atoi(arguments[2]), std::atoi(arguments[3]), Options());
  }
  return Rewrite(*model.file, model.skeleton, *model.external, weights, output, Options());
}

}  // namespace
}  // namespace onnx_reinit::write

int main(int /*argc*/, char** argv) {
  std::signal(SIGINT, [](int) { onnx_reinit::write::interrupted = true; });
  const absl::Status status = onnx_reinit::write::Run(argv[1], argv + 2);
  std::puts(onnx_reinit::write::PeakMemory().c_str());
  return status.raw_code();
}
