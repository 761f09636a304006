#include "blocks.hpp"

#include <algorithm>

#include "slipcast/math/normal.hpp"

namespace slipcast::tca::detail {

namespace {

constexpr std::int64_t kHourNs = 3'600'000'000'000;

/// Distinct keys of the items, sorted, and each item's position among them.
struct Grouping {
    std::size_t blocks = 0;
    std::vector<std::uint32_t> block_of;
};

template <typename KeyOf>
Grouping grouping(std::size_t items, const KeyOf& key_of) {
    std::vector<std::int64_t> keys;
    keys.reserve(items);
    for (std::size_t i = 0; i < items; ++i) keys.push_back(key_of(i));
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    Grouping result;
    result.blocks = keys.size();
    result.block_of.reserve(items);
    for (std::size_t i = 0; i < items; ++i) {
        const auto found = std::lower_bound(keys.begin(), keys.end(), key_of(i));
        result.block_of.push_back(static_cast<std::uint32_t>(found - keys.begin()));
    }
    return result;
}

}  // namespace

std::optional<Timestamp> block_time(const market::Order& order, const OrderRecord& record) {
    for (const auto& known : {order.arrival_time, order.decision_time, record.first_fill_time}) {
        if (known) return known;
    }
    return std::nullopt;
}

Date trading_day(const market::Dataset& dataset, LabelId market, Timestamp time) {
    const market::Session* session = dataset.sessions.at(market, time);
    return session == nullptr ? Date::of_utc(time) : session->date;
}

std::optional<bool> separable(const math::RatioInterval& own, const std::optional<double>& overall,
                              const Comparison& comparison) {
    if (!own.low || !own.high || !own.estimate || !overall) return std::nullopt;
    const double miss = 1.0 - comparison.confidence;
    const double widening = math::normal_quantile(miss / (2.0 * static_cast<double>(comparison.groups))) /
                            math::normal_quantile(miss / 2.0);
    const double low = *own.estimate - widening * (*own.estimate - *own.low);
    const double high = *own.estimate + widening * (*own.high - *own.estimate);
    return *overall < low || *overall > high;
}

Blocks::Blocks(const Context& context, const Records& records) {
    resample_.confidence = context.options.confidence;
    resample_.resamples = context.options.resamples;
    resample_.seed = context.options.seed;
    for (std::size_t row = 0; row < context.dataset.orders.size(); ++row) {
        const market::Order& order = context.dataset.orders[row];
        // An order without any time shares a block with its like: it has no path of its own.
        const Timestamp time = block_time(order, records.orders[row]).value_or(Timestamp{});
        const Date day = trading_day(context.dataset, context.dataset.instrument(order.instrument).market, time);
        const std::int64_t symbol = static_cast<std::int64_t>(order.instrument.index()) << 40;
        keys_.push_back({symbol + day.days(), symbol + time.ns() / kHourNs});
    }
}

BlockSums Blocks::empty_sums(std::span<const std::size_t> orders, std::size_t metrics) const {
    Grouping blocks = grouping(orders.size(), [&](std::size_t i) { return keys_[orders[i]].day; });
    BlockSums sums;
    sums.by_day = blocks.blocks >= kMinSymbolDays;
    if (!sums.by_day) blocks = grouping(orders.size(), [&](std::size_t i) { return keys_[orders[i]].hour; });
    sums.block_of = std::move(blocks.block_of);
    sums.numerators.assign(metrics, std::vector<double>(blocks.blocks));
    sums.denominators = sums.numerators;
    sums.counts.assign(metrics, 0);
    return sums;
}

std::vector<Aggregate> Blocks::aggregates(const BlockSums& sums) const {
    const std::size_t metrics = sums.counts.size();
    std::vector<math::BlockSums> of_metric;
    for (std::size_t m = 0; m < metrics; ++m) of_metric.push_back({sums.numerators[m], sums.denominators[m]});
    const std::vector<math::RatioInterval> intervals = math::ratio_intervals(of_metric, resample_);
    std::vector<Aggregate> results(metrics);
    for (std::size_t m = 0; m < metrics; ++m) {
        results[m].interval = intervals[m];
        results[m].count = sums.counts[m];
        results[m].block_kind = sums.by_day ? "symbol-day" : "symbol-hour (within-day)";
    }
    return results;
}

std::vector<Aggregate> Blocks::aggregates(std::span<const std::size_t> items, std::span<const std::size_t> orders,
                                          std::span<const RatioOf> metrics) const {
    BlockSums sums = empty_sums(orders, metrics.size());
    for (std::size_t m = 0; m < metrics.size(); ++m) {
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (const auto term = metrics[m](items[i])) sums.add(m, i, *term);
        }
    }
    return aggregates(sums);
}

}  // namespace slipcast::tca::detail
