#include "base/threads.h"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <thread>

#include "tbb/global_control.h"
#include "tbb/task_arena.h"

namespace onnx_reinit {
namespace {

#ifdef __GLIBC__
// Those on which this thread may run; none where there are too many for the type.
cpu_set_t MyProcessors() {
  cpu_set_t processors;
  CPU_ZERO(&processors);
  (void)sched_getaffinity(0, sizeof(processors), &processors);
  return processors;
}
#endif

// TBB's own answer takes a quarter of a millisecond: it looks for three libraries first.
int ProcessorCount() {
#ifdef __GLIBC__
  const cpu_set_t processors = MyProcessors();
  if (const int count = CPU_COUNT(&processors); count > 0) return count;
#endif
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

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

// Lets a new thread run on any processor but this thread's, where there is another: the kernels of
// some virtual machines would have it wait here for longer than all the work takes.
void AvoidThisProcessor([[maybe_unused]] pthread_attr_t& attributes) {
#ifdef __GLIBC__
  cpu_set_t others = MyProcessors();
  CPU_CLR(sched_getcpu(), &others);
  if (CPU_COUNT(&others) == 0) return;
  pthread_attr_setaffinity_np(&attributes, sizeof(others), &others);
#endif
}

// Another thread that takes shares, until none is left. Where the system gives no more threads, it
// takes none.
class Worker {
 public:
  Worker(Shares& shares, size_t number) : shares_(shares), number_(number) {
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) return;
    AvoidThisProcessor(attributes);
    is_running_ = pthread_create(&thread_, &attributes, &Work, this) == 0;
    pthread_attr_destroy(&attributes);
  }
  ~Worker() {
    if (is_running_) pthread_join(thread_, nullptr);
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

 private:
  static void* Work(void* worker) {
    const auto& self = *static_cast<Worker*>(worker);
    self.shares_.TakeAs(self.number_);
    return nullptr;
  }

  Shares& shares_;
  const size_t number_;
  pthread_t thread_ = {};
  bool is_running_ = false;
};

}  // namespace

int ThreadCount(int threads) { return threads > 0 ? threads : ProcessorCount(); }

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
  std::deque<Worker> others;
  for (size_t number = 1; number < count; ++number) others.emplace_back(shares, number);
  shares.TakeAs(0);
}

}  // namespace onnx_reinit
