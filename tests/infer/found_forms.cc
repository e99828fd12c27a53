#include "infer/found_forms.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_join.h"
#include "base/text.h"

namespace onnx_reinit::test {
namespace {

constexpr std::string_view kNumbers =
    "float half = {0.5}, float one = {1}, float two = {2}, float three = {3}, float six = {6}, "
    "float zero = {0}, float minus_one = {-1}, float minus_two = {-2}, float tenth = {0.1}, "
    "float minus_tenth = {-0.1}, float sixth = {0.16666667}, float fifth = {0.2}, "
    "float root_two = {1.41421356}, float root_half = {0.70710678}, "
    "float root_two_fp16 = {1.4140625}, float root_two_wrong = {1.5}, float cube = {0.044715}, "
    "float slope_tanh = {0.7978845608}, float quick = {1.702}, float beta = {1.25}, "
    "float twenty = {20}, float eps = {0.00001}, float tiny = {0.000000000001}, "
    "float eight = {8}, float eighth = {0.125}, float ratio = {1.142857}, "
    "float selu_scale = {1.05070098}, float selu_alpha = {1.67326324}, float elu_alpha = {1.5}, "
    "float minus_half = {-0.5}, float four = {4}, float scale = {0.00392156862}, "
    "float[1, 1] one_by_one = {3}, int64[1] last = {-1}, int64[1] first = {1}, "
    "float step = {0.0235294}, uint8 lowest = {0}, uint8 middle = {128}, int8 signed_lowest = "
    "{-128}, "
    "int8 signed_middle = {0}, uint8 quantized_half = {128}, "
    "float[8] vector = {1, 2, 3, 4, 5, 6, 7, 8}, float[8] other = {8, 2, 3, 4, 5, 6, 7, 8}, "
    "bool[8] mask = {1, 0, 1, 0, 1, 0, 1, 0}, float[8, 8] matrix = {"
    "1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, "
    "8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, "
    "7, 8}";

std::string NameOr(const Analysis& analysis, graph::ValueId value) {
  return value == graph::kNone ? "(weight)" : analysis.NameOf(value);
}

}  // namespace

std::string ArithmeticText(std::string_view nodes) {
  return Text("agraph (float[N, 8] x, float[N, 8] z) => (float[N, 8] y) <", kNumbers, "> {", nodes,
              "}");
}

std::string ActivationsOf(const Analysis& analysis) {
  std::vector<std::string> sites;
  for (const infer::ActivationSite& site : analysis.surroundings().activations.sites()) {
    sites.push_back(Text(site.activation.name, " ", NameOr(analysis, site.input), " -> ",
                         analysis.NameOf(site.output), " by ", site.form));
  }
  return absl::StrJoin(sites, "; ");
}

std::string NormalizationsOf(const Analysis& analysis) {
  const auto forms = infer::NormalizationForms();
  std::vector<std::string> sites;
  for (const infer::NormalizationSite& site : analysis.surroundings().normalizations.sites()) {
    const auto* form = std::find_if(forms.begin(), forms.end(),
                                    [&](const auto& row) { return row.kind == site.kind; });
    sites.push_back(Text(form->name, " ", analysis.NameOf(site.input), " -> ",
                         analysis.NameOf(site.output), " in ", site.nodes.size(), " nodes"));
  }
  return absl::StrJoin(sites, "; ");
}

}  // namespace onnx_reinit::test
