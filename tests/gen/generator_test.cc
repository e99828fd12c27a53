#include "gen/generator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <vector>

#include "base/element_type.h"

namespace onnx_reinit::gen {
namespace {

std::vector<float> Floats(const Fill& fill, uint64_t count) {
  auto generator = Generator::Create(fill, TensorKey(42, "", "weight"), Kernel::kScalar);
  EXPECT_TRUE(generator.ok()) << generator.status();
  std::vector<float> values(count);
  (*generator)->Write(0, count, {reinterpret_cast<uint8_t*>(values.data()), count * 4});
  return values;
}

Fill FloatFill(const Values& values, std::vector<int64_t> dims) {
  Fill fill;
  fill.dims = std::move(dims);
  fill.data_type = static_cast<int32_t>(ElementType::kFloat);
  Piece piece;
  piece.values = values;
  fill.pieces = {piece};
  return fill;
}

TEST(TensorKeyTest, TellsScopeFromName) {
  EXPECT_NE(TensorKey(1, "a", "b"), TensorKey(1, "", "ab"));
  EXPECT_NE(TensorKey(1, "a", "b"), TensorKey(2, "a", "b"));
}

TEST(GeneratorTest, NormalHasItsMeanAndStd) {
  Values values;
  values.distribution = Distribution::kNormal;
  values.mean = 1;
  values.std = 0.5;
  const std::vector<float> drawn = Floats(FloatFill(values, {1000, 1000}), 1000000);
  double sum = 0;
  double squares = 0;
  for (const float x : drawn) {
    sum += x;
    squares += (x - 1.0) * (x - 1.0);
  }
  EXPECT_NEAR(sum / 1e6, 1, 0.0025);  // 5 standard errors
  EXPECT_NEAR(std::sqrt(squares / 1e6), 0.5, 0.0018);
}

}  // namespace
}  // namespace onnx_reinit::gen
