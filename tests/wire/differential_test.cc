// What ReadSkeleton says equals what libprotobuf's full parse says, on real models and on damaged
// ones.
#include <algorithm>
#include <filesystem>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/memory_file.h"
#include "support/model_proto.h"
#include "support/temp_file.h"
#include "support/text_model.h"
#include "support/wire_bytes.h"
#include "wire/describe.h"
#include "wire/read_skeleton.h"

namespace onnx_reinit::test {
namespace {

namespace fs = std::filesystem;
using onnx::ModelProto;

std::vector<std::string> FindModels(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code missing;
  for (const auto& entry : fs::recursive_directory_iterator(folder, missing)) {
    const bool is_bad = absl::StrContains(entry.path().string(), "testdata/bad");
    if (entry.path().extension() == ".onnx" && !is_bad) paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

TEST(Differential, AgreesOnEveryModelAtHand) {
  const std::string source = ONNX_REINIT_SOURCE_DIR;
  for (const char* folder : {"/testdata", "/../shared/models", "/../shared/zoo"}) {
    for (const std::string& path : FindModels(source + folder)) {
      SCOPED_TRACE(path);
      const std::string bytes = ReadFile(path);
      ModelProto model;
      ASSERT_TRUE(model.ParsePartialFromString(bytes));
      const auto input = wire::InputFile::Open(path);
      ASSERT_TRUE(input.ok()) << input.status();
      const auto skeleton = wire::ReadSkeleton(**input);
      ASSERT_TRUE(skeleton.ok()) << skeleton.status();
      EXPECT_TRUE(Describe(model) == Describe(*skeleton, bytes));  // too long to print
    }
  }
}

// Models that between them have every message and every field, for damaging.
std::vector<std::string> Seeds() {
  std::vector<std::string> seeds;
  seeds.push_back(BytesOfText(R"(
    <ir_version: 8, opset_import: ["" : 17, "f" : 1], producer_name: "p", producer_version: "1">
    agraph (float[N, 4] x, bool b) => (float[N, 2] y)
        <float[4, 2] w = {1, 2, 3, 4, 5, 6, 7, 8}, int64[2] s = {4, -1}> {
      z = f.twice<k = 3>(x)
      c = Constant<value = float[2] {1, 2}>()
      t = Transpose<perm = [0, 1]>(z)
      r = If(b) <
        then_branch = g1 () => (float[N, 4] p) { p = Add(t, t) },
        else_branch = g2 () => (float[N, 4] q) { q = Mul(t, t) }>
      y = MatMul(r, w)
    }
    <domain: "f", opset_import: ["" : 17]>
    twice <k> (a) => (d) { d = Add(a, a)  }
  )"));
  const std::string tensor = LengthField(8, "w") + LengthField(1, VarintsBytes({2, 1})) +
                             VarintField(2, 1) + Fixed32Field(4, 7) + Fixed32Field(4, 8) +
                             LengthField(13, LengthField(1, "location") + LengthField(2, "d")) +
                             LengthField(3, VarintField(1, 1) + VarintField(2, 2));
  const std::string half = LengthField(8, "h") + VarintField(1, 2) + VarintField(2, 10) +
                           LengthField(5, VarintsBytes({15360, 1}));
  const std::string sparse = LengthField(1, tensor) + LengthField(2, half) + VarintField(3, 9);
  const std::string type = LengthField(
      2, LengthField(1, VarintField(1, 1) + LengthField(2, LengthField(1, VarintField(1, 3)))));
  const std::string sequence =
      LengthField(2, LengthField(4, LengthField(1, LengthField(1, VarintField(1, 1)))));
  const std::string attribute = LengthField(1, "a") + FloatField(2, 1) + LengthField(5, tensor) +
                                LengthField(7, FloatBytes({1, 2})) + LengthField(22, sparse) +
                                LengthField(14, sequence) + LengthField(9, "text");
  const std::string graph =
      LengthField(1, LengthField(4, "Op") + LengthField(5, attribute)) + LengthField(5, half) +
      LengthField(15, sparse) + LengthField(11, LengthField(1, "x") + type) +
      LengthField(13, LengthField(1, "q") + sequence) + LengthField(14, LengthField(1, "w"));
  seeds.push_back(ModelOfGraph(graph) + LengthField(14, LengthField(1, "k") + LengthField(2, "v")) +
                  LengthField(20, LengthField(1, graph) + LengthField(2, graph) +
                                      LengthField(4, LengthField(1, "w"))));
  seeds.push_back(ModelOfTensor(tensor + GroupField(99, VarintField(1, 1) + GroupField(7, ""))) +
                  LengthField(7, graph));
  return seeds;
}

using Random = std::mt19937;  // the same numbers everywhere, unlike the distributions

size_t Below(Random& random, size_t end) { return random() % end; }

std::string Damaged(std::string bytes, Random& random) {
  const size_t at = Below(random, bytes.size());
  const size_t count = 1 + Below(random, 8);
  switch (Below(random, 6)) {
    case 0:
      bytes[at] = static_cast<char>(random());
      break;
    case 1:
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << Below(random, 8)));
      break;
    case 2:
      bytes[at] = static_cast<char>(Below(random, 27) << 3 | Below(random, 8));  // some tag
      break;
    case 3:
      bytes.erase(at, count);
      break;
    case 4:
      bytes.insert(Below(random, bytes.size()), bytes.substr(at, count));
      break;
    default:
      bytes.resize(at);
  }
  return bytes;
}

// Fields that libonnx 1.12 does not know are no messages to it, so it does not look into them.
bool HasUnknownFields(const ModelProto& model) {
  ModelProto known = model;
  known.DiscardUnknownFields();
  return known.ByteSizeLong() != model.ByteSizeLong();
}

// What we refuse, and libprotobuf does not, on purpose.
bool IsOurOwnRefusal(const absl::Status& status, const ModelProto& model) {
  for (const char* reason : {"no nodes and no initializers", "no opset_import", "at byte 0: "}) {
    if (absl::StrContains(status.message(), reason)) return true;
  }
  return HasUnknownFields(model);
}

// What libprotobuf refuses, and we do not: payloads are not read, so an unfinished varint in one is
// found when its values are.
bool HasTypedPayload(const std::string& description) {
  return absl::StrContains(description, "payload typed") ||
         absl::StrContains(description, "other 1");
}

struct Tally {
  int accepted = 0;
  int refused = 0;
  int excepted = 0;
};

void Compare(const std::string& bytes, Tally& tally) {
  ModelProto model;
  const bool parses = model.ParsePartialFromString(bytes);
  const auto input = MemoryFile(bytes);
  const auto skeleton = wire::ReadSkeleton(*input);
  if (parses && skeleton.ok()) {
    ++tally.accepted;
    EXPECT_EQ(Describe(model), Describe(*skeleton, bytes));
  } else if (parses) {
    ++tally.excepted;
    EXPECT_TRUE(IsOurOwnRefusal(skeleton.status(), model)) << skeleton.status();
  } else if (skeleton.ok()) {
    ++tally.excepted;
    EXPECT_TRUE(HasTypedPayload(Describe(*skeleton, bytes)))
        << "libprotobuf refuses this, and we do not";
  } else {
    ++tally.refused;
  }
}

TEST(Differential, AgreesOnDamagedModels) {
  Random random(20261124);
  Tally tally;
  for (const std::string& seed : Seeds()) {
    Compare(seed, tally);
    for (int i = 0; i < 20000 && !HasFailure(); ++i) {
      const std::string bytes = Damaged(seed, random);
      SCOPED_TRACE(::testing::PrintToString(bytes));
      Compare(Below(random, 2) == 0 ? bytes : Damaged(bytes + "\n", random), tally);
    }
  }
  EXPECT_GT(tally.accepted, 3000);
  EXPECT_GT(tally.refused, 3000);
  EXPECT_LT(tally.excepted, tally.accepted);
}

TEST(Differential, AgreesOnEveryCutOfAModel) {
  Tally tally;
  for (const std::string& seed : Seeds()) {
    for (size_t size = 1; size < seed.size(); ++size) Compare(seed.substr(0, size), tally);
  }
  EXPECT_GT(tally.refused, 1000);
}

}  // namespace
}  // namespace onnx_reinit::test
