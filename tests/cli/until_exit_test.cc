#include "until_exit.h"

#include <gtest/gtest.h>

#include <memory>
#include <utility>

namespace onnx_reinit::tools {
namespace {

TEST(KeepUntilExit, KeepsEachValueWhereItIs) {
  auto first = std::make_unique<int>(1);
  const int* const address = first.get();
  const std::unique_ptr<int>& kept = KeepUntilExit(std::move(first));
  for (int i = 2; i < 100; ++i) KeepUntilExit(std::make_unique<int>(i));
  EXPECT_EQ(kept.get(), address);
  EXPECT_EQ(*kept, 1);
}

struct Counted {
  explicit Counted(int& destroyed) : count(&destroyed) {}
  Counted(Counted&& other) noexcept : count(std::exchange(other.count, nullptr)) {}
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  Counted& operator=(Counted&&) = delete;
  ~Counted() {
    if (count != nullptr) ++*count;
  }
  int* count;  // nullptr once moved from
};

TEST(KeepUntilExit, DestroysNothingBefore) {
  static int destroyed = 0;
  KeepUntilExit(Counted(destroyed));
  KeepUntilExit(Counted(destroyed));
  EXPECT_EQ(destroyed, 0);
}

}  // namespace
}  // namespace onnx_reinit::tools
