#include "graph/names.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace onnx_reinit::graph {
namespace {

using ::testing::Eq;
using ::testing::Optional;

TEST(Names, AreFoundInnermostFirst) {
  Names outer;
  outer.Define("x", 1);
  outer.Define("y", 2);
  Names inner(&outer);
  inner.Define("x", 3);
  EXPECT_THAT(inner.Find("x"), Optional(3));
  EXPECT_THAT(inner.Find("y"), Optional(2));
  EXPECT_THAT(inner.Find("z"), Eq(std::nullopt));
  EXPECT_THAT(outer.Find("x"), Optional(1));
}

TEST(Names, OfOneScopeAreToldFromThoseAround) {
  Names outer;
  outer.Define("x", 1);
  const Names inner(&outer);
  EXPECT_THAT(inner.FindHere("x"), Eq(std::nullopt));
  EXPECT_THAT(outer.FindHere("x"), Optional(1));
}

TEST(Names, AreDefinedOnce) {
  Names names;
  EXPECT_TRUE(names.Define("x", 1));
  EXPECT_FALSE(names.Define("x", 2));
  EXPECT_THAT(names.Find("x"), Optional(1));
}

TEST(Names, OfAbsentInputsAreKnown) {
  Names outer;
  outer.Define("x", 1);
  Names inner(&outer);
  inner.Define("x", kNone);
  EXPECT_THAT(inner.Find("x"), Optional(kNone));
}

}  // namespace
}  // namespace onnx_reinit::graph
