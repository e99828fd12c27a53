// How many threads work.
#ifndef ONNX_REINIT_BASE_THREADS_H_
#define ONNX_REINIT_BASE_THREADS_H_

#include "absl/functional/function_ref.h"

namespace onnx_reinit {

// `threads`, or as many as the machine has where it is 0 or less.
int ThreadCount(int threads);

// Runs `work`, in which TBB's algorithms have ThreadCount(threads) threads, also where the machine
// has fewer. What they throw comes out.
void RunWithThreads(int threads, absl::FunctionRef<void()> work);

}  // namespace onnx_reinit

#endif  // ONNX_REINIT_BASE_THREADS_H_
