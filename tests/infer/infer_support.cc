#include "infer_support.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_join.h"
#include "base/text.h"
#include "gtest/gtest.h"
#include "infer/infer.h"
#include "infer/reach.h"
#include "infer/region.h"
#include "onnx/onnx_pb.h"
#include "support/model_proto.h"

namespace onnx_reinit::test {
namespace {

using graph::NodeId;
using graph::ValueId;
using infer::AxisLabel;
using infer::Factor;
using infer::View;

constexpr auto kDomains =
    std::to_array<std::string_view>({"com.microsoft", "com.microsoft.nchwc", "com.ms.internal.nhwc",
                                     "onnx.brevitas", "qonnx.custom_op.general", "local", "other"});

std::string Header(const ModelOptions& options) {
  std::string text =
      Text("<ir_version: ", options.ir_version, ", opset_import: [\"\" : ", options.opset);
  for (const std::string_view domain : kDomains) text += Text(", \"", domain, "\" : 1");
  return text + "]>\n";
}

// In (-0.1, 0.1), never 0, and different for each element: as trained values look.
double Noise(size_t index) {
  uint64_t bits = (index + 1) * 0x9e3779b97f4a7c15U;
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9U;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebU;
  const double uniform = static_cast<double>((bits ^ (bits >> 31)) >> 11) * 0x1p-53;
  return 0.2 * (uniform - 0.5) + 1e-7;
}

size_t BytesOf(int data_type, size_t elements) {
  switch (data_type) {
    case onnx::TensorProto::FLOAT:
    case onnx::TensorProto::INT32:
    case onnx::TensorProto::UINT32:
      return 4 * elements;
    case onnx::TensorProto::DOUBLE:
      return 8 * elements;
    case onnx::TensorProto::FLOAT16:
    case onnx::TensorProto::BFLOAT16:
    case onnx::TensorProto::UINT16:
    case onnx::TensorProto::INT16:
      return 2 * elements;
    case onnx::TensorProto::UINT8:
    case onnx::TensorProto::INT8:
      return elements;
    default:
      return 0;
  }
}

void FillWith(const ElementOf& element, size_t elements, onnx::TensorProto& tensor) {
  if (tensor.data_type() == onnx::TensorProto::FLOAT) {
    for (size_t i = 0; i < elements; ++i) {
      tensor.add_float_data(static_cast<float>(element(i)));
    }
  } else if (tensor.data_type() == onnx::TensorProto::DOUBLE) {
    for (size_t i = 0; i < elements; ++i) tensor.add_double_data(element(i));
  } else {
    // Any bits will do, but no infinity and no NaN: the exponent's highest bit stays clear.
    std::string& raw = *tensor.mutable_raw_data();
    raw.resize(BytesOf(tensor.data_type(), elements));
    for (size_t i = 0; i < raw.size(); ++i) {
      raw[i] = static_cast<char>(static_cast<int>(Noise(i) * 1250) & 0xbf);
    }
  }
}

// Dims that are all numbers; false where one is not.
bool DimsOf(const onnx::ValueInfoProto& info, std::vector<int64_t>& dims, size_t& elements) {
  elements = 1;
  for (const auto& dim : info.type().tensor_type().shape().dim()) {
    if (!dim.has_dim_value()) return false;
    dims.push_back(dim.dim_value());
    elements *= static_cast<size_t>(dim.dim_value());
  }
  return true;
}

class Filler {
 public:
  explicit Filler(const std::vector<Filling>& fillings) : fillings_(fillings) {}

  void Fill(onnx::GraphProto& graph) const {
    absl::flat_hash_set<std::string> made;
    for (auto& node : *graph.mutable_node()) {
      made.insert(node.output().begin(), node.output().end());
      for (auto& attribute : *node.mutable_attribute()) {
        if (attribute.has_g()) Fill(*attribute.mutable_g());
      }
    }
    for (const auto& tensor : graph.initializer()) made.insert(tensor.name());
    for (const auto& info : graph.value_info()) {
      if (!made.contains(info.name())) AddTensor(info, graph);
    }
  }

 private:
  void AddTensor(const onnx::ValueInfoProto& info, onnx::GraphProto& graph) const {
    std::vector<int64_t> dims;
    size_t elements = 0;
    const int data_type = info.type().tensor_type().elem_type();
    if (!DimsOf(info, dims, elements) || (elements > 0 && BytesOf(data_type, elements) == 0)) {
      return;
    }
    onnx::TensorProto& tensor = *graph.add_initializer();
    tensor.set_name(info.name());
    tensor.set_data_type(data_type);
    tensor.mutable_dims()->Assign(dims.begin(), dims.end());
    const auto filling =
        std::find_if(fillings_.begin(), fillings_.end(),
                     [&](const Filling& candidate) { return candidate.name == info.name(); });
    FillWith(filling == fillings_.end() ? Noise : filling->element, elements, tensor);
  }

  const std::vector<Filling>& fillings_;
};

template <typename Items>
auto FindNamed(const Items& items, std::string_view name) {
  return std::find_if(items.begin(), items.end(),
                      [&](const auto& item) { return item.name == name; });
}

std::string DescribeFactor(const Factor& factor) {
  if (factor.axis < 0) return Text("x", factor.extent);
  const std::string text = Text(factor.axis, ":", factor.extent);
  return factor.stored == factor.extent ? text : Text(text, "/", factor.stored);
}

// The items' descriptions, with `separator` between.
template <typename Items, typename Function>
std::string Joined(const Items& items, absl::string_view separator, Function describe) {
  return absl::StrJoin(items, separator,
                       [&](std::string* text, const auto& item) { text->append(describe(item)); });
}

std::string DescribeAxis(const infer::Factors& factors) {
  return factors.empty() ? "-" : Joined(factors, " ", DescribeFactor);
}

graph::Graph BuildOrFail(const wire::Skeleton& skeleton) {
  auto graph = graph::Build(skeleton);
  if (graph.ok()) return *std::move(graph);
  ADD_FAILURE() << graph.status();
  return {};
}

// Every product of a weight.
std::vector<infer::Layer> WeightsOf(const Analysis& analysis,
                                    const std::vector<infer::TensorFacts>& facts) {
  std::vector<infer::Layer> weights;
  for (size_t i = 0; i < facts.size(); ++i) {
    if (!IsWeight(facts[i].role) || facts[i].role == Role::kEmbedding) continue;
    for (const infer::Reached& use : infer::Reach(analysis.slots(), analysis.graph().tensors[i])) {
      if (use.meaning && IsWeight(use.meaning->role)) weights.push_back({i, use.node, use.input});
    }
  }
  return weights;
}

}  // namespace

std::string BytesOfNoisyText(std::string_view graph, const ModelOptions& options) {
  onnx::ModelProto model;
  const std::string text = Text(Header(options), graph, "\n", options.functions);
  model.ParseFromString(BytesOfText(text));
  Filler(options.fillings).Fill(*model.mutable_graph());
  return Serialize(model);
}

Analysis::Analysis(std::string_view graph, const ModelOptions& options)
    : Analysis(BytesOfNoisyText(graph, options), options.has_values) {}

Analysis::Analysis(const std::string& bytes, bool has_values)
    : model_(ReadModelBytes(bytes)),
      external_(model_.input->path()),
      reader_(model_.input.get(), &external_),
      has_values_(has_values),
      graph_(BuildOrFail(model_.skeleton)),
      constants_(graph_, values()),
      levels_(graph_),
      normalizations_(
          infer::NormalizationMap::Find(infer::RegionContext(graph_, levels_, constants_))),
      frozen_norms_(infer::FindFrozenNorms(graph_, levels_)),
      activations_(infer::ActivationMap::Find(infer::RegionContext(graph_, levels_, constants_),
                                              normalizations_)),
      words_(graph_),
      slots_{graph_, levels_, constants_, normalizations_, &frozen_norms_, &activations_, &words_},
      surroundings_{graph_, levels_, activations_, normalizations_} {}

ValueId Analysis::Value(std::string_view name) const {
  const auto found = FindNamed(graph_.values, name);
  if (found != graph_.values.end()) return static_cast<ValueId>(found - graph_.values.begin());
  ADD_FAILURE() << "no value " << name;
  return graph::kNone;
}

const graph::StoredTensor& Analysis::Stored(std::string_view name) const {
  static const wire::Tensor& no_tensor = *new wire::Tensor();
  static const graph::StoredTensor& none = *new graph::StoredTensor{.tensor = &no_tensor};
  const auto found = FindNamed(graph_.tensors, name);
  if (found != graph_.tensors.end()) return *found;
  ADD_FAILURE() << "no tensor " << name;
  return none;
}

std::vector<graph::Use> Analysis::UsesOf(std::string_view name) const {
  std::vector<graph::Use> uses;
  for (const ValueId value : Stored(name).values) {
    const auto& more = graph_.value(value).uses;
    uses.insert(uses.end(), more.begin(), more.end());
  }
  return uses;
}

NodeId Analysis::Maker(std::string_view name) const {
  const ValueId value = Value(name);
  return value == graph::kNone ? graph::kNone : graph_.value(value).producer;
}

std::string Analysis::NameOf(ValueId value) const {
  return value == graph::kNone ? "nothing" : std::string(graph_.value(value).name);
}

Inferred::Inferred(std::string_view graph, const ModelOptions& options)
    : analysis_(graph, options), facts_(infer::Infer(analysis_.graph(), analysis_.values())) {}

const infer::TensorFacts& Inferred::operator[](std::string_view name) const {
  static const infer::TensorFacts& none = *new infer::TensorFacts();
  const auto found = FindNamed(facts_, name);
  if (found != facts_.end()) return *found;
  ADD_FAILURE() << "no facts of " << name;
  return none;
}

Layered::Layered(std::string_view graph, const ModelOptions& options)
    : inferred_(graph, options),
      layers_(analysis().surroundings(), WeightsOf(analysis(), inferred_.all())) {}

std::string Layered::NameOf(infer::LayerId layer) const {
  if (layer == graph::kNone) return "nothing";
  return std::string(inferred_.all()[layers_.at(layer).fact].name);
}

std::string Describe(const View& view) {
  std::string text = Joined(view.axes, " | ", DescribeAxis);
  if (view.is_opaque) text = view.axes.empty() ? "opaque" : Text("opaque ", text);
  if (view.scale != 1) text += Text(" * ", view.scale);
  if (view.shift != 0) text += Text(" + ", view.shift);
  if (view.is_computed) text += " computed";
  if (view.is_exponential) text += " exponential";
  if (view.is_angle) text += " angle";
  if (view.is_part) text += " part";
  if (view.is_picked) text += " picked";
  if (view.is_joined) text += " joined";
  return text;
}

std::string Describe(const std::vector<infer::AxisLabel>& labels) {
  constexpr std::array<std::string_view, 4> kNames = {"input", "output", "batch", "kernel"};
  return Joined(labels, " ", [&](AxisLabel label) { return kNames[static_cast<size_t>(label)]; });
}

std::string Describe(const std::vector<infer::Part>& parts) {
  return Joined(parts, " | ", [](const infer::Part& part) {
    return Text(part.label, " ", part.end - part.begin);
  });
}

std::string Describe(const MatrixAxes& axes) {
  std::vector<std::string> words;
  const auto add = [&](std::string_view name, const std::vector<int>& list) {
    if (!list.empty()) words.push_back(Text(name, " ", absl::StrJoin(list, " ")));
  };
  add("batch", axes.batch);
  add("output", axes.output);
  add("input", axes.input);
  add("kernel", axes.kernel);
  return absl::StrJoin(words, " | ");
}

std::string_view ToString(infer::Evidence evidence) {
  constexpr std::array<std::string_view, 4> kNames = {"operator", "structure", "open", "not"};
  return kNames[static_cast<size_t>(evidence)];
}

}  // namespace onnx_reinit::test

namespace onnx_reinit {

void PrintTo(Role role, std::ostream* out) { *out << ToString(role); }
void PrintTo(BlockRole role, std::ostream* out) {
  *out << (role == BlockRole::kNone ? "none" : ToString(role));
}

namespace infer {
void PrintTo(Evidence evidence, std::ostream* out) { *out << test::ToString(evidence); }
}  // namespace infer

}  // namespace onnx_reinit
