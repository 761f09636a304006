#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "factors_text.hpp"
#include "slipcast/control/trader.hpp"
#include "slipcast/core/random.hpp"
#include "state_text.hpp"

namespace slipcast::control {
namespace {

constexpr std::string_view kHeading = "slipcast.control.trader 2";
constexpr std::int64_t kLargestCount = 100'000'000;

}  // namespace

std::uint64_t Trader::options_digest() const {
    detail::StateWriter writer("options");
    const Parameters& market = options_.market;
    writer.line("market").number(market.trading_cost).number(market.impact).number(market.impact_decay);
    writer.number(market.risk_aversion).number(market.discount).number(market.variance);
    for (const Signal& signal : market.signals) {
        writer.line("signal").number(signal.decay).number(signal.variance).number(signal.loading);
    }
    writer.line("mean_volatility").number(options_.mean_volatility);
    if (options_.theta) writer.line("theta").number(*options_.theta);
    writer.line("recalibration").number(options_.recalibration.least_factor);
    writer.number(options_.recalibration.largest_factor).number(options_.recalibration.least_expected);
    detail::FactorsText::write(writer, options_.factors);
    GuardOptions guards = options_.guards;
    return digest64(writer.text() + guards.switches().canonical_text() + guards.thresholds().canonical_text());
}

std::string Trader::state() const {
    detail::StateWriter writer(kHeading);
    writer.line("options").whole(static_cast<std::int64_t>(options_digest() >> 1U));
    writer.line("impact").number(impact());
    // What `renew` moved; the gains follow from it and are solved again.
    writer.line("variance").number(variance_);
    detail::FactorsText::write(writer, factors_);
    writer.line("time").number(time_);
    writer.line("level").number(level_);
    writer.line("slippage").number(last_recalibration_).number(realized_).number(expected_).whole(fills_);
    writer.line("window").whole(static_cast<std::int64_t>(window_.size()));
    for (const Traded& traded : window_) writer.number(traded.time).number(traded.quantity);
    writer.line("history").whole(static_cast<std::int64_t>(history_.size()));
    for (const RecalibrationRecord& record : history_) {
        writer.number(record.time).number(record.before).number(record.after).number(record.factor);
    }
    return writer.text();
}

Result<Trader> Trader::restore(TraderOptions options, std::string_view state) {
    SLIPCAST_TRY(trader, make(std::move(options)));
    detail::StateReader reader(state);
    reader.expect("slipcast.control.trader");
    reader.expect("2");
    reader.expect("options");
    const std::int64_t digest = reader.whole();
    reader.expect("impact");
    const double impact = reader.finite();
    reader.expect("variance");
    const double variance = reader.finite();
    const std::optional<Factors> factors = detail::FactorsText::read(reader);
    reader.expect("time");
    trader.time_ = reader.finite();
    reader.expect("level");
    trader.level_ = reader.finite();
    reader.expect("slippage");
    trader.last_recalibration_ = reader.finite();
    trader.realized_ = reader.finite();
    trader.expected_ = reader.finite();
    trader.fills_ = reader.whole();
    reader.expect("window");
    const std::int64_t window = reader.whole();
    for (std::int64_t i = 0; i < std::min(window, kLargestCount) && !reader.failed(); ++i) {
        const double time = reader.finite();
        trader.window_.push_back({time, reader.finite()});
    }
    reader.expect("history");
    const std::int64_t history = reader.whole();
    for (std::int64_t i = 0; i < std::min(history, kLargestCount) && !reader.failed(); ++i) {
        RecalibrationRecord record;
        record.time = reader.finite();
        record.before = reader.finite();
        record.after = reader.finite();
        record.factor = reader.finite();
        trader.history_.push_back(record);
    }
    SLIPCAST_CHECK(reader.done());
    if (digest != static_cast<std::int64_t>(trader.options_digest() >> 1U)) {
        return Error{ErrorCode::inconsistent, "options", "", "the state was saved by a trader of other options", {}};
    }
    SLIPCAST_CHECK(trader.solve_again(impact, variance, factors));
    return trader;
}

}  // namespace slipcast::control
