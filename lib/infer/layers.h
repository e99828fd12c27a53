// The weight layers of a graph, and the way from one to the next.
#ifndef ONNX_REINIT_INFER_LAYERS_H_
#define ONNX_REINIT_INFER_LAYERS_H_

#include <vector>

#include "absl/functional/function_ref.h"
#include "infer/following.h"

namespace onnx_reinit::infer {

// A tensor that a product uses as its weight.
struct Layer {
  size_t fact = 0;  // index into the facts
  graph::NodeId node = graph::kNone;
  int input = 0;
};

using LayerId = int32_t;

class Layers {
 public:
  Layers(const Surroundings& surroundings, std::vector<Layer> layers);

  const Layer& at(LayerId id) const { return layers_[static_cast<size_t>(id)]; }
  LayerId count() const { return static_cast<LayerId>(layers_.size()); }
  // The first layer whose product is `node`, or graph::kNone.
  LayerId Of(graph::NodeId node) const;
  // All of them, in the order of the tensors.
  std::vector<LayerId> AllOf(graph::NodeId node) const;
  const Surroundings& surroundings() const { return all_; }

  // The data inputs of a node.
  graph::ValueIds DataOf(graph::NodeId node) const;
  // The same where it is neither a layer, nor a product of data, nor a softmax; of those, none.
  graph::ValueIds InputsBetween(graph::NodeId id) const;
  // The nearest of the values that `value` is computed from, itself the first, that `is_wanted`
  // takes, with neither a layer, nor a product of data, nor a softmax between; graph::kNone where
  // there is none.
  graph::ValueId NearestBack(graph::ValueId value,
                             absl::FunctionRef<bool(graph::ValueId)> is_wanted) const;
  // The nearest layer that `value` is computed from, with no other layer, no product of data and no
  // softmax between; graph::kNone where there is none.
  LayerId Before(graph::ValueId value) const;
  // The nearest layer that `value` reaches moved, pooled, normalised, gated or divided by other
  // data, before any activation, and before any addition of what does not come from it this way,
  // unless `past_sums`.
  LayerId Next(graph::ValueId value, bool past_sums = false) const;

 private:
  const Surroundings& all_;
  std::vector<Layer> layers_;
  std::vector<LayerId> layer_of_node_;  // the first
  std::vector<LayerId> next_of_node_;   // for each layer, the next one of its node, or kNone
};

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_LAYERS_H_
