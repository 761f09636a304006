#pragma once

#include <cstdint>
#include <vector>

#include "slipcast/core/int128.hpp"
#include "slipcast/market/tape.hpp"
#include "slipcast/tca/asof.hpp"

namespace slipcast::tca::detail {

/// Regular prints of one minute, price x size in 1e-9 x quantity units, exact.
struct FlowMinute {
    std::int64_t minute = 0;     ///< since 1970, UTC
    Int128 signed_notional = 0;  ///< buyers' prints less sellers'
    Int128 notional = 0;         ///< all of them, those without a sign too
    friend bool operator==(const FlowMinute&, const FlowMinute&) = default;
};

/// The minute an instant lies in.
[[nodiscard]] std::int64_t minute_of(Timestamp time);

/// Whether a print says who was impatient: regular, not ours, no auction, not reported late.
[[nodiscard]] bool is_in_flow(market::TradeFlags flags);

struct FlowPrint {
    Timestamp time;
    Price price;
    Quantity size;
    std::int8_t aggressor = 0;
};

/// Adds prints up by minute with the sign of whose initiative they were: the tape's aggressor; where it has none, above
/// the mid before the print a buyer's, below it a seller's; at the mid, or without one, by the tick test: higher than
/// the last different price a buyer's, lower a seller's (Lee and Ready 1991, "Inferring trade direction from intraday
/// data").
class SignedFlow {
public:
    /// Prints come in time order; `quote` is the usable one strictly before the print, or null.
    void add(const FlowPrint& print, const QuoteAt* quote);
    [[nodiscard]] std::vector<FlowMinute> take() { return std::move(minutes_); }

private:
    [[nodiscard]] int sign(const FlowPrint& print, const QuoteAt* quote) const;

    std::vector<FlowMinute> minutes_;
    Price last_price_;
    int tick_ = 0;  ///< of the last change of price; 0 before the second price
    bool has_price_ = false;
};

/// +1 above the quote's mid, -1 below it, 0 at it.
[[nodiscard]] int side_of_mid(Price price, const QuoteAt& quote);

}  // namespace slipcast::tca::detail
