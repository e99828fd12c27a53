#include "heap.h"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <functional>
#include <memory>

namespace onnx_reinit::tools {
namespace {

#ifdef __GLIBC__
constexpr size_t kHugePage = size_t{2} << 20;
constexpr int kLargestBlock = 32 << 20;  // the most that glibc takes from the heap
constexpr int kReserve = 512 << 20;      // addresses only: memory comes with use
constexpr int kNextReserve = 16 << 20;   // of the heaps of threads, too
constexpr int kNever = -1;
constexpr size_t kBookkeeping = 64;  // at least what malloc writes behind a block

constexpr size_t kFirst = 256 << 10;  // more than the heap has at the start: it must grow

// From the first of them behind `used`, which is returned; nullptr where there is none in the heap.
char* AskForHugePages(char* used) {
  void* begin = used;
  char* end = static_cast<char*>(sbrk(0));
  if (std::less<>()(end, used)) return nullptr;  // not in the heap
  auto size = static_cast<size_t>(end - used);
  if (std::align(kHugePage, kHugePage, begin, size) == nullptr) return nullptr;
  (void)madvise(begin, size, MADV_HUGEPAGE);
  return static_cast<char*>(begin);
}
#endif

}  // namespace

void PrepareHeap() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, kLargestBlock);
  mallopt(M_TRIM_THRESHOLD, kNever);
  mallopt(M_TOP_PAD, kReserve);
  auto* first = static_cast<char*>(malloc(kFirst));  // the heap grows by the reserve
  mallopt(M_TOP_PAD, kNextReserve);
  if (first == nullptr) return;
  // malloc has written behind the block, so that a huge page there would be small ones already.
  char* huge = AskForHugePages(first + kFirst + kBookkeeping);
  if (huge == nullptr) return free(first);
  // Each small page before the first huge one costs a fault: nobody gets them. It takes addresses
  // only.
  static void* rest = realloc(first, static_cast<size_t>(huge - first) - kBookkeeping);
  (void)rest;
#endif
}

}  // namespace onnx_reinit::tools
