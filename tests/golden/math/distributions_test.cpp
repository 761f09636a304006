#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "slipcast/math/normal.hpp"
#include "slipcast/math/special.hpp"
#include "slipcast/math/student.hpp"

// Known answers from SciPy: distributions.csv, made by make_distributions.py beside it.

using namespace slipcast::math;

namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();

struct Answer {
    std::string function;
    double x = 0.0;
    double a = 0.0;
    double b = 0.0;
    double expected = 0.0;
};

std::vector<Answer> known_answers() {
    std::ifstream file(SLIPCAST_SOURCE_DIR "/tests/golden/math/distributions.csv");
    std::vector<Answer> answers;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with('#')) continue;
        std::istringstream fields(line);
        std::vector<std::string> parts;
        for (std::string part; std::getline(fields, part, ',');) parts.push_back(part);
        answers.push_back({parts.at(0), std::stod(parts.at(1)), std::stod(parts.at(2)), std::stod(parts.at(3)),
                           std::stod(parts.at(4))});
    }
    return answers;
}

double value_of(const Answer& answer) {
    if (answer.function == "normal_quantile") return normal_quantile(answer.x);
    if (answer.function == "normal_cdf") return normal_cdf(answer.x);
    if (answer.function == "normal_density") return normal_density(answer.x);
    if (answer.function == "student_quantile") return student_quantile(answer.x, answer.a);
    if (answer.function == "student_cdf") return student_cdf(answer.x, answer.a);
    if (answer.function == "regularized_gamma") return regularized_gamma(answer.x, answer.a);
    if (answer.function == "regularized_beta") return regularized_beta(answer.x, answer.a, answer.b);
    if (answer.function == "log_gamma") return log_gamma(answer.x);
    if (answer.function == "log_factorial") return log_factorial(static_cast<std::int64_t>(answer.x));
    ADD_FAILURE() << "no function " << answer.function;
    return kNotANumber;
}

// What the headers promise; SciPy's own error is of the same order as the smallest of these.
double relative_error_allowed(const Answer& answer) {
    if (answer.function == "normal_cdf") return (20.0 + answer.x * answer.x) * 2e-16;
    if (answer.function.starts_with("normal_")) return 4e-15;
    if (answer.function.starts_with("student_")) return 1e-9;
    if (answer.function.starts_with("log_")) return 1e-14;
    return 2e-11;
}

}  // namespace

TEST(Distributions, AgreeWithSciPy) {
    const std::vector<Answer> answers = known_answers();
    ASSERT_GT(answers.size(), 200U);
    for (const Answer& answer : answers) {
        const double allowed = relative_error_allowed(answer);
        // Near a zero of the function the error is absolute.
        const double scale = std::max(std::abs(answer.expected), answer.function.starts_with("log_") ? 1.0 : 0.0);
        EXPECT_LE(std::abs(value_of(answer) - answer.expected), allowed * scale)
            << answer.function << '(' << answer.x << ", " << answer.a << ", " << answer.b << ") = " << value_of(answer)
            << ", expected " << answer.expected;
    }
}
