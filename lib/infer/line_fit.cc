#include "infer/line_fit.h"

#include <algorithm>
#include <cmath>

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"

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

// One stretch of at most `longest` numbers, `times` times or more.
bool IsOverAndOver(const Line& x, size_t longest, size_t times = 3) {
  for (size_t period = 1; period <= longest && times * period <= x.size; ++period) {
    size_t i = period;
    while (i < x.size && x[i] == x[i - period]) ++i;
    if (i == x.size) return true;
  }
  return false;
}

// Few runs of equal numbers, or one short stretch over and over.
bool IsRepetitive(const Line& x, size_t runs) {
  return runs * 8 <= x.size || IsOverAndOver(x, kMaxLag);
}

// A law of few parameters is seen in a line that spans so much; what changes less follows it by
// being smooth.
bool IsPlain(double range, const Sample& sample) {
  return std::fabs(range) > std::min(128 * sample.Tolerance(), sample.largest / 2);
}

Fit FitArithmetic(const Line& x, const Sample& sample) {
  const double range = x[x.size - 1] - x[0];
  const double step = range / static_cast<double>(x.size - 1);
  for (size_t i = 1; i < x.size; ++i) {
    if (!(std::fabs(x[0] + static_cast<double>(i) * step - x[i]) <= sample.Tolerance())) {
      return Fit::kNo;
    }
  }
  return IsPlain(range, sample) ? Fit::kYes : Fit::kIdle;
}

// Where each number may be off by `error` of itself, the first two ratios differ by less than four
// times that. Almost every line ends here, before anything is raised to a power.
bool MayBeGeometric(const Line& x, double error) {
  constexpr double kCoarse = 0.125;  // beyond it the bound does not hold
  const double ratio = x[1] / x[0];
  return error > kCoarse || (ratio > 0 && std::fabs(x[2] / x[1] - ratio) <= 4 * error * ratio);
}

Fit FitGeometric(const Line& x, double unit) {
  const double whole = x[x.size - 1] / x[0];
  const double error = 4 * unit + 1e-6;
  if (!(whole > 0) || !std::isfinite(whole) || !MayBeGeometric(x, error)) return Fit::kNo;
  const double ratio = std::pow(whole, 1 / static_cast<double>(x.size - 1));
  for (size_t i = 1; i < x.size; ++i) {
    const double told = x[0] * std::pow(ratio, static_cast<double>(i));
    if (!(std::fabs(told - x[i]) <= error * std::fabs(told))) return Fit::kNo;
  }
  return std::fabs(std::log(whole)) > std::min(512 * unit, 1.0) ? Fit::kYes : Fit::kIdle;
}

// One number of each run of equal ones.
absl::InlinedVector<double, 64> WithoutRepeats(const Line& x) {
  absl::InlinedVector<double, 64> values(x.size);
  double* last = values.data();
  *last = x[0];
  for (size_t i = 1; i < x.size; ++i) {
    if (x[i] != *last) *++last = x[i];
  }
  values.resize(static_cast<size_t>(last - values.data()) + 1);
  return values;
}

// Places that a law is looked for at: noise ends there.
constexpr size_t kFirst = 6;

// How often the law that the first places suggest is right: `change(i)` is told for places
// 0 ... count - 1, and `is_same` compares two of them.
template <typename Change, typename IsSame>
size_t TimesRepeated(size_t count, Change change, IsSame is_same) {
  double next = change(0);
  for (size_t i = 0; i + 1 < std::min(count, kFirst); ++i) {
    const double here = next;
    next = change(i + 1);
    if (!is_same(here, next)) continue;
    size_t times = 0;
    for (size_t j = 0; j < count; ++j) times += is_same(change(i), change(j));
    return times;
  }
  return 0;
}

// Steps of one size with a few breaks. Whole numbers and halves have exact steps, however small.
size_t BrokenArithmetic(absl::Span<const double> x, size_t lag, double tolerance) {
  const size_t count = x.size() - lag;
  const size_t times = TimesRepeated(
      count, [&](size_t i) { return x[i + lag] - x[i]; },
      [&](double a, double b) {
        return std::fabs(a - b) <= tolerance && std::fabs(a) > kVisible * tolerance;
      });
  return 10 * times >= 7 * count ? times - 1 : 0;
}

// False where no two of the first steps are of one size: then none are of exactly one either.
bool MayBeBrokenArithmetic(absl::Span<const double> x, size_t lag, double tolerance) {
  double next = x[lag] - x[0];
  for (size_t i = 0; i + 1 < std::min(x.size() - lag, kFirst); ++i) {
    const double here = next;
    next = x[i + 1 + lag] - x[i + 1];
    if (!(std::fabs(here - next) > tolerance)) return true;
  }
  return false;
}

size_t BrokenGeometric(absl::Span<const double> x, double unit) {
  const size_t count = x.size() - 1;
  const size_t times = TimesRepeated(
      count, [&](size_t i) { return x[i + 1] / x[i]; },
      [&](double a, double b) {
        return std::fabs(a - b) <= (8 * unit + 1e-6) * std::fabs(b) && std::fabs(a) > 0 &&
               std::fabs(std::fabs(a) - 1) > 48 * unit;
      });
  return 10 * times >= 6 * count ? times - 1 : 0;
}

// Steps that all grow or shrink by one ratio.
size_t ShiftedGeometric(const Line& x, double tolerance) {
  const double first = x[1] - x[0];
  const double ratio = (x[2] - x[1]) / first;
  size_t relations = 0;
  for (size_t i = 2; i + 1 < x.size; ++i) {
    const double before = x[i] - x[i - 1];
    const double after = x[i + 1] - x[i];
    const double allowed = 4 * tolerance * (1 + std::fabs(before / first));
    if (!(std::fabs(after - ratio * before) <= allowed)) return 0;
    relations += std::fabs(after - before) > kVisible * allowed;
  }
  return relations;
}

// By what the first, the last and one number in between say.
bool IsQuadratic(const Line& x, const Sample& sample) {
  const size_t last = x.size - 1;
  const size_t middle = last / 2;
  const double step = (x[last] - x[0]) / static_cast<double>(last);
  const auto bend = [&](size_t i) { return x[i] - x[0] - static_cast<double>(i) * step; };
  const auto weight = [&](size_t i) { return static_cast<double>(i * (last - i)); };
  const double curvature = bend(middle) / weight(middle);
  if (!IsPlain(2 * bend(middle), sample)) return false;
  for (size_t i = 1; i < last; ++i) {
    if (!(std::fabs(bend(i) - curvature * weight(i)) <= 2 * sample.Tolerance())) return false;
  }
  return true;
}

LineFit FitBroken(const Line& x, const Sample& sample) {
  const auto values = WithoutRepeats(x);
  const double tolerance = sample.Tolerance();
  if (values.size() >= 5) {
    for (size_t lag = 1; lag <= kMaxLag && 4 * lag < values.size(); ++lag) {
      if (!MayBeBrokenArithmetic(values, lag, tolerance)) continue;
      const size_t relations =
          std::max(BrokenArithmetic(values, lag, 0), BrokenArithmetic(values, lag, tolerance));
      if (relations >= 3) return Holds(relations);
    }
    const size_t relations = BrokenGeometric(values, sample.unit);
    if (relations >= 3) return Holds(relations);
  }
  return IsRepetitive(x, values.size()) ? kNothingHappens : kFails;
}

// The triples of a line, or of its steps.
template <bool kIsOfSteps>
struct Triples {
  Line x;

  size_t size() const { return x.size - 2 - (kIsOfSteps ? 1 : 0); }
  double at(size_t i) const { return kIsOfSteps ? x[i + 1] - x[i] : x[i]; }
};

template <bool kIsOfSteps>
LineFit FitRecurrence(Triples<kIsOfSteps> x, const Sample& sample) {
  // Of w i, for each unit of i: programs multiply in single precision, with w up to a whole turn.
  constexpr double kPhaseError = 7.5e-7;
  const auto tolerance_at = [&](size_t i) {
    return sample.largest *
           (8 * sample.unit + kPhaseError * static_cast<double>(x.x.position + i + 2));
  };
  size_t pivot = 1;
  double largest = std::fabs(x.at(1));
  for (size_t i = 2; i <= x.size(); ++i) {
    const double magnitude = std::fabs(x.at(i));
    if (magnitude > largest) largest = magnitude, pivot = i;
  }
  if (!(largest > kVisible * tolerance_at(pivot))) return kNothingHappens;
  const double multiple = (x.at(pivot - 1) + x.at(pivot + 1)) / x.at(pivot);
  if (!(std::fabs(multiple) <= 2 + 2 * tolerance_at(pivot) / largest)) return kFails;
  const size_t allowed = x.size() < 16 ? 0 : x.size() / 10;
  size_t misses = 0;
  size_t told = 0;
  size_t halves = 0;
  for (size_t i = 1; i <= x.size(); ++i) {
    const double sum = x.at(i - 1) + x.at(i + 1);
    const double tolerance = tolerance_at(i);
    if (!(std::fabs(sum - multiple * x.at(i)) <= tolerance)) {
      if (++misses > allowed) return kFails;
      continue;
    }
    if (i == pivot || std::fabs(x.at(i)) <= tolerance) continue;
    ++told;
    // A straight line follows the law too.
    const double bend = std::fabs(sum - 2 * x.at(i));
    halves += (bend > 4 * tolerance) + (bend > kVisible * tolerance);
  }
  if (told < 9 * misses) return kFails;
  return halves == 0 ? kNothingHappens : Holds(halves / 2);
}

// Steps are small, and their law proves nothing unless it is seen to bend.
LineFit FitPlainOrShifted(const Line& line, const Sample& sample) {
  const LineFit plain = FitRecurrence(Triples<false>{line}, sample);
  if (plain.fit != Fit::kNo) return plain;
  const LineFit steps = FitRecurrence(Triples<true>{line}, sample);
  return steps.fit == Fit::kYes ? steps : kFails;
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
  Fit fit = FitArithmetic(line, sample);
  if (fit == Fit::kNo) fit = FitGeometric(line, sample.unit);
  if (fit == Fit::kYes) return Holds(line.size - 2);
  if (fit == Fit::kIdle) return kNothingHappens;
  if (line.size < 6) return kFails;
  if (IsQuadratic(line, sample)) return Holds(line.size - 3);
  const size_t relations = ShiftedGeometric(line, tolerance);
  if (relations >= 3) return Holds(relations);
  return line.size < 8 ? kFails : FitBroken(line, sample);
}

LineFit FitPlainArithmetic(const Line& line, const Sample& sample) {
  if (line.size < 4) return kFails;
  return {FitArithmetic(line, sample), line.size - 2};
}

LineFit FitSinusoid(const Line& line, const Sample& sample) {
  if (line.size < kShortest) return kFails;
  // -1, 0, 1 over and over follows the law by having few numbers, and so do any three.
  constexpr size_t kParameters = 3;
  if (IsConstant(line, sample.Tolerance()) || IsOverAndOver(line, kShortest - 1) ||
      IsOverAndOver(line, kParameters, 2)) {
    return kNothingHappens;
  }
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
