// onnx-reinit apply IN -o OUT
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/status_macros.h"
#include "base/text.h"
#include "command.h"
#include "interrupt.h"
#include "onnx_reinit/reinit.h"
#include "piped_input.h"
#include "plan_flags.h"
#include "progress.h"
#include "until_exit.h"
#include "write_flags.h"

namespace onnx_reinit::tools {
namespace {

struct Arguments {
  std::string input;
  std::string output;
  std::string plan_path;  // empty: the plan is made here
  bool json = false;
  bool prepare = false;
  std::optional<Part> part;
  PlanFlags plan;
  const CLI::App* plan_flags = nullptr;
  WriteOptions write;
};

constexpr const char* kStandardOutput = "/dev/stdout";

// By any name. The result then goes elsewhere.
bool IsStandardOutput(const std::string& path) {
  struct stat theirs = {};
  struct stat ours = {};
  return path == kStandardOutput ||
         (stat(path.c_str(), &theirs) == 0 && fstat(STDOUT_FILENO, &ours) == 0 &&
          theirs.st_dev == ours.st_dev && theirs.st_ino == ours.st_ino);
}

absl::StatusOr<Plan> LoadPlan(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string json, ReadTextFile(path));
  absl::StatusOr<Plan> plan = PlanFromJson(json);
  if (plan.ok()) return plan;
  return absl::Status(plan.status().code(), Text(path, ": ", plan.status().message()));
}

absl::StatusOr<Plan> LoadOrMakePlan(const Arguments& arguments, const Model& model) {
  if (!arguments.plan_path.empty()) return LoadPlan(arguments.plan_path);
  ASSIGN_OR_RETURN(PlanOptions options, ResolvePlanFlags(arguments.plan));
  options.threads = arguments.write.threads;
  options.reasons = arguments.json || options.require_all;  // the summary says only why what stays
  return MakePlan(model, options);
}

absl::Status Write(const Arguments& arguments, const Model& model, const Plan& plan,
                   const WriteOptions& options) {
  if (arguments.prepare) return PrepareParts(model, plan, arguments.output, options);
  if (!arguments.part) return Apply(model, plan, arguments.output, options);
  return ApplyPart(model, plan, arguments.output, arguments.part->part, arguments.part->parts,
                   options);
}

absl::Status PrintOutcome(const Arguments& arguments, const Plan& plan, const Console& console,
                          bool model_is_on_stdout) {
  if (arguments.json) return PrintResult(PlanToJson(plan));
  if (console.quiet || arguments.part) return absl::OkStatus();
  if (!model_is_on_stdout) return PrintResult(PlanSummary(plan, ResultStyle(console)));
  PrintAside(PlanSummary(plan, {.verbose = console.verbose}));
  return absl::OkStatus();
}

absl::StatusOr<const Plan*> PlanAndWrite(const Arguments& arguments, const ModelInput& input,
                                         const Console& console, const WriteOptions& options) {
  ASSIGN_OR_RETURN(Model opened, Model::Open(input.path()));
  const Model& model = KeepUntilExit(std::move(opened));
  ASSIGN_OR_RETURN(Plan made, LoadOrMakePlan(arguments, model));
  const Plan& plan = KeepUntilExit(std::move(made));
  for (const std::string& warning : plan.warnings) PrintWarning(console, input.Explain(warning));
  RETURN_IF_ERROR(Write(arguments, model, plan, options));
  return &plan;
}

// What no single option shows to be wrong.
absl::Status CheckArguments(const Arguments& arguments) {
  if (arguments.output.empty()) return absl::InvalidArgumentError("-o names no file");
  if (arguments.write.in_place && (arguments.prepare || arguments.part)) {
    return absl::InvalidArgumentError(
        "--prepare and --part make a new output beside the input: leave --in-place out");
  }
  if (arguments.plan_path.empty()) return absl::OkStatus();
  for (const CLI::Option* option : arguments.plan_flags->get_options()) {
    if (option->count() == 0) continue;
    return absl::InvalidArgumentError("--plan has all that is decided: leave " +
                                      option->get_name() + " out");
  }
  return absl::OkStatus();
}

absl::Status Run(Arguments& arguments, const Console& console) {
  RETURN_IF_ERROR(CheckArguments(arguments));
  if (arguments.output == "-") arguments.output = kStandardOutput;
  const bool model_is_on_stdout = IsStandardOutput(arguments.output);
  if (model_is_on_stdout && arguments.json) {
    return absl::InvalidArgumentError("the model and --json cannot both go to standard output");
  }
  WriteOptions options = arguments.write;
  options.cancelled = &WatchForInterrupts();
  ASSIGN_OR_RETURN(const ModelInput input, ModelInput::Open(arguments.input, options.cancelled));
  absl::StatusOr<const Plan*> plan;
  {
    ProgressPrinter progress(console);
    options.progress = progress.Callback();
    plan = PlanAndWrite(arguments, input, console, options);
  }
  if (!plan.ok()) return input.Explain(plan.status());
  return PrintOutcome(arguments, **plan, console, model_is_on_stdout);
}

void AddPartFlags(CLI::App& app, Arguments& arguments) {
  CLI::App* group = app.add_option_group("One output by several processes");
  CLI::Option* prepare = group->add_flag(
      "--prepare", arguments.prepare,
      "Lay the output out, zeros in place of the new values: each --part fills its share");
  group
      ->add_option_function<std::string>(
          "--part",
          [&arguments](const std::string& text) {
            arguments.part = ParsePart(text);
            if (arguments.part) return;
            throw CLI::ValidationError("--part", "'" + text + "' is no part; the first is 1/4");
          },
          "Fill this share of an output that --prepare laid out; any order, any machine")
      ->option_text("I/N")
      ->excludes(prepare);
}

}  // namespace

Runner AddApply(CLI::App& app) {
  const auto arguments = std::make_shared<Arguments>();
  app.add_option("IN", arguments->input, "The model; - for standard input")->required();
  app.add_option("-o,--output", arguments->output, "The new model; - for standard output")
      ->required();
  app.add_flag("--json", arguments->json, "Print the plan that was carried out as JSON");
  app.add_option("--plan", arguments->plan_path, "Carry out a plan that plan --json printed")
      ->check(FaultOfEmptyText);
  arguments->plan_flags = AddPlanFlags(app, arguments->plan);
  AddWriteFlags(app, arguments->write);
  AddPartFlags(app, *arguments);
  return [arguments](const Console& console) { return Run(*arguments, console); };
}

}  // namespace onnx_reinit::tools
