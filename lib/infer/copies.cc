#include "infer/copies.h"

#include <algorithm>
#include <cmath>

#include "absl/container/flat_hash_map.h"
#include "base/checked_math.h"
#include "base/element_type.h"
#include "base/text.h"

namespace onnx_reinit::infer {
namespace {

constexpr uint64_t kSample = 256;
constexpr size_t kMaxCandidates = 64;
// 8 bits leave a correlation above 0.9999; 4 bits with one scale for all channels, above 0.98.
constexpr double kSameNumbers = 0.98;

bool IsFloat(const TensorFacts& facts) {
  switch (static_cast<ElementType>(facts.tensor->data_type)) {
    case ElementType::kFloat:
    case ElementType::kFloat16:
    case ElementType::kBfloat16:
    case ElementType::kDouble:
      return true;
    default:
      return false;
  }
}

bool IsAskedForItsShapeOnly(const TensorFacts& facts) {
  return facts.role == Role::kConstant && IsFloat(facts) && facts.tensor->dims.size() >= 2 &&
         !facts.uses.empty() &&
         std::all_of(facts.uses.begin(), facts.uses.end(), [](const Use& use) {
           return use.op_type == "Shape" || use.op_type == "Size";
         });
}

bool IsQuantizedWeight(const TensorFacts& facts) {
  return facts.learned && IsWeight(facts.role) && !IsFloat(facts);
}

double Correlation(const std::vector<double>& x, const std::vector<double>& y) {
  const auto count = static_cast<double>(x.size());
  double mean_x = 0;
  double mean_y = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    mean_x += x[i] / count;
    mean_y += y[i] / count;
  }
  double xx = 0;
  double yy = 0;
  double xy = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
  }
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : 0;
}

// Keeps the identity and the uses of `copy`.
void BecomeWhat(const TensorFacts& weight, TensorFacts& copy) {
  TensorFacts facts = weight;
  facts.tensor = copy.tensor;
  facts.name = copy.name;
  facts.scope = copy.scope;
  facts.source = copy.source;
  facts.uses = copy.uses;
  facts.quantization.reset();
  facts.chain = {Text("its shape alone is used, and its numbers are those of the quantised weight ",
                      weight.name)};
  facts.chain.insert(facts.chain.end(), weight.chain.begin(), weight.chain.end());
  copy = std::move(facts);
}

class Samples {
 public:
  explicit Samples(const wire::ValueReader& values) : values_(values) {}

  // The first elements; empty where they cannot be read.
  const std::vector<double>& Of(const wire::Tensor& tensor) {
    const auto [entry, is_new] = samples_.try_emplace(&tensor);
    if (is_new) {
      const auto count = static_cast<uint64_t>(ElementCount(tensor.dims).value_or(0));
      auto read = values_.Read(tensor, 0, std::min(count, kSample));
      if (read.ok()) entry->second = *std::move(read);
    }
    return entry->second;
  }

 private:
  const wire::ValueReader& values_;
  absl::flat_hash_map<const wire::Tensor*, std::vector<double>> samples_;
};

using WeightsByDims = absl::flat_hash_map<std::vector<int64_t>, std::vector<size_t>>;

WeightsByDims QuantizedWeights(const std::vector<TensorFacts>& facts) {
  WeightsByDims weights;
  for (size_t i = 0; i < facts.size(); ++i) {
    if (!IsQuantizedWeight(facts[i])) continue;
    std::vector<size_t>& same_shape = weights[facts[i].tensor->dims];
    if (same_shape.size() < kMaxCandidates) same_shape.push_back(i);
  }
  return weights;
}

}  // namespace

void NoteCopies(const wire::ValueReader* values, std::vector<TensorFacts>& facts) {
  const WeightsByDims weights = QuantizedWeights(facts);
  if (values == nullptr || weights.empty()) return;
  Samples samples(*values);
  for (TensorFacts& copy : facts) {
    if (!IsAskedForItsShapeOnly(copy)) continue;
    const auto candidates = weights.find(copy.tensor->dims);
    if (candidates == weights.end()) continue;
    const std::vector<double> numbers = samples.Of(*copy.tensor);
    const auto same = std::find_if(
        candidates->second.begin(), candidates->second.end(), [&](size_t i) {
          const std::vector<double>& others = samples.Of(*facts[i].tensor);
          return !numbers.empty() && numbers.size() == others.size() &&
                 Correlation(numbers, others) >= kSameNumbers;
        });
    if (same != candidates->second.end()) BecomeWhat(facts[*same], copy);
  }
}

}  // namespace onnx_reinit::infer
