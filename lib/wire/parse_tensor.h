// TensorProto and SparseTensorProto -> Tensor and SparseTensor.
#ifndef ONNX_REINIT_WIRE_PARSE_TENSOR_H_
#define ONNX_REINIT_WIRE_PARSE_TENSOR_H_

#include <optional>
#include <vector>

#include "wire/cursor.h"
#include "wire/skeleton.h"

namespace onnx_reinit::wire {

// A stretch of one of the typed fields.
struct Piece {
  Storage field;
  Chunk chunk;
};

// What the fields of one tensor offer as its payload.
struct Payloads {
  bool external = false;
  std::optional<Chunk> raw;  // the last one wins
  std::vector<Piece> pieces;
};

// A tensor of which more may come: protobuf merges a singular field that appears twice.
struct TensorParts {
  Tensor tensor;
  Payloads payloads;
};

struct SparseTensorParts {
  SparseTensor tensor;
  Payloads values;
  Payloads indices;
};

// Each parses the message at hand to its end, adding to what is there.
void ParseTensor(Cursor& in, Tensor& tensor, Payloads& payloads);
void ParseSparseTensor(Cursor& in, SparseTensorParts& parts);

// Each reads the field at hand, a whole message, as the next item of the list.
void TensorItem(Cursor& in, std::vector<Tensor>& tensors);
void SparseTensorItem(Cursor& in, std::vector<SparseTensor>& tensors);
void StringPairItem(Cursor& in, std::vector<StringPair>& pairs);

// Where the repeated fixed-width field at hand lies: one packed run, or one value with its tag.
Chunk FixedChunk(Cursor& in, uint64_t width);
// True where `next` goes on in the same manner right behind `last`, so that one chunk holds both.
bool Continues(const Chunk& last, const Chunk& next);
// Appends `chunk`, or lengthens the last chunk where it continues that.
void AddChunk(Cursor& in, Chunks& chunks, const Chunk& chunk);

// Decides which payload counts (see Storage).
void FinishTensor(const Payloads& payloads, Tensor& tensor);
void FinishSparseTensor(SparseTensorParts& parts);

}  // namespace onnx_reinit::wire

#endif  // ONNX_REINIT_WIRE_PARSE_TENSOR_H_
