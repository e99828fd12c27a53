#include "plan/moments.h"

#include <gtest/gtest.h>

#include <ostream>

namespace onnx_reinit::plan {
namespace {

struct CutCase {
  const char* name;
  double low;
  double high;
  double mean;
  double std;
};

std::ostream& operator<<(std::ostream& out, const CutCase& c) { return out << c.name; }

class CutTest : public testing::TestWithParam<CutCase> {};

TEST_P(CutTest, HasTheMoments) {
  const CutMoments moments = MomentsOfCut(GetParam().low, GetParam().high);
  EXPECT_NEAR(moments.mean, GetParam().mean, 1e-12);
  EXPECT_NEAR(moments.std, GetParam().std, 1e-12);
}

// Two and three sigma: jax.nn.initializers and schemes.md, section 1; half a normal: Leone et al.
// 1961, mean sqrt(2 / pi), variance 1 - 2 / pi.
INSTANTIATE_TEST_SUITE_P(Cases, CutTest,
                         testing::Values(CutCase{"TwoSigma", -2, 2, 0, 0.87962566103423978},
                                         CutCase{"ThreeSigma", -3, 3, 0, 0.98657839255810860},
                                         CutCase{"FarOut", -100, 100, 0, 1},
                                         CutCase{"Half", 0, 40, 0.79788456080286541,
                                                 0.60281027498908697}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace onnx_reinit::plan
