#include "plan_flags.h"

#include <CLI/CLI.hpp>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "base/status_macros.h"
#include "choice.h"

namespace onnx_reinit::tools {
namespace {

constexpr auto kFanConventions = std::to_array<Choice<FanConvention>>({
    {"exact", FanConvention::kExact},
    {"torch", FanConvention::kTorch},
    {"keras", FanConvention::kKeras},
});

// An option that may be given several times, one value each.
void AddRepeated(CLI::App& app, const char* name, std::vector<std::string>& values,
                 const char* description) {
  app.add_option(name, values, description)->allow_extra_args(false)->option_text("TEXT");
}

// Empty where `text` is a number from 0 to 2^64 - 1: CLI11 would wrap others into that.
std::string FaultOfSeed(const std::string& text) {
  uint64_t seed = 0;
  const char* end = text.data() + text.size();
  const auto [parsed, error] = std::from_chars(text.data(), end, seed);
  return error == std::errc() && parsed == end ? "" : "a seed is a number from 0 to 2^64 - 1";
}

void AddSchemeFlags(CLI::App& app, PlanFlags& flags) {
  app.add_option("--seed", flags.options.seed, "Same seed, same values, on every machine")
      ->check(FaultOfSeed);
  app.add_option("--preset", flags.options.preset, "A scheme for each role; see list presets");
  app.add_option("--scheme", flags.options.scheme,
                 "One scheme for all weights, such as orthogonal or normal(std=0.02); "
                 "see list schemes")
      ->check(FaultOfEmptyText);
  AddRepeated(app, "--set", flags.options.settings,
              "SELECTOR:SCHEME, such as role=embedding:zeros; the first that fits wins");
  app.add_option("--recipe", flags.recipe_path, "A file of rules; see README, Recipes")
      ->check(FaultOfEmptyText);
  AddChoice(app, "--fan-convention", kFanConventions, flags.options.fan_convention,
            "Count fans as the graph has them, or as a framework's formula does");
}

void AddSelectionFlags(CLI::App& app, PlanFlags& flags) {
  AddRepeated(app, "--keep", flags.options.keep, "RE2 pattern: tensors that stay as they are");
  AddRepeated(app, "--only", flags.options.only, "RE2 pattern: all other tensors stay");
  app.add_flag("--require-all", flags.options.require_all,
               "Refuse the model when a tensor that training changes would stay");
}

}  // namespace

std::string FaultOfEmptyText(const std::string& text) {
  return text.empty() ? "the text after it is empty; where none is meant, leave the option out"
                      : "";
}

CLI::App* AddPlanFlags(CLI::App& app, PlanFlags& flags) {
  CLI::App* group = app.add_option_group("What the tensors get");
  AddSchemeFlags(*group, flags);
  AddSelectionFlags(*group, flags);
  return group;
}

absl::StatusOr<PlanOptions> ResolvePlanFlags(const PlanFlags& flags) {
  PlanOptions options = flags.options;
  if (flags.recipe_path.empty()) return options;
  ASSIGN_OR_RETURN(options.recipe, ReadTextFile(flags.recipe_path));
  options.recipe_name = flags.recipe_path;
  return options;
}

absl::StatusOr<std::string> ReadTextFile(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"),
                                                             std::fclose);
  if (file == nullptr) {
    return absl::NotFoundError("cannot open '" + path + "': " + std::strerror(errno));
  }
  std::string text;
  std::array<char, 65536> block;
  while (const size_t count = std::fread(block.data(), 1, block.size(), file.get())) {
    text.append(block.data(), count);
  }
  if (std::ferror(file.get()) != 0) {
    return absl::UnavailableError("cannot read '" + path + "': " + std::strerror(errno));
  }
  return text;
}

}  // namespace onnx_reinit::tools
