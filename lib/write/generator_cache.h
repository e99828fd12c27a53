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
  void Announce(size_t replacement) {
    Entry& entry = entries_[replacement];
    ++entry.uses;
    entry.is_shared = entry.uses > 1;
  }

  // Fills `out` with the tensor's raw bytes from `begin` on. Both ends stand between elements.
  absl::Status Write(size_t replacement, uint64_t begin, absl::Span<uint8_t> out);

 private:
  struct Entry {
    std::mutex mutex;
    int64_t uses = 0;        // still to come
    bool is_shared = false;  // there is more than one in all, maybe at the same time
    std::shared_ptr<const gen::Generator> generator;
  };

  absl::StatusOr<std::shared_ptr<const gen::Generator>> Take(size_t replacement);
  void WriteWith(const gen::Generator& generator, size_t replacement, uint64_t begin,
                 absl::Span<uint8_t> out) const;

  absl::Span<const Replacement> replacements_;
  std::vector<Entry> entries_;
};

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_GENERATOR_CACHE_H_
