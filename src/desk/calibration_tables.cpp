#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "order_story.hpp"
#include "slipcast/core/table_builder.hpp"
#include "slipcast/math/binomial.hpp"
#include "slipcast/math/resample.hpp"
#include "slipcast/math/statistics.hpp"

namespace slipcast::desk::detail {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

struct Level {
    double level;
    double Forecast::* quantile;
};
constexpr std::array<Level, 4> kLevels{
    {{0.50, &Forecast::p50}, {0.90, &Forecast::p90}, {0.95, &Forecast::p95}, {0.99, &Forecast::p99}}};

/// How many of how many, what was expected, and the exact interval of the share.
struct Count {
    std::string_view name{};
    double expected = 0.0;
    std::int64_t hits = 0;
    std::int64_t of = 0;
    double from = 0.0, to = 0.0;  ///< of miss risks
    double mean = kMissing;

    [[nodiscard]] double share() const {
        return of > 0 ? static_cast<double>(hits) / static_cast<double>(of) : kMissing;
    }
    [[nodiscard]] double low() const { return of > 0 ? math::share_interval(hits, of).low : kMissing; }
    [[nodiscard]] double high() const { return of > 0 ? math::share_interval(hits, of).high : kMissing; }
};

std::vector<const OrderStory*> scored(const std::vector<OrderStory>& orders) {
    std::vector<const OrderStory*> made;
    for (const OrderStory& each : orders) {
        if (each.is_scored()) made.push_back(&each);
    }
    return made;
}

std::int64_t covered(const std::vector<const OrderStory*>& orders, double Forecast::* quantile) {
    return std::count_if(orders.begin(), orders.end(),
                         [&](const OrderStory* each) { return each->cost_bps <= each->forecast.*quantile; });
}

/// Adds the share of each count and the ends of its 95 % interval.
void add_shares(TableBuilder& table, const std::vector<Count>& rows, const char* meaning) {
    const char* const interval = "end of the share's exact 95 % interval for independent orders";
    table.add(plain("share", meaning), of(rows, finite(&Count::share)))
        .add(plain("share_low", interval), of(rows, finite(&Count::low)))
        .add(plain("share_high", interval), of(rows, finite(&Count::high)));
}

Table calibration(const std::vector<const OrderStory*>& orders) {
    std::vector<Count> rows;
    for (const Level& each : kLevels) {
        rows.push_back({.expected = each.level,
                        .hits = covered(orders, each.quantile),
                        .of = static_cast<std::int64_t>(orders.size())});
    }
    TableBuilder table("desk_calibration", rows.size());
    table.add(plain("level", "of the first forecast's quantile"), of(rows, finite(&Count::expected)))
        .add(plain("orders", "finished, with a first forecast and a cost"), of(rows, &Count::of))
        .add(plain("covered", "whose cost was at most the quantile"), of(rows, &Count::hits));
    add_shares(table, rows, "covered over orders; should be the level");
    return table.take();
}

Table quantile_bins(const std::vector<const OrderStory*>& orders) {
    constexpr std::array<std::string_view, 5> kNames{"up to p50", "p50 to p90", "p90 to p95", "p95 to p99",
                                                     "above p99"};
    std::vector<Count> rows;
    double below = 0.0;
    std::int64_t counted = 0;
    const auto all = static_cast<std::int64_t>(orders.size());
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        const bool is_last = i == kLevels.size();
        const double level = is_last ? 1.0 : kLevels[i].level;
        const std::int64_t until = is_last ? all : covered(orders, kLevels[i].quantile);
        rows.push_back({.name = kNames[i], .expected = level - below, .hits = until - counted, .of = all});
        below = level;
        counted = until;
    }
    TableBuilder table("desk_quantile_bins", rows.size());
    table.add(plain("bin", "between quantiles of the first forecast"), words(rows.size(), of(rows, &Count::name)))
        .add(plain("orders", "whose cost fell there"), of(rows, &Count::hits))
        .add(plain("expected", "share that should"), of(rows, finite(&Count::expected)));
    add_shares(table, rows, "share that did");
    return table.take();
}

Table miss_risk(const std::vector<OrderStory>& orders) {
    constexpr std::array<double, 6> kEdges{0.0, 0.05, 0.2, 0.5, 0.8, 1.0};
    std::vector<Count> rows;
    for (std::size_t i = 0; i + 1 < kEdges.size(); ++i) {
        Count row{.from = kEdges[i], .to = kEdges[i + 1]};
        math::Moments risk;
        for (const OrderStory& each : orders) {
            const bool counts = each.is_finished && !each.is_discretionary && each.is_complete &&
                                each.kind == market::OrderKind::work && std::isfinite(each.miss_risk);
            // The first range holds its lower end, and every range its upper one.
            const bool is_in = each.miss_risk <= row.to && (each.miss_risk > row.from || i == 0);
            if (!counts || !is_in) continue;
            risk.add(each.miss_risk);
            row.hits += *each.is_complete ? 0 : 1;
        }
        row.of = risk.count();
        row.mean = risk.mean().value_or(kMissing);
        rows.push_back(row);
    }
    TableBuilder table("desk_miss_risk", rows.size());
    table.add(plain("risk_above", "lower end of the first miss risk"), of(rows, finite(&Count::from)))
        .add(plain("risk_up_to", "upper end"), of(rows, finite(&Count::to)))
        .add(plain("orders", "finished, said whether filled whole, with a miss risk, not canceled at will"),
             of(rows, &Count::of))
        .add(plain("mean_risk", "mean first miss risk"), of(rows, finite(&Count::mean)))
        .add(plain("missed", "not filled whole by the deadline"), of(rows, &Count::hits));
    add_shares(table, rows, "missed over orders; should be the mean risk");
    return table.take();
}

/// Cost less forecast, summed over each block, and how many orders that are.
struct Blocks {
    std::string_view kind{};
    std::vector<double> error{}, orders{};
};

/// Orders of one time share one path: whole days when there are enough of them, else hours, else half hours.
Blocks blocks_of(const std::vector<const OrderStory*>& orders) {
    constexpr std::size_t kEnoughDays = 20;
    constexpr std::int64_t kHour = 3'600'000'000'000;
    struct Length {
        std::string_view name;
        std::int64_t ns;
        std::size_t enough;
    };
    constexpr std::array<Length, 3> kLengths{
        {{"UTC day", 24 * kHour, kEnoughDays}, {"UTC hour", kHour, math::kMinBlocks}, {"UTC half hour", kHour / 2, 0}}};
    const auto fits = std::find_if(kLengths.begin(), kLengths.end(), [&](const Length& length) {
        std::set<std::int64_t> found;
        for (const OrderStory* each : orders) found.insert(each->first.ns() / length.ns);
        return found.size() >= length.enough;
    });
    std::map<std::int64_t, std::pair<double, double>> sums;
    for (const OrderStory* each : orders) {
        auto& [error, count] = sums[each->first.ns() / fits->ns];
        error += each->cost_bps - each->forecast.mean;
        count += 1.0;
    }
    Blocks blocks{.kind = fits->name};
    for (const auto& [key, sum] : sums) {
        blocks.error.push_back(sum.first);
        blocks.orders.push_back(sum.second);
    }
    return blocks;
}

Table bias(const std::vector<const OrderStory*>& orders) {
    math::Moments forecast, cost;
    for (const OrderStory* each : orders) {
        forecast.add(each->forecast.mean);
        cost.add(each->cost_bps);
    }
    const Blocks blocks = blocks_of(orders);
    const auto error = math::ratio_interval({blocks.error, blocks.orders});
    TableBuilder table("desk_bias", 1);
    const auto cost_of = [&table](const char* name, std::optional<double> value, const char* meaning) {
        table.add(plain(name, meaning, "bps", SignTag::cost),
                  finite([value](std::size_t) { return value.value_or(kMissing); }));
    };
    table.add(plain("orders", "finished, with a first forecast and a cost"), std::vector{cost.count()});
    cost_of("mean_forecast_bps", forecast.mean(), "mean of the first forecasts' means");
    cost_of("mean_cost_bps", cost.mean(), "mean realized cost");
    cost_of("error_bps", error.estimate, "mean of cost less forecast; positive: it cost more than forecast");
    cost_of("error_low_bps", error.low, "lower end of the error's 95 % interval");
    cost_of("error_high_bps", error.high, "upper end");
    table.add(plain("blocks", "resampled whole"), std::vector{error.blocks})
        .add(plain("block_kind", "what a block is"), words(1, [&](std::size_t) { return blocks.kind; }));
    return table.take();
}

}  // namespace

std::vector<Table> calibration_tables(const std::vector<OrderStory>& orders) {
    const std::vector<const OrderStory*> known = scored(orders);
    return {calibration(known), quantile_bins(known), bias(known), miss_risk(orders)};
}

}  // namespace slipcast::desk::detail
