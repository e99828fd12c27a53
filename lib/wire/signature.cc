#include "wire/signature.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/status_macros.h"

namespace onnx_reinit::wire {
namespace {

struct Signature {
  size_t offset;
  absl::string_view bytes;
  absl::string_view sentence;
};

constexpr absl::string_view kJson =
    "this is text (JSON?), not a serialized ModelProto: save it with onnx.save";
constexpr absl::string_view kText =
    "this is a model in text form, not a serialized ModelProto: save it with onnx.save";
constexpr absl::string_view kMarkup =
    "this is markup or a model in text form, not a serialized ModelProto: was an error page "
    "downloaded?";

// No ModelProto begins with any of these: each is an invalid tag, or a group, within its bytes.
constexpr auto kSignatures = std::to_array<Signature>({
    {0, "version https://git-lfs",
     "this is a git-LFS pointer, not the model: fetch the model with `git lfs pull`"},
    {0, absl::string_view("PK\x03\x04", 4),
     "this is a zip archive: unpack it and give the .onnx file"},
    {4, "ORTM",
     "this is a model in ORT format, which is no ONNX: give the .onnx file it was made from"},
    {4, "TFL3", "this is a TensorFlow Lite model: convert it to ONNX"},
    {0, "\x1F\x8B", "this is a gzip archive: unpack it and give the .onnx file"},
    {0, "\x89HDF", "this is an HDF5 file (Keras?): convert it to ONNX"},
    {0, "{", kJson},
    {0, "[", kJson},
    {0, "<", kMarkup},
    {0, "ir_version", kText},
});

constexpr uint64_t kTwoGibibytes = uint64_t{1} << 31;
constexpr size_t kLongestSignature = 32;

absl::Status Refuse(const InputFile& file, absl::string_view sentence) {
  return absl::DataLossError(absl::StrCat(file.path(), ": at byte 0: ", sentence));
}

bool Matches(const Signature& signature, absl::string_view start) {
  return start.size() >= signature.offset &&
         start.substr(signature.offset, signature.bytes.size()) == signature.bytes;
}

}  // namespace

absl::Status CheckSignature(const InputFile& file) {
  if (file.size() == 0) return Refuse(file, "the file is empty");
  std::array<uint8_t, kLongestSignature> buffer = {};
  const size_t size = std::min<uint64_t>(buffer.size(), file.size());
  RETURN_IF_ERROR(file.Read(0, absl::MakeSpan(buffer.data(), size)));
  const absl::string_view start(reinterpret_cast<const char*>(buffer.data()), size);
  for (const Signature& signature : kSignatures) {
    if (Matches(signature, start)) return Refuse(file, signature.sentence);
  }
  if (file.size() >= kTwoGibibytes) {
    return Refuse(file, absl::StrCat("the file has ", file.size(),
                                     " bytes; a model of 2 GiB or more must keep its weights in "
                                     "external data"));
  }
  return absl::OkStatus();
}

}  // namespace onnx_reinit::wire
