#include "feed.hpp"

#include <algorithm>

namespace slipcast::sim {

Feed::Feed(const market::TapeSource& tape, InstrumentId instrument, Duration window)
    : tape_(tape), instrument_(instrument), step_(window), extent_(tape.extent(instrument)) {
    current_ = {extent_.begin, extent_.begin};
}

Result<void> Feed::advance() {
    if (next_is_trade_) {
        ++trade_;
    } else {
        ++quote_;
    }
    if (quote_ == slice_.quotes.size() && trade_ == slice_.trades.count()) return refill();
    look();
    return {};
}

Result<void> Feed::refill() {
    quote_ = 0;
    trade_ = 0;
    slice_ = {};
    while (slice_.quotes.empty() && slice_.trades.empty()) {
        if (current_.end >= extent_.end) break;
        current_ = {current_.end, std::min(extent_.end, current_.end + step_)};
        SLIPCAST_TRY(slice, tape_.load(instrument_, current_));
        slice_ = std::move(slice);
        ++windows_;
    }
    look();
    return {};
}

void Feed::look() {
    const bool has_quote = quote_ < slice_.quotes.size();
    const bool has_trade = trade_ < slice_.trades.count();
    next_is_trade_ = has_trade && (!has_quote || slice_.trades.time[trade_] <= slice_.quotes.time[quote_]);
    next_time_ = Timestamp::max();
    if (next_is_trade_) {
        next_time_ = slice_.trades.time[trade_];
    } else if (has_quote) {
        next_time_ = slice_.quotes.time[quote_];
    }
}

}  // namespace slipcast::sim
