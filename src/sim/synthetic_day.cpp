#include "synthetic_day.hpp"

#include <algorithm>
#include <cmath>

#include "slipcast/core/random.hpp"
#include "slipcast/math/sampling.hpp"

namespace slipcast::sim {
namespace {

constexpr std::int64_t kLot = 100;
constexpr double kTick = 0.01;
constexpr std::int64_t kTickUnits = 10'000'000;
constexpr double kMeanDisplayedLots = 6.0;
constexpr double kRunExponent = 2.5;  // P(run longer than k) falls like k^-1.5: sign memory falls like k^-0.5
constexpr std::int64_t kLongestRun = 500;
constexpr double kSpreadChange = 0.08;
constexpr double kWideCalm = 0.15;  // chance of each further tick of spread
constexpr double kWideStress = 0.45;

/// Writes one symbol-day event by event.
class Author {
public:
    Author(const MarketOptions& options, const SymbolDay& at)
        : options_(options),
          at_(at),
          stream_(options.seed, "sim.market.flow",
                  (static_cast<std::uint64_t>(at.symbol) << 32U) | static_cast<std::uint64_t>(at.day)),
          path_(efficient_log_prices(options, at.symbol, at.day)),
          minutes_(regime_minutes(options, at.day)) {}

    market::MemoryTape::Series written() {
        const std::vector<TimeRange> halts = synthetic_halts(options_, at_);
        const Timestamp close = at_.open + std::chrono::seconds{kSyntheticSeconds};
        recenter(0.0, drawn_spread(0.0));
        auction(at_.open, kOpeningAuctionShare, market::TradeFlag::opening_auction);
        quote(at_.open);
        std::size_t halt = 0;
        for (const double second : event_times(options_, at_)) {
            const Timestamp time = at_.open + Duration{std::llround(second * 1e9)};
            if (time >= close) break;
            // The market reopens on a fresh quote.
            for (; halt < halts.size() && halts[halt].end <= time; ++halt) reopen(halts[halt].end);
            if (halt < halts.size() && halts[halt].contains(time)) continue;
            event(second, time);
        }
        for (; halt < halts.size() && halts[halt].end < close; ++halt) reopen(halts[halt].end);
        auction(close, kClosingAuctionShare, market::TradeFlag::closing_auction);
        return std::move(series_);
    }

private:
    /// Efficient price in ticks, linear within a second.
    [[nodiscard]] double efficient_ticks(double second) const {
        const auto whole = std::min(static_cast<std::size_t>(second), path_.size() - 2);
        const double within = second - static_cast<double>(whole);
        return std::exp(path_[whole] + within * (path_[whole + 1] - path_[whole])) / kTick;
    }
    [[nodiscard]] std::int64_t drawn_spread(double second) {
        const auto minute = std::min(static_cast<std::size_t>(second / 60.0), minutes_.size() - 1);
        return 1 + math::draw_geometric(stream_, 1.0 - (minutes_[minute] > 1.0 ? kWideStress : kWideCalm));
    }
    [[nodiscard]] std::int64_t drawn_display() {
        return kLot * (1 + math::draw_geometric(stream_, 1.0 / kMeanDisplayedLots));
    }
    void recenter(double second, std::int64_t spread) {
        const double middle = efficient_ticks(second);
        bid_ = std::max<std::int64_t>(1, std::llround(middle - static_cast<double>(spread) / 2.0));
        ask_ = bid_ + spread;
        bid_size_ = drawn_display();
        ask_size_ = drawn_display();
    }
    void quote(Timestamp time) {
        series_.quotes.push(time, Price::from_units(bid_ * kTickUnits), Price::from_units(ask_ * kTickUnits),
                            Quantity::from_units(bid_size_), Quantity::from_units(ask_size_));
    }
    void reopen(Timestamp time) {
        const double second = static_cast<double>((time - at_.open).count()) / 1e9;
        if (second >= kSyntheticSeconds) return;
        recenter(second, drawn_spread(second));
        quote(time);
    }
    void auction(Timestamp time, double share, market::TradeFlag flag) {
        const double size = mean_continuous_volume(options_) * share * math::draw_lognormal(stream_, -0.045, 0.3);
        const std::int64_t lots = std::max<std::int64_t>(1, std::llround(size / kLot));
        const double second = static_cast<double>((time - at_.open).count()) / 1e9;
        const std::int64_t ticks = std::max<std::int64_t>(1, std::llround(efficient_ticks(second)));
        market::TradeFlags flags = market::kRegularTrade;
        series_.trades.push(time, Price::from_units(ticks * kTickUnits), Quantity::from_units(lots * kLot),
                            flags.set(flag), at_.lit);
    }

    void event(double second, Timestamp time) {
        if (stream_.next_uniform() < options_.trade_share) {
            trade(second, time);
        } else {
            revise(second);
        }
        quote(time);
    }

    /// +1 or -1: the sign of the run in progress; a new run leans towards the efficient price.
    [[nodiscard]] int next_sign(double second) {
        if (run_left_ == 0) {
            const double ahead = efficient_ticks(second) - 0.5 * static_cast<double>(bid_ + ask_);
            const double buys = 0.5 + 0.4 * std::clamp(ahead, -1.0, 1.0);
            sign_ = stream_.next_uniform() < buys ? 1 : -1;
            run_left_ = math::draw_zeta(stream_, kRunExponent, kLongestRun);
        }
        --run_left_;
        return sign_;
    }

    void trade(double second, Timestamp time) {
        const int sign = next_sign(second);
        const std::int64_t size = kLot * (1 + math::draw_geometric(stream_, kLot / kMeanTradeSize));
        market::TradeFlags flags = market::kRegularTrade;
        const bool off_exchange = stream_.next_uniform() < options_.off_exchange_share;
        if (off_exchange) flags.set(market::TradeFlag::off_exchange);
        series_.trades.push(time, Price::from_units((sign > 0 ? ask_ : bid_) * kTickUnits), Quantity::from_units(size),
                            flags, off_exchange ? at_.off_exchange : at_.lit, static_cast<std::int8_t>(sign));
        if (off_exchange) return;
        std::int64_t& displayed = sign > 0 ? ask_size_ : bid_size_;
        if (size < displayed) {
            displayed -= size;
            return;
        }
        // What a print took beyond the displayed size was not shown; the touch is gone and the next one stands.
        if (sign > 0) {
            ++ask_;
        } else if (bid_ > 1) {
            --bid_;
        }
        displayed = drawn_display();
    }

    /// A quote event without a trade: the touch follows the efficient price, the spread changes, or a size does.
    void revise(double second) {
        const double middle = efficient_ticks(second);
        const auto spread = static_cast<double>(ask_ - bid_);
        const double behind = middle - 0.5 * static_cast<double>(bid_ + ask_);
        if (std::abs(behind) > 0.5 * spread + 0.25 || stream_.next_uniform() < kSpreadChange) {
            recenter(second, drawn_spread(second));
        } else if (stream_.next_uniform() < 0.5) {
            bid_size_ = drawn_display();
        } else {
            ask_size_ = drawn_display();
        }
    }

    const MarketOptions& options_;
    SymbolDay at_;
    RandomStream stream_;
    std::vector<double> path_;
    std::vector<double> minutes_;
    market::MemoryTape::Series series_;
    std::int64_t bid_ = 0;
    std::int64_t ask_ = 0;
    std::int64_t bid_size_ = 0;
    std::int64_t ask_size_ = 0;
    int sign_ = 1;
    std::int64_t run_left_ = 0;
};

}  // namespace

market::MemoryTape::Series synthetic_day(const MarketOptions& options, const SymbolDay& at) {
    return Author{options, at}.written();
}

}  // namespace slipcast::sim
