#include "write/external_edit.h"

#include <iterator>
#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "write/encode.h"
#include "write/payload_edit.h"

namespace onnx_reinit::write {
namespace {

// Values of TensorProto.DataLocation.
constexpr uint64_t kDefault = 0;
constexpr uint64_t kExternal = 1;

bool IsStale(const std::string& key) {
  return key == "location" || key == "offset" || key == "length" || key == "checksum" ||
         key == "basepath" || key == "source_shape" || absl::StartsWith(key, "slice_") ||
         absl::StartsWith(key, "prepacked_");
}

std::string Entry(std::string_view key, std::string_view value) {
  return BytesField(kTensorExternalData,
                    BytesField(kEntryKey, key) + BytesField(kEntryValue, value));
}

std::string Entries(const std::string& location, const DataPlace& place) {
  return Entry("location", location) + Entry("offset", std::to_string(place.offset)) +
         Entry("length", std::to_string(place.length));
}

std::string DataLocation(uint64_t value) {
  return Tag(kTensorDataLocation, kVarint) + Varint(value);
}

template <typename Predicate>
std::vector<Edit> DropEntries(const wire::Skeleton& skeleton, const wire::Tensor& tensor,
                              Predicate predicate) {
  std::vector<Edit> edits;
  for (const wire::StringPair& entry : tensor.external_data) {
    if (!predicate(entry.key)) continue;
    edits.push_back({.old = entry.field,
                     .with = {},
                     .frame = FrameAround(skeleton, tensor, entry.field.begin)});
  }
  return edits;
}

// The last value of a singular field is the one that counts.
Edit AtEnd(const wire::Skeleton& skeleton, const wire::Tensor& tensor, std::vector<Segment> with) {
  const uint32_t frame = tensor.frames.back();
  const uint64_t end = skeleton.frames[frame].body.end;
  return {.old = {end, end}, .with = std::move(with), .frame = frame};
}

}  // namespace

std::vector<Edit> PointTo(const wire::Skeleton& skeleton, const wire::Tensor& tensor,
                          const std::string& location, const DataPlace& place) {
  const Segment entries = Literal(Entries(location, place));
  std::vector<Edit> edits = DropEntries(skeleton, tensor, IsStale);
  if (tensor.storage == wire::Storage::kExternal && !edits.empty()) {
    edits.front().with = {entries};
    return edits;
  }
  std::vector<Edit> payload = DropPayload(skeleton, tensor);
  std::move(payload.begin(), payload.end(), std::back_inserter(edits));
  edits.push_back(AtEnd(skeleton, tensor, {entries, Literal(DataLocation(kExternal))}));
  return edits;
}

std::vector<Edit> TakeIn(const wire::Skeleton& skeleton, const wire::Tensor& tensor,
                         std::vector<Segment> content, uint64_t length) {
  std::vector<Edit> edits =
      DropEntries(skeleton, tensor, [](const std::string& /*key*/) { return true; });
  std::vector<Segment> fields = {Literal(FieldHeader(kTensorRawData, length))};
  std::move(content.begin(), content.end(), std::back_inserter(fields));
  fields.push_back(Literal(DataLocation(kDefault)));
  edits.push_back(AtEnd(skeleton, tensor, std::move(fields)));
  return edits;
}

}  // namespace onnx_reinit::write
