#include "infer/channels.h"

#include <algorithm>
#include <deque>
#include <limits>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "infer/operator_sets.h"
#include "infer/origin.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;
using graph::ValueId;

constexpr size_t kMaxVisited = 200;
// Products of two such numbers fit into 64 bits.
constexpr int64_t kMaxChannels = std::numeric_limits<int32_t>::max();

// Values from `from` to `value`, both included, each an input of the node that makes the next;
// empty where no short way leads there without a product.
std::vector<ValueId> WayTo(const SlotContext& context, ValueId value, ValueId from) {
  std::deque<ValueId> queue = {value};
  absl::flat_hash_map<ValueId, ValueId> next = {{value, graph::kNone}};
  while (!queue.empty() && next.size() < kMaxVisited && !next.contains(from)) {
    const ValueId now = queue.front();
    queue.pop_front();
    const Node* node = context.graph.Producer(now);
    if (node == nullptr || IsWeightProduct(context.levels, *node)) continue;
    for (const ValueId input : node->inputs) {
      if (input != graph::kNone && next.try_emplace(input, now).second) queue.push_back(input);
    }
  }
  std::vector<ValueId> way;
  if (!next.contains(from)) return way;
  for (ValueId now = from; now != graph::kNone; now = next[now]) way.push_back(now);
  return way;
}

// Follows the axis of the channels, node by node, until a run of them is taken.
class Follower {
 public:
  Follower(const SlotContext& context, const ChannelAxis& axis)
      : context_(context), at_(axis), channels_(axis.channels) {}

  // False where the axis is lost. `run` is set where `node`, which makes `output`, takes one.
  bool Pass(const Node& node, ValueId output, std::optional<ChannelRun>& run) {
    if (node.Is("Split")) return Split(node, context_.graph.value(output).output, run);
    if (node.Is("Gather")) return Choose(node, run);
    if (node.Is("Slice")) return Slice(node, run);
    if (node.Is("Reshape")) return Reshape(node);
    if (node.Is("Transpose")) return Transpose(node);
    return node.Is("Cast") || node.Is("Identity") || node.Is("Dropout") ||
           IsIn(OperatorSet::kElementwise, node) || IsIn(OperatorSet::kRetype, node);
  }

 private:
  // A layer's own output has its channels last, or second where it is a convolution; which axis a
  // positive number is, is open where the rank is not known.
  bool IsChannels(int64_t axis) const {
    if (at_.rank == 0 && axis >= 0 && at_.axis < 0) return axis > 0;
    const auto positive = [&](int64_t a) { return a < 0 ? a + at_.rank : a; };
    return at_.rank == 0 ? axis == at_.axis : positive(axis) == positive(at_.axis);
  }

  void Take(int64_t begin, int64_t end, std::optional<ChannelRun>& run) const {
    const int64_t unit = channels_ / at_.channels;
    begin = std::clamp<int64_t>(begin < 0 ? begin + at_.channels : begin, 0, at_.channels);
    end = std::clamp<int64_t>(end < 0 ? end + at_.channels : end, 0, at_.channels);
    if (begin < end) run = {begin * unit, end * unit};
  }

  bool Split(const Node& node, int output, std::optional<ChannelRun>& run) const {
    if (!IsChannels(node.IntAttribute("axis", 0))) return false;
    auto sizes = context_.constants.List(node, "split", 1);
    const auto count = static_cast<int64_t>(node.outputs.size());
    if (!sizes || (sizes->empty() && at_.channels % count != 0)) return false;
    if (sizes->empty()) sizes->assign(node.outputs.size(), at_.channels / count);
    if (sizes->size() != node.outputs.size()) return false;
    std::vector<int64_t> ends;  // each within the channels, so that nothing overflows
    for (const int64_t size : *sizes) {
      if (size < 0 || size > at_.channels) return false;
      ends.push_back((ends.empty() ? 0 : ends.back()) + size);
      if (ends.back() > at_.channels) return false;
    }
    if (ends.back() != at_.channels) return false;
    const auto place = static_cast<size_t>(output);
    Take(place == 0 ? 0 : ends[place - 1], ends[place], run);
    return run.has_value();
  }

  bool Choose(const Node& node, std::optional<ChannelRun>& run) const {
    const auto index = context_.constants.Scalar(node.Input(1));
    if (!index || !IsChannels(node.IntAttribute("axis", 0))) return false;
    const auto channels = static_cast<double>(at_.channels);
    if (!(*index >= -channels && *index < channels)) return false;
    const auto at = static_cast<int64_t>(*index);
    Take(at, at == -1 ? at_.channels : at + 1, run);
    return run.has_value();
  }

  bool Slice(const Node& node, std::optional<ChannelRun>& run) const {
    const auto begins = context_.constants.List(node, "starts", 1);
    const auto ends = context_.constants.List(node, "ends", 2);
    const auto axes = context_.constants.List(node, "axes", 3);
    const auto steps = context_.constants.List(node, "steps", 4);
    const bool is_one = begins && ends && axes && steps && begins->size() == 1 &&
                        ends->size() == 1 && axes->size() == 1;
    if (!is_one || (!steps->empty() && (*steps)[0] != 1) || !IsChannels((*axes)[0])) return false;
    Take((*begins)[0], (*ends)[0], run);
    return run.has_value();
  }

  bool Transpose(const Node& node) {
    const absl::Span<const int64_t> order = node.IntsAttribute("perm");
    const auto rank = static_cast<int64_t>(order.size());
    const auto* found = std::ranges::find(order, at_.axis < 0 ? at_.axis + rank : at_.axis);
    if (found == order.end()) return false;
    at_ = {found - order.begin(), rank, at_.channels};
    return true;
  }

  // The channels become several axes, the slowest first; that one is followed.
  bool Reshape(const Node& node) {
    const std::vector<std::optional<int64_t>> dims = context_.constants.SomeIntegers(node.Input(1));
    if (at_.channels != channels_) return false;
    const bool is_last = at_.axis == -1 || at_.axis + 1 == at_.rank;
    for (size_t first = is_last ? 0 : 1; first < dims.size(); ++first) {
      int64_t product = 1;
      size_t last = first;
      for (; last < dims.size() && dims[last].value_or(0) > 0 && product < channels_; ++last) {
        product *= std::min(*dims[last], channels_ + 1);
      }
      const bool is_whole = product == channels_ && dims[first] != 1;
      if (!is_whole || (is_last && last != dims.size())) continue;
      at_ = {static_cast<int64_t>(first), static_cast<int64_t>(dims.size()), *dims[first]};
      return true;
    }
    return false;
  }

  const SlotContext& context_;
  ChannelAxis at_;  // now
  int64_t channels_;
};

}  // namespace

std::optional<ChannelRun> ChannelsOf(const SlotContext& context, ValueId value, ValueId from,
                                     const ChannelAxis& axis) {
  std::optional<ChannelRun> run;
  if (axis.channels <= 0 || axis.channels > kMaxChannels) return run;
  Follower follower(context, axis);
  const std::vector<ValueId> way = WayTo(context, value, from);
  for (size_t i = 1; i < way.size() && !run; ++i) {
    const Node& node = *context.graph.Producer(way[i]);
    if (!follower.Pass(node, way[i], run)) break;
  }
  return run;
}

}  // namespace onnx_reinit::infer
