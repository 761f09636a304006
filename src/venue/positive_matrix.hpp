#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

namespace slipcast::venue::detail {

/// The inverse of a symmetric positive definite matrix (rows one after the other) of `size` rows, in its place, by
/// Cholesky's factors. Returns ln of its determinant.
inline double invert(std::vector<double>& matrix, std::size_t size) {
    const auto at = [&](std::size_t i, std::size_t j) -> double& { return matrix[i * size + j]; };
    double log_determinant = 0.0;
    for (std::size_t j = 0; j < size; ++j) {
        for (std::size_t k = 0; k < j; ++k) {
            const double factor = at(j, k);
            for (std::size_t i = j; i < size; ++i) at(i, j) -= at(i, k) * factor;
        }
        const double root = std::sqrt(at(j, j));
        log_determinant += 2.0 * std::log(root);
        for (std::size_t i = j; i < size; ++i) at(i, j) /= root;
    }
    // The factor's inverse, then inverse' x inverse.
    for (std::size_t j = 0; j < size; ++j) {
        at(j, j) = 1.0 / at(j, j);
        for (std::size_t i = j + 1; i < size; ++i) {
            double sum = 0.0;
            for (std::size_t k = j; k < i; ++k) sum += at(i, k) * at(k, j);
            at(i, j) = -sum / at(i, i);
        }
    }
    for (std::size_t i = 0; i < size; ++i) {
        for (std::size_t j = 0; j <= i; ++j) {
            double sum = 0.0;
            for (std::size_t k = i; k < size; ++k) sum += at(k, i) * at(k, j);
            at(j, i) = sum;  // above the diagonal, which is no longer read
        }
    }
    for (std::size_t i = 0; i < size; ++i) {
        for (std::size_t j = 0; j < i; ++j) at(i, j) = at(j, i);
    }
    return log_determinant;
}

}  // namespace slipcast::venue::detail
