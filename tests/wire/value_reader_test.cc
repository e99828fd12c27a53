#include <cstdint>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/temp_file.h"
#include "support/text_model.h"
#include "support/wire_bytes.h"
#include "wire/payload.h"

namespace onnx_reinit::wire {
namespace {

using test::DoubleBytes;
using test::FloatBytes;
using test::FloatField;
using test::LengthField;
using test::VarintField;
using test::VarintsBytes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A model with one initializer, ready to be read.
class OneTensor {
 public:
  explicit OneTensor(const std::string& tensor)
      : model_(test::ReadModelBytes(test::ModelOfTensor(tensor))),
        files_(model_.file->path()),
        reader_(model_.input.get(), &files_) {}

  const Tensor& tensor() const { return model_.skeleton.graph.initializers.at(0); }
  const ValueReader& reader() const { return reader_; }
  // A file beside the model.
  void Write(const std::string& name, const std::string& bytes) const {
    model_.file->Beside(name, bytes);
  }

 private:
  test::TestModel model_;
  ExternalFiles files_;
  ValueReader reader_;
};

std::string Head(int type, const std::vector<int64_t>& dims) {
  return LengthField(8, "w") + LengthField(1, VarintsBytes(dims)) +
         VarintField(2, static_cast<uint64_t>(type));
}
std::string Raw(const std::string& bytes) { return LengthField(9, bytes); }
std::string Entry(const std::string& key, const std::string& value) {
  return LengthField(13, LengthField(1, key) + LengthField(2, value));
}

struct ValueRow {
  const char* name;
  std::string tensor;
  std::vector<double> values;
};

class ValueTest : public ::testing::TestWithParam<ValueRow> {};

TEST_P(ValueTest, ReadsAllValues) {
  const OneTensor one(GetParam().tensor);
  const auto values = one.reader().Read(one.tensor(), 0, GetParam().values.size());
  ASSERT_TRUE(values.ok()) << values.status();
  EXPECT_EQ(*values, GetParam().values);
}

TEST_P(ValueTest, ReadsEveryPart) {
  const OneTensor one(GetParam().tensor);
  const std::vector<double>& all = GetParam().values;
  for (size_t first = 0; first <= all.size(); ++first) {
    for (size_t count = 0; first + count <= all.size(); ++count) {
      const auto part = one.reader().Read(one.tensor(), first, count);
      ASSERT_TRUE(part.ok()) << part.status();
      EXPECT_TRUE(std::equal(part->begin(), part->end(), all.begin() + static_cast<long>(first)))
          << first << " " << count;
    }
  }
}

TEST_P(ValueTest, ScansInBlocksOfAnySize) {
  const OneTensor one(GetParam().tensor);
  for (uint64_t block = 1; block <= GetParam().values.size() + 1; ++block) {
    std::vector<double> seen;
    const absl::Status status =
        one.reader().Scan(one.tensor(), block, [&](absl::Span<const double> part) {
          seen.insert(seen.end(), part.begin(), part.end());
          return true;
        });
    EXPECT_TRUE(status.ok()) << status;
    EXPECT_EQ(seen, GetParam().values) << block;
  }
}

const std::vector<double> kThree = {1, -2, 3};

INSTANTIATE_TEST_SUITE_P(
    Rows, ValueTest,
    ::testing::Values(
        ValueRow{"float_raw", Head(1, {3}) + Raw(FloatBytes({1, -2, 3})), kThree},
        ValueRow{"float_packed", Head(1, {3}) + LengthField(4, FloatBytes({1, -2, 3})), kThree},
        ValueRow{"float_unpacked",
                 Head(1, {3}) + FloatField(4, 1) + FloatField(4, -2) + FloatField(4, 3), kThree},
        ValueRow{"float_packed_and_unpacked",
                 Head(1, {3}) + FloatField(4, 1) + LengthField(4, FloatBytes({-2, 3})), kThree},
        ValueRow{"double_packed", Head(11, {3}) + LengthField(10, DoubleBytes({1, -2, 3})), kThree},
        ValueRow{"double_in_two_runs",
                 Head(11, {3}) + LengthField(10, DoubleBytes({1})) +
                     LengthField(10, DoubleBytes({-2, 3})),
                 kThree},
        ValueRow{"int64_packed", Head(7, {3}) + LengthField(7, VarintsBytes({1, -2, 3})), kThree},
        ValueRow{"int64_unpacked",
                 Head(7, {3}) + VarintField(7, 1) + VarintField(7, static_cast<uint64_t>(-2)) +
                     VarintField(7, 3),
                 kThree},
        ValueRow{"int32_packed", Head(6, {3}) + LengthField(5, VarintsBytes({1, -2, 3})), kThree},
        ValueRow{"int8_in_int32_data", Head(3, {3}) + LengthField(5, VarintsBytes({1, -2, 3})),
                 kThree},
        ValueRow{
            "uint8_in_int32_data", Head(2, {2}) + LengthField(5, VarintsBytes({1, 255})), {1, 255}},
        ValueRow{"uint32_in_uint64_data",
                 Head(12, {2}) + LengthField(11, VarintsBytes({1, 300})),
                 {1, 300}},
        ValueRow{"bool_in_int32_data", Head(9, {2}) + LengthField(5, VarintsBytes({1, 0})), {1, 0}},
        ValueRow{"half_in_int32_data",
                 Head(10, {3}) + LengthField(5, VarintsBytes({0x3C00, 0xC000, 0x4200})), kThree},
        ValueRow{"bfloat16_in_int32_data",
                 Head(16, {3}) + LengthField(5, VarintsBytes({0x3F80, 0xC000, 0x4040})), kThree},
        ValueRow{"float8_in_int32_data",
                 Head(17, {2}) + LengthField(5, VarintsBytes({0x38, 0xB8})),
                 {1, -1}},
        ValueRow{"int4_raw", Head(22, {5}) + Raw("\x21\x43\xF5"), {1, 2, 3, 4, 5}},
        ValueRow{"int4_in_int32_data",
                 Head(22, {5}) + LengthField(5, VarintsBytes({0x21, 0x43, 0x05})),
                 {1, 2, 3, 4, 5}},
        ValueRow{"float4_in_int32_data",
                 Head(23, {3}) + LengthField(5, VarintsBytes({0x21, 0x03})),
                 {0.5, 1, 1.5}},
        ValueRow{"uint2_raw", Head(25, {6}) + Raw("\xE4\x0E"), {0, 1, 2, 3, 2, 3}},
        ValueRow{"uint2_in_int32_data",
                 Head(25, {6}) + LengthField(5, VarintsBytes({0xE4, 0x0E})),
                 {0, 1, 2, 3, 2, 3}},
        ValueRow{"scalar", Head(1, {}) + Raw(FloatBytes({7})), {7}},
        ValueRow{
            "matrix_is_row_major", Head(1, {2, 2}) + Raw(FloatBytes({1, 2, 3, 4})), {1, 2, 3, 4}},
        ValueRow{"empty_without_payload", Head(1, {0}), {}},
        ValueRow{
            "empty_with_a_huge_dimension", Head(1, {int64_t{1} << 62, 0, int64_t{1} << 62}), {}}),
    [](const auto& test_info) { return test_info.param.name; });

TEST(ValueReader, ReadsAttributeFloats) {
  const test::TestModel model = test::ReadModelBytes(
      test::ModelOfAttribute(LengthField(7, FloatBytes({1, 2})) + FloatField(7, 3)));
  ExternalFiles files(model.file->path());
  const ValueReader reader(model.input.get(), &files);
  const Tensor& floats = model.skeleton.graph.nodes[0].attributes[0].floats;
  const auto values = reader.Read(floats, 1, 2);
  ASSERT_TRUE(values.ok()) << values.status();
  EXPECT_THAT(*values, ElementsAre(2, 3));
}

TEST(ValueReader, ReadsExternalDataAtItsOffset) {
  const OneTensor one(Head(1, {2}) + VarintField(14, 1) + Entry("location", "w.bin") +
                      Entry("offset", "4"));
  one.Write("w.bin", FloatBytes({1, 2, 3}));
  const auto values = one.reader().Read(one.tensor(), 0, 2);
  ASSERT_TRUE(values.ok()) << values.status();
  EXPECT_THAT(*values, ElementsAre(2, 3));
}

TEST(ValueReader, SaysWhereExternalDataIsMissing) {
  const OneTensor one(Head(1, {2}) + VarintField(14, 1) + Entry("location", "w.bin"));
  const auto missing = one.reader().Read(one.tensor(), 0, 2);
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(missing.status().message()), HasSubstr("w.bin"));
}

TEST(ValueReader, RefusesExternalDataThatEndsTooEarly) {
  const OneTensor one(Head(1, {2}) + VarintField(14, 1) + Entry("location", "w.bin") +
                      Entry("offset", "8"));
  one.Write("w.bin", FloatBytes({1, 2, 3}));
  const auto values = one.reader().Read(one.tensor(), 0, 1);
  EXPECT_EQ(values.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(values.status().message()), HasSubstr("lies at bytes 8 to 16"));
}

TEST(ValueReader, ReadsIntegersWithoutRounding) {
  const int64_t odd = (int64_t{1} << 53) + 1;
  const OneTensor one(Head(7, {2}) + LengthField(7, VarintsBytes({odd, -odd})));
  const auto values = one.reader().ReadIntegers(one.tensor());
  ASSERT_TRUE(values.ok()) << values.status();
  EXPECT_THAT(*values, ElementsAre(odd, -odd));
}

TEST(ValueReader, RefusesToReadFloatsAsIntegers) {
  const OneTensor one(Head(1, {1}) + Raw(FloatBytes({1})));
  EXPECT_EQ(one.reader().ReadIntegers(one.tensor()).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(ValueReader, RefusesTypesThatAreNoRealNumbers) {
  const OneTensor text(Head(8, {1}) + LengthField(6, "a"));
  EXPECT_EQ(text.reader().Read(text.tensor(), 0, 1).status().code(),
            absl::StatusCode::kUnimplemented);
  const OneTensor complex(Head(14, {1}) + LengthField(4, FloatBytes({1, 2})));
  EXPECT_EQ(complex.reader().Read(complex.tensor(), 0, 1).status().code(),
            absl::StatusCode::kUnimplemented);
}

TEST(ValueReader, RefusesElementsBeyondTheEnd) {
  const OneTensor one(Head(1, {2}) + Raw(FloatBytes({1, 2})));
  EXPECT_EQ(one.reader().Read(one.tensor(), 1, 2).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(one.reader().Read(one.tensor(), UINT64_MAX, 2).status().code(),
            absl::StatusCode::kOutOfRange);
}

TEST(ValueReader, StopsWhenToldTo) {
  const OneTensor one(Head(1, {4}) + Raw(FloatBytes({1, 2, 3, 4})));
  int calls = 0;
  const absl::Status status =
      one.reader().Scan(one.tensor(), 1, [&](absl::Span<const double>) { return ++calls < 2; });
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(calls, 2);
}

struct WrongRow {
  const char* name;
  std::string tensor;
  const char* sentence;
};

class WrongPayloadTest : public ::testing::TestWithParam<WrongRow> {};

TEST_P(WrongPayloadTest, IsDataLoss) {
  const OneTensor one(GetParam().tensor);
  const absl::Status status =
      one.reader().Scan(one.tensor(), 4096, [](absl::Span<const double>) { return true; });
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr(GetParam().sentence));
}

// Only reading tells how many varints there are; the rest is CheckPayload's.
INSTANTIATE_TEST_SUITE_P(
    Rows, WrongPayloadTest,
    ::testing::Values(
        WrongRow{"too_few_varints", Head(7, {2}) + LengthField(7, VarintsBytes({300})),
                 "fewer values than its shape needs"},
        WrongRow{"too_many_varints", Head(7, {1}) + LengthField(7, VarintsBytes({1, 2})),
                 "more values than its shape needs"},
        WrongRow{"endless_varint", Head(7, {1}) + LengthField(7, "\xFF\xFF"), "has no end"},
        WrongRow{"varint_of_eleven_bytes",
                 Head(7, {2}) + LengthField(7, std::string(10, '\xFF') + "\x01"), "has no end"},
        WrongRow{"no_data", Head(1, {1}), "has no data"},
        WrongRow{"raw_too_short", Head(1, {2}) + Raw("1234"), "has 4 bytes of raw_data"}),
    [](const auto& test_info) { return test_info.param.name; });

// Two initializers, each with its data in a file that is not there.
test::TestModel TwoWithoutData() {
  const auto lost = [](const char* file) {
    return test::ModelOfTensor(Head(1, {2}) + Entry("location", file) + VarintField(14, 1));
  };
  return test::ReadModelBytes(lost("first.bin") + lost("second.bin"));
}

TEST(ValueReaderErrors, AreThoseOfTheFirstTensorInTheFile) {
  for (const size_t read_first : {0U, 1U}) {
    const test::TestModel model = TwoWithoutData();
    ExternalFiles files(model.file->path());
    const ValueReader reader(model.input.get(), &files);
    EXPECT_TRUE(reader.missing().ok());
    const std::vector<Tensor>& tensors = model.skeleton.graph.initializers;
    ASSERT_EQ(tensors.size(), 2U);
    EXPECT_FALSE(reader.Read(tensors[read_first], 0, 2).ok());
    EXPECT_FALSE(reader.Read(tensors[1 - read_first], 0, 2).ok());
    EXPECT_THAT(std::string(reader.missing().message()), HasSubstr("first.bin"));
    EXPECT_TRUE(reader.failure().ok());
  }
}

}  // namespace
}  // namespace onnx_reinit::wire
