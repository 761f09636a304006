#pragma once

#include <vector>

#include "slipcast/market/tape.hpp"

namespace slipcast::sim {

/// The rows of one instrument in time order, prints before quotes at one instant, a window of tape at a time.
class Feed {
public:
    Feed(const market::TapeSource& tape, InstrumentId instrument, Duration window);

    /// Loads the first rows; call once before the others.
    Result<void> start() { return refill(); }
    /// Time of the next row; Timestamp::max() after the last.
    [[nodiscard]] Timestamp next_time() const { return next_time_; }
    [[nodiscard]] bool next_is_trade() const { return next_is_trade_; }
    [[nodiscard]] const market::TapeSlice& slice() const { return slice_; }
    [[nodiscard]] std::size_t quote_row() const { return quote_; }
    [[nodiscard]] std::size_t trade_row() const { return trade_; }
    /// Steps over the next row.
    Result<void> advance();
    /// How many windows have been loaded: the gaps of `slice` are new when it changes.
    [[nodiscard]] std::size_t windows() const { return windows_; }
    [[nodiscard]] TimeRange window() const { return current_; }

private:
    Result<void> refill();
    void look();

    const market::TapeSource& tape_;
    InstrumentId instrument_;
    Duration step_;
    TimeRange extent_;
    TimeRange current_;
    market::TapeSlice slice_;
    std::size_t quote_ = 0;
    std::size_t trade_ = 0;
    std::size_t windows_ = 0;
    Timestamp next_time_ = Timestamp::max();
    bool next_is_trade_ = false;
};

}  // namespace slipcast::sim
