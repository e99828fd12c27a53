#include "base/threads.h"

#include <algorithm>

#include "tbb/global_control.h"
#include "tbb/info.h"
#include "tbb/parallel_for.h"
#include "tbb/task_arena.h"

namespace onnx_reinit {
namespace {

constexpr size_t kItemsForThreads = 1000;
constexpr size_t kItemsOfShare = 64;

Share ShareOf(size_t items, size_t index) {
  const size_t begin = index * kItemsOfShare;
  return {index, begin, std::min(begin + kItemsOfShare, items)};
}

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

bool AreForThreads(size_t items) { return items >= kItemsForThreads; }

void ForEachShare(int threads, size_t items, absl::FunctionRef<void(const Share&)> work) {
  const size_t shares = ShareCount(items);
  if (!AreForThreads(items)) {
    for (size_t i = 0; i < shares; ++i) work(ShareOf(items, i));
    return;
  }
  RunWithThreads(threads, [&] {
    tbb::parallel_for(size_t{0}, shares, [&](size_t i) { work(ShareOf(items, i)); });
  });
}

}  // namespace onnx_reinit
