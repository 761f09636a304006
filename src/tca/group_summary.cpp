#include "slipcast/tca/group_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "blocks.hpp"
#include "order_columns.hpp"
#include "slipcast/core/table_builder.hpp"

namespace slipcast::tca {

namespace {

using detail::Aggregate;
using detail::Blocks;
using detail::GroupKey;
using detail::OrderColumns;
using detail::RatioOf;
using detail::RatioTerm;
using detail::text_of;

constexpr std::size_t kMaxGroups = 1'000;

Result<void> check_name(const std::string& name) {
    return name.empty() ? Result<void>(invalid_value("by", name, "must name a column")) : Result<void>{};
}

/// The blocks of the orders' paths, as the orders table tells them.
std::vector<Blocks::Key> block_keys(const OrderColumns& orders, std::size_t rows) {
    const Column& symbols = orders.column("symbol");
    const Column& dates = orders.column("session_date");
    const Column& arrivals = orders.column("arrival_time");
    const auto* times = std::get_if<std::vector<Timestamp>>(&arrivals.data);
    std::map<std::pair<std::string_view, std::string_view>, std::int64_t> days;
    std::map<std::pair<std::string_view, std::int64_t>, std::int64_t> hours;
    std::vector<Blocks::Key> keys(rows);
    const auto hour_of = [&](std::size_t row) {
        constexpr std::int64_t kHourNs = 3'600'000'000'000;
        return times != nullptr && arrivals.is_valid(row) ? (*times)[row].ns() / kHourNs : std::int64_t{0};
    };
    for (std::size_t row = 0; row < rows; ++row) {
        days[{text_of(symbols, row), text_of(dates, row)}] = 0;
        hours[{text_of(symbols, row), hour_of(row)}] = 0;
    }
    std::int64_t next = 0;
    for (auto& [day, key] : days) key = next++;
    for (auto& [hour, key] : hours) key = next++;
    for (std::size_t row = 0; row < rows; ++row) {
        keys[row] = {days.at({text_of(symbols, row), text_of(dates, row)}),
                     hours.at({text_of(symbols, row), hour_of(row)})};
    }
    return keys;
}

struct Group {
    std::vector<GroupKey> key;
    std::vector<std::size_t> rows;
    std::vector<Aggregate> metrics;
};

enum Metric : std::size_t { arrival, shortfall, spread, fees, participation, completion };

class Summary {
public:
    Summary(const Table& orders, const OrderColumns& columns, const GroupOptions& options)
        : columns_(columns), options_(options) {
        math::ResampleOptions resample;
        resample.confidence = options.confidence;
        resample.resamples = options.resamples;
        resample.seed = options.seed;
        blocks_.emplace(block_keys(columns, orders.rows()), resample);
        for (const char* name : {"arrival_cost_cash", "shortfall_cash", "spread_cash", "fees_cash", "participation",
                                 "completion", "notional_cash", "paper_notional_cash", "fills"}) {
            values_[name] = detail::numbers_of(columns.column(name));
        }
        const std::vector<RatioOf> all{cash_over("arrival_cost_cash", "notional_cash")};
        overall_ = blocks_->aggregates(columns.included(), columns.included(), all).front().interval.estimate;
    }
    Table table(std::vector<Group> groups) const {
        const std::vector<RatioOf> metrics{
            cash_over("arrival_cost_cash", "notional_cash"), cash_over("shortfall_cash", "paper_notional_cash"),
            cash_over("spread_cash", "notional_cash"),       cash_over("fees_cash", "notional_cash"),
            weighted("participation", "notional_cash"),      weighted("completion", "paper_notional_cash")};
        for (Group& group : groups) group.metrics = blocks_->aggregates(group.rows, group.rows, metrics);
        return rows_table(groups);
    }

private:
    RatioOf cash_over(const char* part, const char* whole) const {
        return [&part = values_.at(part), &whole = values_.at(whole)](std::size_t row) -> std::optional<RatioTerm> {
            if (!part[row] || !whole[row] || *whole[row] <= 0.0) return std::nullopt;
            return RatioTerm{*part[row], *whole[row]};
        };
    }
    RatioOf weighted(const char* value, const char* weight) const {
        return [&value = values_.at(value), &weight = values_.at(weight)](std::size_t row) -> std::optional<RatioTerm> {
            if (!value[row] || !weight[row] || *weight[row] <= 0.0) return std::nullopt;
            return RatioTerm{*value[row] * *weight[row], *weight[row]};
        };
    }
    Money cash(const char* name, const Group& group) const {
        const Column& column = columns_.column(name);
        Int128 sum = 0;
        if (const auto* money = std::get_if<MoneyColumn>(&column.data)) {
            for (const std::size_t row : group.rows) sum += column.is_valid(row) ? money->units[row] : 0;
        }
        return Money::from_units(sum, Currency{});
    }
    std::int64_t count(const char* name, const Group& group) const {
        const Column& column = columns_.column(name);
        const auto* flags = std::get_if<BoolColumn>(&column.data);
        const auto* counts = std::get_if<std::vector<std::int64_t>>(&column.data);
        std::int64_t sum = 0;
        for (const std::size_t row : group.rows) {
            if (!column.is_valid(row)) continue;
            if (flags != nullptr) sum += flags->value[row] != 0 ? 1 : 0;
            if (counts != nullptr) sum += (*counts)[row];
        }
        return sum;
    }
    Table rows_table(const std::vector<Group>& groups) const;
    void add_metrics(TableBuilder& builder, const std::vector<Group>& groups) const;

    const OrderColumns& columns_;
    const GroupOptions& options_;
    std::optional<Blocks> blocks_;
    std::map<std::string_view, std::vector<std::optional<double>>> values_;
    std::optional<double> overall_;
};

void Summary::add_metrics(TableBuilder& builder, const std::vector<Group>& groups) const {
    using Interval = math::RatioInterval;
    const auto ratio = [&](const char* name, const char* unit, SignTag sign, const char* meaning, Metric metric,
                           std::optional<double> Interval::* field) {
        const double scale = unit == std::string_view("bps") ? 1e4 : 1.0;
        ColumnMeta meta = aggregated(name, unit, sign, meaning);
        if (metric == completion) meta.definition_version = columns_.column(name).meta.definition_version;
        builder.add(std::move(meta), [&groups, metric, field, scale](std::size_t row) {
            const auto& value = groups[row].metrics[metric].interval.*field;
            return value ? std::optional<double>(*value * scale) : std::nullopt;
        });
    };
    constexpr auto kCost = SignTag::cost;
    ratio("arrival_cost_bps", "bps", kCost, "cost against the arrival price", arrival, &Interval::estimate);
    ratio("low", "bps", kCost, "lower end of its interval", arrival, &Interval::low);
    ratio("high", "bps", kCost, "upper end of its interval", arrival, &Interval::high);
    ratio("shortfall_bps", "bps", kCost, "implementation shortfall over the paper notional", shortfall,
          &Interval::estimate);
    ratio("shortfall_low", "bps", kCost, "lower end of its interval", shortfall, &Interval::low);
    ratio("shortfall_high", "bps", kCost, "upper end of its interval", shortfall, &Interval::high);
    ratio("spread_bps", "bps", kCost, "spread part over the notional at arrival prices", spread, &Interval::estimate);
    ratio("fees_bps", "bps", kCost, "explicit costs over the notional at arrival prices", fees, &Interval::estimate);
    ratio("participation", "", SignTag::none, "mean of the orders', weighted with their notional", participation,
          &Interval::estimate);
    ratio("completion", "", SignTag::none, "filled by the deadline over all that was ordered, at paper prices",
          completion, &Interval::estimate);
}

/// Columns of the summary that an orders table has, too: a grouping by one of them is called, say, "fills_group".
std::string group_column(const std::string& name) {
    static constexpr std::array<std::string_view, 8> kShared{"fills",         "notional_cash", "arrival_cost_bps",
                                                             "shortfall_bps", "spread_bps",    "fees_bps",
                                                             "participation", "completion"};
    const bool is_taken = std::find(kShared.begin(), kShared.end(), name) != kShared.end();
    return is_taken ? name + "_group" : name;
}

Table Summary::rows_table(const std::vector<Group>& groups) const {
    TableBuilder builder("groups", groups.size());
    for (std::size_t k = 0; k < options_.by.size(); ++k) {
        builder.add_label(plain(group_column(options_.by[k]), "what the orders of the row share"),
                          [&, k](std::size_t row) -> std::string_view { return groups[row].key[k].text; });
    }
    builder.add(plain("orders", "included orders"),
                [&](std::size_t row) { return static_cast<std::int64_t>(groups[row].rows.size()); });
    builder.add(plain("fills", "their executions"), [&](std::size_t row) { return count("fills", groups[row]); });
    const std::string& unit = columns_.column("notional_cash").meta.unit;
    builder.add(metric("notional_cash", unit, SignTag::none, "executed quantity at arrival prices"),
                [&](std::size_t row) { return cash("notional_cash", groups[row]); });
    builder.add(metric("total_cash", unit, SignTag::cost, "arrival cost of all its orders", "arrival_price"),
                [&](std::size_t row) { return cash("arrival_cost_cash", groups[row]); });
    add_metrics(builder, groups);
    builder.add(plain("outliers", "orders flagged as outliers; they count in every other column"),
                [&](std::size_t row) { return count("outlier", groups[row]); });
    builder.add(plain("separable",
                      "the arrival cost's interval, widened for the number of groups compared, leaves out that "
                      "of all; missing without an interval"),
                [&](std::size_t row) {
                    return detail::separable(groups[row].metrics[arrival].interval, overall_,
                                             {options_.confidence, groups.size()});
                });
    builder.add(plain("blocks", "blocks resampled"),
                [&](std::size_t row) { return groups[row].metrics[arrival].interval.blocks; });
    builder.add_label(plain("block_kind", "what a block is"),
                      [&](std::size_t row) { return groups[row].metrics[arrival].block_kind; });
    return builder.take();
}

Result<std::vector<Group>> groups_of(const OrderColumns& columns, const std::vector<std::string>& by) {
    std::vector<std::vector<GroupKey>> keys;
    for (const std::string& name : by) {
        SLIPCAST_TRY(of_column, columns.keys(name));
        keys.push_back(std::move(of_column));
    }
    std::map<std::vector<GroupKey>, std::vector<std::size_t>> members;
    for (const std::size_t row : columns.included()) {
        std::vector<GroupKey> key;
        for (const auto& of_column : keys) key.push_back(of_column[row]);
        members[std::move(key)].push_back(row);
    }
    if (members.size() > kMaxGroups) {
        return Error{ErrorCode::out_of_range,
                     "by",
                     fmt::format("{}", fmt::join(by, ",")),
                     fmt::format("must make at most {} groups, not {}", kMaxGroups, members.size()),
                     {}};
    }
    std::vector<Group> groups;
    for (auto& [key, rows] : members) groups.push_back({key, std::move(rows), {}});
    return groups;
}

}  // namespace

Settings GroupOptions::settings() {
    Settings all;
    all.list("by", "", by,
             "columns of the orders table to group by, as broker,side: labels and counts as they are, numbers in "
             "quarters, "
             "size by decade, day, hour",
             check_name)
        .number("confidence", "", confidence, {.low = 0.5, .high = 0.999}, "confidence level of every interval")
        .integer("resamples", "", resamples, std::int64_t{100}, std::int64_t{1'000'000},
                 "block resamples behind an interval")
        .seed("seed", seed, "seed of the resampling");
    return all;
}

Result<void> GroupOptions::validate() const {
    GroupOptions copy = *this;
    SLIPCAST_CHECK(copy.settings().validate());
    if (by.empty()) return Error{ErrorCode::missing_field, "by", "", "must name at least one column", {}};
    std::vector<std::string> names = by;
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice != names.end()) return invalid_value("by", *twice, "must not be named twice");
    return {};
}

std::vector<std::string> group_columns(const Table& orders) {
    const Result<OrderColumns> columns = OrderColumns::of(orders);
    return columns ? columns->names() : std::vector<std::string>{};
}

Result<Table> group_summary(const Table& orders, const GroupOptions& options) {
    SLIPCAST_CHECK(options.validate());
    SLIPCAST_TRY(columns, OrderColumns::of(orders));
    SLIPCAST_TRY(groups, groups_of(columns, options.by));
    return Summary(orders, columns, options).table(std::move(groups));
}

}  // namespace slipcast::tca
