#include "graph/graph.h"

#include "base/text.h"

namespace onnx_reinit::graph {

const wire::Attribute* Node::FindAttribute(std::string_view attribute_name) const {
  for (const auto& [key, attribute] : attributes) {
    if (key == attribute_name) return attribute;
  }
  return nullptr;
}

int64_t Node::IntAttribute(std::string_view attribute_name, int64_t otherwise) const {
  const wire::Attribute* attribute = FindAttribute(attribute_name);
  return attribute != nullptr ? attribute->i : otherwise;
}

float Node::FloatAttribute(std::string_view attribute_name, float otherwise) const {
  const wire::Attribute* attribute = FindAttribute(attribute_name);
  return attribute != nullptr ? attribute->f : otherwise;
}

std::string_view Node::StringAttribute(std::string_view attribute_name,
                                       std::string_view otherwise) const {
  const wire::Attribute* attribute = FindAttribute(attribute_name);
  return attribute != nullptr ? std::string_view(attribute->s) : otherwise;
}

absl::Span<const int64_t> Node::IntsAttribute(std::string_view attribute_name) const {
  const wire::Attribute* attribute = FindAttribute(attribute_name);
  if (attribute == nullptr || attribute->int_count != attribute->ints.size()) return {};
  return attribute->ints;
}

absl::Span<const Use> Graph::UsesOf(ValueId id) const {
  if (id == kNone) return {};
  return value(id).uses;
}

const Node* Graph::Producer(ValueId id) const {
  if (id == kNone || value(id).producer == kNone) return nullptr;
  return &node(value(id).producer);
}

const StoredTensor* Graph::Stored(ValueId id) const {
  if (id == kNone || value(id).tensor == kNone) return nullptr;
  return &tensor(value(id).tensor);
}

std::string Graph::Describe(const Node& node) const {
  const std::string& scope = scope_names[static_cast<size_t>(node.scope)];
  return Text(node.op_type, " of ", scope.empty() ? "" : scope + "/", node.label);
}

}  // namespace onnx_reinit::graph
