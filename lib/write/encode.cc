#include "write/encode.h"

#include <string>
#include <string_view>

namespace onnx_reinit::write {

int VarintSize(uint64_t value) {
  int size = 1;
  for (; value >= 0x80; value >>= 7) ++size;
  return size;
}

std::string Varint(uint64_t value) { return PaddedVarint(value, VarintSize(value)); }

std::string PaddedVarint(uint64_t value, int width) {
  std::string bytes;
  for (int i = 1; i < width; ++i, value >>= 7) {
    bytes.push_back(static_cast<char>(0x80 | (value & 0x7F)));
  }
  bytes.push_back(static_cast<char>(value));
  return bytes;
}

std::string Tag(uint32_t field, uint32_t wire_type) { return Varint(field << 3 | wire_type); }

std::string FieldHeader(uint32_t field, uint64_t body_size) {
  return Tag(field, kLengthDelimited) + Varint(body_size);
}

std::string BytesField(uint32_t field, std::string_view body) {
  return FieldHeader(field, body.size()).append(body);
}

}  // namespace onnx_reinit::write
