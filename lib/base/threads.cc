#include "base/threads.h"

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>
#include <vector>

#include "tbb/global_control.h"
#include "tbb/info.h"
#include "tbb/task_arena.h"

namespace onnx_reinit {
namespace {

constexpr size_t kItemsOfThread = 1000;
constexpr size_t kItemsOfShare = 64;

Share ShareOf(size_t items, size_t index, size_t thread) {
  const size_t begin = index * kItemsOfShare;
  return {index, begin, std::min(begin + kItemsOfShare, items), thread};
}

// Takes one share after the other of those that no thread has taken.
class Shares {
 public:
  Shares(size_t items, absl::FunctionRef<void(const Share&)> work) : items_(items), work_(work) {}

  void TakeAs(size_t thread) {
    for (size_t i = next_++; i < count_; i = next_++) work_(ShareOf(items_, i, thread));
  }

 private:
  const size_t items_;
  const size_t count_ = ShareCount(items_);
  const absl::FunctionRef<void(const Share&)> work_;
  std::atomic<size_t> next_ = 0;
};

}  // namespace

int ThreadCount(int threads) { return threads > 0 ? threads : tbb::info::default_concurrency(); }

void RunWithThreads(int threads, absl::FunctionRef<void()> work) {
  const int count = ThreadCount(threads);
  // Without it TBB takes no more threads than the machine has, and says so on stderr.
  const tbb::global_control allowed(tbb::global_control::max_allowed_parallelism,
                                    static_cast<size_t>(count));
  tbb::task_arena arena(count);
  arena.execute([&] { work(); });
}

size_t ShareCount(size_t items) { return (items + kItemsOfShare - 1) / kItemsOfShare; }

size_t SharingThreads(int threads, size_t items) {
  const size_t most = std::max<size_t>(items / kItemsOfThread, 1);
  return most == 1 ? 1 : std::min(most, static_cast<size_t>(ThreadCount(threads)));
}

// Threads of its own, for a few milliseconds: to start one takes a tenth of what TBB's first use
// takes.
void ForEachShare(int threads, size_t items, absl::FunctionRef<void(const Share&)> work) {
  const size_t count = SharingThreads(threads, items);
  Shares shares(items, work);
  std::vector<std::thread> others;
  others.reserve(count);
  try {
    while (others.size() + 1 < count) {
      others.emplace_back(&Shares::TakeAs, &shares, others.size() + 1);
    }
  } catch (const std::system_error&) {  // the system gives no more
  }
  shares.TakeAs(0);
  for (std::thread& other : others) other.join();
}

}  // namespace onnx_reinit
