// The command line: finds the subcommand, prints what went wrong, sets the exit code.
#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

#include "command.h"
#include "heap.h"
#include "interrupt.h"

namespace onnx_reinit::tools {
namespace {

struct Command {
  const char* name;
  const char* summary;
  Runner (*add)(CLI::App& app);
  const char* quiet;    // what --quiet does
  const char* verbose;  // what --verbose does
};

constexpr const char* kChangesNothing = "Taken as by every command; changes nothing here";

constexpr auto kCommands = std::to_array<Command>({
    {"apply", "Write a model with new initial values", AddApply,
     "No summary, no warnings, no progress: print errors only",
     "Print how far a long run is where stderr is no terminal, too"},
    {"plan", "Show what apply would do, and why; writes nothing", AddPlan, "Print no warnings",
     "Print the reason of each decision, and what no training changes"},
    {"list", "Print the tables that the program runs on", AddList, kChangesNothing,
     kChangesNothing},
});

constexpr const char* kExitCodes =
    "Exit codes: 0 done; 1 done, with findings; 2 wrong usage; 3 input refused; 4 reading or "
    "writing "
    "failed";

void AddCommand(const Command& command, CLI::App& app, Console& console, Runner& chosen) {
  CLI::App* subcommand = app.add_subcommand(command.name, command.summary);
  Runner runner = command.add(*subcommand);
  subcommand->add_flag("-q,--quiet", console.quiet, command.quiet);
  subcommand->add_flag("-v,--verbose", console.verbose, command.verbose);
  subcommand->callback([&chosen, runner = std::move(runner)] { chosen = runner; });
}

// A descriptor that the caller closed would go to the next file that is opened, and what is printed
// would land in it. /dev/null takes its place, opened so that using it fails as before.
void FillClosedDescriptors() {
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(number, F_GETFD) >= 0 || errno != EBADF) continue;
    (void)open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY);  // takes the lowest
  }
}

// What stands where a command must, and is none; nullptr where CLI11 finds what is wrong.
const char* UnknownCommand(int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return nullptr;
  const bool is_known = std::any_of(
      kCommands.begin(), kCommands.end(),
      [&](const Command& command) { return std::string_view(command.name) == argv[1]; });
  return is_known ? nullptr : argv[1];
}

std::string CommandNames() {
  std::string names;
  for (const Command& command : kCommands) {
    names.append(names.empty() ? "" : ", ").append(command.name);
  }
  return names;
}

ExitCode Run(int argc, char** argv) {
  FillClosedDescriptors();
  PrepareHeap();
  if (const char* unknown = UnknownCommand(argc, argv); unknown != nullptr) {
    PrintError("there is no command '" + std::string(unknown) + "', only " + CommandNames());
    return kUsage;
  }
  CLI::App app("Gives any ONNX model new initial values.", "onnx-reinit");
  app.set_version_flag("--version", "onnx-reinit " ONNX_REINIT_VERSION);
  app.require_subcommand(1);
  app.footer(kExitCodes);
  Console console;
  Runner chosen;
  for (const Command& command : kCommands) AddCommand(command, app, console, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  const absl::Status status = chosen(console);
  if (!status.ok()) PrintError(std::string(status.message()));
  if (absl::IsCancelled(status)) DieOfInterrupt();
  return ExitCodeOf(status);
}

}  // namespace
}  // namespace onnx_reinit::tools

int main(int argc, char** argv) { return onnx_reinit::tools::Run(argc, argv); }
