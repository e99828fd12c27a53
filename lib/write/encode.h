// The few pieces of protobuf wire format that this stage writes itself.
#ifndef ONNX_REINIT_WRITE_ENCODE_H_
#define ONNX_REINIT_WRITE_ENCODE_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace onnx_reinit::write {

// Wire types of the protobuf encoding.
inline constexpr uint32_t kVarint = 0;
inline constexpr uint32_t kFixed64 = 1;
inline constexpr uint32_t kLengthDelimited = 2;
inline constexpr uint32_t kFixed32 = 5;

// Fields of onnx.proto.
inline constexpr uint32_t kTensorFloatData = 4;
inline constexpr uint32_t kTensorRawData = 9;
inline constexpr uint32_t kTensorDoubleData = 10;
inline constexpr uint32_t kTensorExternalData = 13;
inline constexpr uint32_t kTensorDataLocation = 14;
inline constexpr uint32_t kAttributeFloats = 7;
inline constexpr uint32_t kEntryKey = 1;
inline constexpr uint32_t kEntryValue = 2;

// Bytes of `value` as a varint, in its shortest form.
int VarintSize(uint64_t value);
std::string Varint(uint64_t value);
// In exactly `width` bytes, padded by protobuf's rules (0x80 ... 0x00). width >= VarintSize(value).
std::string PaddedVarint(uint64_t value, int width);
std::string Tag(uint32_t field, uint32_t wire_type);
// Tag and length of a field whose body follows.
std::string FieldHeader(uint32_t field, uint64_t body_size);
// A whole field of bytes.
std::string BytesField(uint32_t field, std::string_view body);

}  // namespace onnx_reinit::write

#endif  // ONNX_REINIT_WRITE_ENCODE_H_
