// onnx-reinit list rules|schemes|presets
#include <CLI/CLI.hpp>
#include <array>
#include <memory>

#include "choice.h"
#include "command.h"
#include "onnx_reinit/tables.h"

namespace onnx_reinit::tools {
namespace {

constexpr auto kListings = std::to_array<Choice<Listing>>({
    {"rules", Listing::kRules},
    {"schemes", Listing::kSchemes},
    {"presets", Listing::kPresets},
});

}  // namespace

Runner AddList(CLI::App& app) {
  const auto listing = std::make_shared<Listing>(Listing::kRules);
  AddChoice(app, "TABLE", kListings, *listing, "Which table")->required();
  return [listing](const Console& console) {
    return PrintResult(ListText(*listing, ResultStyle(console)));
  };
}

}  // namespace onnx_reinit::tools
