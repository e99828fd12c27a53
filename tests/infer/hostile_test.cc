// Files can say anything: inference answers for each tensor, and does not crash, hang or take
// memory that the file does not have.
#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "infer/arithmetic.h"
#include "infer/infer.h"
#include "infer/operator_sets.h"
#include "infer/see_through.h"
#include "infer_support.h"
#include "onnx/onnx_pb.h"
#include "support/model_proto.h"

namespace onnx_reinit::infer {
namespace {

using test::Analysis;

constexpr int64_t kHighest = std::numeric_limits<int64_t>::max();
constexpr int64_t kLowest = std::numeric_limits<int64_t>::min();

constexpr int64_t Power(int exponent) { return int64_t{1} << exponent; }

constexpr std::array<int64_t, 22> kNumbers = {
    0,          1,          -1,        2,         3,        -2,           4,
    5,          8,          7,         100,       -100,     Power(20),    Power(31),
    Power(32),  -Power(32), Power(40), Power(62), kHighest, kHighest - 1, kLowest,
    kLowest + 1};

constexpr std::array<std::string_view, 24> kIntegerAttributes = {"axis",
                                                                 "group",
                                                                 "transA",
                                                                 "transB",
                                                                 "keepdims",
                                                                 "allowzero",
                                                                 "block_size",
                                                                 "bits",
                                                                 "K",
                                                                 "N",
                                                                 "hidden_size",
                                                                 "num_heads",
                                                                 "layout",
                                                                 "num_outputs",
                                                                 "start",
                                                                 "end",
                                                                 "to",
                                                                 "upper",
                                                                 "fmod",
                                                                 "batch_dims",
                                                                 "num_scan_inputs",
                                                                 "kv_num_heads",
                                                                 "weight_prepacked",
                                                                 "ndim"};
constexpr auto kListAttributes = std::to_array<std::string_view>(
    {"axes", "perm", "starts", "ends", "pads", "split", "shape", "kernel_shape", "strides",
     "qkv_hidden_sizes", "repeats", "dilations", "value_ints"});
constexpr auto kEquations = std::to_array<std::string_view>(
    {"ij,jk->ik", "ij,jk", "...i,ij->...j", "->", ",", ",->", "i->i", "zz,zz->zz", "i,i,i,i->",
     "...,...->...", "a.b,c->", "ij,jk->ik->", "\x80\xff,a->b", ""});

using OperatorName = std::pair<std::string, std::string>;  // domain, type

void AddName(std::string_view name, std::set<OperatorName>& names) {
  const size_t dot = name.rfind('.');
  const bool has_domain = dot != std::string_view::npos;
  names.emplace(has_domain ? name.substr(0, dot) : "", has_domain ? name.substr(dot + 1) : name);
}

// All that any table of inference knows, and what stands beside it.
std::vector<OperatorName> KnownOperators() {
  std::set<OperatorName> names;
  for (const SlotRow& row : SlotRows()) names.emplace(row.domain, row.op_type);
  for (const SeeThroughRow& row : SeeThroughRows()) names.emplace(row.domain, row.op_type);
  for (const ArithmeticRow& row : ArithmeticRows()) names.emplace(row.domain, row.op_type);
  for (const OperatorSet set :
       {OperatorSet::kLayer, OperatorSet::kMove, OperatorSet::kPool, OperatorSet::kNormalization,
        OperatorSet::kSoftmax, OperatorSet::kShape, OperatorSet::kElementwise}) {
    for (const std::string_view name : Rows(set)) AddName(name, names);
  }
  for (const char* name : {"Range", "ConstantOfShape", "OneHot", "CumSum", "GridSample", "TopK",
                           "DynamicQuantizeLinear", "Gelu", "Swish", "LeakyRelu", "Constant"}) {
    names.emplace("", name);
  }
  std::erase_if(names, [](const OperatorName& name) { return name.first == "border"; });
  return {names.begin(), names.end()};
}

// Makes models out of a seed, the same everywhere.
class Maker {
 public:
  explicit Maker(uint32_t seed) : random_(seed) {}

  std::string Bytes() {
    onnx::ModelProto model = test::EmptyModel(static_cast<int>(Below(24)) + 1);
    for (const char* domain : {"com.microsoft", "com.microsoft.nchwc", "com.ms.internal.nhwc"}) {
      auto& import = *model.add_opset_import();
      import.set_domain(domain);
      import.set_version(1);
    }
    onnx::GraphProto& graph = *model.mutable_graph();
    test::AddInput(graph, "x", {-1, 4});
    values_ = {"x", "x", "x"};
    for (int i = 0; i < 24; ++i) AddTensor(graph, Text("w", i));
    for (int i = 0; i < 16; ++i) AddNumbers(graph, Text("s", i));
    for (int i = 0; i < 80; ++i) AddNode(graph, Text("n", i));
    test::AddOutput(graph, values_.back(), {-1});
    return test::Serialize(model);
  }

 private:
  size_t Below(size_t end) { return random_() % end; }
  bool OneIn(size_t times) { return Below(times) == 0; }
  template <typename Items>
  const auto& Any(const Items& items) {
    return items[Below(items.size())];
  }
  std::vector<int64_t> Numbers(size_t most) {
    std::vector<int64_t> numbers(Below(most + 1));
    // Mostly the small ones, so that some of what is asked for makes sense.
    for (int64_t& number : numbers) number = kNumbers[Below(OneIn(3) ? kNumbers.size() : 10)];
    return numbers;
  }

  std::vector<int64_t> SmallDims() {
    std::vector<int64_t> dims(Below(5));
    for (int64_t& dim : dims) dim = static_cast<int64_t>(1 + Below(8));
    return dims;
  }

  // Noise with honest dims, or dims that no data stands behind.
  void AddTensor(onnx::GraphProto& graph, const std::string& name) {
    if (OneIn(3)) {
      std::vector<int64_t> dims = Numbers(6);
      for (int64_t& dim : dims) dim = std::max<int64_t>(dim, 0);
      *graph.add_initializer() = test::ExternalTensor(name, dims, 1, "none.bin");
    } else {
      const std::vector<int64_t> dims = SmallDims();
      size_t count = 1;
      for (const int64_t dim : dims) count *= static_cast<size_t>(dim);
      std::vector<float> elements(count);
      for (float& element : elements) element = static_cast<float>(random_() % 1000) * 1e-3F;
      *graph.add_initializer() = test::FloatTensor(name, dims, elements);
    }
    values_.push_back(name);
  }

  void AddNumbers(onnx::GraphProto& graph, const std::string& name) {
    const std::vector<int64_t> numbers = Numbers(4);
    *graph.add_initializer() =
        test::Int64Tensor(name, {static_cast<int64_t>(numbers.size())}, numbers);
    values_.push_back(name);
  }

  void AddAttributes(onnx::NodeProto& node) {
    for (const std::string_view name : kIntegerAttributes) {
      if (!OneIn(5)) continue;
      auto& attribute = *node.add_attribute();
      attribute.set_name(std::string(name));
      attribute.set_type(onnx::AttributeProto::INT);
      attribute.set_i(kNumbers[Below(OneIn(2) ? kNumbers.size() : 5)]);
    }
    for (const std::string_view name : kListAttributes) {
      if (!OneIn(5)) continue;
      auto& attribute = *node.add_attribute();
      attribute.set_name(std::string(name));
      attribute.set_type(onnx::AttributeProto::INTS);
      for (const int64_t number : Numbers(5)) attribute.add_ints(number);
    }
    if (node.op_type() == "Einsum") {
      auto& attribute = *node.add_attribute();
      attribute.set_name("equation");
      attribute.set_type(onnx::AttributeProto::STRING);
      attribute.set_s(std::string(Any(kEquations)));
    }
  }

  void AddNode(onnx::GraphProto& graph, const std::string& output) {
    static const std::vector<OperatorName>& operators =
        *new std::vector<OperatorName>(KnownOperators());
    const OperatorName& op = Any(operators);
    onnx::NodeProto& node = *graph.add_node();
    node.set_domain(op.first);
    node.set_op_type(op.second);
    const size_t inputs = Below(7);
    for (size_t i = 0; i < inputs; ++i) node.add_input(OneIn(8) ? "" : Any(values_));
    AddAttributes(node);
    const size_t outputs = OneIn(10) ? 0 : 1 + Below(3);
    for (size_t i = 0; i < outputs; ++i) {
      if (OneIn(8)) {
        node.add_output("");
        continue;
      }
      node.add_output(Text(output, "_", i));
      values_.push_back(node.output().Get(static_cast<int>(i)));
      if (OneIn(4)) Declare(graph, values_.back());
    }
  }

  void Declare(onnx::GraphProto& graph, const std::string& name) {
    auto& info = *graph.add_value_info();
    info.set_name(name);
    auto& type = *info.mutable_type()->mutable_tensor_type();
    type.set_elem_type(1);
    auto& shape = *type.mutable_shape();
    for (const int64_t number : Numbers(4)) shape.add_dim()->set_dim_value(number);
  }

  std::mt19937 random_;
  std::vector<std::string> values_;
};

class HostileTest : public ::testing::TestWithParam<uint32_t> {};

TEST_P(HostileTest, EachTensorGetsAnAnswer) {
  for (uint32_t i = 0; i < 40; ++i) {
    const Analysis analysis(Maker(GetParam() * 1000 + i).Bytes(), true);
    const std::vector<TensorFacts> facts = Infer(analysis.graph(), analysis.values());
    ASSERT_EQ(facts.size(), analysis.graph().tensors.size());
    for (size_t t = 0; t < facts.size(); ++t) {
      EXPECT_EQ(facts[t].name, analysis.graph().tensors[t].name);
      EXPECT_GE(facts[t].fan_in, 0) << facts[t].name;
      EXPECT_GE(facts[t].fan_out, 0) << facts[t].name;
      EXPECT_FALSE(facts[t].reason.empty()) << facts[t].name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, HostileTest, ::testing::Range(0U, 20U));

}  // namespace
}  // namespace onnx_reinit::infer
