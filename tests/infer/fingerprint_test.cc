#include "infer/fingerprint.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/element_type.h"
#include "base/narrow_float.h"
#include "base/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "infer/made_tables.h"
#include "infer/number_tables.h"
#include "support/memory_file.h"
#include "support/wire_bytes.h"
#include "wire/payload.h"

namespace onnx_reinit::infer {
namespace {

using test::At;
using test::Dims;
using test::Index;
using test::Made;
using test::Narrowest;

std::string Encode(const std::vector<double>& values, ElementType type) {
  std::string bytes;
  const NarrowFloatFormat* format = FindNarrowFloatFormat(type);
  for (const double value : values) {
    const auto number = static_cast<float>(value);
    uint32_t bits = 0;
    std::memcpy(&bits, &number, sizeof bits);
    if (format != nullptr) {
      // Saturation would hide what an exporter writes for an infinity.
      bits = std::isinf(value) ? ((1U << format->exponent_bits) - 1) << format->mantissa_bits |
                                     (value < 0 ? 0x8000U : 0U)
                               : EncodeNarrowFloat(number, *format);
    }
    bytes.append(reinterpret_cast<const char*>(&bits), format == nullptr ? 4 : 2);
  }
  return bytes;
}

Pattern PatternOf(const Dims& dims, const std::vector<double>& values,
                  ElementType type = ElementType::kFloat) {
  const std::string bytes = Encode(values, type);
  const std::unique_ptr<wire::InputFile> file = test::MemoryFile(bytes);
  wire::ExternalFiles external("memory");
  const wire::ValueReader reader(file.get(), &external);
  wire::Tensor tensor;
  tensor.dims = dims;
  tensor.data_type = static_cast<int32_t>(type);
  tensor.storage = wire::Storage::kRaw;
  tensor.chunks.push_back({.bytes = {0, bytes.size()}});
  return Fingerprint(tensor, &reader);
}

// ---- What programs make.

class MadeTest : public ::testing::TestWithParam<Made> {};

TEST_P(MadeTest, IsTold) {
  const Made& made = GetParam();
  const std::vector<double> values = test::Tabulate(made.dims, made.at);
  EXPECT_EQ(Describe(PatternOf(made.dims, values)), Describe(made.pattern));
}

bool IsMade(Pattern pattern) { return pattern != Pattern::kUnknown && pattern != Pattern::kNoise; }

// Which pattern holds first may depend on the rounding: a slow sine becomes a straight line.
TEST_P(MadeTest, IsNoNoiseInHalfPrecision) {
  const Made& made = GetParam();
  const std::vector<double> values = test::Tabulate(made.dims, made.at);
  if (made.narrowest != Narrowest::kFloat) {
    EXPECT_TRUE(IsMade(PatternOf(made.dims, values, ElementType::kFloat16)));
  }
  if (made.narrowest == Narrowest::kBfloat16) {
    EXPECT_TRUE(IsMade(PatternOf(made.dims, values, ElementType::kBfloat16)));
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, MadeTest, ::testing::ValuesIn(test::MadeTables()),
                         [](const auto& test) { return std::string(test.param.name); });

// ---- What training leaves, in the same shapes.

struct Learned {
  std::string_view name;
  std::vector<double> (*make)(const Dims& dims);
  size_t at_least;  // fewer numbers may fall into any place
};

constexpr std::array<Learned, 9> kLearned = {{
    {"Normal", test::NormalNoise, 8},
    {"Uniform", test::UniformNoise, 8},
    {"Coarse", test::CoarseNoise, 8},
    {"Padded", test::PaddedNoise, 8},
    {"Smooth", test::SmoothRows, 8},
    {"Pruned", test::PrunedNoise, 64},
    {"Ternary", test::TernaryNoise, 8},
    {"Binary", test::BinaryNoise, 8},
    {"Rectified", test::RectifiedNoise, 8},
}};

class TwinTest : public ::testing::TestWithParam<Made> {};

TEST_P(TwinTest, IsNoise) {
  const Dims& dims = GetParam().dims;
  for (const Learned& learned : kLearned) {
    const std::vector<double> values = learned.make(dims);
    if (values.size() < learned.at_least) continue;
    for (const ElementType type :
         {ElementType::kFloat, ElementType::kFloat16, ElementType::kBfloat16}) {
      EXPECT_EQ(Describe(PatternOf(dims, values, type)), Describe(Pattern::kNoise))
          << learned.name << " " << ElementTypeName(static_cast<int32_t>(type));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, TwinTest, ::testing::ValuesIn(test::MadeTables()),
                         [](const auto& test) { return std::string(test.param.name); });

// ---- What training starts from, and what is repeated by the graph.

struct Kept {
  std::string_view name;
  Pattern pattern;
  Dims dims;
  At at;
};

void PrintTo(const Kept& kept, std::ostream* out) { *out << kept.name; }

// One number of noise for each `i`.
double Noise(double i) { return test::NormalNoise({4096})[static_cast<size_t>(i)]; }

std::vector<Kept> KeptRows() {
  return {
      {"ForgetGates", Pattern::kNoise, {1, 64}, [](Index i) { return i[1] >= 16 && i[1] < 24; }},
      {"ForgetGatesOfTwoDirections",
       Pattern::kNoise,
       {2, 64},
       [](Index i) { return i[1] >= 16 && i[1] < 24; }},
      {"OnesOverZeros", Pattern::kNoise, {2, 48}, [](Index i) { return i[0] == 0; }},
      {"BiasOfDetectionPrior", Pattern::kNoise, {85}, [](Index i) { return i[0] < 5 ? 0 : -4.6; }},
      // ConViT's positions (d'Ascoli et al. 2021, section 3): what its locality starts from.
      {"PositionsOfHeads",
       Pattern::kNoise,
       {9, 3},
       [](Index i) {
         if (i[1] == 2) return -1.0;
         return 2 * (i[1] == 0 ? std::fmod(i[0], 3) : std::floor(i[0] / 3)) - 2;
       }},
      {"LogDecays", Pattern::kNoise, {32, 16}, [](Index i) { return std::log(i[1] + 1); }},
      {"LayerScale", Pattern::kUniform, {48, 1, 1}, [](Index) { return 1e-6; }},
      {"RepeatedToken", Pattern::kNoise, {9, 1, 48}, [](Index i) { return Noise(i[2]); }},
      {"RepeatedTypeEmbedding", Pattern::kNoise, {1, 9, 48}, [](Index i) { return Noise(i[2]); }},
      // Three queries for a batch of two.
      {"RepeatedQueries",
       Pattern::kNoise,
       {6, 12},
       [](Index i) { return Noise(12 * std::fmod(i[0], 3) + i[1]); }},
      {"RepeatedQueriesCutShort",
       Pattern::kNoise,
       {7, 12},
       [](Index i) { return Noise(12 * std::fmod(i[0], 3) + i[1]); }},
      {"RepeatedFourQueries",
       Pattern::kNoise,
       {8, 12},
       [](Index i) { return Noise(12 * std::fmod(i[0], 4) + i[1]); }},
      {"RepeatedPoints",
       Pattern::kNoise,
       {12, 20, 2},
       [](Index i) { return Noise(2 * i[1] + i[2]); }},
      {"RepeatedPointsInRows",
       Pattern::kNoise,
       {240, 2},
       [](Index i) { return Noise(2 * std::fmod(i[0], 20) + i[1]); }},
      // LeViT's (Graham et al. 2021, section 4.2): one number for each |x - x'| and |y - y'|.
      {"BiasOfDistances",
       Pattern::kNoise,
       {1, 4, 9, 9},
       [](Index i) {
         const double x = std::fabs(std::fmod(i[2], 3) - std::fmod(i[3], 3));
         const double y = std::fabs(std::floor(i[2] / 3) - std::floor(i[3] / 3));
         return Noise(9 * i[1] + 3 * y + x);
       }},
      {"OneSymmetricKernelAmongOthers",
       Pattern::kNoise,
       {4, 1, 3, 3},
       [](Index i) { return i[0] == 0 ? i[2] + i[3] - 2 : Noise(9 * i[0] + 3 * i[2] + i[3]); }},
      {"OneKernelAmongZeros",
       Pattern::kNoise,
       {4, 1, 3, 3},
       [](Index i) { return i[0] == 2 ? Noise(3 * i[2] + i[3]) : 0; }},
      {"PointwiseKernels",
       Pattern::kNoise,
       {8, 4, 1, 1},
       [](Index i) { return Noise(4 * i[0] + i[1]); }},
      {"RelativeBias",
       Pattern::kNoise,
       {4, 16, 16},
       [](Index i) { return Noise(40 * i[0] + 20 + i[1] - i[2]); }},
      {"NoiseAndARowOfOnes",
       Pattern::kNoise,
       {4, 9},
       [](Index i) { return i[0] == 0 ? 1 : Noise(9 * i[0] + i[1]); }},
      {"NoiseAndAProgressionAndZeros",
       Pattern::kNoise,
       {4, 9},
       [](Index i) { return i[0] == 0   ? 0
                            : i[0] == 1 ? i[1]
                                        : Noise(9 * i[0] + i[1]); }},
      {"OnesAndAStepInShortLines",
       Pattern::kNoise,
       {3, 3},
       [](Index i) { return i[0] == 0   ? 1
                            : i[0] == 1 ? i[1]
                                        : Noise(3 * i[0] + i[1]); }},
      {"OnesAndAStepInShortColumnsOfMany",
       Pattern::kNoise,
       {5, 64},
       [](Index i) { return i[1] == 0   ? 1
                            : i[1] == 1 ? i[0]
                                        : Noise(64 * i[0] + i[1]); }},
      {"RowAndColumnEmbeddings",
       Pattern::kNoise,
       {196, 32},
       [](Index i) {
         const double at = i[1] < 16 ? std::floor(i[0] / 14) : 14 + std::fmod(i[0], 14);
         return Noise(32 * at + i[1]);
       }},
      {"BlocksOfGroups",
       Pattern::kNoise,
       {32, 32},
       [](Index i) {
         return std::floor(i[0] / 8) == std::floor(i[1] / 8) ? Noise(32 * i[0] + i[1]) : 0;
       }},
      {"DiagonalAndALittleBeside",
       Pattern::kNoise,
       {3, 3, 1, 1},
       [](Index i) { return (i[0] == i[1] ? 1 : 0.1) * Noise(3 * i[0] + i[1]); }},
      {"DiagonalWithAZero",
       Pattern::kNoise,
       {4, 4},
       [](Index i) { return i[0] == i[1] && i[0] != 2 ? Noise(i[0]) : 0; }},
      {"TwoOfTwo",
       Pattern::kNoise,
       {2, 2, 1, 1},
       [](Index i) { return i[0] == i[1] ? Noise(i[0]) : 0; }},
      {"ThreeRowsPrunedToOneNumber",
       Pattern::kNoise,
       {3, 10},
       [](Index i) { return i[1] == 3 * i[0] ? Noise(i[0]) : 0; }},
      {"TwoNumbersInAColumn",
       Pattern::kNoise,
       {9, 9},
       [](Index i) { return i[1] == std::min(i[0], 7.0) ? Noise(i[0]) : 0; }},
      {"FactorsOfDepthwiseChannels",
       Pattern::kNoise,
       {8, 1, 1, 1},
       [](Index i) { return Noise(i[0]); }},
      {"OuterProduct",
       Pattern::kNoise,
       {32, 32},
       [](Index i) { return Noise(i[0]) * Noise(64 + i[1]); }},
      {"MaskedTriangle",
       Pattern::kNoise,
       {24, 24},
       [](Index i) { return i[1] <= i[0] ? Noise(24 * i[0] + i[1]) : 0; }},
      // A softmax that an exporter folded, over what was learned.
      {"LearnedAverages",
       Pattern::kNoise,
       {4, 4},
       [](Index i) {
         double sum = 0;
         for (double k = 0; k < 4; ++k) sum += std::exp(Noise(4 * i[0] + k));
         return std::exp(Noise(4 * i[0] + i[1])) / sum;
       }},
      {"SymmetricWithoutZeros",
       Pattern::kNoise,
       {12, 12},
       [](Index i) { return Noise(12 * std::min(i[0], i[1]) + std::max(i[0], i[1])); }},
      {"Orthogonal",
       Pattern::kNoise,
       {8, 8},
       [](Index i) {
         // A reflection: I - 2 v v' / v'v.
         double square = 0;
         for (double k = 0; k < 8; ++k) square += Noise(k) * Noise(k);
         return (i[0] == i[1]) - 2 * Noise(i[0]) * Noise(i[1]) / square;
       }},
  };
}

class NotMadeTest : public ::testing::TestWithParam<Kept> {};

TEST_P(NotMadeTest, IsNoiseOrUniform) {
  const Kept& kept = GetParam();
  const std::vector<double> values = test::Tabulate(kept.dims, kept.at);
  for (const ElementType type : {ElementType::kFloat, ElementType::kFloat16}) {
    EXPECT_EQ(Describe(PatternOf(kept.dims, values, type)), Describe(kept.pattern))
        << ElementTypeName(static_cast<int32_t>(type));
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, NotMadeTest, ::testing::ValuesIn(KeptRows()),
                         [](const auto& test) { return std::string(test.param.name); });

// ---- Integers, and what they stand for.

// One step for each index of `axis`, so that the largest number there is 127 of them; one for all
// where `axis` is negative.
QuantizationGrid GridFor(const Dims& dims, const std::vector<double>& values, int axis) {
  size_t stride = values.size();
  size_t extent = 1;
  if (axis >= 0) {
    for (int i = 0; i <= axis; ++i) stride /= static_cast<size_t>(dims[static_cast<size_t>(i)]);
    extent = static_cast<size_t>(dims[static_cast<size_t>(axis)]);
  }
  QuantizationGrid grid{.axis = static_cast<size_t>(std::max(axis, 0)),
                        .steps = std::vector<double>(extent, 0.0),
                        .zeros = std::vector<double>(extent, 0.0),
                        .is_of_weight = true};
  for (size_t i = 0; i < values.size(); ++i) {
    double& step = grid.steps[i / stride % extent];
    step = std::max(step, std::fabs(values[i]) / 127);
  }
  return grid;
}

Pattern PatternOnGrid(const Dims& dims, const std::vector<double>& values,
                      const QuantizationGrid& grid) {
  size_t stride = 1;
  for (size_t i = grid.axis + 1; i < dims.size(); ++i) stride *= static_cast<size_t>(dims[i]);
  std::string bytes;
  for (size_t i = 0; i < values.size(); ++i) {
    const double step = grid.steps[i / stride % grid.steps.size()];
    bytes.push_back(static_cast<char>(step == 0 ? 0 : std::lround(values[i] / step)));
  }
  const std::unique_ptr<wire::InputFile> file = test::MemoryFile(bytes);
  wire::ExternalFiles external("memory");
  const wire::ValueReader reader(file.get(), &external);
  wire::Tensor tensor;
  tensor.dims = dims;
  tensor.data_type = static_cast<int32_t>(ElementType::kInt8);
  tensor.storage = wire::Storage::kRaw;
  tensor.chunks.push_back({.bytes = {0, bytes.size()}});
  return Fingerprint(tensor, &reader, &grid);
}

Made TableOf(std::string_view name) {
  for (Made& made : test::MadeTables()) {
    if (made.name == name) return made;
  }
  ADD_FAILURE() << name;
  return {};
}

class GridTest : public ::testing::TestWithParam<std::string_view> {};

TEST_P(GridTest, IsToldOfIntegers) {
  const Made made = TableOf(GetParam());
  const std::vector<double> values = test::Tabulate(made.dims, made.at);
  for (const int axis : {-1, 0}) {
    const QuantizationGrid grid = GridFor(made.dims, values, axis);
    EXPECT_EQ(Describe(PatternOnGrid(made.dims, values, grid)), Describe(made.pattern)) << axis;
  }
}

// A few numbers of noise are the same from both ends, too.
TEST_P(GridTest, IsNoiseOfTooFewSteps) {
  const Made made = TableOf(GetParam());
  const std::vector<double> values = test::Tabulate(made.dims, made.at);
  QuantizationGrid grid = GridFor(made.dims, values, -1);
  grid.steps[0] *= 127. / 6;
  EXPECT_EQ(PatternOnGrid(made.dims, values, grid), Pattern::kNoise);
}

INSTANTIATE_TEST_SUITE_P(Rows, GridTest,
                         ::testing::Values("Permutation", "DeviationsOfChannels", "Blur", "Sobel",
                                           "BlurOfSequences", "Hadamard16", "Positions",
                                           "SymmetricAlibi", "FirstAxisCoordinates", "HannPeriodic",
                                           "Interleaved", "Halves", "WindowedFourier",
                                           "CosineTransform", "Mel", "Interpolation",
                                           "SymmetricAdjacency"),
                         [](const auto& test) { return std::string(test.param); });

// Each channel's one factor is the largest number of its own grid.
TEST(Fingerprint, EqualIntegersAreUniformWhereTheyStandForOneNumber) {
  const Dims dims = {8, 1, 1, 1};
  const std::vector<double> factors = {0.31, 0.87, 0.12, 0.55, 0.43, 0.94, 0.26, 0.71};
  const QuantizationGrid own = GridFor(dims, factors, 0);
  EXPECT_EQ(PatternOnGrid(dims, factors, own), Pattern::kNoise);
  EXPECT_EQ(PatternOnGrid(dims, std::vector<double>(8, 0.0), own), Pattern::kUniform);
  const std::vector<double> equal(8, 0.25);
  EXPECT_EQ(PatternOnGrid(dims, equal, GridFor(dims, equal, 0)), Pattern::kUniform);
  EXPECT_EQ(PatternOnGrid(dims, equal, GridFor(dims, equal, -1)), Pattern::kUniform);
}

TEST_P(TwinTest, IsNoiseOnAGrid) {
  const Dims& dims = GetParam().dims;
  for (const Learned& learned : kLearned) {
    const std::vector<double> values = learned.make(dims);
    if (values.size() < learned.at_least) continue;
    for (const int axis : {-1, 0}) {
      const QuantizationGrid grid = GridFor(dims, values, axis);
      EXPECT_EQ(Describe(PatternOnGrid(dims, values, grid)), Describe(Pattern::kNoise))
          << learned.name << ", axis " << axis;
    }
  }
}

TEST(Fingerprint, UniformBlocksAmongOthersAreNoise) {
  std::vector<double> values(200'000, 0.0);
  for (size_t i = 170'000; i < values.size(); ++i) values[i] = static_cast<double>(i % 7);
  EXPECT_EQ(PatternOf({2000, 100}, values), Pattern::kNoise);
  EXPECT_EQ(PatternOf({200'000}, values), Pattern::kNoise);
}

TEST(Fingerprint, AMaskMayBeginLate) {
  std::vector<double> values(200'000, 0.0);
  for (size_t i = 170'000; i < values.size(); ++i) values[i] = i % 3 == 0 ? -100 : 0;
  EXPECT_EQ(PatternOf({2000, 100}, values), Pattern::kMask);
}

TEST(Fingerprint, APatternMustGoOnInTheSecondBlock) {
  const Made table = TableOf("LargeTable");
  constexpr auto kKept = std::ptrdiff_t{512} * 128;
  std::vector<double> values = test::Tabulate(table.dims, table.at);
  const std::vector<double> noise = test::NormalNoise(table.dims);
  std::copy(noise.begin() + kKept, noise.end(), values.begin() + kKept);
  EXPECT_EQ(PatternOf(table.dims, values), Pattern::kNoise);
}

TEST(Fingerprint, HalfPrecisionStoredAsFloatIsTold) {
  const Made table = TableOf("Halves");
  std::vector<double> values = test::Tabulate(table.dims, table.at);
  const NarrowFloatFormat& half = *FindNarrowFloatFormat(ElementType::kFloat16);
  for (double& value : values) {
    value = DecodeNarrowFloat(EncodeNarrowFloat(static_cast<float>(value), half), half);
  }
  EXPECT_EQ(PatternOf(table.dims, values), Pattern::kSinusoid);
}

// Angles as a program in single precision computes them, up to many turns, and `error` more.
std::vector<double> CosinesOfProducts(int size, double error) {
  std::vector<double> values = test::NormalNoise({size, size});
  for (int i = 0; i < size * size; ++i) {
    const int row = i / size;
    const auto product = static_cast<float>(row * (i % size));
    const float angle = 6.2831855F * product / static_cast<float>(size);
    double& value = values[static_cast<size_t>(i)];
    value = std::cos(angle + error * value);
  }
  return values;
}

TEST(Fingerprint, AFullTransformOfRoundedAnglesIsTold) {
  for (const int size : {8, 32, 128}) {
    EXPECT_EQ(PatternOf({size, size}, CosinesOfProducts(size, 0)), Pattern::kSinusoid) << size;
    EXPECT_EQ(PatternOf({size, size}, CosinesOfProducts(size, 1e-2)), Pattern::kNoise) << size;
  }
}

TEST(Fingerprint, DoublesAreRead) {
  wire::Tensor tensor;
  tensor.dims = {16};
  tensor.data_type = static_cast<int32_t>(ElementType::kDouble);
  tensor.storage = wire::Storage::kRaw;
  std::vector<double> values(16);
  for (size_t i = 0; i < 16; ++i) values[i] = 0.1 * static_cast<double>(i);
  const std::string bytes = test::DoubleBytes(values);
  tensor.chunks.push_back({.bytes = {0, bytes.size()}});
  const auto file = test::MemoryFile(bytes);
  wire::ExternalFiles external("memory");
  const wire::ValueReader reader(file.get(), &external);
  EXPECT_EQ(Fingerprint(tensor, &reader), Pattern::kSequence);
}

TEST(Fingerprint, IntegersAreNoiseOrUniform) {
  const std::string bytes = "\x01\x02\x03\x04\x05\x06\x07\x08\x08\x08\x08\x08\x08\x08\x08\x08";
  const auto file = test::MemoryFile(bytes);
  wire::ExternalFiles external("memory");
  const wire::ValueReader reader(file.get(), &external);
  wire::Tensor tensor;
  tensor.dims = {8};
  tensor.storage = wire::Storage::kRaw;
  for (const ElementType type :
       {ElementType::kInt8, ElementType::kUint8, ElementType::kFloat8E8M0}) {
    tensor.data_type = static_cast<int32_t>(type);
    tensor.chunks = {{.bytes = {0, 8}}};
    EXPECT_EQ(Fingerprint(tensor, &reader), Pattern::kNoise);
    tensor.chunks = {{.bytes = {8, 16}}};
    EXPECT_EQ(Fingerprint(tensor, &reader), Pattern::kUniform);
  }
}

TEST(Fingerprint, MissingValuesAreUnknown) {
  wire::Tensor tensor;
  tensor.name = "w";
  tensor.dims = {8};
  tensor.data_type = static_cast<int32_t>(ElementType::kFloat);
  const auto file = test::MemoryFile("");
  wire::ExternalFiles external("memory");
  const wire::ValueReader reader(file.get(), &external);
  EXPECT_EQ(Fingerprint(tensor, nullptr), Pattern::kUnknown);
  EXPECT_EQ(Fingerprint(tensor, &reader), Pattern::kUnknown);
  tensor.dims = {0};
  EXPECT_EQ(Fingerprint(tensor, &reader), Pattern::kUnknown);
  tensor.dims = {2};
  tensor.data_type = static_cast<int32_t>(ElementType::kString);
  EXPECT_EQ(Fingerprint(tensor, &reader), Pattern::kUnknown);
}

}  // namespace
}  // namespace onnx_reinit::infer
