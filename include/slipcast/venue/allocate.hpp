#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/core/settings.hpp"
#include "slipcast/core/table.hpp"
#include "slipcast/venue/liquidity.hpp"

namespace slipcast::venue {

/// What is known of one venue and what a lot there is worth.
struct VenueTerms {
    Liquidity liquidity;
    double value = 1.0;             ///< of a filled lot, in any one unit; below 0 only beside a reservation value >= 0
    double leakage_rate = 0.0;      ///< sending v lots costs leakage_rate x v^leakage_power, filled or not; >= 0
    double leakage_power = 1.0;     ///< in [1, 4]: below 1 marginal values could increase
    std::int64_t min_quantity = 1;  ///< the venue takes nothing or at least so many lots
    std::int64_t largest_sent = 0;  ///< > 0: by the log behind the shape. A split may go beyond; `explanation` marks it
};

struct AllocationOptions {
    /// Worth of a lot that is sent nowhere (lit, or waiting). Without one every lot is sent, also at a loss; only an
    /// order below every venue's minimum stays outside, whole and at worth 0. A value of 0 keeps what adds nothing.
    std::optional<double> reservation_value = std::nullopt;
    std::int64_t max_nodes = 10'000;

    /// Of how the split is searched for; the reservation value says what is asked, as the venues' terms do.
    [[nodiscard]] Settings settings();
};

/// How an order is split.
struct Split {
    std::vector<std::int64_t> quantity;  ///< by venue
    std::int64_t outside = 0;            ///< lots not sent; quantities and this add up to the order
    double threshold = 0.0;              ///< marginal value of the least valuable lot sent; NaN when none is
    double gap = 0.0;                    ///< at most so much value is missed, by the search over minimum sizes; else 0
};

/// The split of an order over venues that maximizes
///   sum over i of value_i E[min(S_i, v_i)] - leakage_rate_i v_i^leakage_power_i + reservation value x lots outside.
/// The s-th lot at a venue adds value_i T_i(s) less its leakage. Where that never increases with s, the order's best
/// split takes the V largest of all marginal values (Ganchev, Kearns, Nevmyvaka, Wortman Vaughan 2010, Fig. 1 and
/// Theorem 1): all lots above one threshold. The threshold is found by Newton's method on inverse tails, then the last
/// few lots are moved one by one, so the result is the greedy one to the last lot at a cost of O(K log V). Lots of
/// equal marginal value at the threshold are shared evenly, remainders by the order of venues. Leakage costs and step
/// functions take a bisection over thresholds instead: the same answer, some tens of microseconds.
class Allocator {
public:
    /// Refused: no venue; non-finite terms; marginal values that increase (a negative value without a reservation
    /// value >= 0, leakage_rate < 0, leakage_power < 1); min_quantity < 1.
    [[nodiscard]] static Result<Allocator> create(std::vector<VenueTerms> venues, AllocationOptions options = {});

    /// Splits `volume` lots, 0 <= volume <= 2^40. Without minimum sizes nothing is allocated after the first call with
    /// the same `split`.
    Result<void> allocate(std::int64_t volume, Split& split);

    /// A venue's liquidity becomes what is believed now.
    void replace(std::size_t venue, Liquidity liquidity);

    [[nodiscard]] const std::vector<VenueTerms>& venues() const { return venues_; }
    [[nodiscard]] const AllocationOptions& options() const { return options_; }
    /// What the `lot`-th lot (from 1) at a venue adds.
    [[nodiscard]] double marginal(std::size_t venue, std::int64_t lot) const;
    /// E[min(S, v)] summed over venues.
    [[nodiscard]] double expected_fill(std::span<const std::int64_t> quantity) const;
    /// The maximized sum.
    [[nodiscard]] double expected_value(const Split& split) const;

private:
    Allocator() = default;

    /// One venue while a split is looked for.
    struct Seat {
        std::int64_t least = 0;
        std::int64_t most = 0;
        std::int64_t quantity = 0;
        double last = 0.0;  ///< marginal value of its last lot; +inf at `least`
        double next = 0.0;  ///< of one more; -inf at `most`
    };

    [[nodiscard]] std::int64_t lots_above(std::size_t venue, double threshold) const;
    void seat(std::int64_t volume);
    void solve(std::int64_t volume, Split& split);
    void place(std::int64_t volume);
    [[nodiscard]] bool approach(std::int64_t volume);
    [[nodiscard]] double first_guess(std::int64_t volume) const;
    void weigh(std::size_t venue);
    [[nodiscard]] bool settle(std::int64_t volume);
    [[nodiscard]] double exact_threshold(std::int64_t volume) const;
    void share(std::int64_t volume, double threshold);
    /// Everything kept where that has a worth, else everything at the one venue where it is worth most.
    [[nodiscard]] Split simplest(std::int64_t volume) const;
    void solve_minimums(std::int64_t volume, Split& split);

    std::vector<VenueTerms> venues_;
    AllocationOptions options_;
    std::vector<Seat> seats_;
    std::vector<std::int64_t> room_;  ///< of ties
    bool has_minimums_ = false;
    bool is_plain_ = true;  ///< positive values, no leakage
};

/// Splits once.
[[nodiscard]] Result<Split> allocation(std::int64_t volume, std::vector<VenueTerms> venues,
                                       AllocationOptions options = {});

/// Why each venue got its lots: a row a venue with quantity, expected_fill, expected_value, value, the marginal value
/// of its last lot and of one more, the threshold, and the reason in words; where a venue has a `largest_sent`, also
/// the lots that lie beyond it.
[[nodiscard]] Table explanation(const Allocator& allocator, const Split& split, std::span<const std::string> names);

/// Lots of a split that lie beyond the `largest_sent` of their venues: there a fitted shape extrapolates.
[[nodiscard]] std::int64_t beyond_log(const Allocator& allocator, const Split& split);

/// What a split was made from: a row a venue with shape, zero_bin, parameter (its name), parameter_value, max_liquidity
/// (missing where the shape has no end), value, leakage_rate, leakage_power, min_quantity; where a venue has one, also
/// largest_sent.
[[nodiscard]] Table terms_table(std::span<const VenueTerms> venues, std::span<const std::string> names);

/// A digest of all that `terms_table` shows but names, and of every step of an empirical shape: equal terms, equal
/// digest.
[[nodiscard]] std::uint64_t terms_digest(std::span<const VenueTerms> venues);

}  // namespace slipcast::venue
