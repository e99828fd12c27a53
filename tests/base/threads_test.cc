#include "base/threads.h"

#include <gtest/gtest.h>

#include <stdexcept>

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

}  // namespace
}  // namespace onnx_reinit
