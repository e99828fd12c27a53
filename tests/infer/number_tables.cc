#include "infer/number_tables.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "base/element_type.h"
#include "base/narrow_float.h"

namespace onnx_reinit::test {
namespace {

size_t Count(const Dims& dims) {
  size_t count = 1;
  for (const int64_t dim : dims) count *= static_cast<size_t>(dim);
  return count;
}

// The same on every machine: no distribution of the standard library.
class Source {
 public:
  double Uniform() { return static_cast<double>(engine_()) / 0x1p32; }
  double Normal() {
    double sum = 0;
    for (int i = 0; i < 3; ++i) sum += Uniform();
    return 2 * sum - 3;
  }

 private:
  std::mt19937 engine_{20240611};
};

template <typename Make>
std::vector<double> Filled(const Dims& dims, Make make) {
  std::vector<double> values(Count(dims));
  Source source;
  for (double& value : values) value = make(source);
  return values;
}

}  // namespace

std::vector<double> Tabulate(const Dims& dims, const At& at) {
  std::vector<double> values(Count(dims));
  std::vector<double> index(dims.size());
  for (double& value : values) {
    value = at(index);
    for (size_t i = dims.size(); i-- > 0;) {
      if (++index[i] < static_cast<double>(dims[i])) break;
      index[i] = 0;
    }
  }
  return values;
}

std::vector<double> NormalNoise(const Dims& dims) {
  return Filled(dims, [](Source& source) { return 0.02 * source.Normal(); });
}

std::vector<double> UniformNoise(const Dims& dims) {
  return Filled(dims, [](Source& source) { return 0.2 * source.Uniform() - 0.1; });
}

std::vector<double> CoarseNoise(const Dims& dims) {
  constexpr size_t kPeriod = 1021;
  const NarrowFloatFormat& half = *FindNarrowFloatFormat(ElementType::kFloat16);
  std::vector<double> values = NormalNoise(dims);
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = i < kPeriod ? DecodeNarrowFloat(
                                  EncodeNarrowFloat(static_cast<float>(values[i]), half), half)
                            : values[i - kPeriod];
  }
  return values;
}

std::vector<double> PaddedNoise(const Dims& dims) {
  std::vector<double> values = NormalNoise(dims);
  const size_t row = dims.empty() ? 0 : Count({dims.back()});
  if (2 * row <= values.size()) std::fill_n(values.begin(), row, 0);
  return values;
}

std::vector<double> SmoothRows(const Dims& dims) {
  const auto columns = static_cast<size_t>(dims.empty() ? 1 : dims.back());
  std::vector<double> values = NormalNoise(dims);
  Source source;
  for (size_t column = 0; column < columns; ++column) {
    const double amplitude = source.Normal();
    const double other = source.Normal();
    const double speed = 0.3 * source.Uniform();
    const double phase = 6 * source.Uniform();
    for (size_t i = column, row = 0; i < values.size(); i += columns, ++row) {
      const auto time = static_cast<double>(row);
      values[i] = amplitude * std::sin(speed * time + phase) +
                  other * std::cos(0.37 * speed * time) + 0.05 * values[i];
    }
  }
  return values;
}

std::vector<double> PrunedNoise(const Dims& dims) {
  return Filled(dims, [](Source& source) {
    const double value = source.Normal();
    return source.Uniform() < 0.9 ? 0 : value;
  });
}

std::vector<double> TernaryNoise(const Dims& dims) {
  return Filled(dims, [](Source& source) { return std::floor(3 * source.Uniform()) - 1; });
}

std::vector<double> BinaryNoise(const Dims& dims) {
  return Filled(dims, [](Source& source) { return source.Uniform() < 0.5 ? -1 : 1; });
}

std::vector<double> RectifiedNoise(const Dims& dims) {
  return Filled(dims, [](Source& source) { return std::max(0.0, source.Normal()); });
}

}  // namespace onnx_reinit::test
