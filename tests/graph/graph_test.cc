// What nodes say of their attributes.
#include "graph/graph.h"

#include "gmock/gmock.h"
#include "graph/flat_text.h"
#include "gtest/gtest.h"
#include "support/model_proto.h"

namespace onnx_reinit::graph {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class AttributesTest : public ::testing::Test {
 protected:
  AttributesTest()
      : built_(test::BuildGraph(test::ReadGraphText(R"(
      agraph (float[N] x) => (float[N] y) {
        y = Op <axis = 2, alpha = 0.5, mode = "linear", perm = [1, 0]> (x)
      })"))),
        node_(built_.graph.node(0)) {}
  test::TestGraph built_;
  const Node& node_;
};

TEST_F(AttributesTest, AreFoundByName) {
  EXPECT_EQ(node_.IntAttribute("axis", -1), 2);
  EXPECT_EQ(node_.FloatAttribute("alpha", 1), 0.5F);
  EXPECT_EQ(node_.StringAttribute("mode", "nearest"), "linear");
  EXPECT_THAT(node_.IntsAttribute("perm"), ElementsAre(1, 0));
  EXPECT_EQ(node_.FindAttribute("perm")->name, "perm");
}

TEST_F(AttributesTest, HaveDefaultsWhereAbsent) {
  EXPECT_EQ(node_.IntAttribute("group", 1), 1);
  EXPECT_EQ(node_.FloatAttribute("beta", 0.25F), 0.25F);
  EXPECT_EQ(node_.StringAttribute("direction", "forward"), "forward");
  EXPECT_THAT(node_.IntsAttribute("axes"), IsEmpty());
  EXPECT_EQ(node_.FindAttribute("axes"), nullptr);
}

// The skeleton keeps the first numbers of a long list only: better none than a part.
TEST(Attributes, ListsThatWereCutAreNotGiven) {
  onnx::ModelProto model = test::EmptyModel();
  onnx::NodeProto& node = test::AddNode(*model.mutable_graph(), "Op", {}, {"y"});
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name("numbers");
  attribute.set_type(onnx::AttributeProto::INTS);
  for (size_t i = 0; i <= wire::kMaxKeptNumbers; ++i) attribute.add_ints(7);
  const test::TestGraph built = test::BuildGraph(test::ReadModelProto(model));
  EXPECT_THAT(built.graph.node(0).IntsAttribute("numbers"), IsEmpty());
  EXPECT_EQ(built.graph.node(0).FindAttribute("numbers")->int_count, wire::kMaxKeptNumbers + 1);
}

}  // namespace
}  // namespace onnx_reinit::graph
