#include <map>
#include <set>

#include "aggregates.hpp"
#include "fill_terms.hpp"
#include "slipcast/core/table_builder.hpp"
#include "tables.hpp"

namespace slipcast::tca::detail {

namespace {

/// Sent and filled quantity of placements, in cash-free units: their ratio needs no price.
struct Sent {
    double sent = 0.0;
    double filled = 0.0;
};

struct Group {
    std::vector<std::size_t> fills;
    std::set<std::size_t> orders;
    Sent sent;
    Money notional;
    std::vector<Aggregate> by_fill;
    std::optional<double> completion;
};
using Groups = std::map<std::string, Group, std::less<>>;

enum Metric : std::size_t { arrival, spread, fees, improvement, markout };

/// Names a group of an order, a fill or a placement; venues are no property of an order.
struct Grouping {
    const char* table;
    const char* column;
    std::function<std::string_view(std::size_t order)> of_order;  ///< empty for venues
};

class GroupTables {
public:
    GroupTables(const Context& context, const Records& records, const Blocks& blocks)
        : context_(context), records_(records), blocks_(blocks), terms_(context, records), orders_(context, records) {
        for (std::size_t row = 0; row < dataset().orders.size(); ++row) {
            order_row_[dataset().orders[row].id] = row;
        }
        const std::vector<RatioOf> all{terms_.arrival_cost()};
        std::vector<std::size_t> orders;
        for (const std::size_t row : terms_.fills()) orders.push_back(terms_.order_of_fill()[row]);
        overall_ = blocks_.aggregates(terms_.fills(), orders, all).front().interval.estimate;
    }
    Table table(const Grouping& grouping) const {
        Groups groups = members(grouping);
        const std::vector<RatioOf> ratios{terms_.arrival_cost(), terms_.half_spread(), terms_.fees(),
                                          terms_.price_improvement(), terms_.markout_1min()};
        for (auto& [name, group] : groups) {
            std::vector<std::size_t> orders;
            for (const std::size_t row : group.fills) orders.push_back(terms_.order_of_fill()[row]);
            group.by_fill = blocks_.aggregates(group.fills, orders, ratios);
            if (grouping.of_order) group.completion = completion(group);
        }
        return rows_table(grouping, groups);
    }

private:
    const market::Dataset& dataset() const { return context_.dataset; }

    Groups members(const Grouping& grouping) const {
        Groups groups;
        const auto name_of = [&](std::size_t order, VenueId venue) {
            return grouping.of_order ? grouping.of_order(order) : dataset().names.venues.name(venue);
        };
        for (const std::size_t order : included_orders(records_)) {
            if (!grouping.of_order) break;
            if (const auto name = grouping.of_order(order); !name.empty()) {
                groups[std::string(name)].orders.insert(order);
            }
        }
        for (const std::size_t row : terms_.fills()) {
            const std::size_t order = terms_.order_of_fill()[row];
            const market::Fill& fill = dataset().fills[row];
            const auto name = name_of(order, fill.venue);
            if (name.empty()) continue;
            Group& group = groups[std::string(name)];
            group.orders.insert(order);
            group.fills.push_back(row);
            const auto& arrival_price = records_.orders[order].benchmark(Benchmark::arrival);
            const ContractValue& value = dataset().instrument(dataset().orders[order].instrument).value;
            if (arrival_price) group.notional += value.notional(*arrival_price, fill.quantity);
        }
        for (const market::Placement& placement : dataset().placements) {
            const std::size_t order = order_row_.at(placement.order);
            const auto name = name_of(order, placement.venue);
            if (name.empty() || !records_.orders[order].included) continue;
            const int decimals = dataset().instrument(dataset().orders[order].instrument).value.quantity_decimals();
            Sent& sent = groups[std::string(name)].sent;
            sent.sent += placement.quantity.to_double(decimals);
            sent.filled += placement.filled_quantity.to_double(decimals);
        }
        return groups;
    }
    std::optional<double> completion(const Group& group) const {
        const RatioOf term = orders_.completion();
        RatioTerm sum;
        for (const std::size_t order : group.orders) {
            const auto own = term(order);
            if (!own) continue;
            sum.numerator += own->numerator;
            sum.denominator += own->denominator;
        }
        return sum.denominator > 0.0 ? std::optional<double>(sum.numerator / sum.denominator) : std::nullopt;
    }
    Table rows_table(const Grouping& grouping, const Groups& groups) const;
    void add_intervals(TableBuilder& builder, const std::vector<const Groups::value_type*>& rows) const;

    const Context& context_;
    const Records& records_;
    const Blocks& blocks_;
    FillTerms terms_;
    OrderTerms orders_;
    std::map<OrderId, std::size_t> order_row_;
    std::optional<double> overall_;  ///< arrival cost of all included fills
};

void GroupTables::add_intervals(TableBuilder& builder, const std::vector<const Groups::value_type*>& rows) const {
    using Interval = math::RatioInterval;
    const auto interval = [&rows](std::size_t row, Metric metric) -> const Interval& {
        return rows[row]->second.by_fill[metric].interval;
    };
    const auto bps = [&](const char* name, SignTag sign, const char* meaning, Metric metric,
                         std::optional<double> Interval::* field) {
        builder.add(aggregated(name, "bps", sign, meaning), [&, metric, field](std::size_t row) {
            const auto& value = interval(row, metric).*field;
            return value ? std::optional<double>(*value * 1e4) : std::nullopt;
        });
    };
    bps("arrival_cost_bps", SignTag::cost, "cost against the arrival price", arrival, &Interval::estimate);
    bps("low", SignTag::cost, "lower end of its interval", arrival, &Interval::low);
    bps("high", SignTag::cost, "upper end of its interval", arrival, &Interval::high);
    bps("spread_bps", SignTag::cost, "fill prices against the mids before them", spread, &Interval::estimate);
    bps("fees_bps", SignTag::cost, "explicit costs over the notional at arrival prices", fees, &Interval::estimate);
    bps("price_improvement_bps", SignTag::gain, "fill prices against the far touch", improvement, &Interval::estimate);
    bps("markout_1min_bps", SignTag::gain, "fill-anchored mark-out after one minute", markout, &Interval::estimate);
    builder.add(plain("separable",
                      "its interval, widened for the number of groups compared, leaves out the arrival cost of all; "
                      "missing without an interval"),
                [&](std::size_t row) {
                    return separable(interval(row, arrival), overall_, {context_.options.confidence, rows.size()});
                });
    builder.add(plain("blocks", "blocks resampled"), [&](std::size_t row) { return interval(row, arrival).blocks; });
    builder.add_label(plain("block_kind", "what a block is"),
                      [&](std::size_t row) { return rows[row]->second.by_fill[arrival].block_kind; });
}

Table GroupTables::rows_table(const Grouping& grouping, const Groups& groups) const {
    std::vector<const Groups::value_type*> rows;
    for (const auto& entry : groups) rows.push_back(&entry);
    TableBuilder builder(grouping.table, rows.size());
    builder.add(plain("group", grouping.column), [&](std::size_t row) { return rows[row]->first; });
    builder.add(plain("orders", "included orders"),
                [&](std::size_t row) { return static_cast<std::int64_t>(rows[row]->second.orders.size()); });
    builder.add(plain("fills", "their executions"),
                [&](std::size_t row) { return static_cast<std::int64_t>(rows[row]->second.fills.size()); });
    builder.add(metric("notional_cash", cash_unit(context_), SignTag::none, "executed quantity at arrival prices"),
                [&](std::size_t row) { return rows[row]->second.notional; });
    add_intervals(builder, rows);
    ColumnMeta completion = aggregated("completion", "", SignTag::none,
                                       "filled by the deadline over all that was ordered, at arrival prices");
    completion.definition_version = 2;
    builder.add(std::move(completion), [&](std::size_t row) { return rows[row]->second.completion; });
    builder.add(aggregated("fill_rate", "", SignTag::none, "filled over sent quantity of placements"),
                [&](std::size_t row) -> std::optional<double> {
                    const Sent& sent = rows[row]->second.sent;
                    return sent.sent > 0.0 ? std::optional<double>(sent.filled / sent.sent) : std::nullopt;
                });
    return builder.take();
}

}  // namespace

std::vector<Table> group_tables(const Context& context, const Records& records, const Blocks& blocks) {
    const GroupTables tables(context, records, blocks);
    const market::Dataset& dataset = context.dataset;
    const auto label = [&](LabelId market::Order::* field) {
        return [&dataset, field](std::size_t order) { return dataset.names.labels.name(dataset.orders[order].*field); };
    };
    const auto symbol = [&](std::size_t order) { return dataset.names.symbols.name(dataset.orders[order].instrument); };
    std::vector<Table> result;
    result.push_back(tables.table({"brokers", "broker", label(&market::Order::broker)}));
    result.push_back(tables.table({"venues", "venue", {}}));
    result.push_back(tables.table({"symbols", "symbol", symbol}));
    result.push_back(tables.table({"algos", "algo", label(&market::Order::algo)}));
    return result;
}

}  // namespace slipcast::tca::detail
