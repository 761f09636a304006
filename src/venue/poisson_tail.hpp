#pragma once

#include <cstdint>

namespace slipcast::venue::detail {

/// ln P(N = size) of a Poisson variable of mean in (0, 1e9], size in 0..2^40, through the deviance, so that nothing
/// cancels at any mean (Loader 2000, "Fast and accurate computation of binomial probabilities").
[[nodiscard]] double log_poisson(std::int64_t size, double mean);

/// P(N >= size), size >= 1: the incomplete gamma function. Relative error below 1e-11 on the smaller side. A short
/// series for small sizes; else the gamma density integrated from the mean outwards over 32 Gauss-Legendre nodes, which
/// costs the same at any size.
[[nodiscard]] double poisson_tail(std::int64_t size, double mean);

}  // namespace slipcast::venue::detail
