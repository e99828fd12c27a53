// The plan of a graph in ONNX's text syntax: inference and planning as users get them.
#ifndef ONNX_REINIT_TESTS_PLAN_PLANNED_GRAPH_H_
#define ONNX_REINIT_TESTS_PLAN_PLANNED_GRAPH_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

#include "infer/infer_support.h"
#include "plan/planner.h"

namespace onnx_reinit::plan {

class PlannedGraph {
 public:
  explicit PlannedGraph(std::string_view graph, const PlanOptions& options = {},
                        const test::ModelOptions& model = {})
      : inferred_(graph, model) {
    auto made = MakePlan(inferred_.all(), options, {inferred_.analysis().values(), {}});
    EXPECT_TRUE(made.ok()) << made.status();
    if (made.ok()) plan_ = *std::move(made);
  }

  const Plan& plan() const { return plan_; }
  // The test fails, and the result is empty, where no tensor has that name.
  const TensorPlan& operator[](std::string_view name) const {
    static const TensorPlan& none = *new TensorPlan;
    const auto found = std::ranges::find(plan_.tensors, name, &TensorPlan::name);
    EXPECT_NE(found, plan_.tensors.end()) << name;
    return found == plan_.tensors.end() ? none : *found;
  }

 private:
  test::Inferred inferred_;
  Plan plan_;
};

}  // namespace onnx_reinit::plan

#endif  // ONNX_REINIT_TESTS_PLAN_PLANNED_GRAPH_H_
