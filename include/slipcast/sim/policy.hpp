#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "slipcast/core/price.hpp"
#include "slipcast/core/quantity.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/core/time.hpp"
#include "slipcast/venue/liquidity.hpp"

namespace slipcast::sim {

/// A pool whose orders nobody sees. It holds a size that is drawn anew every `refresh` for each instrument and side;
/// what our own children took of it is gone until then. A child meets it once, at the mid, when it arrives: it fills
/// up to the hidden size in whole lots, the parent's limit allowing, and the rest comes back at once. Draws are keyed
/// by (seed, pool, instrument, side, time), so that runs of one seed meet the same pools. The hidden sizes do not
/// foresee prices: a fill says nothing of what comes next, which real pools do not promise.
struct DarkVenueTerms {
    std::string name;
    venue::Liquidity liquidity;  ///< hidden size in lots
    PriceMove fee{};             ///< per unit of quantity
    Duration refresh = std::chrono::minutes{1};
    [[nodiscard]] Result<void> validate() const;
};

/// What a policy may see of one parent and its market when it is asked. Everything it sent before has ended.
struct PolicyView {
    Timestamp time;
    std::size_t parent = 0;  ///< index in what the replay was given
    Quantity filled;
    Price bid, ask;  ///< as shown; zero where nothing can be traded: a halt, a gap, before the first quote
    Quantity bid_size, ask_size;
    Timestamp quote_time;    ///< of the feed's last quote: own impact moves prices between, not this
    Quantity market_volume;  ///< printed in the instrument within Policy::window(), own takes among it
    Quantity own_volume;     ///< executed of all our parents in the instrument in that window
};

/// A child that a policy sends.
struct PolicyChild {
    Quantity quantity;
    Price limit;         ///< in a lit venue
    bool rests = false;  ///< queues at its limit; otherwise takes what comes up to it
    /// Index in ReplayOptions::dark_venues where it goes first; what comes back from there goes to a lit venue.
    std::optional<std::size_t> dark = {};
};

/// What to send now, and how long until the policy is asked again, > 0; what is still open then is cancelled first.
struct PolicyPlan {
    std::vector<PolicyChild> children;
    Duration next{};
};

/// A child ended, as the desk is told of it.
struct PolicyEnd {
    Timestamp time;
    std::size_t parent = 0;
    std::optional<std::size_t> dark;
    Quantity sent, filled;
    bool is_rejected = false;
};

/// A parent is done: filled, past its end, or cancelled.
struct PolicyFinish {
    Timestamp time;
    std::size_t parent = 0;
    Quantity filled;
    double average_price = 0.0;  ///< of its fills [whole price units]; 0 without one
    bool is_cancelled = false;
};

/// Decides for parents of Style::policy: where a desk meets a replay. Calls come in time order; a refusal ends the run.
class Policy {
public:
    Policy() = default;
    Policy(const Policy&) = delete;
    Policy& operator=(const Policy&) = delete;
    virtual ~Policy() = default;
    /// How far back the volumes of a view reach, in whole seconds.
    [[nodiscard]] virtual Duration window() const { return std::chrono::minutes{1}; }
    /// `plan` comes empty.
    virtual Result<void> plan(const PolicyView& view, PolicyPlan& plan) = 0;
    virtual Result<void> ended(const PolicyEnd& end) = 0;
    virtual Result<void> finished(const PolicyFinish& finish) = 0;
};

}  // namespace slipcast::sim
