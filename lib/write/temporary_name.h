// The names of temporary files, made and recognised.
#ifndef ONNX_REINIT_WRITE_TEMPORARY_NAME_H_
#define ONNX_REINIT_WRITE_TEMPORARY_NAME_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace onnx_reinit::write {

// A path without a directory is in ".".
std::string DirectoryOf(const std::string& path);
std::string FileName(const std::string& path);

// The name itself, or where it is too long for a temporary name around it: its beginning and a hash
// of the whole, in kLongestTarget bytes.
std::string ShortName(const std::string& file_name);
inline constexpr size_t kLongestTarget = 233;  // names have 255 bytes at most

struct TemporaryName {
  std::string target;  // file name, without directory
  std::string run;     // 8 hexadecimal digits
};

// ".TARGET.onnx-reinit-RUN", with the target's ShortName.
std::string MakeTemporaryName(const TemporaryName& name);
std::string RunDigits(uint32_t run);
// The parts of a file name, the target as it stands there; nothing where it is not such a name.
std::optional<TemporaryName> ParseTemporaryName(const std::string& file_name);

// ".TARGET.onnx-reinit-old-RUN": a second name of a data file that is old once the model of that
// run has appeared. None of these is a temporary name.
std::string MakeOldName(const TemporaryName& name);
std::optional<TemporaryName> ParseOldName(const std::string& file_name);

// The file that a target stands for in these names, where it is one of the model's.
std::optional<std::string> TargetOf(const std::string& model, const std::string& short_name);

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_TEMPORARY_NAME_H_
