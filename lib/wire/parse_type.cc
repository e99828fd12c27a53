#include "wire/parse_type.h"

#include <utility>

#include "wire/parse_tensor.h"

namespace onnx_reinit::wire {
namespace {

void ParseType(Cursor& in, ValueInfo& info);

void ParseDimension(Cursor& in, Dimension& dimension) {
  while (in.Next()) {
    switch (in.key()) {
      case Varint(1):
        dimension = {.value = in.Integer(), .symbol = {}};
        break;
      case Length(2):
        dimension = {};
        in.Text(dimension.symbol);
        break;
      default:
        in.Skip();
    }
  }
}

void ParseShape(Cursor& in, std::vector<Dimension>& shape) {
  while (in.Next()) {
    if (in.key() == Length(1)) {
      in.Item(shape, ParseDimension);
    } else {
      in.Skip();
    }
  }
}

// TypeProto.Tensor, and SparseTensor, which has the same fields.
void ParseTensorType(Cursor& in, ValueInfo& info) {
  while (in.Next()) {
    switch (in.key()) {
      case Varint(1):
        info.element_type = static_cast<int32_t>(in.Integer());
        break;
      case Length(2):
        info.has_shape = true;
        in.Message([&] { ParseShape(in, info.shape); });
        break;
      default:
        in.Skip();
    }
  }
}

// A type with an inner TypeProto in the field that `key` says: Sequence, Optional, Map.
void ParseContainerType(Cursor& in, uint32_t key) {
  while (in.Next()) {
    if (in.key() == key) {
      in.Message([&] { ParseUnusedType(in); });
    } else {
      in.Skip();
    }
  }
}

// The kinds of type are alternatives: a later one replaces what an earlier one said.
void ClearType(ValueInfo& info) {
  info.element_type = 0;
  info.has_shape = false;
  info.shape.clear();
}

void ParseOtherType(Cursor& in, ValueInfo& info) {
  const uint32_t key = in.key();
  ClearType(info);
  ValueInfo unused;
  in.Message([&] {
    if (key == Length(8)) return ParseTensorType(in, unused);
    if (key == Length(7)) return ParseContainerType(in, 0);
    ParseContainerType(in, key == Length(5) ? Length(2) : Length(1));
  });
}

void ParseType(Cursor& in, ValueInfo& info) {
  while (in.Next()) {
    switch (in.key()) {
      case Length(1):
        in.Message([&] { ParseTensorType(in, info); });
        break;
      case Length(4):
      case Length(5):
      case Length(7):
      case Length(8):
      case Length(9):
        ParseOtherType(in, info);
        break;
      default:
        in.Skip();
    }
  }
}

}  // namespace

void ParseUnusedType(Cursor& in) {
  ValueInfo unused;
  ParseType(in, unused);
}

void ParseValueInfo(Cursor& in, ValueInfo& info) {
  while (in.Next()) {
    switch (in.key()) {
      case Length(1):
        in.Text(info.name);
        break;
      case Length(2):
        in.Message([&] { ParseType(in, info); });
        break;
      case Length(4):
        StringPairItem(in, info.metadata);
        break;
      default:
        in.Skip();
    }
  }
}

}  // namespace onnx_reinit::wire
