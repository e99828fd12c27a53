#include "plan/plan_json.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "base/element_type.h"
#include "base/printable.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "onnx_reinit/vocabulary.h"
#include "plan.pb.h"
#include "plan/distributions.h"
#include "plan/quantization.h"
#include "plan/summary.h"
#include "plan/words.h"

namespace onnx_reinit::plan {
namespace {

// --- To the message ---------------------------------------------------------------------------

// Strings of a message are UTF-8; names in a model may be anything.
std::string Utf8(const std::string& text) { return IsUtf8(text) ? text : Printable(text); }

template <typename Repeated, typename Values>
void Assign(const Values& from, Repeated* to) {
  to->Assign(from.begin(), from.end());
}

void PutMatrix(const MatrixAxes& axes, proto::MatrixAxes& out) {
  Assign(axes.batch, out.mutable_batch());
  Assign(axes.output, out.mutable_output());
  Assign(axes.input, out.mutable_input());
  Assign(axes.kernel, out.mutable_kernel());
}

void PutValues(const Values& values, proto::Piece& out) {
  const Values unset;
  out.set_distribution(std::string(ToString(values.distribution)));
  if (values.mean != unset.mean) out.set_mean(values.mean);
  if (values.std != unset.std) out.set_std(values.std);
  if (values.bound != unset.bound) out.set_bound(values.bound);
  if (values.parent_std != unset.parent_std) out.set_parent_std(values.parent_std);
  if (values.low != unset.low) out.set_low(values.low);
  if (values.high != unset.high) out.set_high(values.high);
  if (values.gain != unset.gain) out.set_gain(values.gain);
  if (values.sparsity != unset.sparsity) out.set_sparsity(values.sparsity);
}

void PutPiece(const Piece& piece, proto::Piece& out) {
  if (!piece.label.empty()) out.set_label(Utf8(piece.label));
  if (piece.end >= 0) {
    out.set_axis(piece.axis);
    out.set_begin(piece.begin);
    out.set_end(piece.end);
  }
  PutValues(piece.values, out);
  if (NeedsMatrix(piece.values.distribution)) PutMatrix(piece.matrix, *out.mutable_matrix());
}

void PutGrid(const Grid& grid, proto::Grid& out) {
  out.set_scale_scope(Utf8(grid.scale_scope));
  out.set_scale_name(Utf8(grid.scale_name));
  out.set_zero_point_scope(Utf8(grid.zero_point_scope));
  out.set_zero_point_name(Utf8(grid.zero_point_name));
  if (!IsUtf8(grid.scale_scope)) out.set_scale_scope_bytes(grid.scale_scope);
  if (!IsUtf8(grid.scale_name)) out.set_scale_name_bytes(grid.scale_name);
  if (!IsUtf8(grid.zero_point_scope)) out.set_zero_point_scope_bytes(grid.zero_point_scope);
  if (!IsUtf8(grid.zero_point_name)) out.set_zero_point_name_bytes(grid.zero_point_name);
  out.set_axis(grid.axis);
  out.set_block_size(grid.block_size);
  out.set_packed_bits(grid.packed_bits);
}

void PutFill(const TensorPlan& tensor, proto::Fill& out) {
  for (const Piece& piece : tensor.fill->pieces) PutPiece(piece, *out.add_pieces());
  if (tensor.grid) PutGrid(*tensor.grid, *out.mutable_grid());
}

void PutIdentity(const TensorPlan& tensor, proto::TensorPlan& out) {
  out.set_name(Utf8(tensor.name));
  out.set_scope(Utf8(tensor.scope));
  if (!IsUtf8(tensor.name)) out.set_name_bytes(tensor.name);
  if (!IsUtf8(tensor.scope)) out.set_scope_bytes(tensor.scope);
  out.set_source(std::string(ToString(tensor.source)));
  out.set_data_type(ElementTypeName(tensor.data_type));
  Assign(tensor.dims, out.mutable_dims());
}

void PutUses(const std::vector<Use>& uses, proto::TensorPlan& out) {
  for (const Use& use : uses) {
    proto::Use& added = *out.add_uses();
    added.set_node(Utf8(use.node));
    added.set_op_type(Utf8(use.op_type));
    added.set_domain(Utf8(use.domain));
    added.set_input(use.input);
  }
}

void PutFacts(const TensorPlan& tensor, proto::TensorPlan& out) {
  out.set_role(std::string(ToString(tensor.role)));
  out.set_block_role(std::string(ToString(tensor.block_role)));
  PutUses(tensor.uses, out);
  out.set_fan_in(tensor.fan_in);
  out.set_fan_out(tensor.fan_out);
  out.set_preceding_activation(tensor.preceding_activation);
  out.set_following_activation(tensor.following_activation);
  out.set_residual_output(tensor.residual_output);
  out.set_block_index(tensor.block_index);
  out.set_block_count(tensor.block_count);
}

void PutDecision(const TensorPlan& tensor, proto::TensorPlan& out) {
  out.set_action(std::string(ToString(tensor.action)));
  out.set_scheme(tensor.scheme);
  out.set_distribution(tensor.distribution);
  out.set_gain(tensor.gain);
  out.set_mean(tensor.mean);
  out.set_std(tensor.std);
  out.set_bound(tensor.bound);
  out.set_reason(Utf8(tensor.reason));
  if (tensor.fill) PutFill(tensor, *out.mutable_fill());
}

proto::TensorPlan ToMessage(const TensorPlan& tensor) {
  proto::TensorPlan out;
  PutIdentity(tensor, out);
  PutFacts(tensor, out);
  PutDecision(tensor, out);
  return out;
}

// All but the tensors.
proto::Plan HeadOf(const Plan& plan) {
  proto::Plan out;
  out.set_seed(plan.seed);
  out.set_stream(plan.stream);
  out.set_preset(plan.preset);
  out.set_preset_reason(Utf8(plan.preset_reason));
  for (const std::string& warning : plan.warnings) out.add_warnings(Utf8(warning));
  return out;
}

std::string Printed(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  options.add_whitespace = true;
  std::string json;
  // Fails only for strings that are no UTF-8, and there are none.
  (void)google::protobuf::util::MessageToJsonString(message, &json, options);
  return json;
}

// An element of a list, one level down. JSON's strings hold no line ends.
std::string Element(const google::protobuf::Message& message) {
  const std::string json = Printed(message);
  return absl::StrReplaceAll(absl::StripTrailingAsciiWhitespace("\n" + json), {{"\n", "\n  "}});
}

// --- From the message -------------------------------------------------------------------------

template <typename Value>
std::string Choices() {
  if constexpr (std::is_enum_v<Value>) return AllWords<Value>();
  return "the types of onnx.proto";
}

template <typename Value>
absl::Status Take(const std::optional<Value>& parsed, std::string_view field, std::string_view text,
                  Value& out) {
  if (!parsed) {
    return absl::InvalidArgumentError(
        Text("its ", field, " is ", Quote(text), ", which is none of ", Choices<Value>()));
  }
  out = *parsed;
  return absl::OkStatus();
}

std::optional<int32_t> ParseElementType(std::string_view name) {
  constexpr int32_t kMostTypes = 64;
  for (int32_t type = 0; type < kMostTypes; ++type) {
    if (ElementTypeName(type) == name) return type;
  }
  return std::nullopt;
}

template <typename Value, typename Repeated>
std::vector<Value> ToVector(const Repeated& from) {
  return {from.begin(), from.end()};
}

MatrixAxes TakeMatrix(const proto::MatrixAxes& in) {
  return {ToVector<int>(in.batch()), ToVector<int>(in.output()), ToVector<int>(in.input()),
          ToVector<int>(in.kernel())};
}

absl::StatusOr<Piece> TakePiece(const proto::Piece& in) {
  Piece piece;
  piece.label = in.label();
  if (in.has_axis() != in.has_end() || in.has_begin() != in.has_end()) {
    return absl::InvalidArgumentError(
        "a piece of its fill has one of axis, begin and end, but not all three");
  }
  if (in.has_end()) {
    piece.axis = in.axis();
    piece.begin = in.begin();
    piece.end = in.end();
  }
  Values& values = piece.values;
  RETURN_IF_ERROR(Take(ParseDistribution(in.distribution()), "distribution", in.distribution(),
                       values.distribution));
  values.mean = in.mean();
  values.std = in.std();
  values.bound = in.bound();
  values.parent_std = in.parent_std();
  values.low = in.low();
  values.high = in.high();
  if (in.has_gain()) values.gain = in.gain();
  values.sparsity = in.sparsity();
  piece.matrix = TakeMatrix(in.matrix());
  return piece;
}

Grid TakeGrid(const proto::Grid& in) {
  Grid grid = {in.scale_scope(), in.scale_name(), in.zero_point_scope(), in.zero_point_name(),
               in.axis(),        in.block_size(), in.packed_bits()};
  if (in.has_scale_scope_bytes()) grid.scale_scope = in.scale_scope_bytes();
  if (in.has_scale_name_bytes()) grid.scale_name = in.scale_name_bytes();
  if (in.has_zero_point_scope_bytes()) grid.zero_point_scope = in.zero_point_scope_bytes();
  if (in.has_zero_point_name_bytes()) grid.zero_point_name = in.zero_point_name_bytes();
  return grid;
}

bool AreAxes(const std::vector<int>& axes, size_t rank) {
  return std::all_of(axes.begin(), axes.end(),
                     [rank](int axis) { return axis >= 0 && static_cast<size_t>(axis) < rank; });
}

absl::Status CheckAxes(const Fill& fill) {
  const size_t rank = fill.dims.size();
  for (const Piece& piece : fill.pieces) {
    const MatrixAxes& matrix = piece.matrix;
    const bool is_cut = piece.end >= 0 || fill.pieces.size() > 1;
    if ((!is_cut || AreAxes({piece.axis}, rank)) && AreAxes(matrix.batch, rank) &&
        AreAxes(matrix.output, rank) && AreAxes(matrix.input, rank) &&
        AreAxes(matrix.kernel, rank)) {
      continue;
    }
    return absl::InvalidArgumentError(Text("a piece of its fill has an axis that it has not"));
  }
  return absl::OkStatus();
}

absl::Status TakeFill(const proto::Fill& in, TensorPlan& tensor) {
  if (in.has_grid()) tensor.grid = TakeGrid(in.grid());
  ASSIGN_OR_RETURN(tensor.fill, EmptyFill(tensor.dims, tensor.data_type, tensor.grid));
  for (const proto::Piece& piece : in.pieces()) {
    ASSIGN_OR_RETURN(Piece taken, TakePiece(piece));
    tensor.fill->pieces.push_back(std::move(taken));
  }
  if (tensor.fill->pieces.empty()) return absl::InvalidArgumentError("its fill has no pieces");
  return CheckAxes(*tensor.fill);
}

void TakeIdentity(const proto::TensorPlan& in, TensorPlan& out) {
  out.name = in.has_name_bytes() ? in.name_bytes() : in.name();
  out.scope = in.has_scope_bytes() ? in.scope_bytes() : in.scope();
  out.dims = ToVector<int64_t>(in.dims());
}

void TakeFacts(const proto::TensorPlan& in, TensorPlan& out) {
  for (const proto::Use& use : in.uses()) {
    out.uses.push_back({use.node(), use.op_type(), use.domain(), use.input()});
  }
  out.fan_in = in.fan_in();
  out.fan_out = in.fan_out();
  out.preceding_activation = in.preceding_activation();
  out.following_activation = in.following_activation();
  out.residual_output = in.residual_output();
  out.block_index = in.block_index();
  out.block_count = in.block_count();
}

void TakeNumbers(const proto::TensorPlan& in, TensorPlan& out) {
  out.scheme = in.scheme();
  out.distribution = in.distribution();
  out.gain = in.gain();
  out.mean = in.mean();
  out.std = in.std();
  out.bound = in.bound();
  out.reason = in.reason();
}

absl::Status TakeWords(const proto::TensorPlan& in, TensorPlan& out) {
  RETURN_IF_ERROR(Take(ParseSource(in.source()), "source", in.source(), out.source));
  RETURN_IF_ERROR(
      Take(ParseElementType(in.data_type()), "data_type", in.data_type(), out.data_type));
  RETURN_IF_ERROR(Take(ParseRole(in.role()), "role", in.role(), out.role));
  RETURN_IF_ERROR(
      Take(ParseBlockRole(in.block_role()), "block_role", in.block_role(), out.block_role));
  return Take(ParseAction(in.action()), "action", in.action(), out.action);
}

// Of a plan that was edited, the fill counts.
void Resummarize(TensorPlan& tensor, std::vector<std::string>& warnings) {
  const Summary summary = Summarize(*tensor.fill);
  const bool is_same = tensor.distribution == summary.distribution && tensor.mean == summary.mean &&
                       tensor.std == summary.std && tensor.bound == summary.bound;
  if (is_same) return;
  warnings.push_back(Text("the plan's tensor ", Quote(tensor.name), " has std ", tensor.std,
                          ", but what its fill draws has std ", summary.std,
                          ": the fill was carried out"));
  tensor.distribution = summary.distribution;
  tensor.mean = summary.mean;
  tensor.std = summary.std;
  tensor.bound = summary.bound;
}

absl::Status TakeTensor(const proto::TensorPlan& in, TensorPlan& out,
                        std::vector<std::string>& warnings) {
  TakeIdentity(in, out);
  RETURN_IF_ERROR(TakeWords(in, out));
  TakeFacts(in, out);
  TakeNumbers(in, out);
  if (out.action == Action::kKeep) return absl::OkStatus();
  if (!in.has_fill()) {
    return absl::InvalidArgumentError("it is to be reinitialized, but has no fill");
  }
  RETURN_IF_ERROR(TakeFill(in.fill(), out));
  Resummarize(out, warnings);
  return absl::OkStatus();
}

constexpr int kStream = 1;

}  // namespace

// Tensor by tensor: protobuf's printer takes 18 KB for each while it prints them all at once.
std::string ToJson(const Plan& plan) {
  std::string json = Printed(HeadOf(plan));
  constexpr std::string_view kTensors = "\n \"tensors\": [";
  const size_t begin = json.find(kTensors) + kTensors.size();
  const std::string rest = json.substr(begin);
  json.resize(begin);
  for (size_t i = 0; i < plan.tensors.size(); ++i) {
    if (i > 0) json += ',';
    json += Element(ToMessage(plan.tensors[i]));
  }
  if (!plan.tensors.empty()) json += "\n ";
  return json + rest;
}

absl::StatusOr<Plan> FromJson(const std::string& json) {
  proto::Plan in;
  const auto parsed = google::protobuf::util::JsonStringToMessage(json, &in);
  if (!parsed.ok()) {
    // Below the first line protobuf draws an arrow, which would be printed as escapes.
    const std::string message(parsed.message());
    return absl::InvalidArgumentError(
        Text("this is no plan: ", message.substr(0, message.find('\n'))));
  }
  if (in.stream() != kStream) {
    return absl::InvalidArgumentError(Text("the plan is for stream ", in.stream(),
                                           " of values; this program makes stream ", kStream));
  }
  Plan plan{.seed = in.seed(), .preset = in.preset(), .preset_reason = in.preset_reason()};
  plan.warnings = ToVector<std::string>(in.warnings());
  for (const proto::TensorPlan& tensor : in.tensors()) {
    const absl::Status taken = TakeTensor(tensor, plan.tensors.emplace_back(), plan.warnings);
    if (!taken.ok()) {
      return absl::InvalidArgumentError(
          Text("the plan's tensor ", Quote(tensor.name()), ": ", taken.message()));
    }
  }
  return plan;
}

}  // namespace onnx_reinit::plan
