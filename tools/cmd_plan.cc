// onnx-reinit plan IN [--json]
#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <utility>

#include "base/status_macros.h"
#include "command.h"
#include "onnx_reinit/reinit.h"
#include "piped_input.h"
#include "plan_flags.h"
#include "until_exit.h"
#include "write_flags.h"

namespace onnx_reinit::tools {
namespace {

struct Arguments {
  std::string input;
  bool json = false;
  PlanFlags plan;
};

absl::Status Run(const Arguments& arguments, const Console& console) {
  ASSIGN_OR_RETURN(const PlanOptions options, ResolvePlanFlags(arguments.plan));
  ASSIGN_OR_RETURN(const ModelInput input, ModelInput::Open(arguments.input));
  absl::StatusOr<Model> opened = Model::Open(input.path());
  RETURN_IF_ERROR(input.Explain(opened.status()));
  const Model& model = KeepUntilExit(*std::move(opened));
  ASSIGN_OR_RETURN(Plan made, MakePlan(model, options));
  const Plan& plan = KeepUntilExit(std::move(made));
  for (const std::string& warning : plan.warnings) PrintWarning(console, input.Explain(warning));
  return PrintResult(arguments.json ? PlanToJson(plan) : PlanTable(plan, ResultStyle(console)));
}

}  // namespace

Runner AddPlan(CLI::App& app) {
  const auto arguments = std::make_shared<Arguments>();
  app.add_option("IN", arguments->input, "The model; - for standard input")->required();
  app.add_flag("--json", arguments->json, "The plan as JSON: review it, edit it, apply --plan it");
  AddPlanFlags(app, arguments->plan);
  AddThreadsFlag(app, arguments->plan.options.threads);
  return [arguments](const Console& console) { return Run(*arguments, console); };
}

}  // namespace onnx_reinit::tools
