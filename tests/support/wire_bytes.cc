#include "support/wire_bytes.h"

#include <bit>
#include <cstring>

namespace onnx_reinit::test {
namespace {

template <typename Number>
std::string Bytes(Number value) {
  std::string bytes(sizeof(Number), '\0');
  std::memcpy(bytes.data(), &value, sizeof(Number));
  return bytes;
}

template <typename Number>
std::string Joined(const std::vector<Number>& values) {
  std::string bytes;
  for (const Number value : values) bytes += Bytes(value);
  return bytes;
}

}  // namespace

std::string VarintBytes(uint64_t value, size_t size) {
  std::string bytes;
  while (value >= 0x80 || bytes.size() + 1 < size) {
    bytes.push_back(static_cast<char>((value & 0x7F) | 0x80));
    value >>= 7;
  }
  bytes.push_back(static_cast<char>(value));
  return bytes;
}

std::string Tag(uint32_t number, uint32_t wire_type, size_t size) {
  return VarintBytes(uint64_t{number} << 3 | wire_type, size);
}

std::string VarintField(uint32_t number, uint64_t value) {
  return Tag(number, 0) + VarintBytes(value);
}

std::string Fixed64Field(uint32_t number, uint64_t value) { return Tag(number, 1) + Bytes(value); }

std::string LengthField(uint32_t number, std::string_view body) {
  return Tag(number, 2) + VarintBytes(body.size()) + std::string(body);
}

std::string GroupField(uint32_t number, std::string_view body) {
  return Tag(number, 3) + std::string(body) + Tag(number, 4);
}

std::string Fixed32Field(uint32_t number, uint32_t value) { return Tag(number, 5) + Bytes(value); }

std::string FloatField(uint32_t number, float value) {
  return Fixed32Field(number, std::bit_cast<uint32_t>(value));
}

std::string FloatBytes(const std::vector<float>& values) { return Joined(values); }

std::string DoubleBytes(const std::vector<double>& values) { return Joined(values); }

std::string VarintsBytes(const std::vector<int64_t>& values) {
  std::string bytes;
  for (const int64_t value : values) bytes += VarintBytes(static_cast<uint64_t>(value));
  return bytes;
}

std::string ModelOfGraph(std::string_view graph) {
  return VarintField(1, 8) + LengthField(7, graph) + LengthField(8, VarintField(2, 17));
}

std::string ModelOfTensor(std::string_view tensor) { return ModelOfGraph(LengthField(5, tensor)); }

std::string ModelOfAttribute(std::string_view attribute) {
  return ModelOfGraph(LengthField(1, LengthField(4, "Op") + LengthField(5, attribute)));
}

}  // namespace onnx_reinit::test
