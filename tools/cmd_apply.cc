// onnx-reinit apply IN -o OUT
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "base/status_macros.h"
#include "command.h"
#include "onnx_reinit/reinit.h"
#include "plan_flags.h"
#include "write_flags.h"

namespace onnx_reinit::tools {
namespace {

struct Arguments {
  std::string input;
  std::string output;
  std::string plan_path;  // empty: the plan is made here
  bool json = false;
  PlanFlags plan;
  WriteOptions write;
};

absl::StatusOr<Plan> LoadOrMakePlan(const Arguments& arguments) {
  if (!arguments.plan_path.empty()) {
    ASSIGN_OR_RETURN(const std::string json, ReadTextFile(arguments.plan_path));
    return PlanFromJson(json);
  }
  ASSIGN_OR_RETURN(const PlanOptions options, ResolvePlanFlags(arguments.plan));
  return MakePlan(arguments.input, options);
}

absl::Status Run(const Arguments& arguments, const Console& console) {
  ASSIGN_OR_RETURN(const Plan plan, LoadOrMakePlan(arguments));
  for (const std::string& warning : plan.warnings) PrintWarning(console, warning);
  RETURN_IF_ERROR(Apply(arguments.input, plan, arguments.output, arguments.write));
  if (arguments.json) return PrintResult(PlanToJson(plan));
  if (console.quiet) return absl::OkStatus();
  return PrintResult(PlanSummary(plan, ResultStyle(console)));
}

}  // namespace

Runner AddApply(CLI::App& app) {
  const auto arguments = std::make_shared<Arguments>();
  app.add_option("IN", arguments->input, "The model")->required();
  app.add_option("-o,--output", arguments->output, "The new model")->required();
  app.add_flag("--json", arguments->json, "Print the plan that was carried out as JSON");
  CLI::Option* saved_plan =
      app.add_option("--plan", arguments->plan_path, "Carry out a plan that plan --json printed");
  AddPlanFlags(app, arguments->plan)->excludes(saved_plan);
  AddWriteFlags(app, arguments->write);
  return [arguments](const Console& console) { return Run(*arguments, console); };
}

}  // namespace onnx_reinit::tools
