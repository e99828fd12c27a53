// How many threads work.
#ifndef ONNX_REINIT_BASE_THREADS_H_
#define ONNX_REINIT_BASE_THREADS_H_

#include <cstddef>

#include "absl/functional/function_ref.h"

namespace onnx_reinit {

// `threads`, or as many as there are processors for this thread where it is 0 or less.
int ThreadCount(int threads);

// Runs `work`, in which TBB's algorithms have ThreadCount(threads) threads, also where the machine
// has fewer. What they throw comes out.
void RunWithThreads(int threads, absl::FunctionRef<void()> work);

// Consecutive items that one thread takes at a time.
struct Share {
  size_t index = 0;  // of the share
  size_t begin = 0;  // of the items, [begin, end)
  size_t end = 0;
  size_t thread = 0;  // that takes it, less than SharingThreads
};

// How many shares `items` items have, whatever the number of threads.
size_t ShareCount(size_t items);
// The most threads that so many items are divided among, where `threads` are asked for. With fewer
// than a thousand items each, a thread takes longer to start than it saves.
size_t SharingThreads(int threads, size_t items);
// Calls `work` for each share: in order, by this thread, where that is the only one; else in any
// order, by several. `work` throws nothing.
void ForEachShare(int threads, size_t items, absl::FunctionRef<void(const Share&)> work);

}  // namespace onnx_reinit

#endif  // ONNX_REINIT_BASE_THREADS_H_
