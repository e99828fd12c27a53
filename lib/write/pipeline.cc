#include "write/pipeline.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "base/status_macros.h"
#include "tbb/parallel_pipeline.h"
#include "tbb/task_arena.h"
#include "write/positioned.h"

namespace onnx_reinit::write {
namespace {

// Shorter verbatim stretches are cheaper to copy along with their neighbours.
constexpr uint64_t kCopyThreshold = uint64_t{64} << 10;

// Writes one chunk.
class ChunkWriter {
 public:
  ChunkWriter(const SegmentList& content, const Assembler& assembler, const Target& target,
              std::vector<uint8_t>& buffer)
      : content_(content), assembler_(assembler), target_(target), buffer_(buffer) {}

  absl::Status Write(const Chunk& chunk) {
    uint64_t pending = chunk.begin;  // [pending, at) is still to be written
    uint64_t at = chunk.begin;
    for (size_t i = content_.Find(at); at < chunk.end; ++i) {
      const Segment& segment = content_.segments()[i];
      const uint64_t end = std::min(content_.offset(i) + segment.length, chunk.end);
      if (segment.kind == SegmentKind::kVerbatim && end - at >= kCopyThreshold) {
        RETURN_IF_ERROR(Assemble(pending, at));
        RETURN_IF_ERROR(Copy(i, at, end));
        pending = end;
      }
      at = end;
    }
    return Assemble(pending, at);
  }

 private:
  absl::Status Assemble(uint64_t begin, uint64_t end) {
    buffer_.resize(end - begin);
    RETURN_IF_ERROR(assembler_.Fill(content_, begin, absl::MakeSpan(buffer_)));
    return WriteAt(target_.descriptor, begin, buffer_, target_.path);
  }

  absl::Status Copy(size_t i, uint64_t begin, uint64_t end) {
    const Segment& segment = content_.segments()[i];
    const uint64_t from = segment.begin + begin - content_.offset(i);
    return CopyRange(assembler_.source(segment.source), from, target_.descriptor, begin,
                     end - begin, target_.path);
  }

  const SegmentList& content_;
  const Assembler& assembler_;
  const Target& target_;
  std::vector<uint8_t>& buffer_;
};

// The first error of several threads.
class FirstError {
 public:
  void Set(absl::Status status) {
    if (status.ok()) return;
    const std::lock_guard<std::mutex> lock(mutex_);
    if (status_.ok()) status_ = std::move(status);
    failed_ = true;
  }
  bool failed() const { return failed_; }
  const absl::Status& status() const { return status_; }

 private:
  std::mutex mutex_;
  std::atomic<bool> failed_ = false;
  absl::Status status_;
};

int ThreadCount(int threads) {
  if (threads > 0) return threads;
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace

absl::Status WriteChunks(const Layout& layout, absl::Span<const Chunk> chunks,
                         const Assembler& assembler, absl::Span<const Target> targets,
                         int threads) {
  FirstError error;
  size_t next = 0;
  const auto take = [&](tbb::flow_control& control) -> size_t {
    if (next < chunks.size() && !error.failed()) return next++;
    control.stop();
    return 0;
  };
  const auto write = [&](size_t i) {
    thread_local std::vector<uint8_t> buffer;
    const size_t file = chunks[i].file;
    ChunkWriter writer(layout.files[file].content, assembler, targets[file], buffer);
    error.Set(writer.Write(chunks[i]));
  };
  tbb::task_arena arena(ThreadCount(threads));
  arena.execute([&] {
    tbb::parallel_pipeline(static_cast<size_t>(ThreadCount(threads)),
                           tbb::make_filter<void, size_t>(tbb::filter_mode::serial_in_order, take) &
                               tbb::make_filter<size_t, void>(tbb::filter_mode::parallel, write));
  });
  return error.status();
}

}  // namespace onnx_reinit::write
