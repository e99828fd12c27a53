#include "infer/formula.h"

#include <array>
#include <cassert>
#include <cctype>
#include <charconv>
#include <cmath>
#include <string>

namespace onnx_reinit::infer {
namespace {

struct NamedUnary {
  std::string_view name;
  double (*function)(double);
};

struct NamedBinary {
  std::string_view name;
  double (*function)(double, double);
};

struct NamedReduction {
  std::string_view name;
  Reduction reduction;
  GridAxis axis;
};

constexpr std::array kUnaries = {
    NamedUnary{"abs", [](double v) { return std::abs(v); }},
    NamedUnary{"erf", [](double v) { return std::erf(v); }},
    NamedUnary{"exp", [](double v) { return std::exp(v); }},
    NamedUnary{"log", [](double v) { return std::log(v); }},
    NamedUnary{"sqrt", [](double v) { return std::sqrt(v); }},
    NamedUnary{"tanh", [](double v) { return std::tanh(v); }},
};

constexpr std::array kBinaries = {
    NamedBinary{"*", [](double u, double v) { return u * v; }},
    NamedBinary{"+", [](double u, double v) { return u + v; }},
    NamedBinary{"-", [](double u, double v) { return u - v; }},
    NamedBinary{"/", [](double u, double v) { return u / v; }},
    NamedBinary{">", [](double u, double v) { return u > v ? 1.0 : 0.0; }},
    NamedBinary{"^", [](double u, double v) { return std::pow(u, v); }},
    NamedBinary{"max", [](double u, double v) { return std::fmax(u, v); }},
    NamedBinary{"min", [](double u, double v) { return std::fmin(u, v); }},
};

constexpr std::array kReductions = {
    NamedReduction{"across", Reduction::kMean, GridAxis::kAcross},
    NamedReduction{"mean", Reduction::kMean, GridAxis::kAlong},
    NamedReduction{"norm", Reduction::kNorm, GridAxis::kAlong},
    NamedReduction{"sum", Reduction::kSum, GridAxis::kAlong},
};

template <typename Rows>
auto Named(const Rows& rows, std::string_view name) -> const typename Rows::value_type* {
  for (const auto& row : rows) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

double RoundingOf(double number) { return number == std::floor(number) ? 1e-6 : 1e-3; }

}  // namespace

// Recursive descent, weakest binding first; each function leaves its value on the stack.
class Formula::Parser {
 public:
  Parser(std::string_view text, std::vector<Step>& steps) : rest_(text), steps_(steps) {}

  void Parse() {
    Comparison();
    assert(Peek() == '\0' && "text after the end of a formula");
  }

 private:
  char Peek() {
    while (!rest_.empty() && rest_[0] == ' ') rest_.remove_prefix(1);
    return rest_.empty() ? '\0' : rest_[0];
  }
  bool Take(char expected) {
    if (Peek() != expected) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void Expect(char expected) {
    [[maybe_unused]] const bool is_there = Take(expected);
    assert(is_there && "a formula lacks a bracket or a comma");
  }

  void Operators(std::string_view operators, void (Parser::*operand)()) {
    (this->*operand)();
    while (Peek() != '\0' && operators.find(rest_[0]) != std::string_view::npos) {
      const std::string_view name = rest_.substr(0, 1);
      rest_.remove_prefix(1);
      (this->*operand)();
      steps_.push_back({.code = Code::kBinary, .binary = Named(kBinaries, name)->function});
    }
  }
  void Comparison() { Operators(">", &Parser::Sum); }
  void Sum() { Operators("+-", &Parser::Product); }
  void Product() { Operators("*/", &Parser::Signed); }
  void Power() { Operators("^", &Parser::Atom); }

  void Signed() {
    if (!Take('-')) return Power();
    Signed();
    steps_.push_back({.code = Code::kUnary, .unary = [](double v) { return -v; }});
  }

  void Atom() {
    if (Take('(')) {
      Comparison();
      return Expect(')');
    }
    if (std::isdigit(static_cast<unsigned char>(Peek())) != 0) {
      steps_.push_back({.code = Code::kNumber, .number = Number()});
    } else {
      Name();
    }
  }

  double Number() {
    double number = 0;
    const auto result = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
    rest_.remove_prefix(static_cast<size_t>(result.ptr - rest_.data()));
    return number;
  }

  void Name() {
    size_t length = 0;
    while (length < rest_.size() && std::islower(static_cast<unsigned char>(rest_[length])) != 0) {
      ++length;
    }
    const std::string_view name = rest_.substr(0, length);
    rest_.remove_prefix(length);
    if (name == "x") return steps_.push_back({.code = Code::kX});
    if (name == "a") return steps_.push_back({.code = Code::kParameter});
    Expect('(');
    if (name == "f") {
      const double sign = Take('-') ? -1 : 1;
      steps_.push_back({.code = Code::kPoint, .number = sign * Number()});
    } else {
      Call(name);
    }
    Expect(')');
  }

  void Call(std::string_view name) {
    Comparison();
    if (const NamedUnary* unary = Named(kUnaries, name)) {
      return steps_.push_back({.code = Code::kUnary, .unary = unary->function});
    }
    if (const NamedReduction* row = Named(kReductions, name)) {
      return steps_.push_back(
          {.code = Code::kReduce, .reduction = row->reduction, .axis = row->axis});
    }
    Expect(',');
    Comparison();
    if (const NamedBinary* binary = Named(kBinaries, name)) {
      return steps_.push_back({.code = Code::kBinary, .binary = binary->function});
    }
    assert(name == "where" && "a formula names an unknown function");
    Expect(',');
    Comparison();
    steps_.push_back({.code = Code::kWhere});
  }

  std::string_view rest_;
  std::vector<Step>& steps_;
};

Formula::Formula(std::string_view text) { Parser(text, steps_).Parse(); }

// A stack of values that the steps work on.
class Formula::Machine {
 public:
  Machine(const Grid& x, double a, const std::function<double(double)>& f) : x_(x), a_(a), f_(f) {}

  Grid Run(const std::vector<Step>& steps) {
    for (const Step& step : steps) Take(step);
    return stack_.back();
  }

 private:
  void Take(const Step& step) {
    switch (step.code) {
      case Code::kNumber:
        return stack_.push_back(Filled(step.number));
      case Code::kX:
        return stack_.push_back(x_);
      case Code::kParameter:
        return stack_.push_back(Filled(a_));
      case Code::kPoint:
        return stack_.push_back(Filled(f_(step.number)));
      case Code::kUnary:
        for (double& value : stack_.back()) value = step.unary(value);
        return;
      case Code::kBinary:
        return Combine(step.binary);
      case Code::kWhere:
        return Choose();
      case Code::kReduce:
        stack_.back() = Reduced(stack_.back(), step.reduction, step.axis);
    }
  }

  Grid Pop() {
    const Grid top = stack_.back();
    stack_.pop_back();
    return top;
  }

  void Combine(double (*binary)(double, double)) {
    const Grid right = Pop();
    Grid& left = stack_.back();
    for (size_t i = 0; i < left.size(); ++i) left[i] = binary(left[i], right[i]);
  }

  void Choose() {
    const Grid no = Pop();
    const Grid yes = Pop();
    Grid& condition = stack_.back();
    for (size_t i = 0; i < no.size(); ++i) condition[i] = condition[i] != 0 ? yes[i] : no[i];
  }

  const Grid& x_;
  double a_;
  const std::function<double(double)>& f_;
  std::vector<Grid> stack_;
};

Grid Formula::Evaluate(const Grid& x, double a) const { return Machine(x, a, {}).Run(steps_); }

double Formula::Fit(const std::function<double(double)>& f) const {
  return Machine({}, 0, f).Run(steps_)[0];
}

Grid Formula::Slack(const Grid& x, double a) const {
  const Grid exact = Evaluate(x, a);
  Grid slack = Filled(0);
  Formula rounded = *this;
  for (Step& step : rounded.steps_) {
    if (step.code != Code::kNumber) continue;
    const double number = step.number;
    step.number = number * (1 + RoundingOf(number));
    const Grid moved = rounded.Evaluate(x, a);
    step.number = number;
    for (size_t i = 0; i < slack.size(); ++i) slack[i] += std::abs(moved[i] - exact[i]);
  }
  return slack;
}

}  // namespace onnx_reinit::infer
