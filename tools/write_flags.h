// The options that decide how the new model is written.
#ifndef ONNX_REINIT_TOOLS_WRITE_FLAGS_H_
#define ONNX_REINIT_TOOLS_WRITE_FLAGS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "onnx_reinit/options.h"

namespace CLI {
class App;
}

namespace onnx_reinit::tools {

// One of several shares of a job: 1/4 to 4/4.
struct Part {
  int part = 0;
  int parts = 0;
};

// "2/4". Nothing where there is no such part.
std::optional<Part> ParsePart(const std::string& text);

// --threads, of commands that write nothing, too.
void AddThreadsFlag(CLI::App& app, int& threads);

void AddWriteFlags(CLI::App& app, WriteOptions& options);

// "4096", "64KiB", "2GB" (KB = 1000, KiB = 1024; also M, G, T). Nothing where it is no size, is 0,
// or exceeds 64 bits.
std::optional<uint64_t> ParseSize(const std::string& text);

// "auto", "inline", "one-file" or "shards=SIZE" into the two fields of `options`. Returns what is
// wrong, or nothing.
std::string SetExternalData(const std::string& text, WriteOptions& options);

}  // namespace onnx_reinit::tools

#endif  // ONNX_REINIT_TOOLS_WRITE_FLAGS_H_
