#include "write/payload_edit.h"

#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/checked_math.h"
#include "base/element_type.h"
#include "base/status_macros.h"
#include "write/encode.h"

namespace onnx_reinit::write {
namespace {

using wire::Storage;

std::string Where(const wire::Tensor& tensor) {
  return absl::StrCat("at byte ", tensor.offset, ": tensor '", absl::CHexEscape(tensor.name), "'");
}

// A value of a typed field of fixed width, as it stands on the wire.
struct FixedField {
  int value_size;
  uint32_t field;
  uint32_t wire_type;
};

FixedField FixedFieldOf(Storage storage) {
  if (storage == Storage::kDoubleData) return {8, kTensorDoubleData, kFixed64};
  if (storage == Storage::kFloats) return {4, kAttributeFloats, kFixed32};
  return {4, kTensorFloatData, kFixed32};
}

bool HasVarints(Storage storage) {
  return storage == Storage::kInt32Data || storage == Storage::kInt64Data ||
         storage == Storage::kUint64Data;
}

// The stretch's bytes, as its share of the payload that starts at raw byte `begin`.
Segment ShareOf(const wire::Chunk& chunk, Storage storage, size_t replacement, uint64_t begin) {
  const uint64_t length = chunk.bytes.size();
  if (chunk.tag_size == 0) return Payload(replacement, begin, length);
  const FixedField field = FixedFieldOf(storage);
  const auto size = static_cast<uint64_t>(field.value_size);
  const uint64_t values = length / (size + static_cast<uint64_t>(chunk.tag_size));
  std::string tag = PaddedVarint(field.field << 3 | field.wire_type, chunk.tag_size);
  return TaggedPayload(replacement, begin, values * size, std::move(tag), field.value_size);
}

uint64_t RawLength(const Segment& payload) {
  if (payload.value_size == 0) return payload.length;
  const auto size = static_cast<uint64_t>(payload.value_size);
  return payload.length / (size + payload.bytes.size()) * size;
}

absl::Status ReplaceInPlace(const wire::Skeleton& skeleton, const wire::Tensor& tensor,
                            size_t replacement, uint64_t size, std::vector<Edit>& edits) {
  uint64_t begin = 0;
  for (const wire::Chunk& chunk : tensor.chunks) {
    Edit& edit = edits.emplace_back();
    edit.old = chunk.bytes;
    edit.with.push_back(ShareOf(chunk, tensor.storage, replacement, begin));
    edit.frame = FrameAround(skeleton, tensor, chunk.bytes.begin);
    begin += RawLength(edit.with.front());
  }
  if (begin == size) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(Where(tensor), " has ", begin,
                                          " bytes of data, but its shape and type ask for ", size));
}

// The tensor has a payload.
void ReplaceByRawData(const wire::Skeleton& skeleton, const wire::Tensor& tensor,
                      size_t replacement, uint64_t size, std::vector<Edit>& edits) {
  const size_t first = edits.size();
  DropPayload(skeleton, tensor, edits);
  edits[first].with = {Literal(FieldHeader(kTensorRawData, size)), Payload(replacement, 0, size)};
}

}  // namespace

absl::StatusOr<uint64_t> RawBytes(const wire::Tensor& tensor) {
  const ElementTypeInfo* type = FindElementType(tensor.data_type);
  if (type == nullptr || type->bits == 0) {
    return absl::UnimplementedError(absl::StrCat(Where(tensor), " holds ",
                                                 ElementTypeName(tensor.data_type),
                                                 ", not numbers of fixed size"));
  }
  const std::optional<int64_t> count = ElementCount(tensor.dims);
  const std::optional<uint64_t> bytes =
      count ? PackedBytes(static_cast<uint64_t>(*count), type->bits) : std::nullopt;
  if (bytes) return *bytes;
  return absl::DataLossError(absl::StrCat(Where(tensor), " has a negative or too large dimension"));
}

uint32_t FrameAround(const wire::Skeleton& skeleton, const wire::Tensor& tensor, uint64_t at) {
  for (const uint32_t i : tensor.frames) {
    const wire::Span& body = skeleton.frames[i].body;
    if (body.begin <= at && at <= body.end) return i;
  }
  return wire::Frame::kNone;
}

void DropPayload(const wire::Skeleton& skeleton, const wire::Tensor& tensor,
                 std::vector<Edit>& edits) {
  for (const wire::Chunk& chunk : tensor.chunks) {
    edits.push_back({.old = {chunk.field_begin, chunk.bytes.end},
                     .with = {},
                     .frame = FrameAround(skeleton, tensor, chunk.field_begin)});
  }
}

absl::Status ReplacePayload(const wire::Skeleton& skeleton, const wire::Tensor& tensor,
                            size_t replacement, std::vector<Edit>& edits) {
  ASSIGN_OR_RETURN(const uint64_t size, RawBytes(tensor));
  if (size == 0) return absl::OkStatus();
  if (tensor.chunks.empty()) {
    return absl::DataLossError(absl::StrCat(Where(tensor), " has no data to be replaced"));
  }
  if (!HasVarints(tensor.storage)) {
    return ReplaceInPlace(skeleton, tensor, replacement, size, edits);
  }
  ReplaceByRawData(skeleton, tensor, replacement, size, edits);
  return absl::OkStatus();
}

}  // namespace onnx_reinit::write
