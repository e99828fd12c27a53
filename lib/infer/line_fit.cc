#include "infer/line_fit.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace onnx_reinit::infer {
namespace {

constexpr LineFit kFails = {};
constexpr LineFit kNothingHappens = {Fit::kIdle, 0};
// A change is worth a look where it is so many tolerances large.
constexpr double kVisible = 16;
constexpr size_t kMaxLag = 32;
// A recurrence of shorter lines would be no evidence.
constexpr size_t kShortest = 6;

LineFit Holds(size_t relations) { return {Fit::kYes, relations}; }

bool IsConstant(const Line& x, double tolerance) {
  for (size_t i = 1; i < x.size; ++i) {
    if (!(std::fabs(x[i] - x[0]) <= tolerance)) return false;
  }
  return true;
}

// Few runs of equal numbers, or one short stretch over and over.
bool IsRepetitive(const Line& x) {
  size_t runs = 1;
  for (size_t i = 1; i < x.size; ++i) runs += x[i] != x[i - 1];
  if (runs * 8 <= x.size) return true;
  for (size_t period = 2; period <= kMaxLag && 3 * period <= x.size; ++period) {
    size_t i = period;
    while (i < x.size && x[i] == x[i - period]) ++i;
    if (i == x.size) return true;
  }
  return false;
}

bool IsArithmetic(const Line& x, double tolerance) {
  const double step = (x[x.size - 1] - x[0]) / static_cast<double>(x.size - 1);
  for (size_t i = 1; i < x.size; ++i) {
    if (!(std::fabs(x[0] + static_cast<double>(i) * step - x[i]) <= tolerance)) return false;
  }
  return std::fabs(x[x.size - 1] - x[0]) > kVisible * tolerance;
}

bool IsGeometric(const Line& x, double unit) {
  const double whole = x[x.size - 1] / x[0];
  if (!(whole > 0) || !std::isfinite(whole) || std::fabs(whole - 1) <= 64 * unit) return false;
  const double ratio = std::pow(whole, 1 / static_cast<double>(x.size - 1));
  for (size_t i = 1; i < x.size; ++i) {
    const double told = x[0] * std::pow(ratio, static_cast<double>(i));
    if (!(std::fabs(told - x[i]) <= (4 * unit + 1e-6) * std::fabs(told))) return false;
  }
  return true;
}

// One number of each run of equal ones.
std::vector<double> WithoutRepeats(const Line& x) {
  std::vector<double> values = {x[0]};
  for (size_t i = 1; i < x.size; ++i) {
    if (x[i] != values.back()) values.push_back(x[i]);
  }
  return values;
}

// How often the law that the first places suggest is right: `change(i)` is told for places
// 0 ... count - 1, and `is_same` compares two of them. Noise ends at the first few.
template <typename Change, typename IsSame>
size_t TimesRepeated(size_t count, Change change, IsSame is_same) {
  constexpr size_t kFirst = 6;
  for (size_t i = 0; i + 1 < std::min(count, kFirst); ++i) {
    if (!is_same(change(i), change(i + 1))) continue;
    size_t times = 0;
    for (size_t j = 0; j < count; ++j) times += is_same(change(i), change(j));
    return times;
  }
  return 0;
}

// Steps of one size with a few breaks.
size_t BrokenArithmetic(const std::vector<double>& x, size_t lag, double tolerance) {
  const size_t count = x.size() - lag;
  const size_t times = TimesRepeated(
      count, [&](size_t i) { return x[i + lag] - x[i]; },
      [&](double a, double b) {
        return std::fabs(a - b) <= tolerance && std::fabs(a) > kVisible * tolerance;
      });
  return 10 * times >= 7 * count ? times - 1 : 0;
}

size_t BrokenGeometric(const std::vector<double>& x, double unit) {
  const size_t count = x.size() - 1;
  const size_t times = TimesRepeated(
      count, [&](size_t i) { return x[i + 1] / x[i]; },
      [&](double a, double b) {
        return std::fabs(a - b) <= (8 * unit + 1e-6) * std::fabs(b) && std::fabs(a) > 0 &&
               std::fabs(std::fabs(a) - 1) > 64 * unit;
      });
  return 10 * times >= 6 * count ? times - 1 : 0;
}

// Steps that all grow or shrink by one ratio.
size_t ShiftedGeometric(const Line& x, double tolerance) {
  const double first = x[1] - x[0];
  const double ratio = (x[2] - x[1]) / first;
  if (!(std::fabs(first) > 64 * tolerance) || !(std::fabs(ratio) > 0)) return 0;
  size_t relations = 0;
  for (size_t i = 2; i + 1 < x.size; ++i) {
    const double before = x[i] - x[i - 1];
    const double after = x[i + 1] - x[i];
    const double allowed = 4 * tolerance * (1 + std::fabs(before / first));
    if (!(std::fabs(after - ratio * before) <= allowed)) return 0;
    relations += std::fabs(before) > 64 * tolerance;
  }
  return relations;
}

// Steps that all grow by one number.
size_t Quadratic(const Line& x, double tolerance) {
  const double growth = x[2] - 2 * x[1] + x[0];
  if (!(std::fabs(growth) > kVisible * tolerance)) return 0;
  for (size_t i = 2; i + 1 < x.size; ++i) {
    if (!(std::fabs(x[i + 1] - 2 * x[i] + x[i - 1] - growth) <= 8 * tolerance)) return 0;
  }
  return x.size - 3;
}

LineFit FitBroken(const Line& x, const Sample& sample) {
  const std::vector<double> values = WithoutRepeats(x);
  const double tolerance = sample.Tolerance();
  if (values.size() >= 5) {
    for (size_t lag = 1; lag <= kMaxLag && 4 * lag < values.size(); ++lag) {
      const size_t relations = BrokenArithmetic(values, lag, tolerance);
      if (relations >= 3) return Holds(relations);
    }
    const size_t relations = BrokenGeometric(values, sample.unit);
    if (relations >= 3) return Holds(relations);
  }
  return IsRepetitive(x) ? kNothingHappens : kFails;
}

// The triples of a line, or of its steps.
struct Triples {
  const Line& x;
  bool is_of_steps;

  size_t size() const { return x.size - 2 - (is_of_steps ? 1 : 0); }
  double at(size_t i) const { return is_of_steps ? x[i + 1] - x[i] : x[i]; }
};

LineFit FitRecurrence(const Triples& x, const Sample& sample) {
  constexpr double kPhaseError = 2.5e-7;  // of w i, for each unit of i
  const auto tolerance_at = [&](size_t i) {
    return sample.largest *
           (8 * sample.unit + kPhaseError * static_cast<double>(x.x.position + i + 2));
  };
  size_t pivot = 1;
  for (size_t i = 1; i <= x.size(); ++i) {
    if (std::fabs(x.at(i)) > std::fabs(x.at(pivot))) pivot = i;
  }
  if (!(std::fabs(x.at(pivot)) > kVisible * tolerance_at(pivot))) return kNothingHappens;
  const double multiple = (x.at(pivot - 1) + x.at(pivot + 1)) / x.at(pivot);
  if (!(std::fabs(multiple) <= 2 + 2 * tolerance_at(pivot) / std::fabs(x.at(pivot)))) return kFails;
  const double allowed = x.size() < 16 ? 0 : 0.1 * static_cast<double>(x.size());
  double misses = 0;
  bool is_visible = false;
  for (size_t i = 1; i <= x.size(); ++i) {
    const double sum = x.at(i - 1) + x.at(i + 1);
    // Twice: what is uncertain in the multiple weighs as much again.
    const double tolerance = 2 * tolerance_at(i);
    if (!(std::fabs(sum - multiple * x.at(i)) <= tolerance) && ++misses > allowed) return kFails;
    is_visible = is_visible || std::fabs(sum - 2 * x.at(i)) > kVisible * tolerance;
  }
  if (!is_visible) return kNothingHappens;
  return Holds(x.size() - 1 - static_cast<size_t>(misses));
}

LineFit FitPlainOrShifted(const Line& line, const Sample& sample) {
  const LineFit plain = FitRecurrence({line, false}, sample);
  return plain.fit != Fit::kNo ? plain : FitRecurrence({line, true}, sample);
}

Line Tail(const Line& x) { return {x.first + x.stride, x.size - 1, x.stride, x.position + 1}; }

// How often each number is repeated, the same for all; 1 where it is not so.
size_t Repeats(const Line& x) {
  size_t length = 1;
  while (length < x.size && x[length] == x[0]) ++length;
  if (length == 1 || x.size % length != 0) return 1;
  for (size_t i = 0; i < x.size; ++i) {
    if (x[i] != x[i - i % length]) return 1;
  }
  return length;
}

// The length of the stretch that the line consists of, over and over; the line's own where there is
// none.
size_t Period(const Line& x) {
  for (size_t period = kShortest; 2 * period <= x.size; ++period) {
    if (x.size % period != 0) continue;
    size_t i = period;
    while (i < x.size && x[i] == x[i - period]) ++i;
    if (i == x.size) return period;
  }
  return x.size;
}

// Along a flattened grid, a number that depends on one of its axes is repeated, or its stretch is.
LineFit FitOneAxisOfGrid(const Line& x, const Sample& sample) {
  const size_t repeats = Repeats(x);
  const Line axis = repeats > 1
                        ? Line{x.first, x.size / repeats, x.stride * repeats, x.position / repeats}
                        : Line{x.first, Period(x), x.stride, 0};
  if (axis.size == x.size) return kFails;
  // Too short to tell, but noise is not repeated.
  return axis.size < kShortest ? kNothingHappens : FitPlainOrShifted(axis, sample);
}

}  // namespace

LineFit FitProgression(const Line& line, const Sample& sample) {
  if (line.size < 4) return kFails;
  const double tolerance = sample.Tolerance();
  if (IsConstant(line, tolerance)) return kNothingHappens;
  if (IsArithmetic(line, tolerance)) return Holds(line.size - 2);
  if (IsGeometric(line, sample.unit)) return Holds(line.size - 2);
  if (line.size < 6) return kFails;
  const size_t relations = std::max(ShiftedGeometric(line, tolerance), Quadratic(line, tolerance));
  if (relations >= 3) return Holds(relations);
  return line.size < 8 ? kFails : FitBroken(line, sample);
}

LineFit FitSinusoid(const Line& line, const Sample& sample) {
  if (line.size < kShortest) return kFails;
  if (IsConstant(line, sample.Tolerance())) return kNothingHappens;
  const LineFit whole = FitPlainOrShifted(line, sample);
  if (whole.fit != Fit::kNo) return whole;
  const LineFit grid = FitOneAxisOfGrid(line, sample);
  // A class token may stand before the grid.
  return grid.fit != Fit::kNo ? grid : FitOneAxisOfGrid(Tail(line), sample);
}

LineFit FitSymmetric(const Line& line, const Sample& sample) {
  const double tolerance = sample.Tolerance();
  if (IsConstant(line, tolerance)) return kNothingHappens;
  for (const size_t periodic : {size_t{0}, size_t{1}}) {
    size_t pairs = 0;
    for (size_t i = periodic, j = line.size - 1; i < j; ++i, --j) {
      if (!(std::fabs(line[i] - line[j]) <= tolerance)) {
        pairs = 0;
        break;
      }
      ++pairs;
    }
    if (pairs > 0) return Holds(pairs);
  }
  return kFails;
}

bool AllLinesFit(const Sample& sample, size_t axis, LineTest test) {
  size_t relations = 0;
  const bool all = ForEachLine(sample, axis, [&](const Line& line) {
    const LineFit fit = test(line, sample);
    relations += fit.relations;
    return fit.fit != Fit::kNo;
  });
  return all && IsEvidence(relations, sample);
}

}  // namespace onnx_reinit::infer
