#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "slipcast/core/random.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/core/settings.hpp"
#include "slipcast/venue/allocate.hpp"
#include "slipcast/venue/belief.hpp"
#include "slipcast/venue/change_watch.hpp"
#include "slipcast/venue/observation.hpp"

namespace slipcast::venue {

/// The constants of the learning loop. One set serves every order size and market; all were chosen on two synthetic
/// suites (docs/explain/venue.md) and none is tuned to a venue.
struct RouterOptions {
    enum Method : int { optimistic, thompson };
    int method = optimistic;
    std::int64_t max_liquidity = 0;  ///< lots, no venue holds more; 0: max(10,000, 16 x largest order)
    BeliefOptions belief = {};
    double alarm = 9.0;     ///< nats; 0: no detection of change
    double give_up = 4.0;   ///< nats
    double patience = 200;  ///< observations
    double probe = 0.001;   ///< share of the volume that every venue gets at least, over time
    std::uint64_t seed = 1;

    [[nodiscard]] Settings settings();
};

/// Splits orders over venues whose hidden liquidity it learns from fills. For each venue it holds a belief (zero bin,
/// exponent and largest liquidity) and splits greedily on the optimistic end of that belief, so that a venue is left
/// out only once enough observations speak against it; a small share of every order goes on probing it. Beside each
/// belief a `ChangeWatch` runs a challenger that knows only recent observations. When the recent ones have become
/// e^alarm times as likely under the challenger as under the venue's record, the venue has changed and only they count
/// from then on. The watch assumes no shape, so a venue that no power law fits is not taken for one that changes: were
/// the record's frequencies the truth, each challenger would get there with probability at most e^-alarm (a
/// martingale); about 20 start in 2,000 answers. Challengers that fall e^give_up behind, or show nothing within
/// `patience` observations, are started afresh. Observing counts; beliefs are worked out when an order is split.
/// Neither grows with the order's size and, after the first order, neither allocates.
class Router {
public:
    /// Refused: no venue, max_order outside 1..2^39, options out of range.
    [[nodiscard]] static Result<Router> create(std::size_t venues, std::int64_t max_order, RouterOptions options = {});

    /// How to split the next order, 0 <= volume <= max_order lots. Valid until the next call.
    [[nodiscard]] Result<const Split*> allocate(std::int64_t volume);
    /// What the venues filled of what was sent, an entry a venue; a venue with sent = 0 says nothing. `min_quantity`:
    /// the least that each route would take; empty = one lot. What was sent beyond max_liquidity says no more than that
    /// much. All are learned or, when one is refused, none. Refused: not an entry a venue, more sent than max_order,
    /// more filled than max_liquidity, impossible fills (by row: the venue's position from 1).
    Result<void> observe(std::span<const std::int64_t> sent, std::span<const std::int64_t> filled,
                         std::span<const std::int64_t> min_quantity = {});
    Result<void> observe(std::size_t venue, const Observation& given);

    [[nodiscard]] std::size_t venues() const { return seats_.size(); }
    [[nodiscard]] std::int64_t max_order() const { return max_order_; }
    [[nodiscard]] const Belief& belief(std::size_t venue) const { return seats_[venue].belief; }
    /// How often a venue was found changed.
    [[nodiscard]] std::int64_t changes(std::size_t venue) const { return seats_[venue].changes; }
    /// A row a venue: observations that count, zero bin and exponent with their deviations, the median of the largest
    /// liquidity, changes found.
    [[nodiscard]] Table beliefs() const;

    /// The whole state; a restored router goes on bit for bit. Reading beliefs does not change it.
    [[nodiscard]] std::string save() const;
    /// Refused (malformed): anything but such a state, by a digest of all its bytes; also one of version 1 or 2, whose
    /// posteriors were others.
    [[nodiscard]] static Result<Router> restore(std::string_view bytes);

private:
    struct Seat {
        Belief belief;
        ChangeWatch watch;
        std::vector<Observation> recent;  ///< what the challenger has seen
        double owed = 0.0;                ///< lots of probes not yet sent
        std::int64_t changes = 0;
        bool is_challenged = false;
    };

    void judge(Seat& seat);
    [[nodiscard]] Result<void> within(std::int64_t sent, std::int64_t filled) const;
    void probe(std::int64_t volume);
    Router(std::shared_ptr<const PowerLawFamily> family, Allocator allocator, RouterOptions options);

    std::shared_ptr<const PowerLawFamily> family_;
    RouterOptions options_;
    std::int64_t max_order_ = 0;
    Allocator allocator_;
    RandomStream stream_;
    std::vector<Seat> seats_;
    Split split_;
};

}  // namespace slipcast::venue
