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
void DropEntries(const wire::Skeleton& skeleton, const wire::Tensor& tensor, Predicate predicate,
                 std::vector<Edit>& edits) {
  for (const wire::StringPair& entry : tensor.external_data) {
    if (!predicate(entry.key)) continue;
    edits.push_back({.old = entry.field,
                     .with = {},
                     .frame = FrameAround(skeleton, tensor, entry.field.begin)});
  }
}

// The last value of a singular field is the one that counts.
Edit AtEnd(const wire::Skeleton& skeleton, const wire::Tensor& tensor, Segments with) {
  const uint32_t frame = tensor.frames.back();
  const uint64_t end = skeleton.frames[frame].body.end;
  return {.old = {end, end}, .with = std::move(with), .frame = frame};
}

}  // namespace

void PointTo(const wire::Skeleton& skeleton, const wire::Tensor& tensor,
             const std::string& location, const DataPlace& place, std::vector<Edit>& edits) {
  const Segment entries = Literal(Entries(location, place));
  const size_t first = edits.size();
  DropEntries(skeleton, tensor, IsStale, edits);
  if (tensor.storage == wire::Storage::kExternal && edits.size() > first) {
    edits[first].with = {entries};
    return;
  }
  DropPayload(skeleton, tensor, edits);
  edits.push_back(AtEnd(skeleton, tensor, {entries, Literal(DataLocation(kExternal))}));
}

void TakeIn(const wire::Skeleton& skeleton, const wire::Tensor& tensor,
            std::vector<Segment> content, uint64_t length, std::vector<Edit>& edits) {
  DropEntries(
      skeleton, tensor, [](const std::string& /*key*/) { return true; }, edits);
  Segments fields = {Literal(FieldHeader(kTensorRawData, length))};
  std::move(content.begin(), content.end(), std::back_inserter(fields));
  fields.push_back(Literal(DataLocation(kDefault)));
  edits.push_back(AtEnd(skeleton, tensor, std::move(fields)));
}

}  // namespace onnx_reinit::write
