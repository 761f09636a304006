#include "matrix_equations.hpp"

#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>

namespace slipcast::control::detail {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;

constexpr int kMaxDoublings = 60;
/// Relative change of X below which doubling has converged to rounding.
constexpr double kConverged = 1e-15;

template <typename Scalar>
using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
template <typename Scalar>
using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;

/// Solves (h + shift I) y = b in place, h upper Hessenberg, by elimination with pivoting among neighbors.
template <typename Scalar>
void solve_shifted_hessenberg(Matrix<Scalar> h, Scalar shift, Eigen::Ref<Vector<Scalar>> y) {
    const Index size = h.rows();
    h.diagonal().array() += shift;
    for (Index i = 0; i + 1 < size; ++i) {
        if (std::abs(h(i + 1, i)) > std::abs(h(i, i))) {
            h.row(i).tail(size - i).swap(h.row(i + 1).tail(size - i));
            std::swap(y(i), y(i + 1));
        }
        const Scalar factor = h(i + 1, i) / h(i, i);
        h.row(i + 1).tail(size - i) -= factor * h.row(i).tail(size - i);
        y(i + 1) -= factor * y(i);
    }
    h.template triangularView<Eigen::Upper>().solveInPlace(y);
}

/// Columns of H Y + Y T = C, T upper triangular.
template <typename Scalar>
Matrix<Scalar> triangular_sylvester(const Matrix<Scalar>& h, const Matrix<Scalar>& t, Matrix<Scalar> c) {
    for (Index j = 0; j < t.cols(); ++j) {
        if (j > 0) c.col(j) -= c.leftCols(j) * t.col(j).head(j);
        solve_shifted_hessenberg<Scalar>(h, t(j, j), c.col(j));
    }
    return c;
}

}  // namespace

std::optional<RiccatiSolution> riccati(const MatrixXd& a, const MatrixXd& g, const MatrixXd& h) {
    const Index size = a.rows();
    const MatrixXd identity = MatrixXd::Identity(size, size);
    // Between the slowest and the fastest closed-loop speed; only the number of steps depends on it.
    const double n = static_cast<double>(size);
    const double shift = std::sqrt(a.squaredNorm() / n + g.norm() * h.norm() / n);
    const Eigen::PartialPivLU<MatrixXd> shifted(a - shift * identity);
    const MatrixXd solved_g = shifted.solve(g);
    const MatrixXd middle = (a - shift * identity).transpose() + h * solved_g;
    const Eigen::PartialPivLU<MatrixXd> inner(middle);
    const MatrixXd inverse = inner.inverse();
    MatrixXd next_a = identity + 2.0 * shift * inverse.transpose();
    MatrixXd next_g = 2.0 * shift * solved_g * inverse;
    const MatrixXd solved_h = shifted.transpose().solve(h);
    MatrixXd next_h = 2.0 * shift * inverse * solved_h.transpose();
    next_g = (0.5 * (next_g + next_g.transpose())).eval();
    next_h = (0.5 * (next_h + next_h.transpose())).eval();
    MatrixXd product(size, size);
    MatrixXd solved(size, size);
    for (int step = 1; step <= kMaxDoublings; ++step) {
        product.noalias() = next_g * next_h;
        product.diagonal().array() += 1.0;
        const Eigen::PartialPivLU<MatrixXd> lu(product);
        solved = lu.solve(next_a);
        product.noalias() = next_h * solved;
        MatrixXd growth(size, size);
        growth.noalias() = next_a.transpose() * product;
        next_h += 0.5 * (growth + growth.transpose());
        const double change = growth.norm() / next_h.norm();
        if (!std::isfinite(change)) return std::nullopt;
        // The next change is about the square of this one over the size of X: nothing left to add.
        if (change <= kConverged || (step > 2 && change * change <= 1e-3 * kConverged)) {
            return RiccatiSolution{std::move(next_h), step};
        }
        product = lu.solve(next_g);
        growth.noalias() = next_a * product;
        product.noalias() = growth * next_a.transpose();
        next_g += 0.5 * (product + product.transpose());
        product.noalias() = next_a * solved;
        next_a.swap(product);
    }
    return std::nullopt;
}

MatrixXd sylvester(const MatrixXd& a, const MatrixXd& b, const MatrixXd& c) {
    const Eigen::HessenbergDecomposition<MatrixXd> reduced(a);
    const MatrixXd q = reduced.matrixQ();
    const MatrixXd h = reduced.matrixH();
    if (b.isDiagonal(0.0)) return q * triangular_sylvester<double>(h, b, q.transpose() * c);
    using Complex = std::complex<double>;
    const Eigen::ComplexSchur<MatrixXd> schur(b);
    const Matrix<Complex> target = (q.transpose() * c) * schur.matrixU();
    const Matrix<Complex> y = triangular_sylvester<Complex>(h.cast<Complex>(), schur.matrixT(), target);
    return q * (y * schur.matrixU().adjoint()).real();
}

bool is_stable(const MatrixXd& a) {
    const Index size = a.rows();
    const MatrixXd identity = MatrixXd::Identity(size, size);
    const double shift = std::max(a.norm() / std::sqrt(static_cast<double>(size)), 1e-300);
    // (shift + a)(shift - a)^-1 has spectral radius below one exactly when `a` is stable.
    MatrixXd power = Eigen::PartialPivLU<MatrixXd>(shift * identity - a).solve(shift * identity + a);
    MatrixXd square(size, size);
    for (int step = 0; step < kMaxDoublings; ++step) {
        const double norm = power.norm();
        if (!std::isfinite(norm)) return false;
        if (norm < 1.0) return true;
        square.noalias() = power * power;
        power.swap(square);
    }
    return false;
}

}  // namespace slipcast::control::detail
