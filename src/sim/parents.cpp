#include "slipcast/sim/parents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "slipcast/core/decimal.hpp"
#include "slipcast/core/random.hpp"
#include "slipcast/math/sampling.hpp"
#include "tape_windows.hpp"

namespace slipcast::sim {
namespace {

constexpr Duration kShortestDelay = std::chrono::milliseconds{1};
constexpr double kLongestDelays = 5.0;  // a delay is at most so many means
constexpr double kRoutingShare = 0.01;  // broker receives an order within about 1 % of the desk's delays
constexpr double kNearestLimit = 2.0;   // bps from the mid
constexpr double kFarthestLimit = 60.0;

/// One instrument on one day that parents can be drawn for.
struct Stage {
    InstrumentId instrument;
    market::Session session;
    double daily_volume = 0.0;  ///< whole units
};

double log_uniform(RandomStream& stream, double low, double high) {
    return low * std::exp(stream.next_uniform() * std::log(high / low));
}

Result<bool> has_quotes(const market::Dataset& market, const Stage& stage) {
    bool found = false;
    SLIPCAST_CHECK(for_each_window(*market.tape, stage.instrument, {stage.session.open, stage.session.close},
                                   std::chrono::hours{1}, [&found](const market::TapeSlice& slice) {
                                       found = !slice.quotes.empty();
                                       return !found;
                                   }));
    return found;
}

struct Stages {
    std::vector<Stage> all;
    bool knows_future = false;  ///< some daily volume is the session's own
};

Result<Stages> stages_of(const market::Dataset& market, const Progress& progress) {
    Stages stages;
    for (std::size_t i = 0; i < market.instruments.size(); ++i) {
        const market::Instrument& instrument = market.instruments[i];
        if (instrument.id.is_none()) continue;
        if (progress && !progress("reading sessions", static_cast<std::int64_t>(i),
                                  static_cast<std::int64_t>(market.instruments.size()))) {
            return Error{ErrorCode::interrupted, "parents", "", "the caller asked to stop", {}};
        }
        for (const market::Session& session : sessions_of(market, instrument.id)) {
            Stage stage{instrument.id, session, 0.0};
            SLIPCAST_TRY(quoted, has_quotes(market, stage));
            if (!quoted) continue;
            const market::Instrument* known = market.instrument_on(instrument.id, session.date);
            if (known != nullptr && known->adv && *known->adv > 0.0) {
                stage.daily_volume = *known->adv;
            } else {
                SLIPCAST_TRY(volume, printed_volume(market, instrument.id, {session.open, session.close}));
                stage.daily_volume = volume;
                stages.knows_future = true;
            }
            if (stage.daily_volume > 0.0) stages.all.push_back(stage);
        }
    }
    if (stages.all.empty()) {
        return Error{ErrorCode::not_found, "market", "", "needs a session with quotes and volume to trade in", {}};
    }
    return stages;
}

/// Draws parent k, without its limit price.
class Drawing {
public:
    Drawing(market::Dataset& market, const ParentOptions& options, const std::vector<Stage>& stages)
        : market_(market), options_(options), stages_(stages), styles_(options.style_weights) {}

    struct Drawn {
        Parent parent;
        double limit_bps = 0.0;  ///< distance of the limit from the mid towards worse prices; 0 = no limit
    };

    [[nodiscard]] Drawn draw(std::int64_t k) {
        RandomStream stream(options_.seed, "sim.parents", static_cast<std::uint64_t>(k));
        Drawn drawn;
        Parent& parent = drawn.parent;
        const Stage& stage = stages_[static_cast<std::size_t>(math::draw_index(stream, stages_.size()))];
        parent.style = static_cast<Style>(styles_.draw(stream));
        parent.order.instrument = stage.instrument;
        parent.order.side = math::draw_bernoulli(stream, 0.5) ? Side::buy : Side::sell;
        parent.order.quantity = size(stream, stage);
        times(stream, stage.session, parent);
        parent.participation = log_uniform(stream, options_.min_participation, options_.max_participation);
        if (parent.style == Style::pov) parent.order.max_participation = parent.participation;
        const double limit = log_uniform(stream, kNearestLimit, kFarthestLimit);
        if (math::draw_bernoulli(stream, options_.limit_share)) drawn.limit_bps = limit;
        const double part = 0.1 + 0.8 * stream.next_uniform();
        if (math::draw_bernoulli(stream, options_.cancel_share)) parent.cancel_time = within(parent.order, part);
        labels(stream, parent);
        return drawn;
    }

private:
    [[nodiscard]] Quantity size(RandomStream& stream, const Stage& stage) const {
        const market::Instrument& instrument = market_.instrument(stage.instrument);
        const double whole = log_uniform(stream, options_.min_size, options_.max_size) * stage.daily_volume;
        const double units = whole * static_cast<double>(power_of_ten(instrument.value.quantity_decimals()));
        const std::int64_t lot = std::max<std::int64_t>(1, instrument.lot_size.units());
        const std::int64_t lots = std::max<std::int64_t>(1, std::llround(units / static_cast<double>(lot)));
        return Quantity::from_units(lots * lot);
    }
    [[nodiscard]] Duration delay(RandomStream& stream, double mean) const {
        if (mean <= 0.0) return kShortestDelay;
        const double drawn = std::min(math::draw_exponential(stream, mean), kLongestDelays * mean);
        return kShortestDelay + Duration{std::llround(drawn)};
    }
    void times(RandomStream& stream, const market::Session& session, Parent& parent) const {
        const double mean = static_cast<double>(options_.mean_delay.count());
        const Duration to_desk = delay(stream, mean);
        const Duration to_arrival = delay(stream, mean);
        const Duration to_broker = delay(stream, mean * kRoutingShare);
        const double low = static_cast<double>(options_.min_horizon.count());
        const double high = static_cast<double>(options_.max_horizon.count());
        double horizon = log_uniform(stream, low, high);
        if (parent.style == Style::immediate) horizon = low;
        const double part = stream.next_uniform();
        // A session too short for the delays and the life shortens both in proportion.
        const double length = static_cast<double>((session.close - session.open).count());
        const double before = static_cast<double>((to_desk + to_arrival + to_broker).count());
        const double scale = std::min(1.0, 0.95 * length / (before + horizon));
        const auto scaled = [scale](Duration d) {
            return Duration{std::llround(scale * static_cast<double>(d.count()))} + Duration{1};
        };
        const double slack = std::max(0.0, length - scale * (before + horizon) - 8.0);
        market::Order& order = parent.order;
        order.decision_time = session.open + Duration{1 + std::llround(part * slack)};
        order.desk_arrival_time = *order.decision_time + scaled(to_desk);
        order.arrival_time = *order.desk_arrival_time + scaled(to_arrival);
        order.broker_arrival_time = *order.arrival_time + scaled(to_broker);
        order.end_time = std::min(session.close, *order.broker_arrival_time + scaled(Duration{std::llround(horizon)}));
    }
    [[nodiscard]] static Timestamp within(const market::Order& order, double part) {
        const double life = static_cast<double>((*order.end_time - *order.broker_arrival_time).count());
        return *order.broker_arrival_time + Duration{std::llround(part * life)};
    }
    [[nodiscard]] LabelId label(RandomStream& stream, std::string_view prefix, int count) {
        const std::uint64_t which = math::draw_index(stream, static_cast<std::uint64_t>(count));
        return market_.names.labels.intern(fmt::format("{}{}", prefix, which + 1));
    }
    void labels(RandomStream& stream, Parent& parent) {
        static constexpr std::array<std::string_view, kStyles> kUrgency{"low", "low", "medium", "high", "medium"};
        static constexpr std::array<std::string_view, kStyles> kBenchmark{"interval_twap", "interval_vwap", "arrival",
                                                                          "arrival", "arrival"};
        const auto style = static_cast<std::size_t>(parent.style);
        parent.order.algo = market_.names.labels.intern(name(parent.style));
        parent.order.urgency = market_.names.labels.intern(kUrgency[style]);
        parent.order.benchmark = market_.names.labels.intern(kBenchmark[style]);
        parent.order.broker = label(stream, "broker", options_.brokers);
        parent.order.trader = label(stream, "trader", options_.traders);
        parent.order.client = label(stream, "client", options_.clients);
    }

    market::Dataset& market_;
    const ParentOptions& options_;
    const std::vector<Stage>& stages_;
    math::CategoricalSampler styles_;
};

/// A limit `bps` worse than `mid`, on the tick nearest to it on the far side.
Price limit_from(const market::Instrument& instrument, Side side, Price mid, double bps) {
    const double raw = mid.to_double() * (1.0 + static_cast<double>(sign(side)) * bps * 1e-4);
    const double tick = instrument.tick_size.to_double();
    const double ticks = side == Side::buy ? std::ceil(raw / tick) : std::floor(raw / tick);
    return Price::from_units(std::max<std::int64_t>(1, std::llround(ticks)) * instrument.tick_size.units());
}

/// Sets the limit prices of one instrument's parents (`order`: by decision time) in one walk over its tape.
Result<void> set_limits(const market::Dataset& market, std::vector<Drawing::Drawn>& drawn,
                        const std::vector<std::size_t>& order) {
    if (order.empty()) return {};
    const market::Instrument& instrument = market.instrument(drawn[order.front()].parent.order.instrument);
    std::size_t next = 0;
    std::optional<Price> mid;
    const auto settle = [&](Timestamp before) {
        for (; next < order.size(); ++next) {
            auto& [parent, bps] = drawn[order[next]];
            if (*parent.order.decision_time > before) return;
            if (mid) parent.order.limit_price = limit_from(instrument, parent.order.side, *mid, bps);
        }
    };
    SLIPCAST_CHECK(for_each_window(*market.tape, instrument.id, {Timestamp::min(), Timestamp::max()},
                                   std::chrono::hours{1}, [&](const market::TapeSlice& slice) {
                                       const market::QuoteColumns& quotes = slice.quotes;
                                       for (std::size_t i = 0; i < quotes.size() && next < order.size(); ++i) {
                                           settle(quotes.time[i]);
                                           const bool two_sided = quotes.bid[i] > Price{} && quotes.ask[i] > Price{};
                                           if (two_sided) mid = midpoint(quotes.bid[i], quotes.ask[i]);
                                       }
                                       return next < order.size();
                                   }));
    settle(Timestamp::max());
    return {};
}

Result<void> set_all_limits(const market::Dataset& market, std::vector<Drawing::Drawn>& drawn) {
    std::vector<std::vector<std::size_t>> by_instrument(market.instruments.size());
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        if (drawn[i].limit_bps <= 0.0) continue;
        by_instrument[static_cast<std::size_t>(drawn[i].parent.order.instrument.index())].push_back(i);
    }
    for (std::vector<std::size_t>& order : by_instrument) {
        std::stable_sort(order.begin(), order.end(), [&drawn](std::size_t a, std::size_t b) {
            return drawn[a].parent.order.decision_time < drawn[b].parent.order.decision_time;
        });
        SLIPCAST_CHECK(set_limits(market, drawn, order));
    }
    return {};
}

}  // namespace

std::string_view name(Style style) {
    static constexpr std::array<std::string_view, kStyles + 1> kNames{
        "twap", "vwap", "pov", "immediate", "passive_then_aggressive", "policy"};
    return kNames[static_cast<std::size_t>(style)];
}

Result<void> ParentOptions::validate() const {
    ParentOptions copy = *this;
    SLIPCAST_CHECK(copy.settings().validate());
    const auto check_order = [](const char* field, auto low, auto high, std::string value) -> Result<void> {
        if (low <= high) return {};
        return Error{ErrorCode::inconsistent, field, std::move(value), "the smallest must not exceed the largest", {}};
    };
    SLIPCAST_CHECK(check_order("min_size", min_size, max_size, fmt::format("{}", min_size)));
    SLIPCAST_CHECK(check_order("min_horizon", min_horizon, max_horizon, to_string(min_horizon)));
    SLIPCAST_CHECK(
        check_order("min_participation", min_participation, max_participation, fmt::format("{}", min_participation)));
    double total = 0.0;
    for (const double weight : style_weights) {
        if (!std::isfinite(weight) || weight < 0.0) {
            return invalid_value("style_weights", fmt::format("{}", weight), "every weight must be finite and >= 0");
        }
        total += weight;
    }
    if (total <= 0.0) return invalid_value("style_weights", "0", "weights must have a positive sum");
    return {};
}

Result<std::vector<Parent>> generate_parents(market::Dataset& market, const ParentOptions& options,
                                             const Progress& progress) {
    SLIPCAST_CHECK(options.validate());
    if (!market.tape) return Error{ErrorCode::missing_field, "tape", "", "parents are drawn against a tape", {}};
    SLIPCAST_TRY(stages, stages_of(market, progress));
    std::vector<Drawing::Drawn> drawn;
    Drawing drawing(market, options, stages.all);
    for (std::int64_t k = 0; k < options.count; ++k) drawn.push_back(drawing.draw(k));
    SLIPCAST_CHECK(set_all_limits(market, drawn));
    std::stable_sort(drawn.begin(), drawn.end(), [](const Drawing::Drawn& a, const Drawing::Drawn& b) {
        return a.parent.order.arrival_time < b.parent.order.arrival_time;
    });
    std::vector<Parent> parents;
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        drawn[i].parent.order.id = market.names.orders.intern(fmt::format("O{:06}", i + 1));
        parents.push_back(std::move(drawn[i].parent));
    }
    market.provenance["parents.size_basis"] =
        stages.knows_future ? "fraction of the volume that the tape shows for the order's own session"
                            : "fraction of the average daily volume known on the day";
    market.provenance["parents.seed"] = fmt::format("{}", options.seed);
    return parents;
}

}  // namespace slipcast::sim
