#include "plan/user_rules.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "base/printable.h"
#include "base/status_macros.h"
#include "base/text.h"
#include "onnx_reinit/vocabulary.h"
#include "plan/presets.h"
#include "plan/words.h"
#include "recipe.pb.h"

namespace onnx_reinit::plan {
namespace {

using google::protobuf::TextFormat;

// Where a field of the rule stands: "recipe.txt:3:9". `index` is -1 for fields that are not
// repeated.
using Locate = std::function<std::string(const char* field, int index)>;

absl::Status Error(const std::string& where, std::string_view what) {
  return absl::InvalidArgumentError(Text(where, ": ", what));
}

// --- From the message to rules ----------------------------------------------------------------

absl::StatusOr<std::unique_ptr<RE2>> Compile(const std::string& pattern, const std::string& where) {
  auto compiled = std::make_unique<RE2>(pattern, RE2::Quiet);
  if (compiled->ok()) return compiled;
  return Error(where, Text(Quote(pattern), " is no RE2 pattern: ", compiled->error()));
}

template <typename Enum, typename Words>
absl::StatusOr<EnumSet<Enum>> ReadEnums(const Words& words,
                                        std::optional<Enum> (*parse)(std::string_view),
                                        const char* field, const Locate& locate) {
  EnumSet<Enum> set;
  for (int i = 0; i < words.size(); ++i) {
    const std::optional<Enum> member = parse(words[i]);
    if (!member) {
      return Error(locate(field, i),
                   Text("there is no ", field, " ", Quote(words[i]), ", only ", AllWords<Enum>()));
    }
    set = set | EnumSet<Enum>{*member};
  }
  return set;
}

absl::StatusOr<Selector> MakeSelector(const proto::Rule& rule, const Locate& locate) {
  Selector selector;
  if (rule.has_name()) {
    ASSIGN_OR_RETURN(selector.name, Compile(rule.name(), locate("name", -1)));
  }
  if (rule.has_scope()) {
    ASSIGN_OR_RETURN(selector.scope, Compile(rule.scope(), locate("scope", -1)));
  }
  selector.op_types.assign(rule.op_type().begin(), rule.op_type().end());
  selector.dims.assign(rule.dims().begin(), rule.dims().end());
  if (rule.has_first_block()) selector.first_block = rule.first_block();
  if (rule.has_last_block()) selector.last_block = rule.last_block();
  // Whoever speaks of blocks means layers that are in one.
  if (rule.has_last_block() && !rule.has_first_block()) selector.first_block = 0;
  if (rule.has_residual_output()) selector.residual_output = rule.residual_output();
  selector.following_activations.assign(rule.following_activation().begin(),
                                        rule.following_activation().end());
  return selector;
}

absl::Status AddReset(const Rule& rule, const std::string& source, RuleSet& set) {
  Roles resettable;
  for (const PresetRow& row : ResetRows()) {
    resettable = resettable | row.roles;
    Rule reset = rule;
    reset.roles = rule.roles.IsEmpty() ? row.roles : rule.roles & row.roles;
    reset.when = row.when;
    ASSIGN_OR_RETURN(reset.scheme, ParseSchemeCall(row.scheme));
    if (!reset.roles.IsEmpty()) set.rules.push_back(std::move(reset));
  }
  if (rule.roles.IsEmpty() || !(rule.roles & resettable).IsEmpty()) return absl::OkStatus();
  return Error(source, Text("a ", NamesOf(rule.roles), " has no value to be reset to"));
}

absl::Status AddRule(const proto::Rule& message, const std::string& source, const Locate& locate,
                     RuleSet& set) {
  Rule rule{.source = set.sources.size()};
  ASSIGN_OR_RETURN(rule.roles, ReadEnums(message.role(), ParseRole, "role", locate));
  ASSIGN_OR_RETURN(rule.block_roles,
                   ReadEnums(message.block_role(), ParseBlockRole, "block_role", locate));
  ASSIGN_OR_RETURN(Selector selector, MakeSelector(message, locate));
  rule.selector = std::make_shared<const Selector>(std::move(selector));
  if (message.has_scheme()) {
    const absl::StatusOr<SchemeCall> call = ParseSchemeCall(message.scheme());
    if (!call.ok()) return Error(locate("scheme", -1), std::string(call.status().message()));
    rule.scheme = *call;
  }
  if (!message.has_scheme() && !message.keep() && !message.reset()) {
    return Error(source, "the rule says neither scheme, nor keep: true, nor reset: true");
  }
  if (rule.scheme && rule.roles.Has(Role::kStructural)) {
    return Error(source,
                 "a structural tensor is a shape, an axis or an index of the graph: it can be "
                 "kept, but not drawn");
  }
  set.sources.push_back({source, true});
  if (message.reset()) return AddReset(rule, source, set);
  set.rules.push_back(std::move(rule));
  return absl::OkStatus();
}

// --- --set ------------------------------------------------------------------------------------

using Words = std::vector<std::string>;

bool TakeInteger(const std::string& word, const std::function<void(int)>& take) {
  int number = 0;
  if (!absl::SimpleAtoi(word, &number)) return false;
  take(number);
  return true;
}

bool TakeDims(const std::string& word, proto::Rule& rule) {
  for (const absl::string_view extent : absl::StrSplit(word, 'x')) {
    int64_t number = 0;
    if (!absl::SimpleAtoi(extent, &number)) return false;
    rule.add_dims(number);
  }
  return true;
}

struct SettingKey {
  std::string_view key;
  bool (*take)(const std::string& word, proto::Rule& rule);
};

constexpr auto kSettingKeys = std::to_array<SettingKey>({
    {"block_role", [](const auto& word, auto& rule) { return rule.add_block_role(word), true; }},
    {"dims", TakeDims},
    {"first_block",
     [](const auto& word, auto& rule) {
       return TakeInteger(word, [&](int number) { rule.set_first_block(number); });
     }},
    {"following_activation",
     [](const auto& word, auto& rule) { return rule.add_following_activation(word), true; }},
    {"last_block",
     [](const auto& word, auto& rule) {
       return TakeInteger(word, [&](int number) { rule.set_last_block(number); });
     }},
    {"name", [](const auto& word, auto& rule) { return rule.set_name(word), true; }},
    {"op_type", [](const auto& word, auto& rule) { return rule.add_op_type(word), true; }},
    {"residual_output",
     [](const auto& word, auto& rule) {
       rule.set_residual_output(word == "true");
       return word == "true" || word == "false";
     }},
    {"role", [](const auto& word, auto& rule) { return rule.add_role(word), true; }},
    {"scope", [](const auto& word, auto& rule) { return rule.set_scope(word), true; }},
});

std::string SettingKeys() {
  std::string keys;
  for (const SettingKey& row : kSettingKeys) keys.append(keys.empty() ? "" : ", ").append(row.key);
  return keys;
}

// Patterns may hold any character.
bool IsPattern(std::string_view key) { return key == "name" || key == "scope"; }

absl::Status TakeCondition(std::string_view condition, const std::string& where,
                           proto::Rule& rule) {
  const size_t equals = condition.find('=');
  const std::string_view key = condition.substr(0, equals);
  if (equals == std::string_view::npos) {
    return Error(where,
                 "a selector is key=value; a pattern that has a comma can be written in a recipe");
  }
  const std::string value{condition.substr(equals + 1)};
  for (const SettingKey& row : kSettingKeys) {
    if (row.key != key) continue;
    const Words words = IsPattern(key) ? Words{value} : Words(absl::StrSplit(value, '|'));
    for (const std::string& word : words) {
      if (!row.take(word, rule)) return Error(where, Text(Quote(word), " is no ", key));
    }
    return absl::OkStatus();
  }
  return Error(where, Text("there is no selector ", Quote(key), ", only ", SettingKeys()));
}

void TakeValues(const std::string& text, proto::Rule& rule) {
  if (text == "keep") {
    rule.set_keep(true);
  } else if (text == "reset") {
    rule.set_reset(true);
  } else {
    rule.set_scheme(text);
  }
}

// --- Recipes ----------------------------------------------------------------------------------

class FirstError : public google::protobuf::io::ErrorCollector {
 public:
  explicit FirstError(const std::string& name) : name_(name) {}
  void AddError(int line, int column, const std::string& message) override {
    if (status_.ok()) status_ = Error(Text(name_, ":", line + 1, ":", column + 1), message);
  }
  const absl::Status& status() const { return status_; }

 private:
  const std::string& name_;
  absl::Status status_;
};

std::string Place(const std::string& name, const TextFormat::ParseLocation& location) {
  return Text(name, ":", location.line + 1, ":", location.column + 1);
}

}  // namespace

absl::Status AddSetting(std::string_view setting, RuleSet& set) {
  const std::string source = Text("--set ", Quote(setting));
  const size_t colon = setting.rfind(':');
  if (colon == std::string_view::npos) {
    return Error(source, "it is SELECTOR:SCHEME, such as role=embedding:normal(std=0.02)");
  }
  proto::Rule rule;
  const std::string_view selector = setting.substr(0, colon);
  for (size_t begin = 0; begin <= selector.size();) {
    const size_t end = std::min(selector.find(',', begin), selector.size());
    const std::string where = Text(source, ", column ", begin + 1);
    RETURN_IF_ERROR(TakeCondition(selector.substr(begin, end - begin), where, rule));
    begin = end + 1;
  }
  TakeValues(std::string(setting.substr(colon + 1)), rule);
  const Locate locate = [&source](const char*, int) { return std::string(source); };
  return AddRule(rule, source, locate, set);
}

absl::Status AddRecipe(const std::string& text, const std::string& name, RuleSet& set) {
  TextFormat::Parser parser;
  FirstError error(name);
  TextFormat::ParseInfoTree tree;
  parser.RecordErrorsTo(&error);
  parser.WriteLocationsTo(&tree);
  proto::Recipe recipe;
  if (!parser.ParseFromString(text, &recipe)) return error.status();
  const auto* rules = proto::Recipe::descriptor()->FindFieldByName("rule");
  for (int i = 0; i < recipe.rule_size(); ++i) {
    const TextFormat::ParseInfoTree* nested = tree.GetTreeForNested(rules, i);
    const Locate locate = [&](const char* field, int index) {
      const auto* descriptor = proto::Rule::descriptor()->FindFieldByName(field);
      return Place(name, nested->GetLocation(descriptor, index));
    };
    const std::string source = Place(name, tree.GetLocation(rules, i));
    RETURN_IF_ERROR(AddRule(recipe.rule(i), source, locate, set));
  }
  return absl::OkStatus();
}

}  // namespace onnx_reinit::plan
