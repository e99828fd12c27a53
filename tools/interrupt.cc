#include "interrupt.h"

#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigaction is POSIX

#include <array>

namespace onnx_reinit::tools {
namespace {

constexpr auto kSignals = std::to_array({SIGINT, SIGTERM, SIGHUP});

std::atomic<bool> interrupted = false;
std::atomic<int> signal_that_came = 0;
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free,
              "a signal handler may touch nothing else");

void OnSignal(int number) {
  signal_that_came = number;
  interrupted = true;
}

// No SA_RESTART: a read that waits for a pipe ends.
void Watch(int number) {
  struct sigaction action = {};
  if (sigaction(number, nullptr, &action) != 0 || action.sa_handler == SIG_IGN) return;
  action = {};
  action.sa_handler = OnSignal;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(number, &action, nullptr);
}

}  // namespace

const std::atomic<bool>& WatchForInterrupts() {
  for (const int number : kSignals) Watch(number);
  signal(SIGXFSZ, SIG_IGN);
  return interrupted;
}

void DieOfInterrupt() {
  if (signal_that_came != 0) raise(signal_that_came);
}

}  // namespace onnx_reinit::tools
