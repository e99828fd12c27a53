#include "infer/fixed_kernels.h"

#include <algorithm>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "base/text.h"
#include "infer/origin.h"
#include "infer/verdict.h"

namespace onnx_reinit::infer {
namespace {

using graph::NodeId;
using graph::ValueId;

class FixedKernels {
 public:
  FixedKernels(const SlotContext& context, const Layers& layers, const std::vector<Layer>& kernels)
      : context_(context), layers_(layers) {
    for (const Layer& kernel : kernels) {
      // A matrix on the left mixes places: what is added lies along the features of the data.
      const bool is_left = kernel.input == 0;
      if (!is_left && layers_.Of(kernel.node) == graph::kNone) {
        fact_of_.emplace(kernel.node, kernel.fact);
      }
    }
  }

  // The kernel, as an index into the facts, whose output a bias at `node` is added to; nothing
  // where it may be that of a learned weight.
  std::optional<size_t> Beside(NodeId node) const {
    if (const auto own = At(node)) return own;
    if (IsLayer(node)) return std::nullopt;
    const ValueId data = context_.levels.OnlyData(context_.graph.node(node));
    const auto kernel = data == graph::kNone ? std::nullopt : At(BareProductBehind(data));
    return kernel && !IsOfBareLayer(data) ? kernel : std::nullopt;
  }

 private:
  std::optional<size_t> At(NodeId node) const {
    const auto found = fact_of_.find(node);
    return found == fact_of_.end() ? std::nullopt : std::optional(found->second);
  }

  // The bias is an input of a layer of its own.
  bool IsLayer(NodeId node) const {
    return layers_.Of(node) != graph::kNone ||
           IsWeightProduct(context_.levels, context_.graph.node(node));
  }

  // The product, with nothing added to it, that `data` comes from; kNone where there is none.
  NodeId BareProductBehind(ValueId data) const {
    const Origin origin = OriginOf(context_, data);
    const bool is_product =
        origin.kind == OriginKind::kProduct || origin.kind == OriginKind::kDataProduct;
    if (!is_product || origin.is_shifted) return graph::kNone;
    return static_cast<NodeId>(origin.node - context_.graph.nodes.data());
  }

  // Behind the kernels that `data` comes from stands another product that has no bias yet.
  bool IsOfBareLayer(ValueId data) const {
    constexpr int kMaxKernels = 8;
    for (int step = 0; step < kMaxKernels && data != graph::kNone; ++step) {
      const NodeId product = BareProductBehind(data);
      if (product == graph::kNone) return false;
      if (!At(product)) return true;
      data = context_.levels.OnlyData(context_.graph.node(product));
    }
    return true;
  }

  const SlotContext& context_;
  const Layers& layers_;
  absl::flat_hash_map<NodeId, size_t> fact_of_;
};

void BecomeConstant(const TensorFacts& kernel, TensorFacts& bias) {
  MakeConstant(bias, Text("the weight beside it, ", kernel.name, ", is fixed: not learned"));
  bias.sum_following = Activation();
}

}  // namespace

void KeepBiasesOfFixedKernels(const SlotContext& context, const Layers& layers,
                              const std::vector<Layer>& kernels, const std::vector<BiasUse>& uses,
                              std::vector<TensorFacts>& facts) {
  if (kernels.empty()) return;
  const FixedKernels fixed(context, layers, kernels);
  for (auto first = uses.begin(); first != uses.end();) {
    const auto last = std::find_if(first, uses.end(),
                                   [&](const BiasUse& use) { return use.fact != first->fact; });
    const std::optional<size_t> kernel = fixed.Beside(first->node);
    const bool is_fixed = kernel && std::all_of(first, last, [&](const BiasUse& use) {
                            return fixed.Beside(use.node).has_value();
                          });
    if (is_fixed) BecomeConstant(facts[*kernel], facts[first->fact]);
    first = last;
  }
}

}  // namespace onnx_reinit::infer
