#include "base/threads.h"

#include <cstddef>

#include "tbb/global_control.h"
#include "tbb/info.h"
#include "tbb/task_arena.h"

namespace onnx_reinit {

int ThreadCount(int threads) { return threads > 0 ? threads : tbb::info::default_concurrency(); }

void RunWithThreads(int threads, absl::FunctionRef<void()> work) {
  const int count = ThreadCount(threads);
  // Without it TBB takes no more threads than the machine has, and says so on stderr.
  const tbb::global_control allowed(tbb::global_control::max_allowed_parallelism,
                                    static_cast<size_t>(count));
  tbb::task_arena arena(count);
  arena.execute([&] { work(); });
}

}  // namespace onnx_reinit
