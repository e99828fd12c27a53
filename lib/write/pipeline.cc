#include "write/pipeline.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "base/threads.h"
#include "tbb/parallel_pipeline.h"

namespace onnx_reinit::write {
namespace {

constexpr size_t kMaxChunksInFlight = 32;
// TBB's first use takes as long as filling one or two: it looks for three libraries.
constexpr size_t kFewChunks = 2;

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

class Progress {
 public:
  Progress(absl::Span<const Chunk> chunks, const WriteOptions& options) : options_(options) {
    for (const Chunk& chunk : chunks) total_ += chunk.end - chunk.begin;
  }
  void Add(const Chunk& chunk) {
    done_ += chunk.end - chunk.begin;
    if (options_.progress) options_.progress(done_, total_);
  }

 private:
  const WriteOptions& options_;
  uint64_t done_ = 0;
  uint64_t total_ = 0;
};

bool IsCancelled(const WriteOptions& options) {
  return options.cancelled != nullptr && options.cancelled->load(std::memory_order_relaxed);
}

size_t Threads(const WriteOptions& options) {
  return static_cast<size_t>(ThreadCount(options.threads));
}

// Calls start(i) for every chunk i in order, one at a time, then work(i, slot) in parallel, and
// then finish(i, slot) in order. At most `slots` chunks are under way at once, and no two of them
// share a slot. Few chunks are this thread's alone.
template <typename Start, typename Work, typename Finish>
absl::Status RunInOrder(absl::Span<const Chunk> chunks, size_t slots, const WriteOptions& options,
                        Start start, Work work, Finish finish) {
  FirstError error;
  size_t next = 0;
  const auto take = [&]() -> std::optional<size_t> {
    if (IsCancelled(options)) error.Set(absl::CancelledError("interrupted"));
    if (next == chunks.size() || error.failed()) return std::nullopt;
    error.Set(start(next));
    return next++;
  };
  const auto run = [&](size_t i) {
    if (!error.failed()) error.Set(work(i, i % slots));
    return i;
  };
  Progress progress(chunks, options);
  const auto end = [&](size_t i) {
    if (!error.failed()) error.Set(finish(i, i % slots));
    if (!error.failed()) progress.Add(chunks[i]);
  };
  if (chunks.size() <= kFewChunks) {
    while (const std::optional<size_t> i = take()) end(run(*i));
    return error.status();
  }
  const auto take_or_stop = [&](tbb::flow_control& control) -> size_t {
    const std::optional<size_t> i = take();
    if (!i) control.stop();
    return i.value_or(0);
  };
  using Mode = tbb::filter_mode;
  RunWithThreads(options.threads, [&] {
    tbb::parallel_pipeline(slots,
                           tbb::make_filter<void, size_t>(Mode::serial_in_order, take_or_stop) &
                               tbb::make_filter<size_t, size_t>(Mode::parallel, run) &
                               tbb::make_filter<size_t, void>(Mode::serial_in_order, end));
  });
  return error.status();
}

}  // namespace

absl::Status WriteChunks(const Layout& layout, absl::Span<const Chunk> chunks,
                         const Assembler& assembler, absl::Span<Target> targets, Extent extent,
                         const WriteOptions& options) {
  const size_t in_flight = std::min(Threads(options), kMaxChunksInFlight);
  std::vector<std::vector<uint8_t>> buffers(in_flight);
  const auto write = [&](size_t i, size_t slot) {
    const size_t file = chunks[i].file;
    ChunkWriter writer(layout.files[file].content, assembler, targets[file], extent, buffers[slot]);
    return writer.Write(chunks[i]);
  };
  const auto open = [&](size_t i) { return targets[chunks[i].file].Open(); };
  const auto close = [&](size_t i, size_t /*slot*/) {
    Target& target = targets[chunks[i].file];
    const bool is_last = i + 1 == chunks.size() || chunks[i + 1].file != chunks[i].file;
    if (is_last) return target.Close(MustSync(options));
    if (MustSync(options)) target.StartWriteback(chunks[i].end);
    return absl::OkStatus();
  };
  return RunInOrder(chunks, in_flight, options, open, write, close);
}

absl::Status StreamChunks(const Layout& layout, absl::Span<const Chunk> chunks,
                          const Assembler& assembler, const Stream& stream,
                          const WriteOptions& options) {
  const size_t slots = std::min(2 * Threads(options), kMaxChunksInFlight);
  std::vector<std::vector<uint8_t>> buffers(slots);
  const auto fill = [&](size_t i, size_t slot) {
    const Chunk& chunk = chunks[i];
    buffers[slot].resize(chunk.end - chunk.begin);
    return assembler.Fill(layout.files[chunk.file].content, chunk.begin,
                          absl::MakeSpan(buffers[slot]));
  };
  const auto write = [&](size_t /*i*/, size_t slot) { return stream.Write(buffers[slot]); };
  const auto nothing = [](size_t /*i*/) { return absl::OkStatus(); };
  return RunInOrder(chunks, slots, options, nothing, fill, write);
}

}  // namespace onnx_reinit::write
