#include "base/threads.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tbb/task_arena.h"

namespace onnx_reinit {
namespace {

TEST(ThreadCount, IsWhatIsAskedFor) { EXPECT_EQ(ThreadCount(3), 3); }

TEST(ThreadCount, IsTheMachinesWhereNothingIsAskedFor) {
  EXPECT_GE(ThreadCount(0), 1);
  EXPECT_EQ(ThreadCount(-1), ThreadCount(0));
}

class RunWithThreadsTest : public testing::TestWithParam<int> {};

TEST_P(RunWithThreadsTest, GivesSoManyToTheWork) {
  int seen = 0;
  RunWithThreads(GetParam(), [&] { seen = tbb::this_task_arena::max_concurrency(); });
  EXPECT_EQ(seen, GetParam());
}

// 64 are more than the machine has, or may be.
INSTANTIATE_TEST_SUITE_P(Counts, RunWithThreadsTest, testing::Values(1, 2, 64),
                         testing::PrintToStringParamName());

TEST(RunWithThreads, LetsExceptionsOut) {
  EXPECT_THROW(RunWithThreads(2, [] { throw std::length_error("too long"); }), std::length_error);
}

struct ShareCase {
  const char* name;
  size_t items;
  int threads;
};

class ForEachShareTest : public testing::TestWithParam<ShareCase> {};

TEST_P(ForEachShareTest, EachItemIsInOneShare) {
  const auto& [name, items, threads] = GetParam();
  std::vector<std::atomic<int>> seen(items);
  std::vector<std::atomic<int>> shares(ShareCount(items));
  ForEachShare(threads, items, [&](const Share& share) {
    EXPECT_LT(share.begin, share.end);
    ++shares[share.index];
    for (size_t i = share.begin; i < share.end; ++i) ++seen[i];
  });
  for (const std::atomic<int>& times : seen) EXPECT_EQ(times, 1);
  for (const std::atomic<int>& times : shares) EXPECT_EQ(times, 1);
}

TEST_P(ForEachShareTest, SharesHaveTheOrderOfTheirItems) {
  std::vector<size_t> ends(ShareCount(GetParam().items));
  ForEachShare(GetParam().threads, GetParam().items,
               [&](const Share& share) { ends[share.index] = share.end; });
  for (size_t i = 1; i < ends.size(); ++i) EXPECT_LT(ends[i - 1], ends[i]);
  EXPECT_EQ(ends.empty() ? 0 : ends.back(), GetParam().items);
}

INSTANTIATE_TEST_SUITE_P(Rows, ForEachShareTest,
                         testing::Values(ShareCase{"none", 0, 2}, ShareCase{"one", 1, 2},
                                         ShareCase{"few", 130, 2}, ShareCase{"many", 2000, 2},
                                         ShareCase{"many_and_a_rest", 7777, 7},
                                         ShareCase{"many_by_one", 4321, 1}),
                         [](const auto& row) { return row.param.name; });

// So that each can have what it remembers to itself.
TEST(ForEachShare, EachThreadHasANumberOfItsOwn) {
  constexpr int kThreads = 4;
  constexpr size_t kItems = 100'000;
  ASSERT_EQ(SharingThreads(kThreads, kItems), kThreads);
  std::vector<std::atomic<std::thread::id>> thread_of(kThreads);
  thread_of[0] = std::this_thread::get_id();
  ForEachShare(kThreads, kItems, [&](const Share& share) {
    ASSERT_LT(share.thread, thread_of.size());
    std::thread::id expected;  // of no thread
    thread_of[share.thread].compare_exchange_strong(expected, std::this_thread::get_id());
    EXPECT_EQ(thread_of[share.thread].load(), std::this_thread::get_id());
  });
}

TEST(SharingThreads, AreAsManyAsHaveEnoughToDo) {
  EXPECT_EQ(SharingThreads(8, 0), 1U);
  EXPECT_EQ(SharingThreads(8, 1999), 1U);
  EXPECT_EQ(SharingThreads(8, 2000), 2U);
  EXPECT_EQ(SharingThreads(8, 1'000'000), 8U);
  EXPECT_EQ(SharingThreads(1, 1'000'000), 1U);
  EXPECT_EQ(SharingThreads(0, 1'000'000), static_cast<size_t>(ThreadCount(0)));
}

TEST(ForEachShare, FewItemsStayWithTheCaller) {
  ASSERT_EQ(SharingThreads(8, 100), 1U);
  const std::thread::id caller = std::this_thread::get_id();
  size_t next = 0;
  ForEachShare(8, 100, [&](const Share& share) {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    EXPECT_EQ(share.index, next++);
  });
}

#ifdef __GLIBC__
// The processors on which this thread may run.
cpu_set_t Processors() {
  cpu_set_t processors;
  CPU_ZERO(&processors);
  EXPECT_EQ(sched_getaffinity(0, sizeof(processors), &processors), 0);
  return processors;
}

// Leaves this thread so many processors.
void TakeProcessors(int count) {
  cpu_set_t few = Processors();
  for (int i = 0; CPU_COUNT(&few) > count; ++i) CPU_CLR(i, &few);
  EXPECT_EQ(sched_setaffinity(0, sizeof(few), &few), 0);
}

TEST(ThreadCount, LeavesOutProcessorsThatAreForOthers) {
  std::thread([] {
    TakeProcessors(1);
    EXPECT_EQ(ThreadCount(0), 1);
    EXPECT_EQ(ThreadCount(2), 2);
  }).join();
}

// The processors on which the second thread may run, where the first one may run on `count`.
cpu_set_t ProcessorsOfSecondThread(int count) {
  cpu_set_t second = {};
  std::thread([&] {
    TakeProcessors(count);
    std::atomic<bool> is_known = false;
    ForEachShare(2, 2000, [&](const Share& share) {
      if (share.thread == 0) return is_known.wait(false);
      second = Processors();
      is_known = true;
      is_known.notify_one();
    });
  }).join();
  return second;
}

TEST(ForEachShare, AnotherThreadMayNotStartOnTheCallersProcessor) {
  const cpu_set_t all = Processors();
  if (CPU_COUNT(&all) < 2) GTEST_SKIP() << "there is one processor only";
  const cpu_set_t second = ProcessorsOfSecondThread(2);
  EXPECT_EQ(CPU_COUNT(&second), 1);
}

TEST(ForEachShare, AnotherThreadStartsThereIfThereIsNoOther) {
  const cpu_set_t second = ProcessorsOfSecondThread(1);
  EXPECT_EQ(CPU_COUNT(&second), 1);
}
#endif

}  // namespace
}  // namespace onnx_reinit
