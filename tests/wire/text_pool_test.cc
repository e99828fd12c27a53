#include "wire/text_pool.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace onnx_reinit::wire {
namespace {

using ::testing::ElementsAreArray;

std::string_view Put(TextPool& pool, std::string_view text) {
  char* place = pool.Add(text.size());
  std::copy(text.begin(), text.end(), place);
  return {place, text.size()};
}

TEST(TextPool, NeitherGrowthNorMoveTouchesATextThatStands) {
  std::vector<std::string> texts;
  for (const size_t size : {0, 1, 70'000, 5, 65'536, 40'000, 40'000, 3}) {
    texts.emplace_back(size, static_cast<char>('a' + texts.size()));
  }
  TextPool first;
  std::vector<std::string_view> kept;
  kept.reserve(texts.size() + 1);
  for (const std::string& text : texts) kept.push_back(Put(first, text));
  TextPool pool = std::move(first);
  kept.push_back(Put(pool, "behind"));
  texts.emplace_back("behind");
  EXPECT_THAT(kept, ElementsAreArray(texts));
}

TEST(TextPool, ShortTextsFollowEachOther) {
  TextPool pool;
  const std::string_view one = Put(pool, "one");
  const std::string_view two = Put(pool, "two");
  EXPECT_EQ(two.data(), one.data() + one.size());
}

}  // namespace
}  // namespace onnx_reinit::wire
