#pragma once

#include <Eigen/Core>
#include <optional>

namespace slipcast::control::detail {

/// The stabilizing X of A'X + X A - X G X + H = 0, G and H symmetric.
struct RiccatiSolution {
    Eigen::MatrixXd x;
    int iterations = 0;
};
/// By structure-preserving doubling; nothing when it does not converge.
[[nodiscard]] std::optional<RiccatiSolution> riccati(const Eigen::MatrixXd& a, const Eigen::MatrixXd& g,
                                                     const Eigen::MatrixXd& h);

/// X of A X + X B = C (Hessenberg and Schur: Golub, Nash, Van Loan 1979); A and -B must share no eigenvalue. A diagonal
/// B needs no Schur form.
[[nodiscard]] Eigen::MatrixXd sylvester(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b, const Eigen::MatrixXd& c);

/// Whether all eigenvalues of `a` have a negative real part: powers of its Cayley transform fall below one in norm.
[[nodiscard]] bool is_stable(const Eigen::MatrixXd& a);

}  // namespace slipcast::control::detail
