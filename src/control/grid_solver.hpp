#pragma once

#include <Eigen/Dense>
#include <cmath>
#include <cstddef>
#include <vector>

#include "slipcast/control/factor_grid.hpp"

namespace slipcast::control::detail {

/// Solves (local - G) f = s on a grid, where f has kSize components a node, `local` couples the components of one node
/// and the generator G couples equal components of neighbors. One factor: block elimination along the line, direct. Two
/// factors: BiCGSTAB (van der Vorst 1992) preconditioned by a symmetric sweep of such lines, because the lines hold the
/// fast factor and with it the stiff part.
template <int kSize>
class GridSolver {
public:
    using Block = Eigen::Matrix<double, kSize, kSize>;
    using Column = Eigen::Matrix<double, kSize, 1>;

    GridSolver(const FactorGrid& grid, std::vector<Block> local) : grid_(&grid), local_(std::move(local)) {
        const FactorAxis& first = grid.first();
        const FactorAxis& second = grid.second();
        pivots_.resize(grid.size());
        for (std::size_t j = 0; j < second.size(); ++j) {
            const double across = second.down[j] + second.up[j];
            for (std::size_t i = 0; i < first.size(); ++i) {
                const std::size_t node = j * first.size() + i;
                local_[node].diagonal().array() += first.down[i] + first.up[i] + across;
                if (i == 0) {
                    pivots_[node] = local_[node].inverse();
                } else {
                    const double coupling = first.down[i] * first.up[i - 1];
                    pivots_[node] = (local_[node] - coupling * pivots_[node - 1]).inverse();
                }
            }
        }
    }

    /// s in, f out. Returns |s - (local - G) f| / |s|, zero for one factor (direct); NaN when a pivot was singular.
    double solve(std::vector<Column>& values) const {
        if (grid_->second().size() > 1) return iterate(values);
        solve_line(0, values);
        return 0.0;
    }

private:
    using Flat = Eigen::VectorXd;
    static constexpr int kMaxIterations = 500;
    static constexpr double kTolerance = 1e-13;

    void solve_line(std::size_t j, std::vector<Column>& values) const {
        const FactorAxis& first = grid_->first();
        const std::size_t begin = j * first.size();
        values[begin] = pivots_[begin] * values[begin];
        for (std::size_t i = 1; i < first.size(); ++i) {
            const Column carried = values[begin + i] + first.down[i] * values[begin + i - 1];
            values[begin + i] = pivots_[begin + i].lazyProduct(carried);
        }
        for (std::size_t i = first.size() - 1; i-- > 0;) {
            const Column carried = first.up[i] * values[begin + i + 1];
            values[begin + i] += pivots_[begin + i].lazyProduct(carried);
        }
    }

    static Eigen::Map<Flat> flat(std::vector<Column>& values) {
        return {values.front().data(), static_cast<Eigen::Index>(values.size()) * kSize};
    }

    /// (local - G) f.
    std::vector<Column> applied(const std::vector<Column>& f) const {
        const FactorAxis& first = grid_->first();
        const FactorAxis& second = grid_->second();
        const std::size_t width = first.size();
        std::vector<Column> made(f.size());
        for (std::size_t j = 0; j < second.size(); ++j) {
            const std::size_t before = (j == 0 ? 0 : j - 1) * width;
            const std::size_t after = (j + 1 < second.size() ? j + 1 : j) * width;
            for (std::size_t i = 0; i < width; ++i) {
                const std::size_t node = j * width + i;
                const std::size_t left = i == 0 ? 0 : i - 1;
                const std::size_t right = i + 1 < width ? i + 1 : i;
                made[node] = local_[node] * f[node] - first.down[i] * f[j * width + left] -
                             first.up[i] * f[j * width + right] - second.down[j] * f[before + i] -
                             second.up[j] * f[after + i];
                if (grid_->corner() != 0.0) {
                    made[node] -=
                        grid_->corner() * (f[after + right] - f[after + left] - f[before + right] + f[before + left]);
                }
            }
        }
        return made;
    }

    /// Symmetric sweep over the lines.
    std::vector<Column> preconditioned(const std::vector<Column>& s) const {
        const FactorAxis& second = grid_->second();
        const std::size_t width = grid_->first().size();
        std::vector<Column> f = s;
        for (std::size_t j = 0; j < second.size(); ++j) {
            for (std::size_t i = 0; i < width && j > 0; ++i)
                f[j * width + i] += second.down[j] * f[(j - 1) * width + i];
            solve_line(j, f);
        }
        for (std::size_t j = second.size() - 1; j-- > 0;) {
            for (std::size_t i = 0; i < width; ++i) {
                const std::size_t node = j * width + i;
                Column sum = s[node] + second.up[j] * f[node + width];
                if (j > 0) sum += second.down[j] * f[node - width];
                f[node] = sum;
            }
            solve_line(j, f);
        }
        return f;
    }

    double iterate(std::vector<Column>& values) const {
        std::vector<Column> target = values;
        const double scale = flat(target).norm();
        if (scale == 0.0) return 0.0;
        values = preconditioned(target);
        std::vector<Column> image = applied(values);
        Flat residual = flat(target) - flat(image);
        const Flat shadow = residual;
        Flat direction = Flat::Zero(residual.size());
        std::vector<Column> work = target;
        double old = 1.0;
        double alpha = 1.0;
        double omega = 1.0;
        Flat direction_image = direction;
        for (int step = 0; step < kMaxIterations && residual.norm() > kTolerance * scale; ++step) {
            const double product = shadow.dot(residual);
            const double beta = step == 0 ? 0.0 : product / old * (alpha / omega);
            direction = residual + beta * (direction - omega * direction_image);
            flat(work) = direction;
            std::vector<Column> half = preconditioned(work);
            image = applied(half);
            direction_image = flat(image);
            alpha = product / shadow.dot(direction_image);
            flat(values) += alpha * flat(half);
            residual -= alpha * direction_image;
            old = product;
            if (residual.norm() <= kTolerance * scale) break;
            flat(work) = residual;
            half = preconditioned(work);
            image = applied(half);
            omega = flat(image).dot(residual) / flat(image).squaredNorm();
            flat(values) += omega * flat(half);
            residual -= omega * flat(image);
        }
        image = applied(values);
        return (flat(target) - flat(image)).norm() / scale;
    }

    const FactorGrid* grid_;
    std::vector<Block> local_;
    std::vector<Block> pivots_;
};

}  // namespace slipcast::control::detail
