#include "infer/attribute_slots.h"

#include <algorithm>
#include <array>
#include <string>
#include <tuple>

#include "base/checked_math.h"
#include "base/text.h"

namespace onnx_reinit::infer {
namespace {

using graph::Node;

constexpr std::string_view kMl = "ai.onnx.ml";
constexpr bool kFitted = true;

constexpr std::array kRows = {
    AttributeRow{kMl, "Imputer", "imputed_value_floats", Role::kConstant, false, "preprocessing"},
    AttributeRow{kMl, "LinearClassifier", "coefficients", Role::kLinear, false,
                 "weight [classes, features], as a list"},
    AttributeRow{kMl, "LinearClassifier", "intercepts", Role::kBias, false, "bias [classes]"},
    AttributeRow{kMl, "LinearRegressor", "coefficients", Role::kLinear, false,
                 "weight [targets, features], as a list"},
    AttributeRow{kMl, "LinearRegressor", "intercepts", Role::kBias, false, "bias [targets]"},
    AttributeRow{kMl, "SVMClassifier", "coefficients", Role::kParameter, kFitted,
                 "coefficients of support vectors"},
    AttributeRow{kMl, "SVMClassifier", "prob_a", Role::kParameter, kFitted, "calibration"},
    AttributeRow{kMl, "SVMClassifier", "prob_b", Role::kParameter, kFitted, "calibration"},
    AttributeRow{kMl, "SVMClassifier", "rho", Role::kParameter, kFitted, "offsets"},
    AttributeRow{kMl, "SVMClassifier", "support_vectors", Role::kParameter, kFitted,
                 "support vectors"},
    AttributeRow{kMl, "SVMRegressor", "coefficients", Role::kParameter, kFitted,
                 "coefficients of support vectors"},
    AttributeRow{kMl, "SVMRegressor", "rho", Role::kParameter, kFitted, "offsets"},
    AttributeRow{kMl, "SVMRegressor", "support_vectors", Role::kParameter, kFitted,
                 "support vectors"},
    AttributeRow{kMl, "Scaler", "offset", Role::kConstant, false, "preprocessing"},
    AttributeRow{kMl, "Scaler", "scale", Role::kConstant, false, "preprocessing"},
    AttributeRow{kMl, "TreeEnsemble", "leaf_weights", Role::kParameter, kFitted, "leaves"},
    AttributeRow{kMl, "TreeEnsemble", "nodes_splits", Role::kParameter, kFitted, "thresholds"},
    AttributeRow{kMl, "TreeEnsembleClassifier", "base_values", Role::kParameter, kFitted,
                 "base values"},
    AttributeRow{kMl, "TreeEnsembleClassifier", "base_values_as_tensor", Role::kParameter, kFitted,
                 "base values"},
    AttributeRow{kMl, "TreeEnsembleClassifier", "class_weights", Role::kParameter, kFitted,
                 "leaves"},
    AttributeRow{kMl, "TreeEnsembleClassifier", "class_weights_as_tensor", Role::kParameter,
                 kFitted, "leaves"},
    AttributeRow{kMl, "TreeEnsembleClassifier", "nodes_values", Role::kParameter, kFitted,
                 "thresholds"},
    AttributeRow{kMl, "TreeEnsembleClassifier", "nodes_values_as_tensor", Role::kParameter, kFitted,
                 "thresholds"},
    AttributeRow{kMl, "TreeEnsembleRegressor", "base_values", Role::kParameter, kFitted,
                 "base values"},
    AttributeRow{kMl, "TreeEnsembleRegressor", "base_values_as_tensor", Role::kParameter, kFitted,
                 "base values"},
    AttributeRow{kMl, "TreeEnsembleRegressor", "nodes_values", Role::kParameter, kFitted,
                 "thresholds"},
    AttributeRow{kMl, "TreeEnsembleRegressor", "nodes_values_as_tensor", Role::kParameter, kFitted,
                 "thresholds"},
    AttributeRow{kMl, "TreeEnsembleRegressor", "target_weights", Role::kParameter, kFitted,
                 "leaves"},
    AttributeRow{kMl, "TreeEnsembleRegressor", "target_weights_as_tensor", Role::kParameter,
                 kFitted, "leaves"},
};

constexpr auto KeyOf(const AttributeRow& row) {
  return std::tuple(row.domain, row.op_type, row.attribute);
}

static_assert(std::is_sorted(kRows.begin(), kRows.end(),
                             [](const auto& a, const auto& b) { return KeyOf(a) < KeyOf(b); }));

const AttributeRow* FindRow(const Node& node, std::string_view attribute) {
  const auto* row = std::find_if(kRows.begin(), kRows.end(), [&](const AttributeRow& candidate) {
    return KeyOf(candidate) == std::tuple(node.domain, node.op_type, attribute);
  });
  return row == kRows.end() ? nullptr : row;
}

// Rows of the coefficient matrix: targets of a regressor, intercepts of a classifier.
int64_t OutputsOf(const Node& node) {
  if (node.op_type == "LinearRegressor")
    return std::max<int64_t>(node.IntAttribute("targets", 1), 1);
  const wire::Attribute* intercepts = node.FindAttribute("intercepts");
  if (intercepts == nullptr || intercepts->floats.dims.empty()) return 1;
  return std::max<int64_t>(intercepts->floats.dims[0], 1);
}

void NoteFans(const Node& node, TensorFacts& facts) {
  const int64_t elements = ElementCount(facts.tensor->dims).value_or(0);
  facts.fan_out = OutputsOf(node);
  facts.fan_in = elements / facts.fan_out;
}

}  // namespace

absl::Span<const AttributeRow> AttributeRows() { return kRows; }

void DecideAttribute(const graph::Graph& graph, const graph::StoredTensor& tensor,
                     TensorFacts& facts) {
  if (tensor.owner == graph::kNone) {
    AddStep(facts, "an attribute of a node that is never reached");
    return;
  }
  const Node& node = graph.node(tensor.owner);
  const AttributeRow* row = FindRow(node, tensor.attribute);
  if (row == nullptr) {
    AddStep(facts, "attribute of ", graph.Describe(node),
            ": no operator that learns what stands there");
    return;
  }
  facts.role = row->role;
  facts.learned = IsLearned(row->role);
  if (row->is_fitted) facts.unfillable = "it was fitted, not trained from random values";
  if (IsWeight(row->role)) NoteFans(node, facts);
  AddStep(facts, "attribute of ", graph.Describe(node), ": ", row->holds);
}

}  // namespace onnx_reinit::infer
