#include "write/old_data.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "support/model_proto.h"
#include "support/temp_file.h"
#include "write/write_support.h"

namespace onnx_reinit::write {
namespace {

using testing::ElementsAre;

// A directory with the input "in", the output "out", and files that a test adds.
class OldDataTest : public testing::Test {
 protected:
  OldDataTest() { WriteModel("in", "in.data"); }

  void WriteModel(const std::string& name, const std::string& location) {
    onnx::ModelProto model = SmallModel();
    AddExternal(model, "w", 10, location, 0);
    directory_.Write(name, model.SerializeAsString());
    directory_.Write(location, location);
  }

  void Link(const std::string& file, const std::string& name) {
    std::filesystem::create_hard_link(directory_.Path(file), directory_.Path(name));
  }

  // What is there between Mark and Remove, and what is there in the end.
  std::pair<std::vector<std::string>, std::vector<std::string>> MarkAndRemove() {
    const OpenModel model = Open(directory_.Path("in"));
    const std::vector<Replacement> none;
    OldData old =
        OldData::Find({*model.file, model.skeleton, *model.external, none}, directory_.Path("out"));
    old.Mark("00000002");
    std::vector<std::string> marked = Names(directory_.path());
    old.Remove();
    { const OldData gone = std::move(old); }
    return {marked, Names(directory_.path())};
  }

  test::TempDirectory directory_;
};

TEST_F(OldDataTest, HasASecondNameUntilItIsRemoved) {
  WriteModel("out", "out.data");
  const auto [marked, removed] = MarkAndRemove();
  EXPECT_THAT(marked, ElementsAre(".out.data.onnx-reinit-old-00000002", "in", "in.data", "out",
                                  "out.data"));
  EXPECT_THAT(removed, ElementsAre("in", "in.data", "out"));
}

TEST_F(OldDataTest, KeepsNoSecondNameWhereItIsNotRemoved) {
  WriteModel("out", "out.data");
  const OpenModel model = Open(directory_.Path("in"));
  const std::vector<Replacement> none;
  OldData::Find({*model.file, model.skeleton, *model.external, none}, directory_.Path("out"))
      .Mark("00000002");
  EXPECT_THAT(Names(directory_.path()), ElementsAre("in", "in.data", "out", "out.data"));
}

// The run that was to remove "out.data" was killed when its model had appeared.
TEST_F(OldDataTest, OfAKilledRunGoes) {
  WriteModel("out", "out.2.data");
  directory_.Write("out.data", "older");
  Link("out.data", ".out.data.onnx-reinit-old-00000001");
  EXPECT_THAT(MarkAndRemove().second, ElementsAre("in", "in.data", "out"));
}

TEST_F(OldDataTest, OfAKilledRunThatHasOnlyItsSecondNameGoes) {
  directory_.Write(".out.data.onnx-reinit-old-00000001", "older");
  EXPECT_THAT(MarkAndRemove().second, ElementsAre("in", "in.data"));
}

TEST_F(OldDataTest, AnotherFileOfThatNameStays) {
  directory_.Write("out.data", "newer");
  directory_.Write(".out.data.onnx-reinit-old-00000001", "older");
  EXPECT_THAT(MarkAndRemove().second, ElementsAre("in", "in.data", "out.data"));
}

TEST_F(OldDataTest, OfAKilledRunThatIsTheInputsStays) {
  WriteModel("in", "out.data");
  Link("out.data", ".out.data.onnx-reinit-old-00000001");
  EXPECT_THAT(MarkAndRemove().second, ElementsAre("in", "in.data", "out.data"));
}

TEST_F(OldDataTest, OfAnotherOutputStays) {
  directory_.Write("other.data", "");
  Link("other.data", ".other.data.onnx-reinit-old-00000001");
  EXPECT_THAT(MarkAndRemove().second,
              ElementsAre(".other.data.onnx-reinit-old-00000001", "in", "in.data", "other.data"));
}

}  // namespace
}  // namespace onnx_reinit::write
