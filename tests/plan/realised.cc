#include "plan/realised.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <numeric>

#include "gen/generator.h"

namespace onnx_reinit::plan {

std::vector<float> Realise(const Fill& fill) {
  constexpr uint64_t kKey = 20240229;
  const auto generator = gen::Generator::Create(fill, kKey, Kernel::kBest);
  if (!generator.ok()) return {};
  const auto count =
      std::accumulate(fill.dims.begin(), fill.dims.end(), int64_t{1}, std::multiplies<>());
  std::vector<float> values(static_cast<size_t>(count));
  (*generator)
      ->Write(0, values.size(),
              {reinterpret_cast<uint8_t*>(values.data()), values.size() * sizeof(float)});
  return values;
}

SampleMoments MomentsOf(const std::vector<float>& values) {
  SampleMoments moments;
  const auto n = static_cast<double>(values.size());
  for (const float value : values) moments.mean += value / n;
  double fourth = 0;
  for (const float value : values) {
    const double square = (value - moments.mean) * (value - moments.mean);
    moments.std += square / n;
    fourth += square * square / n;
  }
  if (moments.std > 0) moments.kurtosis = fourth / (moments.std * moments.std);
  moments.std = std::sqrt(moments.std);
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  moments.lowest = *low;
  moments.highest = *high;
  return moments;
}

}  // namespace onnx_reinit::plan
