// How many threads work.
#ifndef ONNX_REINIT_BASE_THREADS_H_
#define ONNX_REINIT_BASE_THREADS_H_

#include <cstddef>

#include "absl/functional/function_ref.h"

namespace onnx_reinit {

// `threads`, or as many as the machine has where it is 0 or less.
int ThreadCount(int threads);

// Runs `work`, in which TBB's algorithms have ThreadCount(threads) threads, also where the machine
// has fewer. What they throw comes out.
void RunWithThreads(int threads, absl::FunctionRef<void()> work);

// Consecutive items that one thread takes at a time.
struct Share {
  size_t index = 0;  // of the share
  size_t begin = 0;  // of the items, [begin, end)
  size_t end = 0;
};

// How many shares `items` items have, whatever the number of threads.
size_t ShareCount(size_t items);
// With fewer items a thread takes longer to start than it saves.
bool AreForThreads(size_t items);
// Calls `work` for each share: in order, by this thread, where the items are not for threads; else
// in any order, by several.
void ForEachShare(int threads, size_t items, absl::FunctionRef<void(const Share&)> work);

}  // namespace onnx_reinit

#endif  // ONNX_REINIT_BASE_THREADS_H_
