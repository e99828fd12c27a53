// stage_bench MODEL: seconds that each stage takes, as JSON on stdout. Once in a process, as the
// tool does it: a second time the heap's memory is there already, but only up to the 32 MiB that
// glibc keeps, so that small models would look better than large ones.
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "graph/graph.h"
#include "heap.h"
#include "infer/infer.h"
#include "onnx_reinit/reinit.h"
#include "plan/planner.h"
#include "wire/file.h"
#include "wire/payload.h"
#include "wire/read_skeleton.h"
#include "write/chunk.h"
#include "write/layout.h"

namespace onnx_reinit {
namespace {

class Stages {
 public:
  explicit Stages(const std::string& path)
      : file_(Value(wire::InputFile::Open(path))),
        external_(path),
        values_(file_.get(), &external_) {}

  // In this order: each takes what the one before has made.
  void Wire() { skeleton_ = Value(wire::ReadSkeleton(*file_)); }
  void Graph() { graph_ = Value(graph::Build(skeleton_)); }
  void Infer() { facts_ = infer::Infer(graph_, &values_); }
  void Plan() { plan_ = Value(plan::MakePlan(facts_, {}, {&values_, skeleton_.producer_name})); }
  void Layout() {
    std::vector<const wire::Tensor*> tensors;
    for (size_t i = 0; i < plan_.tensors.size(); ++i) {
      if (plan_.tensors[i].fill) tensors.push_back(graph_.tensors[i].tensor);
    }
    write::CutIntoChunks(Value(write::MakeLayout(skeleton_, tensors, {.data_stem = "out"})));
  }

 private:
  template <typename T>
  static T Value(absl::StatusOr<T> result) {
    if (result.ok()) return *std::move(result);
    std::fprintf(stderr, "%s\n", std::string(result.status().message()).c_str());
    std::exit(3);
  }

  std::unique_ptr<wire::InputFile> file_;
  wire::ExternalFiles external_;
  wire::ValueReader values_;
  wire::Skeleton skeleton_;
  graph::Graph graph_;
  std::vector<infer::TensorFacts> facts_;
  onnx_reinit::Plan plan_;
};

struct StageRow {
  const char* name;
  void (Stages::*run)();
};

constexpr auto kStages = std::to_array<StageRow>({
    {"wire", &Stages::Wire},
    {"graph", &Stages::Graph},
    {"infer", &Stages::Infer},
    {"plan", &Stages::Plan},
    {"layout", &Stages::Layout},
});

double SecondsOf(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void Run(const std::string& path) {
  Stages stages(path);
  const char* separator = "{";
  for (const StageRow& stage : kStages) {
    const double seconds = SecondsOf([&] { (stages.*stage.run)(); });
    std::printf("%s\"%s\": %.6f", separator, stage.name, seconds);
    separator = ", ";
  }
  std::printf("}\n");
}

}  // namespace
}  // namespace onnx_reinit

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  onnx_reinit::tools::PrepareHeap();
  onnx_reinit::Run(argv[1]);
}
