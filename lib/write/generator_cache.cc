#include "write/generator_cache.h"

#include <algorithm>
#include <utility>

#include "base/checked_math.h"
#include "base/element_type.h"
#include "base/status_macros.h"

namespace onnx_reinit::write {

GeneratorCache::GeneratorCache(absl::Span<const Replacement> replacements)
    : replacements_(replacements), entries_(replacements.size()) {}

absl::Status GeneratorCache::Write(size_t replacement, uint64_t begin, absl::Span<uint8_t> out) {
  if (entries_[replacement].is_shared) {
    ASSIGN_OR_RETURN(const std::shared_ptr<const gen::Generator> generator, Take(replacement));
    WriteWith(*generator, replacement, begin, out);
  } else {
    ASSIGN_OR_RETURN(const std::unique_ptr<gen::Generator> generator,
                     replacements_[replacement].make_generator());
    WriteWith(*generator, replacement, begin, out);
  }
  return absl::OkStatus();
}

void GeneratorCache::WriteWith(const gen::Generator& generator, size_t replacement, uint64_t begin,
                               absl::Span<uint8_t> out) const {
  const wire::Tensor& tensor = *replacements_[replacement].tensor;
  const auto bits = static_cast<uint64_t>(FindElementType(tensor.data_type)->bits);
  const auto elements = static_cast<uint64_t>(ElementCount(tensor.dims).value_or(0));
  const uint64_t first = begin * 8 / bits;
  generator.Write(first, std::min(out.size() * 8 / bits, elements - first), out);
}

absl::StatusOr<std::shared_ptr<const gen::Generator>> GeneratorCache::Take(size_t replacement) {
  Entry& entry = entries_[replacement];
  const std::lock_guard<std::mutex> lock(entry.mutex);
  if (entry.generator == nullptr) {
    ASSIGN_OR_RETURN(entry.generator, replacements_[replacement].make_generator());
  }
  if (--entry.uses == 0) return std::move(entry.generator);
  return entry.generator;
}

}  // namespace onnx_reinit::write
