#include "infer/value_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace onnx_reinit::infer {
namespace {

using graph::ValueId;
using ::testing::ElementsAre;

std::vector<ValueId> TakeAll(ValueQueue& queue) {
  std::vector<ValueId> taken;
  while (!queue.IsEmpty()) taken.push_back(queue.Take());
  return taken;
}

// Few values are looked for one by one, many in a set.
TEST(ValueSetTest, TakesEachValueOnce) {
  ValueSet values;
  for (ValueId value = 0; value < 40; ++value) {
    EXPECT_TRUE(values.Add(value)) << value;
    EXPECT_FALSE(values.Add(value)) << value;
    EXPECT_FALSE(values.Add(0)) << value;
    EXPECT_EQ(values[values.size() - 1], value);
  }
  EXPECT_EQ(values.size(), 40);
}

TEST(ValueQueueTest, IsEmptyAtFirst) {
  const ValueQueue queue;
  EXPECT_TRUE(queue.IsEmpty());
  EXPECT_EQ(queue.added(), 0);
}

TEST(ValueQueueTest, GivesEachValueOnceInTheOrderTheyCame) {
  ValueQueue queue;
  queue.AddAll(std::vector<ValueId>{7, 3, 7, 5, 3});
  EXPECT_THAT(TakeAll(queue), ElementsAre(7, 3, 5));
}

TEST(ValueQueueTest, TakesNoAbsentValue) {
  ValueQueue queue;
  queue.Add(graph::kNone);
  EXPECT_TRUE(queue.IsEmpty());
}

TEST(ValueQueueTest, WhatWasTakenDoesNotComeBack) {
  ValueQueue queue;
  queue.Add(7);
  queue.Take();
  queue.Add(7);
  EXPECT_TRUE(queue.IsEmpty());
  EXPECT_EQ(queue.added(), 1);
  EXPECT_EQ(queue.taken(), 1);
}

TEST(ValueQueueTest, ContainsWhatWasAddedOnceItIsTakenToo) {
  ValueQueue queue;
  for (ValueId value = 0; value < 40; ++value) {
    EXPECT_FALSE(queue.Contains(value)) << value;
    queue.Add(value);
    EXPECT_TRUE(queue.Contains(value)) << value;
    EXPECT_EQ(queue.Take(), value);
    EXPECT_TRUE(queue.Contains(0)) << value;
  }
  EXPECT_FALSE(queue.Contains(40));
}

// Few values are looked for one by one, many in a set.
TEST(ValueQueueTest, ManyValuesComeOnceToo) {
  constexpr ValueId kMany = 1000;
  ValueQueue queue;
  for (int round = 0; round < 2; ++round) {
    for (ValueId value = 0; value < kMany; ++value) queue.Add(value);
  }
  const std::vector<ValueId> taken = TakeAll(queue);
  ASSERT_EQ(taken.size(), kMany);
  for (ValueId value = 0; value < kMany; ++value) {
    EXPECT_EQ(taken[static_cast<size_t>(value)], value);
  }
}

}  // namespace
}  // namespace onnx_reinit::infer
