#include "wire/parse_tensor.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/element_type.h"

namespace onnx_reinit::wire {
namespace {

bool IsLengthField(const Cursor& in) { return (in.key() & 7) == 2; }

// One value of an unpacked field, its tag included.
Chunk TaggedChunk(Cursor& in) {
  const uint64_t begin = in.tag_begin();
  const int tag_size = static_cast<int>(in.position() - begin);
  in.Skip();
  return {.bytes = {begin, in.position()}, .tag_size = tag_size, .field_begin = begin};
}

// A body whose values lie side by side.
Chunk BodyChunk(Cursor& in) {
  const uint64_t tag_begin = in.tag_begin();
  return {.bytes = in.Bytes(), .tag_size = 0, .field_begin = tag_begin};
}

Chunk VarintChunk(Cursor& in) { return IsLengthField(in) ? BodyChunk(in) : TaggedChunk(in); }

void AddPiece(Cursor& in, std::vector<Piece>& pieces, Storage field, const Chunk& chunk) {
  if (chunk.bytes.size() == 0) return;
  if (!pieces.empty() && pieces.back().field == field && Continues(pieces.back().chunk, chunk)) {
    pieces.back().chunk.bytes.end = chunk.bytes.end;
  } else {
    in.Charge(sizeof(Piece));
    pieces.push_back({field, chunk});
  }
}

void ParseSegment(Cursor& in) {
  while (in.Next()) in.Skip();
}

void DimsItem(Cursor& in, Dims& dims) {
  in.Integers([&](int64_t dim) {
    in.Charge(sizeof(dim));
    dims.push_back(dim);
  });
}

// Unknown values of an enumeration are unknown fields, as for libprotobuf.
void ParseLocation(Cursor& in, Payloads& payloads) {
  const auto value = static_cast<int32_t>(in.Integer());
  if (value == 0 || value == 1) payloads.external = value == 1;
}

Storage StorageOf(StorageField field) {
  switch (field) {
    case StorageField::kFloatData:
      return Storage::kFloatData;
    case StorageField::kInt32Data:
      return Storage::kInt32Data;
    case StorageField::kInt64Data:
      return Storage::kInt64Data;
    case StorageField::kDoubleData:
      return Storage::kDoubleData;
    case StorageField::kUint64Data:
      return Storage::kUint64Data;
    case StorageField::kStringData:
      return Storage::kStringData;
    case StorageField::kNone:
      break;
  }
  return Storage::kNone;
}

Storage TypedStorage(int32_t data_type) {
  const ElementTypeInfo* info = FindElementType(data_type);
  return info == nullptr ? Storage::kNone : StorageOf(info->field);
}

bool ParsePayload(Cursor& in, Payloads& payloads) {
  switch (in.key()) {
    case Length(4):
    case Fixed32(4):
      AddPiece(in, payloads.pieces, Storage::kFloatData, FixedChunk(in, 4));
      return true;
    case Length(5):
    case Varint(5):
      AddPiece(in, payloads.pieces, Storage::kInt32Data, VarintChunk(in));
      return true;
    case Length(6):
      AddPiece(in, payloads.pieces, Storage::kStringData, TaggedChunk(in));
      return true;
    case Length(7):
    case Varint(7):
      AddPiece(in, payloads.pieces, Storage::kInt64Data, VarintChunk(in));
      return true;
    case Length(9):
      payloads.raw = BodyChunk(in);
      return true;
    case Length(10):
    case Fixed64(10):
      AddPiece(in, payloads.pieces, Storage::kDoubleData, FixedChunk(in, 8));
      return true;
    case Length(11):
    case Varint(11):
      AddPiece(in, payloads.pieces, Storage::kUint64Data, VarintChunk(in));
      return true;
    default:
      return false;
  }
}

void ParseTensorField(Cursor& in, Tensor& tensor, Payloads& payloads) {
  switch (in.key()) {
    case Varint(1):
    case Length(1):
      return DimsItem(in, tensor.dims);
    case Varint(2):
      tensor.data_type = static_cast<int32_t>(in.Integer());
      return;
    case Length(3):
      tensor.has_segment = true;
      return in.Message([&] { ParseSegment(in); });
    case Length(8):
      return in.Text(tensor.name);
    case Length(13):
      return StringPairItem(in, tensor.external_data);
    case Varint(14):
      return ParseLocation(in, payloads);
    case Length(16):
      return StringPairItem(in, tensor.metadata);
    default:
      in.Skip();
  }
}

void ParseStringPair(Cursor& in, StringPair& pair) {
  while (in.Next()) {
    switch (in.key()) {
      case Length(1):
        in.Text(pair.key);
        break;
      case Length(2):
        in.Text(pair.value);
        break;
      default:
        in.Skip();
    }
  }
}

}  // namespace

Chunk FixedChunk(Cursor& in, uint64_t width) {
  if (!IsLengthField(in)) return TaggedChunk(in);
  const Chunk chunk = BodyChunk(in);
  if (chunk.bytes.size() % width != 0) {
    in.Fail(chunk.field_begin, absl::StrCat("packed values of ", width, " bytes each take ",
                                            chunk.bytes.size(), " bytes, which is no multiple"));
  }
  return chunk;
}

bool Continues(const Chunk& last, const Chunk& next) {
  return last.tag_size == next.tag_size && last.bytes.end == next.bytes.begin;
}

void AddChunk(Cursor& in, Chunks& chunks, const Chunk& chunk) {
  if (!chunks.empty() && Continues(chunks.back(), chunk)) {
    chunks.back().bytes.end = chunk.bytes.end;
  } else {
    in.Charge(sizeof(Chunk));
    chunks.push_back(chunk);
  }
}

void StringPairItem(Cursor& in, std::vector<StringPair>& pairs) {
  in.Charge(sizeof(StringPair));
  StringPair pair;
  pair.field.begin = in.tag_begin();
  in.Message([&] { ParseStringPair(in, pair); });
  pair.field.end = in.position();
  pairs.push_back(std::move(pair));
}

void ParseTensor(Cursor& in, Tensor& tensor, Payloads& payloads) {
  if (tensor.frames.empty()) tensor.offset = in.position();
  tensor.frames.push_back(in.RecordFrame());
  while (in.Next()) {
    if (!ParsePayload(in, payloads)) ParseTensorField(in, tensor, payloads);
  }
}

void ParseSparseTensor(Cursor& in, SparseTensorParts& parts) {
  while (in.Next()) {
    switch (in.key()) {
      case Length(1):
        in.Message([&] { ParseTensor(in, parts.tensor.values, parts.values); });
        break;
      case Length(2):
        in.Message([&] { ParseTensor(in, parts.tensor.indices, parts.indices); });
        break;
      case Varint(3):
      case Length(3):
        DimsItem(in, parts.tensor.dims);
        break;
      default:
        in.Skip();
    }
  }
}

void TensorItem(Cursor& in, std::vector<Tensor>& tensors) {
  in.Charge(sizeof(Tensor));
  Tensor& tensor = tensors.emplace_back();
  Payloads payloads;
  in.Message([&] { ParseTensor(in, tensor, payloads); });
  FinishTensor(payloads, tensor);
}

void SparseTensorItem(Cursor& in, std::vector<SparseTensor>& tensors) {
  in.Charge(sizeof(SparseTensor));
  SparseTensorParts parts;
  in.Message([&] { ParseSparseTensor(in, parts); });
  FinishSparseTensor(parts);
  tensors.push_back(std::move(parts.tensor));
}

void FinishTensor(const Payloads& payloads, Tensor& tensor) {
  const Storage typed = TypedStorage(tensor.data_type);
  const bool use_typed = !payloads.external && !payloads.raw;
  if (payloads.external) tensor.storage = Storage::kExternal;
  if (payloads.raw && !payloads.external) {
    tensor.storage = Storage::kRaw;
    tensor.chunks.push_back(*payloads.raw);
  }
  tensor.has_other_payload = payloads.external && payloads.raw && payloads.raw->bytes.size() > 0;
  for (const Piece& piece : payloads.pieces) {
    if (use_typed && piece.field == typed) {
      tensor.storage = typed;
      tensor.chunks.push_back(piece.chunk);
    } else {
      tensor.has_other_payload = true;
    }
  }
}

void FinishSparseTensor(SparseTensorParts& parts) {
  FinishTensor(parts.values, parts.tensor.values);
  FinishTensor(parts.indices, parts.tensor.indices);
}

}  // namespace onnx_reinit::wire
