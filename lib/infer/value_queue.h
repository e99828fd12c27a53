// The values that a walk through the graph has met, and those that it has still to look at. Nearly
// all walks end after a few values: those take no memory from the heap.
#ifndef ONNX_REINIT_INFER_VALUE_QUEUE_H_
#define ONNX_REINIT_INFER_VALUE_QUEUE_H_

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/container/inlined_vector.h"
#include "graph/graph.h"

namespace onnx_reinit::infer {

// In the order in which they were added.
class ValueSet {
 public:
  // False where it was added before.
  bool Add(graph::ValueId value) {
    if (!IsNew(value)) return false;
    values_.push_back(value);
    return true;
  }
  bool Contains(graph::ValueId value) const {
    if (!seen_.empty()) return seen_.contains(value);
    return std::find(values_.begin(), values_.end(), value) != values_.end();
  }
  size_t size() const { return values_.size(); }
  graph::ValueId operator[](size_t i) const { return values_[i]; }

 private:
  static constexpr size_t kFew = 16;

  bool IsNew(graph::ValueId value) {
    if (values_.size() < kFew) return !Contains(value);
    if (seen_.empty()) seen_.insert(values_.begin(), values_.end());
    return seen_.insert(value).second;
  }

  absl::InlinedVector<graph::ValueId, kFew> values_;
  absl::flat_hash_set<graph::ValueId> seen_;  // all of them, once they are many
};

// First come, first served; each value once.
class ValueQueue {
 public:
  // Does nothing for kNone, and for a value that was added before.
  void Add(graph::ValueId value) {
    if (value != graph::kNone) values_.Add(value);
  }
  template <typename Values>
  void AddAll(const Values& values) {
    for (const graph::ValueId value : values) Add(value);
  }
  // Whether it was added, and perhaps taken.
  bool Contains(graph::ValueId value) const { return values_.Contains(value); }
  bool IsEmpty() const { return taken_ == values_.size(); }
  // How many were added, and how many of them taken.
  size_t added() const { return values_.size(); }
  size_t taken() const { return taken_; }
  graph::ValueId Take() { return values_[taken_++]; }

 private:
  ValueSet values_;
  size_t taken_ = 0;
};

}  // namespace onnx_reinit::infer

#endif  // ONNX_REINIT_INFER_VALUE_QUEUE_H_
