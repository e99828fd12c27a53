// What a caller can ask for.
#ifndef ONNX_REINIT_OPTIONS_H_
#define ONNX_REINIT_OPTIONS_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace onnx_reinit {

// Which numbers count as fan-in and fan-out: the graph's own, or those of a framework's formula.
enum class FanConvention { kExact, kTorch, kKeras };

// Every member has an initializer: GCC warns whoever names only some members of the others.
struct PlanOptions {
  uint64_t seed = 0;
  std::string preset = "auto";  // a row of `list presets`
  // A row of `list schemes`, with parameters; empty: the preset decides.
  std::string scheme = {};
  // Each "selector:scheme", as --set takes them; first match wins.
  std::vector<std::string> settings = {};
  std::string recipe = {};             // recipe in proto text, already read; empty: none
  std::string recipe_name = {};        // for errors: where the recipe was read from
  std::vector<std::string> keep = {};  // RE2 patterns: tensors that stay as they are
  std::vector<std::string> only = {};  // RE2 patterns: when given, all other tensors stay
  bool require_all = false;            // error when a learned tensor is kept
  // Whose fans schemes count by; nullopt: those of the preset's code, in `auto` the graph's.
  std::optional<FanConvention> fan_convention = {};
  int threads = 0;  // 0: as many as the machine has
  // false: of what gets new values no reason is given, and of what stays only why it does; and no
  // tensor's uses are listed. To make all that takes more than a tenth of a plan's time.
  bool reasons = true;
};

// Which code makes the numbers. Every choice gives the same bytes; kBest is the fastest that the
// processor has, the others are for tests and benchmarks.
enum class Kernel { kBest, kScalar, kSse4, kAvx2, kAvx512, kNeon };

enum class ExternalData {
  kAuto,     // as the input has it
  kInline,   // everything inside the model file
  kOneFile,  // everything large in one file beside the model
  kShards,   // likewise, in files of at most `shard_size` bytes
};

struct WriteOptions {
  bool in_place = false;  // the output may be the input itself
  int threads = 0;        // 0: as many as the machine has
  Kernel kernel = Kernel::kBest;
  ExternalData external_data = ExternalData::kAuto;
  uint64_t shard_size = 0;
  // Wait until the output is on the disk: then it also survives a power failure. Always so with
  // in_place, where the only copy of the model is at stake.
  bool sync = false;
  // Called now and then, by one thread at a time, with the bytes written so far and those to be
  // written in all. Must be quick.
  std::function<void(uint64_t done, uint64_t total)> progress = nullptr;
  // Looked at between chunks of about 1 MiB, where it is set. When it becomes true the run ends
  // with Cancelled, the output as it was before, and nothing left beside it.
  const std::atomic<bool>* cancelled = nullptr;
};

}  // namespace onnx_reinit

#endif  // ONNX_REINIT_OPTIONS_H_
