#include "infer/made_tables.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace onnx_reinit::test {
namespace {

using infer::Pattern;

constexpr double kPi = 3.14159265358979323846;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Geometric frequencies, as the Transformer has them (Vaswani et al. 2017, section 3.5).
double Frequency(double i, double size, double base = 10000) { return std::pow(base, -i / size); }

double Interleaved(double position, double feature, double size) {
  const double angle = position * Frequency(2 * std::floor(feature / 2), size);
  return std::fmod(feature, 2) == 0 ? std::sin(angle) : std::cos(angle);
}

double InHalves(double position, double feature, double size) {
  const double half = size / 2;
  return feature < half ? std::sin(position * Frequency(feature, half))
                        : std::cos(position * Frequency(feature - half, half));
}

// Both cosine halves have the same angles.
double Angle(double position, double feature, double half) {
  return position * Frequency(std::fmod(feature, half), half);
}

double Hann(double i, double size) { return 0.5 - 0.5 * std::cos(2 * kPi * i / size); }

double Fourier(double row, double i, double size) {
  const double half = size / 2 + 1;
  const double angle = 2 * kPi * std::fmod(row, half) * i / size;
  return Hann(i, size) * (row < half ? std::cos(angle) : -std::sin(angle));
}

double Triangle(double x, double left, double centre, double right) {
  return std::max(0.0, std::min((x - left) / (centre - left), (right - x) / (right - centre)));
}

double Mel(double bin, double band) {
  const auto edge = [](double i) { return 2 * std::exp(0.045 * i) + 1.5 * i - 2; };
  return Triangle(bin, edge(band), edge(band + 1), edge(band + 2));
}

// Of a graph of 12 nodes: each is joined to itself and to some others.
bool HasEdge(double a, double b) { return a == b || std::fmod(a * b + a + b, 5) == 1; }

double Degree(double node, double shift = 0) {
  double degree = 0;
  for (double other = 0; other < 12; ++other) {
    degree += HasEdge(node + shift, other + shift) ? 1 : 0;
  }
  return degree;
}

double Binomial3(double i) { return i == 1 ? 0.5 : 0.25; }

double Gaussian(double x, double width) { return std::exp(-x * x / (2 * width * width)); }

double Gabor(double x, double y, double angle) {
  const double across = x * std::cos(angle) + y * std::sin(angle);
  const double along = y * std::cos(angle) - x * std::sin(angle);
  return Gaussian(across, 2) * Gaussian(0.5 * along, 2) * std::cos(1.7 * across);
}

double SwinIndex(double i, double j) {
  const double y = std::floor(i / 7) - std::floor(j / 7) + 6;
  const double x = std::fmod(i, 7) - std::fmod(j, 7) + 6;
  return 13 * y + x;
}

double LogCoordinate(double i, double centre) {
  const double x = i - centre;
  return (x < 0 ? -1 : 1) * std::log(1 + std::fabs(x));
}

// Anchors of three levels, 40 x 40, 20 x 20 and 10 x 10.
struct Place {
  double x;
  double y;
  double stride;
};
Place PlaceOf(double i) {
  double side = 40;
  double stride = 8;
  while (i >= side * side) {
    i -= side * side;
    side /= 2;
    stride *= 2;
  }
  return {std::fmod(i, side) + 0.5, std::floor(i / side) + 0.5, stride};
}

// Six boxes at each place of an 8 x 8 grid.
double PriorBox(double i, double c) {
  const double place = std::floor(i / 6);
  const double size = 0.1 + 0.05 * std::fmod(i, 6);
  if (c == 0) return (std::fmod(place, 8) + 0.5) / 8;
  if (c == 1) return (std::floor(place / 8) + 0.5) / 8;
  return c == 2 ? size : size * 0.7;
}

double CornerBox(double i, double c) {
  const double centre = PriorBox(i, c >= 2 ? c - 2 : c);
  const double half = PriorBox(i, c >= 2 ? c : c + 2) / 2;
  return c >= 2 ? centre + half : centre - half;
}

double Hadamard(double i, double j) {
  return __builtin_popcount(static_cast<unsigned>(i) & static_cast<unsigned>(j)) % 2 == 0 ? 1 : -1;
}

// Of 12 heads: those of 8, then every other one of 16 (Press et al. 2022).
double AlibiSlope12(double head) {
  return head < 8 ? std::exp2(-(head + 1)) : std::exp2(-(2 * (head - 8) + 1) / 2);
}

// Llama 3.1: high frequencies stay, low ones are divided by 8, and between it is interpolated.
double ScaledFrequency(double i) {
  const double frequency = Frequency(i, 64, 500000);
  const double turns = 8192 * frequency / (2 * kPi);
  const double share = std::min(1.0, std::max(0.0, (turns - 1) / 3));
  return (1 - share) * frequency / 8 + share * frequency;
}

constexpr std::array<double, 9> kYuv = {0.299, 0.587, 0.114,    -0.14713, -0.28886,
                                        0.436, 0.615, -0.51499, -0.10001};
constexpr std::array<double, 9> kRgb = {1, 0, 1.13983, 1, -0.39465, -0.58060, 1, 2.03211, 0};
constexpr std::array<double, 3> kImageMean = {0.485, 0.456, 0.406};
constexpr std::array<double, 3> kImageDeviation = {58.395, 57.12, 57.375};
constexpr std::array<double, 3> kCifarDeviation = {0.2023, 0.1994, 0.2010};
constexpr std::array<double, 3> kCaffeMean = {103.939, 116.779, 123.68};
constexpr std::array<double, 4> kDaubechies = {0.48296291, 0.83651630, 0.22414387, -0.12940952};
constexpr std::array<double, 9> kSobel = {-1, 0, 1, -2, 0, 2, -1, 0, 1};
constexpr std::array<double, 9> kLaplace = {0, 1, 0, 1, -4, 1, 0, 1, 0};
constexpr std::array<double, 4> kFir = {0.125, 0.375, 0.375, 0.125};

double At9(const std::array<double, 9>& matrix, double i, double j) {
  return matrix[static_cast<size_t>(3 * i + j)];
}

}  // namespace

std::vector<Made> MadeTables() {
  return {
      {"Ones", Pattern::kUniform, {64}, [](Index) { return 1.0; }},
      {"OneNumber", Pattern::kUniform, {}, [](Index) { return 0.125; }},
      {"LargeZeros", Pattern::kUniform, {3000, 64}, [](Index) { return 0.0; }},

      {"CausalInfinity",
       Pattern::kMask,
       {1, 1, 8, 8},
       [](Index i) { return i[3] > i[2] ? -kInfinity : 0; }},
      {"CausalLowest",
       Pattern::kMask,
       {1, 1, 9, 9},
       [](Index i) { return i[3] > i[2] ? -3.4028234e38 : 0; },
       Narrowest::kFloat},
      {"CausalTenThousand",
       Pattern::kMask,
       {1, 1, 8, 8},
       [](Index i) { return i[3] > i[2] ? -10000 : 0; }},
      {"ShiftedWindows",
       Pattern::kMask,
       {4, 16, 16},
       [](Index i) { return (i[1] < 8) != (i[2] < 8) && i[0] > 1 ? -100 : 0; }},
      {"LowerTriangle", Pattern::kMask, {17, 17}, [](Index i) { return i[1] <= i[0]; }},
      {"SuffixSums", Pattern::kMask, {12, 12}, [](Index i) { return i[1] >= i[0]; }},
      {"BlocksOfOnes",
       Pattern::kMask,
       {16, 16},
       [](Index i) { return std::floor(i[0] / 4) == std::floor(i[1] / 4); }},
      {"LargeCausal",
       Pattern::kMask,
       {1, 1, 512, 512},
       [](Index i) { return i[3] > i[2] ? -kInfinity : 0; }},
      {"AlibiAndCausal",
       Pattern::kMask,
       {4, 16, 16},
       [](Index i) { return i[2] > i[1] ? -kInfinity : std::exp2(-i[0] - 1) * (i[2] - i[1]); }},

      {"ImageMean",
       Pattern::kImageStatistics,
       {1, 3, 1, 1},
       [](Index i) { return kImageMean[static_cast<size_t>(i[1])]; }},
      {"NegativeImageMean",
       Pattern::kImageStatistics,
       {3},
       [](Index i) { return -kImageMean[static_cast<size_t>(i[0])]; }},
      {"ReciprocalDeviation",
       Pattern::kImageStatistics,
       {3, 1, 1},
       [](Index i) { return 1 / kImageDeviation[static_cast<size_t>(i[0])]; },
       Narrowest::kFloat16},
      {"ReciprocalDeviationOfDepthwiseChannels",
       Pattern::kImageStatistics,
       {3, 1, 1, 1},
       [](Index i) { return 1 / kCifarDeviation[static_cast<size_t>(i[0])]; }},
      {"DeviationOfBytes",
       Pattern::kImageStatistics,
       {3},
       [](Index i) { return 255 * kCifarDeviation[static_cast<size_t>(i[0])]; }},
      {"CaffeMean",
       Pattern::kImageStatistics,
       {1, 1, 1, 3},
       [](Index i) { return kCaffeMean[static_cast<size_t>(i[3])]; },
       Narrowest::kFloat16},

      {"RgbToYuv",
       Pattern::kColorMatrix,
       {3, 3, 1, 1},
       [](Index i) { return At9(kYuv, i[0], i[1]); },
       Narrowest::kFloat16},
      {"YuvToRgb",
       Pattern::kColorMatrix,
       {3, 3},
       [](Index i) { return At9(kRgb, i[1], i[0]); },
       Narrowest::kFloat16},
      {"Luma",
       Pattern::kColorMatrix,
       {1, 3, 1, 1},
       [](Index i) { return At9(kYuv, 0, i[1]); },
       Narrowest::kFloat16},

      {"Identity", Pattern::kIdentity, {9, 9}, [](Index i) { return i[0] == i[1]; }},
      {"LargeIdentity", Pattern::kIdentity, {1024, 1024}, [](Index i) { return i[0] == i[1]; }},
      {"HalfIdentity", Pattern::kIdentity, {9, 9}, [](Index i) { return i[0] == i[1] ? 0.5 : 0; }},
      {"Permutation",
       Pattern::kIdentity,
       {9, 9},
       [](Index i) { return std::fmod(4 * i[0] + 3, 9) == i[1]; }},
      {"OneHotRows",
       Pattern::kIdentity,
       {16, 5},
       [](Index i) { return std::fmod(3 * i[0], 5) == i[1]; }},
      {"IdentityConvolution",
       Pattern::kIdentity,
       {4, 4, 1, 1},
       [](Index i) { return i[0] == i[1]; }},
      {"Dirac",
       Pattern::kIdentity,
       {4, 4, 3, 3},
       [](Index i) { return i[0] == i[1] && i[2] == 1 && i[3] == 1; }},
      {"SpaceToDepth",
       Pattern::kIdentity,
       {12, 3, 2, 2},
       [](Index i) { return i[0] == 4 * i[1] + 2 * i[2] + i[3]; }},

      {"DeviationsOfChannels",
       Pattern::kScaling,
       {3, 3, 1, 1},
       [](Index i) { return i[0] == i[1] ? 1 / kImageDeviation[static_cast<size_t>(i[0])] : 0; }},
      {"SwappedChannels",
       Pattern::kScaling,
       {3, 3},
       [](Index i) { return i[0] + i[1] == 2 ? 4.5 + 0.1 * i[0] : 0; }},
      {"StackOfOneScaling",
       Pattern::kScaling,
       {1, 6, 6},
       [](Index i) { return i[1] == i[2] ? std::sin(i[1] + 1) : 0; }},
      {"ManyFactors",
       Pattern::kScaling,
       {784, 784},
       [](Index i) { return i[0] == i[1] ? 2 + std::sin(i[0] * i[0]) : 0; }},
      {"FactorsOfSomeChannels",
       Pattern::kScaling,
       {9, 12},
       [](Index i) { return i[1] == i[0] + 1 ? 2 + std::sin(i[0] * i[0]) : 0; }},

      {"Blur",
       Pattern::kFilter,
       {4, 1, 3, 3},
       [](Index i) { return Binomial3(i[2]) * Binomial3(i[3]); }},
      {"Fir",
       Pattern::kFilter,
       {16, 1, 4, 4},
       [](Index i) { return kFir[static_cast<size_t>(i[2])] * kFir[static_cast<size_t>(i[3])]; }},
      {"Sobel",
       Pattern::kFilter,
       {2, 1, 3, 3},
       [](Index i) { return i[0] == 0 ? At9(kSobel, i[2], i[3]) : At9(kSobel, i[3], i[2]); }},
      {"Laplace",
       Pattern::kFilter,
       {1, 1, 3, 3},
       [](Index i) { return At9(kLaplace, i[2], i[3]); }},
      {"Gabor",
       Pattern::kFilter,
       {4, 1, 7, 7},
       [](Index i) { return Gabor(i[2] - 3, i[3] - 3, i[0] * kPi / 4 + 0.3); }},
      {"GaussianKernel",
       Pattern::kFilter,
       {3, 1, 7, 7},
       [](Index i) { return Gaussian(i[2] - 3, 1.5) * Gaussian(i[3] - 3, 1.5); }},
      {"BilinearUpsampling",
       Pattern::kFilter,
       {8, 8, 4, 4},
       [](Index i) {
         return i[0] == i[1] ? (2 - std::fabs(i[2] - 1.5)) * (2 - std::fabs(i[3] - 1.5)) / 4 : 0;
       }},
      {"BlurOfSequences",
       Pattern::kFilter,
       {64, 1, 5},
       [](Index i) { return Gaussian(i[2] - 2, 1); }},
      {"LargeBlur",
       Pattern::kFilter,
       {2048, 1, 7, 7},
       [](Index i) { return Gaussian(i[2] - 3, 1.5) * Gaussian(i[3] - 3, 1.5); }},

      {"Daubechies",
       Pattern::kWavelet,
       {2, 1, 4},
       [](Index i) {
         return i[0] == 0 ? kDaubechies[static_cast<size_t>(i[2])]
                          : kDaubechies[3 - static_cast<size_t>(i[2])] *
                                (static_cast<int>(i[2]) % 2 == 0 ? 1 : -1);
       },
       Narrowest::kFloat16},

      {"Hadamard16",
       Pattern::kHadamard,
       {16, 16},
       [](Index i) { return Hadamard(i[0], i[1]) / 4; }},
      {"Haar",
       Pattern::kHadamard,
       {4, 1, 2, 2},
       [](Index i) { return Hadamard(i[0], 2 * i[2] + i[3]) / 2; }},

      {"Positions", Pattern::kSequence, {14}, [](Index i) { return i[0] + 1; }},
      {"Distribution", Pattern::kSequence, {1, 16, 1, 1}, [](Index i) { return i[1]; }},
      {"EquallySpaced", Pattern::kSequence, {1, 100}, [](Index i) { return -1 + i[1] / 49.5; }},
      {"LongEquallySpaced",
       Pattern::kSequence,
       {100000},
       [](Index i) { return i[0] / 100000; },
       Narrowest::kFloat},
      {"InverseFrequencies",
       Pattern::kSequence,
       {6},
       [](Index i) { return Frequency(i[0], 6); },
       Narrowest::kFloat16},
      {"InverseFrequenciesTwice",
       Pattern::kSequence,
       {64},
       [](Index i) { return Frequency(std::fmod(i[0], 32), 32); }},
      {"InverseFrequenciesInPairs",
       Pattern::kSequence,
       {32},
       [](Index i) { return 1 / Frequency(std::floor(i[0] / 2), 16); }},
      {"ScaledFrequencies",
       Pattern::kSequence,
       {64},
       [](Index i) { return ScaledFrequency(i[0]); },
       Narrowest::kFloat16},
      {"AlibiSlopes8", Pattern::kSequence, {8, 1, 1}, [](Index i) { return std::exp2(-i[0] - 1); }},
      {"AlibiSlopes4",
       Pattern::kSequence,
       {4, 1},
       [](Index i) { return std::exp2(-2 * i[0] - 2); },
       Narrowest::kFloat},
      {"AlibiSlopes12", Pattern::kSequence, {12}, [](Index i) { return AlibiSlope12(i[0]); }},
      {"Angles", Pattern::kSequence, {1, 9, 6}, [](Index i) { return i[1] * Frequency(i[2], 6); }},
      {"RelativeAngles",
       Pattern::kSequence,
       {18, 24},
       [](Index i) { return (9 - i[0]) * Frequency(i[1], 24); }},
      {"AnchorPoints",
       Pattern::kSequence,
       {1, 2, 2100},
       [](Index i) { return i[1] == 0 ? PlaceOf(i[2]).x : PlaceOf(i[2]).y; }},
      {"AnchorPointsInRows",
       Pattern::kSequence,
       {2100, 2},
       [](Index i) { return i[1] == 0 ? PlaceOf(i[0]).x : PlaceOf(i[0]).y; }},
      {"AnchorStrides",
       Pattern::kSequence,
       {1, 2100},
       [](Index i) { return PlaceOf(i[1]).stride; }},
      {"PriorBoxes", Pattern::kSequence, {384, 4}, [](Index i) { return PriorBox(i[0], i[1]); }},
      {"CornerBoxes",
       Pattern::kSequence,
       {1, 384, 4},
       [](Index i) { return CornerBox(i[1], i[2]); },
       Narrowest::kFloat},
      {"WindowIndex", Pattern::kSequence, {49, 49}, [](Index i) { return SwinIndex(i[0], i[1]); }},
      {"PointsOfAGrid",
       Pattern::kSequence,
       {1024, 2},
       [](Index i) {
         return (i[1] == 0 ? std::fmod(i[0], 32) : std::floor(i[0] / 32)) / 32 + 1. / 64;
       }},
      {"RetentionDecays",
       Pattern::kSequence,
       {8},
       [](Index i) { return 1 - std::exp2(-5 - i[0]); },
       Narrowest::kFloat},
      {"NoiseSchedule",
       Pattern::kSequence,
       {1000},
       [](Index i) { return std::pow(0.03 + 0.1 * i[0] / 999, 2); },
       Narrowest::kFloat},
      {"LinearBias",
       Pattern::kSequence,
       {4, 1, 32},
       [](Index i) { return std::exp2(-i[0]) * i[2]; }},

      {"PowersOfEqualSteps",
       Pattern::kPolynomials,
       {4, 9},
       [](Index i) { return std::pow(i[1] / 4 - 1, i[0]); }},

      {"LogCoordinates",
       Pattern::kGrid,
       {27, 27, 2},
       [](Index i) { return LogCoordinate(i[2] == 0 ? i[0] : i[1], 13); }},
      {"LogCoordinatesOfPairs",
       Pattern::kGrid,
       {1, 2401, 2},
       [](Index i) {
         const double from = std::floor(i[1] / 49);
         const double to = std::fmod(i[1], 49);
         return i[2] == 0 ? LogCoordinate(std::floor(from / 7), std::floor(to / 7))
                          : LogCoordinate(std::fmod(from, 7), std::fmod(to, 7));
       }},
      {"FirstAxisCoordinates",
       Pattern::kGrid,
       {2, 14, 14},
       [](Index i) { return LogCoordinate(i[0] == 0 ? i[1] : i[2], 7); }},

      {"SymmetricAlibi",
       Pattern::kToeplitz,
       {1, 4, 8, 8},
       [](Index i) { return -std::exp2(-i[1] - 1) * std::fabs(i[2] - i[3]); }},
      {"RetentionMask",
       Pattern::kToeplitz,
       {4, 16, 16},
       [](Index i) { return i[1] < i[2] ? 0 : std::pow(1 - std::exp2(-3 - i[0]), i[1] - i[2]); }},

      {"HannPeriodic", Pattern::kWindow, {400}, [](Index i) { return Hann(i[0], 400); }},
      {"HannSymmetric", Pattern::kWindow, {33}, [](Index i) { return Hann(i[0], 32); }},
      {"Hamming", Pattern::kWindow, {256}, [](Index i) { return 0.08 + 0.92 * Hann(i[0], 256); }},
      {"GaussianWindow",
       Pattern::kWindow,
       {11, 11},
       [](Index i) { return Gaussian(i[0] - 5, 2) * Gaussian(i[1] - 5, 2); }},

      {"Interleaved",
       Pattern::kSinusoid,
       {1, 32, 32},
       [](Index i) { return Interleaved(i[1], i[2], 32); }},
      {"Transposed",
       Pattern::kSinusoid,
       {48, 64},
       [](Index i) { return InHalves(i[1], i[0], 48); }},
      {"Halves", Pattern::kSinusoid, {64, 48}, [](Index i) { return InHalves(i[0], i[1], 48); }},
      {"HalvesWithPaddingRow",
       Pattern::kSinusoid,
       {64, 48},
       [](Index i) { return i[0] == 1 ? 0 : InHalves(i[0], i[1], 48); }},
      {"Scaled",
       Pattern::kSinusoid,
       {40, 16},
       [](Index i) { return 0.07 * Interleaved(i[0], i[1], 16); }},
      {"Normalised",
       Pattern::kSinusoid,
       {8, 24},
       [](Index i) { return 0.1 * Interleaved(i[0], i[1], 24) - 0.0461; },
       Narrowest::kFloat},
      {"LargeTable",
       Pattern::kSinusoid,
       {2000, 128},
       [](Index i) { return Interleaved(i[0], i[1], 128); }},
      {"Grid2DWithClassToken",
       Pattern::kSinusoid,
       {1, 197, 64},
       [](Index i) {
         if (i[1] == 0) return 0.0;
         const double place = i[1] - 1;
         return i[2] < 32 ? InHalves(std::fmod(place, 14), i[2], 32)
                          : InHalves(std::floor(place / 14), i[2] - 32, 32);
       }},
      {"RotaryCosines",
       Pattern::kSinusoid,
       {1, 1, 9, 12},
       [](Index i) { return std::cos(Angle(i[2], i[3], 6)); }},
      {"RotarySines",
       Pattern::kSinusoid,
       {1, 1, 9, 12},
       [](Index i) { return std::sin(Angle(i[2], i[3], 6)); }},
      {"LargeRotaryCosines",
       Pattern::kSinusoid,
       {4096, 64},
       [](Index i) { return std::cos(static_cast<float>(Angle(i[0], i[1], 64))); },
       Narrowest::kFloat16},
      {"RotaryOfImages",
       Pattern::kSinusoid,
       {256, 32},
       [](Index i) {
         const double at = i[1] < 16 ? std::floor(i[0] / 16) : std::fmod(i[0], 16);
         return std::sin(2 * kPi * ((at + 0.5) / 8 - 1) * Frequency(std::fmod(i[1], 16), 16, 100));
       }},
      {"RotaryOfImagesWithClassToken",
       Pattern::kSinusoid,
       {197, 32},
       [](Index i) {
         if (i[0] == 0) return 1.0;
         const double place = i[0] - 1;
         const double at = i[1] < 16 ? std::floor(place / 14) : std::fmod(place, 14);
         return std::cos(at * Frequency(std::fmod(i[1], 16), 16));
       }},
      {"ComplexPairs",
       Pattern::kSinusoid,
       {64, 16, 2},
       [](Index i) {
         const double angle = i[0] * Frequency(i[1], 16);
         return i[2] == 0 ? std::cos(angle) : std::sin(angle);
       }},
      {"RotationMatrices",
       Pattern::kSinusoid,
       {24, 8, 2, 2},
       [](Index i) {
         const double angle = i[0] * Frequency(i[1], 8);
         return i[2] == i[3] ? std::cos(angle) : (i[2] < i[3] ? -1 : 1) * std::sin(angle);
       }},
      {"WindowedFourier",
       Pattern::kSinusoid,
       {34, 1, 32},
       [](Index i) { return Fourier(i[0], i[2], 32); }},
      {"LargeWindowedFourier",
       Pattern::kSinusoid,
       {1026, 1, 1024},
       [](Index i) { return Fourier(i[0], i[2], 1024); },
       Narrowest::kFloat16},
      {"InverseFourier",
       Pattern::kSinusoid,
       {34, 1, 32},
       [](Index i) {
         const double row = std::fmod(i[0], 17);
         return Fourier(i[0], i[2], 32) / (row == 0 || row == 16 ? 32 : 16);
       }},
      {"RealFourier",
       Pattern::kSinusoid,
       {65, 1, 128},
       [](Index i) { return Fourier(i[0], i[2], 128); }},
      {"CosineTransform",
       Pattern::kSinusoid,
       {40, 128},
       [](Index i) { return std::cos(kPi / 128 * (i[1] + 0.5) * i[0]) / 8; }},
      {"CosineTransformOfBands",
       Pattern::kSinusoid,
       {80, 40},
       [](Index i) {
         return std::cos(kPi / 80 * (i[0] + 0.5) * i[1]) * (i[1] == 0 ? 0.1118 : 0.1581);
       }},

      {"Mel", Pattern::kFilterBank, {201, 40}, [](Index i) { return Mel(i[0], i[1]); }},
      {"MelInRows", Pattern::kFilterBank, {40, 201}, [](Index i) { return Mel(i[1], i[0]); }},
      {"Interpolation",
       Pattern::kFilterBank,
       {31, 11},
       [](Index i) { return std::max(0.0, 1 - std::fabs(i[0] / 3 - i[1])); }},

      {"Averages",
       Pattern::kEdges,
       {12, 12},
       [](Index i) { return HasEdge(i[0], i[1]) ? 1 / Degree(i[0]) : 0; }},
      {"SymmetricAdjacency",
       Pattern::kEdges,
       {12, 12},
       [](Index i) {
         return HasEdge(i[0], i[1]) ? 1 / std::sqrt(Degree(i[0]) * Degree(i[1])) : 0;
       }},
      {"SeveralGraphs",
       Pattern::kEdges,
       {3, 12, 12},
       [](Index i) { return HasEdge(i[1] + i[0], i[2] + i[0]) ? 1 / Degree(i[1], i[0]) : 0; }},
      {"LaplacianOfAGraph",
       Pattern::kEdges,
       {12, 12},
       [](Index i) {
         const double edge = 1 / std::sqrt(Degree(i[0]) * Degree(i[1]));
         return i[0] == i[1] ? 1 - edge : HasEdge(i[0], i[1]) ? -edge : 0;
       }},

      {"HalvesAndZeros",
       Pattern::kFewValues,
       {8, 33},
       [](Index i) { return std::fmod(7 * i[0] + i[0] * i[1] + 3 * i[1], 5) < 2 ? 0.5 : 0; }},
  };
}

}  // namespace onnx_reinit::test
