// A model as it lies in its file: every message but the payloads, each with the place it came from.
//
// This is the value that `ReadSkeleton` (wire/read_skeleton.h) makes in one pass over the file. It
// holds names, types, shapes and small attributes, and of each tensor only WHERE its bytes are. It
// owns everything in it. Field numbers and the rules for each message: onnx.proto (IR 1 to 14).
//
// All offsets count bytes from the start of the model file.
#ifndef ONNX_REINIT_WIRE_SKELETON_H_
#define ONNX_REINIT_WIRE_SKELETON_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "wire/text_pool.h"

namespace onnx_reinit::wire {

// Bytes [begin, end).
struct Span {
  uint64_t begin = 0;
  uint64_t end = 0;
  uint64_t size() const { return end - begin; }
  friend bool operator==(const Span&, const Span&) = default;
};

// A length-delimited field on the wire: [tag][length][body]. Frames make a forest by `parent`; the
// rewriter follows it to mend every enclosing length when a body changes its size.
struct Frame {
  static constexpr uint32_t kNone = 0xFFFFFFFF;
  uint32_t parent = kNone;    // index into Skeleton::frames; kNone: directly in the file
  uint64_t tag_begin = 0;     // first byte of the tag
  uint64_t length_begin = 0;  // first byte of the length varint; it ends where the body begins
  Span body;
};

// One stretch of a payload. Several stretches of one tensor follow each other in order.
struct Chunk {
  Span bytes;
  // 0: values lie side by side (raw_data, packed fields). Else each value is preceded by a tag of
  // this many bytes, the first of them at bytes.begin (unpacked repeated fields).
  int tag_size = 0;
  // First byte of the field's tag: [field_begin, bytes.end) is all that must go to drop the
  // stretch. Equal to bytes.begin where tag_size is not 0.
  uint64_t field_begin = 0;
};

// Nearly always one.
using Chunks = absl::InlinedVector<Chunk, 1>;

// Which field of TensorProto the effective payload is in (onnx/numpy_helper.py: external if
// data_location says so, else raw_data if present, else the typed field of the element type).
enum class Storage {
  kNone,  // no payload at all: zero elements, or a stripped model
  kRaw,
  kFloatData,   // 4 bytes each
  kInt32Data,   // varints
  kInt64Data,   // varints
  kDoubleData,  // 8 bytes each
  kUint64Data,  // varints
  kStringData,
  kExternal,
  kFloats,  // AttributeProto.floats: no TensorProto; 4 bytes each
};

struct StringPair {
  std::string key;
  std::string value;
  Span field;  // the whole field of the entry, tag included: cutting it drops the entry
};

// As many as an image's filter has stand beside the rest of a tensor.
using Dims = absl::InlinedVector<int64_t, 4>;

struct Tensor {
  std::string name;
  Dims dims;
  int32_t data_type = 0;  // unknown numbers are kept as they are
  Storage storage = Storage::kNone;
  Chunks chunks;  // empty for kNone and kExternal
  std::vector<StringPair> external_data;
  std::vector<StringPair> metadata;
  bool has_segment = false;
  // Non-empty typed or raw fields other than the effective one, e.g. float_data beside raw_data.
  bool has_other_payload = false;
  // Frames of this message, in file order. More than one where a singular field appears twice:
  // protobuf merges them. A top-level initializer has exactly one. Empty for kFloats.
  absl::InlinedVector<uint32_t, 2> frames;
  uint64_t offset = 0;  // first byte of the first frame's body, for errors
};

struct SparseTensor {
  Tensor values;  // its name is the initializer's name; dims [NNZ]
  Tensor indices;
  Dims dims;
};

struct Graph;

enum class AttributeType : int32_t {
  kUndefined = 0,
  kFloat = 1,
  kInt = 2,
  kString = 3,
  kTensor = 4,
  kGraph = 5,
  kFloats = 6,
  kInts = 7,
  kStrings = 8,
  kTensors = 9,
  kGraphs = 10,
  kSparseTensor = 11,
  kSparseTensors = 12,
  kTypeProto = 13,
  kTypeProtos = 14,
};

struct Attribute {
  std::string name;
  // As declared; IR 1 files declare none, then it is that of the field that is set (of several, the
  // first in the order of AttributeType).
  AttributeType type = AttributeType::kUndefined;
  std::string ref_attr_name;  // in a function body: the name of the call's attribute
  float f = 0;
  Span f_bytes;  // the 4 bytes of f; empty where absent
  int64_t i = 0;
  std::string s;                     // cut to kMaxKeptText bytes
  std::vector<int64_t> ints;         // the first kMaxKeptNumbers of them
  std::vector<std::string> strings;  // the first kMaxKeptNumbers of them, each cut like s
  uint64_t int_count = 0;            // how many there are in the file
  Tensor floats;  // data_type FLOAT, dims [n], storage kFloats; kNone where `floats` is empty
  // The singular field (`t`, `sparse_tensor`, `g`), where it is set, stands before the repeated
  // one.
  std::vector<Tensor> tensors;
  std::vector<SparseTensor> sparse_tensors;
  std::vector<std::unique_ptr<Graph>> graphs;
};

struct Node {
  // All texts are in Skeleton::texts.
  std::string_view name;
  std::string_view op_type;
  std::string_view domain;  // "ai.onnx" is kept as written; the graph stage makes it ""
  std::string_view overload;
  absl::InlinedVector<std::string_view, 2> inputs;  // "" = absent optional
  absl::InlinedVector<std::string_view, 1> outputs;
  std::vector<Attribute> attributes;
  std::vector<StringPair> metadata;
  uint64_t offset = 0;  // first byte of the message
};

// A dimension: a number, a symbol, or unknown.
struct Dimension {
  int64_t value = -1;  // -1: not a number
  std::string symbol;
};

struct ValueInfo {
  std::string name;
  int32_t element_type = 0;  // of a tensor; 0 for other types or none given
  bool has_shape = false;
  std::vector<Dimension> shape;
  std::vector<StringPair> metadata;
};

struct QuantizationAnnotation {
  std::string tensor_name;
  std::vector<StringPair> parameters;  // SCALE_TENSOR, ZERO_POINT_TENSOR -> names of tensors
};

struct Graph {
  std::string name;
  std::vector<Node> nodes;
  std::vector<Tensor> initializers;
  std::vector<SparseTensor> sparse_initializers;
  std::vector<ValueInfo> inputs;
  std::vector<ValueInfo> outputs;
  std::vector<ValueInfo> value_info;
  std::vector<QuantizationAnnotation> quantization;
  std::vector<StringPair> metadata;
  uint64_t offset = 0;
};

struct OpsetImport {
  std::string domain;
  int64_t version = 0;
};

struct Function {
  std::string name;
  std::string domain;
  std::string overload;
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
  std::vector<std::string> attributes;        // required ones, by name
  std::vector<Attribute> default_attributes;  // attribute_proto
  std::vector<Node> nodes;
  std::vector<OpsetImport> opsets;
  std::vector<ValueInfo> value_info;
  std::vector<StringPair> metadata;
  uint64_t offset = 0;
};

struct TrainingInfo {
  Graph initialization;
  Graph algorithm;
  std::vector<StringPair> initialization_binding;
  std::vector<StringPair> update_binding;
};

struct Skeleton {
  int64_t ir_version = 0;
  std::string producer_name;
  std::string producer_version;
  std::vector<OpsetImport> opsets;
  std::vector<StringPair> metadata;
  Graph graph;  // several graph fields are merged, as protobuf does
  std::vector<Function> functions;
  std::vector<TrainingInfo> training;
  std::vector<Frame> frames;  // those that enclose a tensor, the tensors' own included
  TextPool texts;
  uint64_t file_size = 0;
};

inline constexpr size_t kMaxKeptText = 4096;
inline constexpr size_t kMaxKeptNumbers = 4096;

}  // namespace onnx_reinit::wire

#endif  // ONNX_REINIT_WIRE_SKELETON_H_
