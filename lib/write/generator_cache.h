// Generators, each made when it is first asked for and freed when nobody needs it again.
#ifndef ONNX_REINIT_WRITE_GENERATOR_CACHE_H_
#define ONNX_REINIT_WRITE_GENERATOR_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "write/replacement.h"

namespace onnx_reinit::write {

// Thread-safe, once all uses are announced.
class GeneratorCache {
 public:
  // The replacements outlive the cache.
  explicit GeneratorCache(absl::Span<const Replacement> replacements);

  // Write will be called once more for this replacement. Not thread-safe.
  void Announce(size_t replacement) { ++entries_[replacement].uses; }

  // Fills `out` with the tensor's raw bytes from `begin` on. Both ends stand between elements.
  absl::Status Write(size_t replacement, uint64_t begin, absl::Span<uint8_t> out);

 private:
  struct Entry {
    std::mutex mutex;
    int64_t uses = 0;
    std::shared_ptr<const gen::Generator> generator;
  };

  absl::StatusOr<std::shared_ptr<const gen::Generator>> Take(size_t replacement);

  absl::Span<const Replacement> replacements_;
  std::vector<Entry> entries_;
};

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_GENERATOR_CACHE_H_
