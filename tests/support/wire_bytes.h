// Protobuf's wire format by hand, for what no serializer writes.
#ifndef ONNX_REINIT_TESTS_SUPPORT_WIRE_BYTES_H_
#define ONNX_REINIT_TESTS_SUPPORT_WIRE_BYTES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace onnx_reinit::test {

// A varint, padded with empty groups of seven bits to at least `size` bytes (overlong, but legal).
std::string VarintBytes(uint64_t value, size_t size = 1);
std::string Tag(uint32_t number, uint32_t wire_type, size_t size = 1);

// Whole fields.
std::string VarintField(uint32_t number, uint64_t value);
std::string Fixed32Field(uint32_t number, uint32_t value);
std::string Fixed64Field(uint32_t number, uint64_t value);
std::string FloatField(uint32_t number, float value);
std::string LengthField(uint32_t number, std::string_view body);
std::string GroupField(uint32_t number, std::string_view body);

// Values side by side, as packed fields and raw_data have them.
std::string FloatBytes(const std::vector<float>& values);
std::string DoubleBytes(const std::vector<double>& values);
std::string VarintsBytes(const std::vector<int64_t>& values);

// A model of IR 8 and opset 17 whose graph is `graph`, or whose graph holds one initializer or one
// node (op_type "Op") with one attribute, given by the bodies of their messages.
std::string ModelOfGraph(std::string_view graph);
std::string ModelOfTensor(std::string_view tensor);
std::string ModelOfAttribute(std::string_view attribute);

}  // namespace onnx_reinit::test

#endif  // ONNX_REINIT_TESTS_SUPPORT_WIRE_BYTES_H_
