#include "heap.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

namespace onnx_reinit::tools {
namespace {

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)

constexpr size_t kMebibyte = size_t{1} << 20;

// Each in a process of its own: the heap is the process's.
class PrepareHeapDeathTest : public testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

// The flags of the heap's mapping: "hg" where huge pages were asked for.
std::string FlagsOfHeap() {
  std::ifstream maps("/proc/self/smaps");
  bool is_heap = false;
  for (std::string line; std::getline(maps, line);) {
    if (line.find("[heap]") != std::string::npos) is_heap = true;
    if (is_heap && line.starts_with("VmFlags:") && line.find(" hg") != std::string::npos) {
      return line;
    }
  }
  return "";
}

[[noreturn]] void ExitAsked() {
  PrepareHeap();
  std::exit(FlagsOfHeap().empty() ? 1 : 0);
}

TEST_F(PrepareHeapDeathTest, AsksForHugePages) {
  struct stat info = {};
  if (stat("/sys/kernel/mm/transparent_hugepage", &info) != 0) GTEST_SKIP() << "no huge pages";
  EXPECT_EXIT(ExitAsked(), testing::ExitedWithCode(0), "");
}

// With addresses for `limit` bytes more than the program itself takes.
[[noreturn]] void ExitAfterUse(size_t limit) {
  std::ifstream statm("/proc/self/statm");
  size_t pages = 0;
  statm >> pages;
  const rlim_t all = pages * static_cast<size_t>(sysconf(_SC_PAGESIZE)) + limit;
  const rlimit few = {all, all};
  if (setrlimit(RLIMIT_AS, &few) != 0) std::exit(2);
  PrepareHeap();
  std::vector<char*> blocks;
  for (int i = 0; i < 50; ++i) {
    blocks.push_back(static_cast<char*>(std::malloc(kMebibyte)));
    if (blocks.back() == nullptr) std::exit(1);
    std::memset(blocks.back(), i, kMebibyte);
  }
  std::for_each(blocks.begin(), blocks.end(), std::free);
  std::exit(0);
}

TEST_F(PrepareHeapDeathTest, LeavesWhatThereIsWhereAddressesAreScarce) {
  EXPECT_EXIT(ExitAfterUse(100 * kMebibyte), testing::ExitedWithCode(0), "");
}

TEST_F(PrepareHeapDeathTest, MakesNoMemoryOutOfNothing) {
  EXPECT_EXIT(ExitAfterUse(10 * kMebibyte), testing::ExitedWithCode(1), "");
}

#endif

}  // namespace
}  // namespace onnx_reinit::tools
