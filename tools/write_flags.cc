#include "write_flags.h"

#include <CLI/CLI.hpp>
#include <array>
#include <string_view>

#include "absl/strings/numbers.h"
#include "base/checked_math.h"
#include "choice.h"

namespace onnx_reinit::tools {
namespace {

struct SizeUnit {
  std::string_view name;
  uint64_t bytes;
};

constexpr auto kSizeUnits = std::to_array<SizeUnit>({
    {"", 1},
    {"B", 1},
    {"KB", 1'000},
    {"MB", 1'000'000},
    {"GB", 1'000'000'000},
    {"TB", 1'000'000'000'000},
    {"KiB", uint64_t{1} << 10U},
    {"MiB", uint64_t{1} << 20U},
    {"GiB", uint64_t{1} << 30U},
    {"TiB", uint64_t{1} << 40U},
});

constexpr auto kExternalData = std::to_array<Choice<ExternalData>>({
    {"auto", ExternalData::kAuto},
    {"inline", ExternalData::kInline},
    {"one-file", ExternalData::kOneFile},
});

constexpr auto kKernels = std::to_array<Choice<Kernel>>({
    {"best", Kernel::kBest},
    {"scalar", Kernel::kScalar},
    {"sse4", Kernel::kSse4},
    {"avx2", Kernel::kAvx2},
    {"avx512", Kernel::kAvx512},
    {"neon", Kernel::kNeon},
});

constexpr std::string_view kShardsPrefix = "shards=";

}  // namespace

std::optional<Part> ParsePart(const std::string& text) {
  const size_t slash = text.find('/');
  if (slash == std::string::npos) return std::nullopt;
  Part result;
  const bool are_numbers = absl::SimpleAtoi(text.substr(0, slash), &result.part) &&
                           absl::SimpleAtoi(text.substr(slash + 1), &result.parts);
  if (!are_numbers || result.part < 1 || result.part > result.parts) return std::nullopt;
  return result;
}

std::optional<uint64_t> ParseSize(const std::string& text) {
  const size_t digits = text.find_first_not_of("0123456789");
  const std::string unit_name = digits == std::string::npos ? "" : text.substr(digits);
  uint64_t count = 0;
  if (!absl::SimpleAtoi(text.substr(0, digits), &count) || count == 0) return std::nullopt;
  for (const SizeUnit& unit : kSizeUnits) {
    if (unit.name == unit_name) return CheckedMultiply(count, unit.bytes);
  }
  return std::nullopt;
}

std::string SetExternalData(const std::string& text, WriteOptions& options) {
  for (const Choice<ExternalData>& choice : kExternalData) {
    if (choice.word != text) continue;
    options.external_data = choice.value;
    return "";
  }
  if (text.substr(0, kShardsPrefix.size()) != kShardsPrefix) {
    return "'" + text + "' is none of auto, inline, one-file, shards=SIZE";
  }
  const std::optional<uint64_t> size = ParseSize(text.substr(kShardsPrefix.size()));
  if (!size) return "the size in '" + text + "' is no size; write it as in shards=2GB";
  options.external_data = ExternalData::kShards;
  options.shard_size = *size;
  return "";
}

void AddThreadsFlag(CLI::App& app, int& threads) {
  app.add_option("--threads", threads, "0: as many as the machine has")->check(CLI::Range(0, 1024));
}

void AddWriteFlags(CLI::App& app, WriteOptions& options) {
  CLI::App* group = app.add_option_group("How the model is written");
  group->add_flag("--in-place", options.in_place, "The output may be the input itself");
  group->add_flag("--sync", options.sync,
                  "Wait until the output is on the disk, so that it survives a power failure");
  AddThreadsFlag(*group, options.threads);
  group
      ->add_option_function<std::string>(
          "--external-data",
          [&options](const std::string& text) {
            const std::string problem = SetExternalData(text, options);
            if (!problem.empty()) throw CLI::ValidationError("--external-data", problem);
          },
          "Where large tensors go; auto: as in the input")
      ->option_text("auto|inline|one-file|shards=SIZE");
  // For tests and benchmarks: every kernel gives the same bytes.
  AddChoice(*group, "--kernel", kKernels, options.kernel, "")->group("");
}

}  // namespace onnx_reinit::tools
