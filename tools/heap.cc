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
constexpr int kNextReserve = 1 << 20;
constexpr int kNever = -1;

// From `begin` to the end of the heap.
void AskForHugePages(void* begin) {
  char* end = static_cast<char*>(sbrk(0));
  if (std::less<>()(end, begin)) return;  // not in the heap
  auto size = static_cast<size_t>(end - static_cast<char*>(begin));
  if (std::align(kHugePage, kHugePage, begin, size) == nullptr) return;
  (void)madvise(begin, size, MADV_HUGEPAGE);
}
#endif

}  // namespace

void PrepareHeap() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, kLargestBlock);
  mallopt(M_TRIM_THRESHOLD, kNever);
  mallopt(M_TOP_PAD, kReserve);
  void* first = malloc(kHugePage);  // the heap grows by the reserve
  mallopt(M_TOP_PAD, kNextReserve);
  if (first != nullptr) AskForHugePages(first);
  free(first);
#endif
}

}  // namespace onnx_reinit::tools
