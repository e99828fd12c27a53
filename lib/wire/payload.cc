#include "wire/payload.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "base/checked_math.h"
#include "base/element_type.h"
#include "base/printable.h"
#include "base/status_macros.h"

namespace onnx_reinit::wire {
namespace {

// The sentence's beginning that all errors about a tensor share.
std::string Subject(const Tensor& tensor) {
  const std::string subject = tensor.name.empty() ? "a tensor" : "tensor " + Quote(tensor.name);
  return absl::StrCat("at byte ", tensor.offset, ": ", subject, " ");
}

// "1 byte", "2 bytes"
std::string Count(uint64_t count, absl::string_view noun) {
  return absl::StrCat(count, " ", noun, count == 1 ? "" : "s");
}

template <typename... Parts>
absl::Status Malformed(const Tensor& tensor, const Parts&... parts) {
  return absl::DataLossError(absl::StrCat(Subject(tensor), parts...));
}

absl::StatusOr<uint64_t> CountElements(const Tensor& tensor) {
  const std::optional<int64_t> count = ElementCount(tensor.dims);
  if (count) return static_cast<uint64_t>(*count);
  const auto negative =
      std::find_if(tensor.dims.begin(), tensor.dims.end(), [](int64_t dim) { return dim < 0; });
  if (negative != tensor.dims.end()) {
    return Malformed(tensor, "has the negative dimension ", *negative);
  }
  return Malformed(tensor, "has dimensions whose product exceeds 2^63");
}

absl::StatusOr<const ElementTypeInfo*> TypeOf(const Tensor& tensor) {
  const ElementTypeInfo* info = FindElementType(tensor.data_type);
  if (info != nullptr) return info;
  return Malformed(tensor, "has the unknown element type ", tensor.data_type);
}

absl::StatusOr<uint64_t> RawBytes(const Tensor& tensor, uint64_t count) {
  ASSIGN_OR_RETURN(const ElementTypeInfo* info, TypeOf(tensor));
  if (info->kind == NumberKind::kString) {
    return Malformed(tensor, "has strings in raw_data, not in string_data");
  }
  const std::optional<uint64_t> bytes = PackedBytes(count, info->bits);
  if (!bytes) return Malformed(tensor, "has dimensions whose size in bytes exceeds 2^64");
  return *bytes;
}

absl::Status CheckRaw(const Tensor& tensor, uint64_t count) {
  ASSIGN_OR_RETURN(const uint64_t expected, RawBytes(tensor, count));
  uint64_t found = 0;
  for (const Chunk& chunk : tensor.chunks) found += chunk.bytes.size();
  if (found == expected) return absl::OkStatus();
  return Malformed(tensor, "has ", Count(found, "byte"), " of raw_data, but its shape needs ",
                   expected);
}

// Values of one entry: their smallest and largest size on the wire, without tags.
struct EntrySize {
  uint64_t least;
  uint64_t most;
};

EntrySize SizeOf(Storage storage) {
  switch (storage) {
    case Storage::kFloatData:
    case Storage::kFloats:
      return {4, 4};
    case Storage::kDoubleData:
      return {8, 8};
    case Storage::kStringData:
      return {1, uint64_t{1} << 31};  // the length and the bytes
    default:
      return {1, 10};  // a varint
  }
}

// How many entries the payload has, as far as its size tells.
struct EntryRange {
  uint64_t least = 0;
  uint64_t most = 0;
};

EntryRange CountEntries(const Tensor& tensor) {
  const EntrySize size = SizeOf(tensor.storage);
  EntryRange range;
  for (const Chunk& chunk : tensor.chunks) {
    const auto tag = static_cast<uint64_t>(chunk.tag_size);
    range.least += (chunk.bytes.size() + size.most + tag - 1) / (size.most + tag);
    range.most += chunk.bytes.size() / (size.least + tag);
  }
  return range;
}

absl::Status CheckTyped(const Tensor& tensor, uint64_t count) {
  ASSIGN_OR_RETURN(const ElementTypeInfo* info, TypeOf(tensor));
  const auto per_entry = static_cast<uint64_t>(info->elements_per_entry);
  const uint64_t whole = count / per_entry + (count % per_entry != 0 ? 1 : 0);
  const std::optional<uint64_t> expected =
      CheckedMultiply(whole, static_cast<uint64_t>(info->entries_per_element));
  const EntryRange found = CountEntries(tensor);
  if (!expected || *expected > found.most) {
    return Malformed(tensor, "has at most ", Count(found.most, "value"), ", but its shape needs ",
                     count);
  }
  if (*expected < found.least) {
    return Malformed(tensor, "has at least ", Count(found.least, "value"), ", but its shape needs ",
                     count);
  }
  return absl::OkStatus();
}

absl::Status CheckEntry(const Tensor& tensor, const StringPair& entry) {
  const auto same_key = [&](const StringPair& other) { return other.key == entry.key; };
  if (std::count_if(tensor.external_data.begin(), tensor.external_data.end(), same_key) == 1) {
    return absl::OkStatus();
  }
  return Malformed(tensor, "has the external_data key '", entry.key, "' twice, at byte ",
                   entry.field.begin);
}

// The entry with that key, or nullptr.
const StringPair* FindEntry(const Tensor& tensor, absl::string_view key) {
  for (const StringPair& entry : tensor.external_data) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

absl::StatusOr<uint64_t> NumberEntry(const Tensor& tensor, absl::string_view key) {
  const StringPair* entry = FindEntry(tensor, key);
  if (entry == nullptr) return uint64_t{0};
  uint64_t number = 0;
  const bool digits =
      !entry->value.empty() && std::all_of(entry->value.begin(), entry->value.end(),
                                           [](char c) { return c >= '0' && c <= '9'; });
  if (digits && absl::SimpleAtoi(entry->value, &number)) return number;
  return Malformed(tensor, "has the external_data ", key, " ", Quote(entry->value), " at byte ",
                   entry->field.begin, ", which is no number of bytes");
}

// True where the path, read part by part, leaves the directory it starts in.
bool Escapes(absl::string_view location) {
  int depth = 0;
  for (const absl::string_view part : absl::StrSplit(location, '/')) {
    if (part.empty() || part == ".") continue;
    depth += part == ".." ? -1 : 1;
    if (depth < 0) return true;
  }
  return false;
}

absl::string_view FaultOfLocation(absl::string_view location) {
  if (location.empty()) return "which is empty";
  if (location.find('\0') != absl::string_view::npos) return "which contains a zero byte";
  if (absl::StrContains(location, "_ORT_MEM_ADDR_")) {
    return "which means memory of the process that wrote it, not a file";
  }
  if (location.front() == '/')
    return "which is absolute; it must be relative to the model's folder";
  if (Escapes(location)) return "which leads out of the model's folder";
  return {};
}

absl::StatusOr<std::string> Location(const Tensor& tensor) {
  const StringPair* entry = FindEntry(tensor, "location");
  if (entry == nullptr) return Malformed(tensor, "has external data without a location");
  const absl::string_view fault = FaultOfLocation(entry->value);
  if (fault.empty()) return entry->value;
  return Malformed(tensor, "has the external_data location ", Quote(entry->value), " at byte ",
                   entry->field.begin, ", ", fault);
}

}  // namespace

absl::StatusOr<ExternalRange> ParseExternal(const Tensor& tensor) {
  for (const StringPair& entry : tensor.external_data) {
    if (entry.key == "source_shape") {
      return absl::UnimplementedError(absl::StrCat(
          Subject(tensor),
          "is a slice of a larger external tensor (source_shape), which is not supported; "
          "save the model with whole tensors"));
    }
    if (entry.key == "location" || entry.key == "offset" || entry.key == "length") {
      RETURN_IF_ERROR(CheckEntry(tensor, entry));
    }
  }
  ExternalRange range;
  ASSIGN_OR_RETURN(range.location, Location(tensor));
  ASSIGN_OR_RETURN(range.offset, NumberEntry(tensor, "offset"));
  ASSIGN_OR_RETURN(range.length, NumberEntry(tensor, "length"));
  ASSIGN_OR_RETURN(const uint64_t count, CountElements(tensor));
  ASSIGN_OR_RETURN(const uint64_t expected, RawBytes(tensor, count));
  if (range.length != 0 && range.length != expected) {
    return Malformed(tensor, "has ", Count(range.length, "byte"),
                     " of external data, but its shape needs ", expected);
  }
  range.length = expected;
  const std::optional<uint64_t> end = CheckedAdd(range.offset, range.length);
  if (!end || *end > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
    return Malformed(tensor, "has external data at offset ", range.offset,
                     ", beyond the end of any file");
  }
  return range;
}

absl::Status CheckPayload(const Tensor& tensor) {
  ASSIGN_OR_RETURN(const uint64_t count, CountElements(tensor));
  if (tensor.has_segment) {
    return absl::UnimplementedError(
        absl::StrCat(Subject(tensor), "is stored in segments, which no reader supports"));
  }
  switch (tensor.storage) {
    case Storage::kNone:
      return count == 0 ? absl::OkStatus() : Malformed(tensor, "has no data");
    case Storage::kRaw:
      return CheckRaw(tensor, count);
    case Storage::kExternal:
      return ParseExternal(tensor).status();
    default:
      return CheckTyped(tensor, count);
  }
}

}  // namespace onnx_reinit::wire
