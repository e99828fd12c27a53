#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/container/fixed_array.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "base/checked_math.h"
#include "base/element_type.h"
#include "base/printable.h"
#include "base/status_macros.h"
#include "wire/decode.h"
#include "wire/payload.h"
#include "wire/raw_stream.h"

namespace onnx_reinit::wire {
namespace {

// A tensor that is ready to be read: its payload is as long as its shape says.
struct Source {
  const ElementTypeInfo* type;
  uint64_t count;
  RawStream stream;
};

EntryLayout LayoutOf(const Tensor& tensor, const ElementTypeInfo& type) {
  const auto value_bytes = static_cast<uint64_t>(std::max(type.bits, 8) / 8);
  switch (tensor.storage) {
    case Storage::kInt32Data:
    case Storage::kInt64Data:
    case Storage::kUint64Data:
      return {.varint = true, .raw_bytes = value_bytes};
    case Storage::kFloatData:
    case Storage::kDoubleData:
    case Storage::kFloats:
      return {.varint = false, .raw_bytes = value_bytes};
    default:
      return {};
  }
}

absl::StatusOr<const ElementTypeInfo*> CheckType(const Tensor& tensor) {
  const ElementTypeInfo* type = FindElementType(tensor.data_type);
  if (type != nullptr && IsDecodable(type->type)) return type;
  return absl::UnimplementedError(
      absl::StrCat("tensor ", Quote(tensor.name), " has values of type ",
                   ElementTypeName(tensor.data_type), ", which are no real numbers"));
}

absl::StatusOr<RawStream> OpenExternal(const Tensor& tensor, ExternalFiles& files) {
  ASSIGN_OR_RETURN(const ExternalRange range, ParseExternal(tensor));
  ASSIGN_OR_RETURN(const InputFile* file, files.Open(range.location));
  if (!Fits(range.offset, range.length, file->size())) {
    return absl::DataLossError(absl::StrCat(
        file->path(), ": has ", file->size(), " bytes, but tensor ", Quote(tensor.name),
        " lies at bytes ", range.offset, " to ", range.offset + range.length));
  }
  const Chunk whole = {.bytes = {range.offset, range.offset + range.length}};
  return RawStream(*file, {whole}, EntryLayout{});
}

absl::StatusOr<Source> OpenSource(const Tensor& tensor, const InputFile& model,
                                  ExternalFiles& files) {
  RETURN_IF_ERROR(CheckPayload(tensor));
  ASSIGN_OR_RETURN(const ElementTypeInfo* type, CheckType(tensor));
  const auto count = static_cast<uint64_t>(ElementCount(tensor.dims).value_or(0));
  if (count == 0 || tensor.storage != Storage::kExternal) {
    return Source{type, count, RawStream(model, tensor.chunks, LayoutOf(tensor, *type))};
  }
  ASSIGN_OR_RETURN(RawStream stream, OpenExternal(tensor, files));
  return Source{type, count, std::move(stream)};
}

uint64_t ElementsPerByte(const ElementTypeInfo& type) {
  return type.bits < 8 ? static_cast<uint64_t>(8 / type.bits) : 1;
}

// Raw bytes from the one that element `first` begins in to the end of the last of `count` elements.
uint64_t RawBytesOf(const ElementTypeInfo& type, uint64_t skip, uint64_t count) {
  return PackedBytes(skip + count, type.bits).value_or(0);
}

// Reads the next elements of the source; the stream stands at a whole byte, `skip` elements before
// the first one wanted.
template <typename Number, typename Decode>
absl::Status ReadBlock(Source& source, uint64_t skip, absl::Span<Number> out, Decode decode) {
  absl::FixedArray<uint8_t, 512> raw(RawBytesOf(*source.type, skip, out.size()));
  RETURN_IF_ERROR(source.stream.Read(absl::MakeSpan(raw)));
  decode(source.type->type, raw, static_cast<int>(skip), out);
  return absl::OkStatus();
}

absl::Status CheckRange(const Tensor& tensor, const Source& source, uint64_t first,
                        uint64_t count) {
  if (Fits(first, count, source.count)) return absl::OkStatus();
  return absl::OutOfRangeError(absl::StrCat("tensor ", Quote(tensor.name), " has ", source.count,
                                            " elements; ", count, " from element ", first,
                                            " were wanted"));
}

// Typed payloads of varints have a number of values that only reading tells.
absl::Status CheckEnd(const Tensor& tensor, const Source& source) {
  if (source.stream.AtEnd()) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("at byte ", tensor.offset, ": tensor ",
                                          Quote(tensor.name),
                                          " has more values than its shape needs"));
}

// One error of several threads: the first in the file, whichever of them met theirs first.
class FirstInFile {
 public:
  void Add(const Tensor& tensor, const absl::Status& status) {
    if (!status_.ok() && tensor.offset >= offset_) return;
    offset_ = tensor.offset;
    status_ = status;
  }
  const absl::Status& status() const { return status_; }

 private:
  uint64_t offset_ = 0;
  absl::Status status_;
};

}  // namespace

struct ValueReader::Errors {
  absl::Mutex mutex;
  FirstInFile missing ABSL_GUARDED_BY(mutex);
  FirstInFile failure ABSL_GUARDED_BY(mutex);
};

ValueReader::ValueReader(const InputFile* model, ExternalFiles* external)
    : model_(model), external_(external), errors_(std::make_shared<Errors>()) {}

absl::Status ValueReader::missing() const {
  const absl::MutexLock lock(&errors_->mutex);
  return errors_->missing.status();
}

absl::Status ValueReader::failure() const {
  const absl::MutexLock lock(&errors_->mutex);
  return errors_->failure.status();
}

absl::Status ValueReader::Remembered(const Tensor& tensor, absl::Status status) const {
  const absl::MutexLock lock(&errors_->mutex);
  switch (status.code()) {
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kDataLoss:
      errors_->missing.Add(tensor, status);
      break;
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnavailable:
      errors_->failure.Add(tensor, status);
      break;
    default:  // what was asked for does not exist in this model
      break;
  }
  return status;
}

absl::StatusOr<std::vector<double>> ValueReader::Read(const Tensor& tensor, uint64_t first,
                                                      uint64_t count) const {
  absl::StatusOr<std::vector<double>> values = ReadRange(tensor, first, count);
  if (!values.ok()) return Remembered(tensor, values.status());
  return values;
}

absl::StatusOr<std::vector<int64_t>> ValueReader::ReadIntegers(const Tensor& tensor) const {
  absl::StatusOr<std::vector<int64_t>> values = ReadAllIntegers(tensor);
  if (!values.ok()) return Remembered(tensor, values.status());
  return values;
}

absl::Status ValueReader::Scan(const Tensor& tensor, uint64_t block,
                               const std::function<bool(absl::Span<const double>)>& visit) const {
  return Remembered(tensor, ScanAll(tensor, block, visit));
}

absl::StatusOr<std::vector<double>> ValueReader::ReadRange(const Tensor& tensor, uint64_t first,
                                                           uint64_t count) const {
  ASSIGN_OR_RETURN(Source source, OpenSource(tensor, *model_, *external_));
  RETURN_IF_ERROR(CheckRange(tensor, source, first, count));
  const uint64_t skip = first % ElementsPerByte(*source.type);
  RETURN_IF_ERROR(source.stream.Skip(RawBytesOf(*source.type, 0, first - skip)));
  std::vector<double> values(count);
  RETURN_IF_ERROR(ReadBlock(source, skip, absl::MakeSpan(values), DecodeNumbers));
  if (first + count == source.count) RETURN_IF_ERROR(CheckEnd(tensor, source));
  return values;
}

absl::StatusOr<std::vector<int64_t>> ValueReader::ReadAllIntegers(const Tensor& tensor) const {
  const ElementTypeInfo* type = FindElementType(tensor.data_type);
  if (type == nullptr || !IsIntegerType(type->type)) {
    return absl::InvalidArgumentError(
        absl::StrCat("tensor ", Quote(tensor.name), " has values of type ",
                     ElementTypeName(tensor.data_type), ", which are no integers"));
  }
  ASSIGN_OR_RETURN(Source source, OpenSource(tensor, *model_, *external_));
  std::vector<int64_t> values(source.count);
  RETURN_IF_ERROR(ReadBlock(source, 0, absl::MakeSpan(values), DecodeIntegers));
  RETURN_IF_ERROR(CheckEnd(tensor, source));
  return values;
}

absl::Status ValueReader::ScanAll(
    const Tensor& tensor, uint64_t block,
    const std::function<bool(absl::Span<const double>)>& visit) const {
  ASSIGN_OR_RETURN(Source source, OpenSource(tensor, *model_, *external_));
  const uint64_t unit = ElementsPerByte(*source.type);
  const uint64_t step = std::max(unit, block / unit * unit);
  std::vector<double> values(std::min(step, source.count));
  for (uint64_t first = 0; first < source.count; first += step) {
    const auto part = absl::MakeSpan(values).subspan(0, std::min(step, source.count - first));
    RETURN_IF_ERROR(ReadBlock(source, 0, part, DecodeNumbers));
    if (!visit(part)) return absl::OkStatus();
  }
  return CheckEnd(tensor, source);
}

}  // namespace onnx_reinit::wire
