#include <gtest/gtest.h>

#include "slipcast/math/student.hpp"

namespace slipcast::math {
namespace {

TEST(StudentCdf, KeepsItsDigitsInTheTailOfManyDegrees) {
    // scipy.stats.t.sf
    struct Case {
        double t, degrees, tail;
    };
    for (const Case& each : {Case{6.0, 40.0, 2.3632275663940903e-07}, Case{9.0, 120.0, 2.050011759883223e-15},
                             Case{12.0, 1000.0, 2.1620286933872145e-31}, Case{5.0, 1e4, 2.9151633068313295e-07}}) {
        EXPECT_NEAR(student_cdf(-each.t, each.degrees) / each.tail, 1.0, 1e-10) << each.t << " " << each.degrees;
    }
}

}  // namespace
}  // namespace slipcast::math
