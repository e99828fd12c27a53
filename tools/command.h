// What a subcommand is. Each lives in its own cmd_NAME.cc; main.cc holds the table of them.
#ifndef ONNX_REINIT_TOOLS_COMMAND_H_
#define ONNX_REINIT_TOOLS_COMMAND_H_

#include <functional>

#include "absl/status/status.h"
#include "console.h"

namespace CLI {
class App;
}

namespace onnx_reinit::tools {

// What to do once the options are parsed. Errors become exit codes, see ExitCodeOf.
using Runner = std::function<absl::Status(const Console&)>;

// Each registers its options with `app`, which outlives the runner.
Runner AddApply(CLI::App& app);
Runner AddPlan(CLI::App& app);
Runner AddList(CLI::App& app);

enum ExitCode {
  kDone = 0,
  kFindings = 1,  // done, and there is something to look at
  kUsage = 2,     // a wrong option, recipe or plan
  kRefused = 3,   // the input is malformed, unsupported, or not what the plan was made of
  kFailed = 4,    // reading or writing failed
};

ExitCode ExitCodeOf(const absl::Status& status);

}  // namespace onnx_reinit::tools

#endif  // ONNX_REINIT_TOOLS_COMMAND_H_
