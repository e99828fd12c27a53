// Ctrl-C and its like: the run ends between two chunks, leaves nothing behind, and then dies of the
// signal, as a shell expects.
#ifndef ONNX_REINIT_TOOLS_INTERRUPT_H_
#define ONNX_REINIT_TOOLS_INTERRUPT_H_

#include <atomic>

namespace onnx_reinit::tools {

// From now on the first SIGINT, SIGTERM or SIGHUP only sets the flag that is returned; a second one
// ends the process at once. Signals that are ignored (nohup) stay so. A file that outgrows the limit
// on its size (ulimit -f) is an error, and no signal.
const std::atomic<bool>& WatchForInterrupts();

// Ends the process by the signal that came; returns where none did.
void DieOfInterrupt();

}  // namespace onnx_reinit::tools

#endif  // ONNX_REINIT_TOOLS_INTERRUPT_H_
