// Segments -> bytes.
#ifndef ONNX_REINIT_WRITE_ASSEMBLER_H_
#define ONNX_REINIT_WRITE_ASSEMBLER_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "wire/file.h"
#include "write/generator_cache.h"
#include "write/segment.h"

namespace onnx_reinit::write {

// Thread-safe.
class Assembler {
 public:
  // sources[i] is what verbatim segments call source i. Everything outlives the assembler.
  Assembler(std::vector<const wire::InputFile*> sources, GeneratorCache* generators)
      : sources_(std::move(sources)), generators_(generators) {}

  // Fills `out` with bytes [begin, begin + out.size()) of the file. Old payloads are not read,
  // except short ones that lie between two stretches which are copied anyway.
  absl::Status Fill(const SegmentList& content, uint64_t begin, absl::Span<uint8_t> out) const;

  const wire::InputFile& source(size_t i) const { return *sources_[i]; }

 private:
  absl::Status Copy(const SegmentList& content, uint64_t begin, absl::Span<uint8_t> out) const;
  absl::Status Generate(const Segment& segment, uint64_t within, absl::Span<uint8_t> out) const;
  absl::Status GenerateTagged(const Segment& segment, uint64_t within,
                              absl::Span<uint8_t> out) const;

  std::vector<const wire::InputFile*> sources_;
  GeneratorCache* generators_;
};

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_ASSEMBLER_H_
