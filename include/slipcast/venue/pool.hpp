#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/core/table.hpp"
#include "slipcast/venue/liquidity.hpp"
#include "slipcast/venue/observation.hpp"

namespace slipcast::venue {

/// Power laws of many pairs that share a prior, so that a pair with few routes leans on its symbol and its venue:
///   logit of the zero bin and exponent, each:  x = common + symbol's + venue's + the pair's own,
/// the last three normal around 0 with variances that the logs themselves suggest (empirical Bayes). Each pair's own
/// likelihood enters as it is, on a grid, so a log without a partial fill, or without any fill, pulls just as far as
/// it can. Fitted by coordinate ascent on the mean-field bound: pairs by quadrature, effects in closed form. Zero bin
/// and exponent are taken as independent given the log; where misses carry a minimum each is profiled over the other.
class Pool {
public:
    /// What is believed of one pair.
    struct Member {
        std::string symbol;
        std::string venue;
        std::int64_t observations = 0;
        double zero_bin = 0.0;  ///< posterior means and standard deviations
        double zero_bin_deviation = 0.0;
        double exponent = 0.0;
        double exponent_deviation = 0.0;
    };
    /// Standard deviations of the effects (of the logit, of the exponent).
    struct Spread {
        double symbol = 0.0;
        double venue = 0.0;
        double pair = 0.0;
    };

    /// One max_liquidity for all pairs, in lots (0: the largest of their defaults). Refused: no log, a log without
    /// observations, two logs of one pair, an impossible observation, one beyond max_liquidity.
    [[nodiscard]] static Result<Pool> estimate(std::span<const PairLog> logs, std::int64_t max_liquidity = 0);

    /// In the order of the logs.
    [[nodiscard]] const std::vector<Member>& members() const { return members_; }
    /// A pair's power law at its posterior means; of a pair without a log, what its symbol and venue suggest (those
    /// that are unknown too: nothing).
    [[nodiscard]] Liquidity liquidity(std::string_view symbol, std::string_view venue) const;
    [[nodiscard]] const Spread& zero_bin_spread() const { return zero_bin_.spread; }
    [[nodiscard]] const Spread& exponent_spread() const { return exponent_.spread; }
    [[nodiscard]] std::int64_t max_liquidity() const { return max_liquidity_; }
    /// The members as a table.
    [[nodiscard]] Table table() const;

private:
    struct Effects {
        double common = 0.0;
        std::vector<double> symbol;
        std::vector<double> venue;
        Spread spread;
    };
    struct Ascent;

    std::int64_t max_liquidity_ = 0;
    std::vector<std::string> symbols_;
    std::vector<std::string> venues_;
    Effects zero_bin_;
    Effects exponent_;
    std::vector<Member> members_;
};

}  // namespace slipcast::venue
