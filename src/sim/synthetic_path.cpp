#include <algorithm>
#include <cmath>

#include "slipcast/core/random.hpp"
#include "slipcast/math/sampling.hpp"
#include "slipcast/sim/curve.hpp"
#include "synthetic_day.hpp"

namespace slipcast::sim {
namespace {

constexpr int kMinutes = kSyntheticSeconds / 60;
constexpr double kMeanStressMinutes = 15.0;
constexpr double kMeanOffspringDelay = 0.5;  // seconds
constexpr double kLowestPrice = 20.0;
constexpr double kHighestPrice = 150.0;
constexpr Duration kHaltLength = std::chrono::minutes{5};

std::uint64_t entity(std::size_t symbol, std::size_t day) {
    return (static_cast<std::uint64_t>(symbol) << 32U) | static_cast<std::uint64_t>(day);
}

/// Variance of the day's return: the daily variance times the mean squared multiplier.
double day_variance(const MarketOptions& options, const std::vector<double>& minutes) {
    double sum = 0.0;
    for (const double multiplier : minutes) sum += multiplier * multiplier;
    return options.daily_volatility * options.daily_volatility * sum / kMinutes;
}

/// The market's and the symbol's standard normal draws as one, with the promised correlation between symbols.
double correlated(const MarketOptions& options, double common, double own) {
    return std::sqrt(options.correlation) * common + std::sqrt(1.0 - options.correlation) * own;
}

/// The total return drawn for a day.
double day_return(const MarketOptions& options, std::size_t symbol, std::size_t day, double variance) {
    RandomStream common(options.seed, "sim.market.common_day", day);
    RandomStream own(options.seed, "sim.market.own_day", entity(symbol, day));
    const double shared = math::draw_normal(common);
    return std::sqrt(variance) * correlated(options, shared, math::draw_normal(own));
}

double first_log_price(const MarketOptions& options, std::size_t symbol) {
    RandomStream stream(options.seed, "sim.market.first_price", symbol);
    return std::log(kLowestPrice) + stream.next_uniform() * std::log(kHighestPrice / kLowestPrice);
}

/// The fraction of the session by which `share` of a curve's volume has traded.
double fraction_at(const VolumeCurve& curve, double share) {
    const auto bins = static_cast<int>(curve.bins());
    int bin = 0;
    while (bin + 1 < bins && curve.cumulative(static_cast<double>(bin + 1) / bins) < share) ++bin;
    const double low = curve.cumulative(static_cast<double>(bin) / bins);
    const double high = curve.cumulative(static_cast<double>(bin + 1) / bins);
    return (bin + std::clamp((share - low) / (high - low), 0.0, 1.0)) / bins;
}

}  // namespace

double mean_continuous_volume(const MarketOptions& options) {
    return options.quotes_per_day * options.trade_share * kMeanTradeSize;
}

double mean_daily_volume(const MarketOptions& options) {
    return mean_continuous_volume(options) * (1.0 + kOpeningAuctionShare + kClosingAuctionShare);
}

Date synthetic_date(const MarketOptions& options, std::size_t day) {
    const auto weekday = [](Date date) { return (date.days() % 7 + 11) % 7; };  // 0 is Sunday: 1970-01-01 was Thursday
    Date date = options.first_day;
    for (std::size_t left = day;; date = Date::from_days(date.days() + 1)) {
        if (weekday(date) == 0 || weekday(date) == 6) continue;
        if (left == 0) return date;
        --left;
    }
}

std::vector<double> regime_minutes(const MarketOptions& options, std::size_t day) {
    RandomStream stream(options.seed, "sim.market.regime", day);
    const double leave_stress = 1.0 / kMeanStressMinutes;
    const double enter_stress = leave_stress * options.stress_share / (1.0 - options.stress_share);
    bool stressed = stream.next_uniform() < options.stress_share;
    std::vector<double> minutes;
    for (int minute = 0; minute < kMinutes; ++minute) {
        minutes.push_back(stressed ? options.stress_factor : 1.0);
        if (stream.next_uniform() < (stressed ? leave_stress : enter_stress)) stressed = !stressed;
    }
    return minutes;
}

std::vector<double> efficient_log_prices(const MarketOptions& options, std::size_t symbol, std::size_t day) {
    double start = first_log_price(options, symbol);
    for (std::size_t past = 0; past < day; ++past) {
        start += day_return(options, symbol, past, day_variance(options, regime_minutes(options, past)));
    }
    const std::vector<double> minutes = regime_minutes(options, day);
    const double variance = day_variance(options, minutes);
    RandomStream common(options.seed, "sim.market.common", day);
    RandomStream own(options.seed, "sim.market.own", entity(symbol, day));
    std::vector<double> path{0.0};
    for (int second = 0; second < kSyntheticSeconds; ++second) {
        const double deviation = options.daily_volatility * minutes[static_cast<std::size_t>(second / 60)] /
                                 std::sqrt(static_cast<double>(kSyntheticSeconds));
        const double shared = math::draw_normal(common);
        path.push_back(path.back() + deviation * correlated(options, shared, math::draw_normal(own)));
    }
    // A Brownian path less its end, in proportion to variance elapsed, plus an independent end is Brownian again.
    const double correction = day_return(options, symbol, day, variance) - path.back();
    double elapsed = 0.0;
    for (std::size_t i = 0; i < path.size(); ++i) {
        path[i] += start + correction * elapsed / variance;
        if (i + 1 == path.size()) break;
        const double deviation = options.daily_volatility * minutes[i / 60];
        elapsed += deviation * deviation / kSyntheticSeconds;
    }
    return path;
}

std::vector<TimeRange> synthetic_halts(const MarketOptions& options, const SymbolDay& at) {
    RandomStream stream(options.seed, "sim.market.halts", entity(at.symbol, at.day));
    std::vector<TimeRange> halts;
    const std::int64_t count = math::draw_poisson(stream, options.halt_rate);
    for (std::int64_t i = 0; i < count; ++i) {
        const double second = 600.0 + stream.next_uniform() * (kSyntheticSeconds - 1800.0);
        const Timestamp begin = at.open + Duration{std::llround(second * 1e9)};
        halts.push_back({begin, begin + kHaltLength});
    }
    std::sort(halts.begin(), halts.end(), [](const TimeRange& a, const TimeRange& b) { return a.begin < b.begin; });
    std::vector<TimeRange> apart;
    for (const TimeRange& halt : halts) {
        if (apart.empty() || halt.begin > apart.back().end) {
            apart.push_back(halt);
        } else {
            apart.back().end = std::max(apart.back().end, halt.end);
        }
    }
    return apart;
}

std::vector<double> event_times(const MarketOptions& options, const SymbolDay& at) {
    // A Hawkes process drawn by its clusters: immigrants along the curve, each event with its own offspring.
    RandomStream stream(options.seed, "sim.market.events", entity(at.symbol, at.day));
    const VolumeCurve curve = VolumeCurve::generic();
    const std::int64_t immigrants = math::draw_poisson(stream, options.quotes_per_day * (1.0 - options.clustering));
    std::vector<double> times;
    for (std::int64_t i = 0; i < immigrants; ++i) {
        times.push_back(fraction_at(curve, stream.next_uniform()) * kSyntheticSeconds);
    }
    for (std::size_t parent = 0; parent < times.size(); ++parent) {
        const std::int64_t offspring = math::draw_poisson(stream, options.clustering);
        for (std::int64_t i = 0; i < offspring; ++i) {
            const double time = times[parent] + math::draw_exponential(stream, kMeanOffspringDelay);
            if (time < kSyntheticSeconds) times.push_back(time);
        }
    }
    std::sort(times.begin(), times.end());
    return times;
}

}  // namespace slipcast::sim
