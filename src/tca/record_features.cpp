#include <algorithm>
#include <array>
#include <cmath>

#include "recorder.hpp"

namespace slipcast::tca::detail {

namespace {

constexpr double kNsPerMinute = 60e9;

}  // namespace

void Recorder::record_features(const OrderSlots& slots, OrderRecord& record) const {
    const market::Order& order = dataset().orders[slots.order];
    const TapeState* now = state(slots.feature);
    if (now == nullptr) return;
    Features& features = record.features;
    if (now->quote.is_usable()) {
        const double bid = now->quote.bid.to_double();
        const double ask = now->quote.ask.to_double();
        if (bid + ask > 0.0) features.spread_bps = (ask - bid) / (0.5 * (bid + ask)) * 1e4;
        const int decimals = instrument_.value.quantity_decimals();
        const double bid_size = now->quote.bid_size.to_double(decimals);
        const double ask_size = now->quote.ask_size.to_double(decimals);
        if (now->quote.has_sizes && bid_size + ask_size > 0.0) {
            features.depth = 0.5 * (bid_size + ask_size);
            features.imbalance = static_cast<double>(sign(order.side)) * (bid_size - ask_size) / (bid_size + ask_size);
        }
        const double bids = now->bid_book.to_double(decimals);
        const double asks = now->ask_book.to_double(decimals);
        if (bids + asks > 0.0) {
            features.book_depth = 0.5 * (bids + asks);
            features.book_imbalance = static_cast<double>(sign(order.side)) * (bids - asks) / (bids + asks);
        }
    }
    const TapeState* before = state(slots.feature_lookback);
    if (now->usable_ns - before->usable_ns >= std::chrono::nanoseconds(kOneMinute).count()) {
        features.volatility_bps = std::sqrt(std::max(0.0, now->squared_returns - before->squared_returns)) * 1e4;
    }
    record_clock_features(order, *feature_time(order), features);
}

void Recorder::record_clock_features(const market::Order& order, Timestamp time, Features& features) const {
    const auto minutes = [](Duration duration) { return static_cast<double>(duration.count()) / kNsPerMinute; };
    if (const auto* session = dataset().sessions.at(instrument_.market, time)) {
        features.minutes_from_open = minutes(time - session->open);
        features.minutes_to_close = minutes(session->close - time);
        features.time_bucket = (time - session->open) / std::chrono::minutes{30};
    }
    for (const market::MarketEvent& event : dataset().events) {
        const bool concerns =
            event.instrument == order.instrument || (event.instrument.is_none() && event.market == instrument_.market);
        if (!concerns || !event.window.contains(time)) continue;
        static constexpr std::array<const char*, 6> kNames{"news", "auction",         "volatility_interruption",
                                                           "halt", "circuit_breaker", "stress"};
        if (!features.event.empty()) features.event += ' ';
        features.event += kNames[static_cast<std::size_t>(event.kind)];
    }
}

}  // namespace slipcast::tca::detail
