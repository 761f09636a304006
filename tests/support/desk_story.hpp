#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "slipcast/core/random.hpp"
#include "slipcast/desk/replay.hpp"
#include "slipcast/math/sampling.hpp"
#include "support/desk_market.hpp"
#include "support/table_columns.hpp"

namespace slipcast::test {

/// A day of a real desk in a made-up market, for what reads journals: orders that start and end at their own
/// times, a wild hour, a stale feed, a kill, costs drawn about the forecasts with some luck.
class DeskDay {
public:
    DeskDay(desk::JournalSink& journal, int orders, std::uint64_t seed = 1)
        : clock_(desk_time("07:00:00")),
          draw_(seed, "test.desk_day"),
          desk_(desk::JournaledDesk::create(setup(), journal, clock_).value()) {
        for (int i = 0; i < orders; ++i) {
            Parent parent{.key = static_cast<std::uint64_t>(i + 1)};
            parent.next = desk_time("08:00:00") + std::chrono::seconds(std::int64_t{30} + 39'600 * i / orders);
            parent.deadline = parent.next + std::chrono::seconds(1'200 + static_cast<int>(2'400 * uniform()));
            parent.quantity = 100 * static_cast<std::int64_t>(15 + 260 * uniform() * uniform());
            parent.is_cold = i % 9 == 4;
            parents_.push_back(parent);
        }
    }

    /// Steps and outcomes until every order has come to its end; the last `open` orders are left without one.
    void run(int open = 2) {
        while (true) {
            const auto next = std::min_element(parents_.begin(), parents_.end(), [](const Parent& a, const Parent& b) {
                return std::pair(a.is_done, a.next) < std::pair(b.is_done, b.next);
            });
            if (next->is_done) break;
            const bool stays_open = next->key + static_cast<std::uint64_t>(open) > parents_.size();
            command_until(next->next);
            step(*next, stays_open);
        }
    }

private:
    struct Parent {
        std::uint64_t key = 0;
        Timestamp next{}, deadline{};
        std::int64_t quantity = 0, filled = 0;
        bool is_cold = false, is_done = false, has_forecast = false;
        double mean = 0.0, deviation = 0.0;
    };

    static desk::DeskSetup setup() {
        desk::DeskSetup made = desk_setup(2);
        made.challenger = desk_model(7, 300);
        made.options.guards.order_notional = 2.4e4;
        made.options.guards.day_notional_mode = static_cast<int>(desk::LimitMode::observe);
        made.options.guards.day_notional = 1.2e7;
        return made;
    }
    static void must(const Result<void>& done) {
        if (!done) std::abort();
    }
    double uniform() { return draw_.next_uniform(); }
    static bool is_between(Timestamp time, std::string_view from, std::string_view to) {
        return time >= desk_time(from) && time < desk_time(to);
    }
    void command_until(Timestamp time) {
        if (commands_ == 0 && time >= desk_time("15:02:00")) {
            clock_.advance_to(desk_time("15:02:00"));
            must(desk_.kill());
            ++commands_;
        }
        if (commands_ == 1 && time >= desk_time("15:12:00")) {
            clock_.advance_to(desk_time("15:12:00"));
            must(desk_.release());
            ++commands_;
        }
    }
    desk::Context context(const Parent& parent) {
        desk::Context made = calm_context("14:30:00", parent.key);
        made.time = made.quote_time = parent.next;
        if (is_between(parent.next, "16:40:00", "16:42:00")) made.quote_time = parent.next - std::chrono::seconds(20);
        made.quantity = parent.quantity;
        made.filled = parent.filled;
        made.deadline = parent.deadline;
        made.volume_rate = 40.0 + 30.0 * std::sin(static_cast<double>(parent.next.ns()) / 1.8e12);
        made.market_volume = 60.0 * made.volume_rate;
        const bool is_wild = is_between(parent.next, "12:00:00", "13:10:00");
        mid_ += (is_wild ? 0.03 : 0.01) * (uniform() - 0.5);
        const double half = is_wild ? 0.02 : 0.005;
        made.bid = Price::parse(fmt::format("{:.2f}", mid_ - half)).value();
        made.ask = Price::parse(fmt::format("{:.2f}", mid_ + half + 0.01)).value();
        made.reference = made.ask;
        set_input(made, "spread", is_wild ? 3.0 + 14.0 * uniform() : 1.0);
        set_input(made, "volatility", is_wild ? 150.0 + 900.0 * uniform() : 90.0 + 40.0 * uniform());
        if (is_wild) made.stress = {.volatility_z = 1.5, .spread_z = 1.2, .depth_z = -0.4};
        if (parent.is_cold) made.symbol_observations = 6;
        return made;
    }
    void step(Parent& parent, bool stays_open) {
        const desk::Context now = context(parent);
        if (now.time >= now.deadline || parent.filled >= parent.quantity) {
            parent.is_done = true;
            if (!stays_open) finish(parent);
            return;
        }
        const desk::Decision made = desk_.step(now).value();
        if (!parent.has_forecast && std::isfinite(made.forecast.mean) && made.candidates.size > 0) {
            parent.has_forecast = true;
            parent.mean = made.forecast.p50;
            parent.deviation = (made.forecast.p90 - made.forecast.p50) / 1.2816;
        }
        for (std::size_t k = 0; k < made.dark.size; ++k) {
            const std::int64_t sent = made.dark.values[k];
            if (sent == 0) continue;
            const auto filled = static_cast<std::int64_t>(static_cast<double>(sent) * std::max(0.0, uniform() - 0.4));
            take(parent, now.time, static_cast<std::int32_t>(k), sent, filled);
        }
        if (made.lit > 0) take(parent, now.time, -1, made.lit, uniform() < 0.95 ? made.lit : made.lit / 2);
        parent.next = std::min(parent.next + made.interval, parent.deadline);
        parent.next = std::max(parent.next, now.time + std::chrono::seconds(1));
    }
    void take(Parent& parent, Timestamp time, std::int32_t venue, std::int64_t sent, std::int64_t filled) {
        filled = std::min(filled, parent.quantity - parent.filled);
        parent.filled += filled;
        must(desk_.record({.time = time, .order = parent.key, .venue = venue, .sent = sent, .filled = filled}));
    }
    void finish(const Parent& parent) {
        // A normal about the median, one in twelve three times as wide and on the dear side.
        double luck = math::draw_normal(draw_);
        if (uniform() < 1.0 / 12.0) luck = 3.0 * std::abs(luck);
        desk::Outcome end{.time = parent.next, .order = parent.key, .kind = desk::OutcomeKind::finished};
        end.cost_bps = parent.mean + parent.deviation * luck;
        end.is_complete = 100 * parent.filled >= 97 * parent.quantity;
        end.weight = static_cast<double>(parent.filled) / static_cast<double>(parent.quantity);
        must(desk_.record(end));
    }

    SimulatedClock clock_;
    RandomStream draw_;
    desk::JournaledDesk desk_;
    std::vector<Parent> parents_;
    double mid_ = 100.0;
    int commands_ = 0;
};

/// What a paired evaluation hands over, made by hand: a desk that is cheaper than immediate, not told apart from VWAP.
inline std::vector<Table> sample_trial() {
    Table policies("trial_policies");
    const std::vector<std::string> names{"desk", "vwap", "twap", "immediate"};
    policies.add(labels("policy", names));
    policies.add(counts("orders", {200, 200, 200, 200}));
    policies.add(numbers("completion", "", {0.991, 0.998, 0.999, 1.0}));
    policies.add(numbers("finished", "", {0.93, 0.97, 0.98, 1.0}));
    const auto add = [&](const std::string& stem, const std::vector<double>& values, double half) {
        policies.add(numbers(stem + "_bps", "bps", values));
        std::vector<double> low, high;
        for (const double value : values) {
            low.push_back(value - half);
            high.push_back(value + half);
        }
        policies.add(numbers(stem + "_low", "bps", low));
        policies.add(numbers(stem + "_high", "bps", high));
    };
    add("mean", {4.1, 4.6, 5.2, 11.8}, 1.1);
    add("p50", {3.2, 3.4, 3.9, 10.1}, 1.4);
    add("p90", {16.0, 19.5, 20.4, 24.0}, 3.0);
    add("p95", {21.5, 28.1, 27.2, 31.7}, 4.4);
    add("objective", {16.2, 19.3, 19.2, 27.6}, 2.5);
    policies.add(numbers("dark_share", "", {0.31, 0.0, 0.0, 0.0}));
    policies.add(numbers("children", "", {31.0, 40.0, 40.0, 1.0}));
    policies.add(numbers("fees_bps", "bps", {0.21, 0.29, 0.29, 0.31}));

    Table pairs("trial_pairs");
    pairs.add(labels("policy", {"desk", "desk", "desk"}));
    pairs.add(labels("baseline", {"vwap", "twap", "immediate"}));
    pairs.add(counts("orders", {200, 200, 200}));
    const auto differ = [&](const std::string& stem, std::vector<double> middle, std::vector<double> half,
                            std::vector<std::uint8_t> valid) {
        std::vector<double> low, high;
        for (std::size_t i = 0; i < middle.size(); ++i) {
            low.push_back(middle[i] - half[i]);
            high.push_back(middle[i] + half[i]);
        }
        pairs.add(numbers(stem + "_difference_bps", "bps", std::move(middle)));
        pairs.add(numbers(stem + "_low", "bps", std::move(low), valid));
        pairs.add(numbers(stem + "_high", "bps", std::move(high), std::move(valid)));
    };
    differ("mean", {-0.5, -1.1, -7.7}, {0.9, 1.0, 1.6}, {1, 1, 1});
    differ("p50", {-0.2, -0.7, -6.9}, {0.8, 0.9, 1.5}, {1, 1, 1});
    differ("p90", {-3.5, -4.4, -8.0}, {3.9, 3.6, 4.0}, {1, 1, 1});
    differ("p95", {-6.6, -5.7, -10.2}, {5.5, 6.1, 6.0}, {1, 1, 0});
    differ("objective", {-3.1, -3.0, -11.4}, {2.4, 3.2, 2.9}, {1, 1, 1});
    pairs.add(numbers("cheaper", "", {0.52, 0.55, 0.81}));
    pairs.add(numbers("equal", "", {0.03, 0.0, 0.0}));
    pairs.add(numbers("completion_difference", "", {-0.007, -0.008, -0.009}));
    pairs.add(numbers("completion_low", "", {-0.011, -0.012, -0.013}));
    pairs.add(numbers("completion_high", "", {-0.003, -0.004, -0.005}));

    Table orders("trial_orders");
    std::vector<std::string> id, symbol, side, policy;
    std::vector<double> size, shortfall, arrival, completion, dark, children;
    RandomStream draw(7, "test.trial");
    for (std::size_t p = 0; p < names.size(); ++p) {
        for (int i = 0; i < 200; ++i) {
            id.push_back("o" + std::to_string(i));
            symbol.push_back(i % 3 == 0 ? "ALDR" : "BRCH");
            side.push_back(i % 2 == 0 ? "buy" : "sell");
            policy.push_back(names[p]);
            size.push_back(1'000.0 + 100.0 * i);
            const double middle = p == 3 ? 11.8 : 4.1 + 0.5 * static_cast<double>(p);
            shortfall.push_back(middle + 10.0 * math::draw_normal(draw));
            arrival.push_back(shortfall.back() - 0.2);
            completion.push_back(1.0);
            dark.push_back(p == 0 ? 0.3 : 0.0);
            children.push_back(p == 3 ? 1.0 : 30.0);
        }
    }
    orders.add(labels("order_id", id));
    orders.add(labels("symbol", symbol));
    orders.add(labels("side", side));
    orders.add(numbers("size", "", size));
    orders.add(labels("policy", policy));
    orders.add(numbers("shortfall_bps", "bps", shortfall));
    orders.add(numbers("arrival_cost_bps", "bps", arrival));
    orders.add(numbers("completion", "", completion));
    orders.add(numbers("dark_share", "", dark));
    orders.add(numbers("children", "", children));
    return {policies, pairs, orders};
}

}  // namespace slipcast::test
