// The functions of a model, and which of them call which.
#ifndef ONNX_REINIT_GRAPH_CALLS_H_
#define ONNX_REINIT_GRAPH_CALLS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "wire/skeleton.h"

namespace onnx_reinit::graph {

// What the bodies of all calls may hold when each call is laid out on its own: nodes, names and
// attributes together. A few hundred bytes of nested functions can ask for any number.
inline constexpr int64_t kMaxCallSize = 2'000'000;
// Subgraphs and calls within each other. onnx >= 1.22 allows 100 calls.
inline constexpr int kMaxBodyDepth = 100;

// "fn:DOMAIN.NAME", with ":OVERLOAD" where there is one: the scope of a function's body.
std::string FunctionScope(const wire::Function& function);
// "ai.onnx" and "" are one domain.
inline std::string_view NormalDomain(std::string_view domain) {
  return domain == "ai.onnx" ? std::string_view() : domain;
}

class Functions {
 public:
  // DataLoss for two functions with the same domain, name and overload. Keeps pointers into
  // `skeleton`.
  static absl::StatusOr<Functions> Index(const wire::Skeleton& skeleton);

  // The function that `node` calls, or nullptr.
  const wire::Function* Find(const wire::Node& node) const;

 private:
  using Key = std::tuple<std::string_view, std::string_view, std::string_view>;
  absl::flat_hash_map<Key, const wire::Function*> functions_;
};

// DataLoss, with the function's name and place, for functions that call themselves, directly or
// through others, whether anything calls them or not; for bodies nested deeper than kMaxBodyDepth;
// and for calls larger than kMaxCallSize. Linear in the size of the model: nothing is laid out.
absl::Status CheckCalls(const wire::Skeleton& skeleton, const Functions& functions);

}  // namespace onnx_reinit::graph

#endif  // ONNX_REINIT_GRAPH_CALLS_H_
