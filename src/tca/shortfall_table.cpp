#include <array>
#include <map>
#include <set>

#include "aggregates.hpp"
#include "filters.hpp"
#include "slipcast/core/table_builder.hpp"
#include "tables.hpp"

namespace slipcast::tca::detail {

namespace {

/// One part of the waterfall on one basis.
struct Part {
    const char* name;
    const char* basis;
    std::optional<Money> (*of)(const Shortfall&);
};

using Cash = std::optional<Money>;
Cash spread(const Shortfall& s) {
    return s.spread;
}
Cash fees(const Shortfall& s) {
    return s.fees;
}
Cash drift(const Shortfall& s) {
    return s.drift;
}
Cash unmarked(const Shortfall& s) {
    return s.unmarked;
}
Cash total(const Shortfall& s) {
    return s.total;
}
Cash delay(const Shortfall& s) {
    return s.delay;
}
Cash opportunity(const Shortfall& s) {
    return s.opportunity;
}
Cash delay_executed(const Shortfall& s) {
    return s.delay_executed;
}
/// Without a decision price both bases are the market-activity shortfall.
Cash opportunity_executed(const Shortfall& s) {
    return s.opportunity_executed ? s.opportunity_executed : s.opportunity;
}

constexpr std::array<Part, 14> kParts{{{"delay", "order", delay},
                                       {"spread", "order", spread},
                                       {"drift", "order", drift},
                                       {"opportunity", "order", opportunity},
                                       {"fees", "order", fees},
                                       {"unmarked", "order", unmarked},
                                       {"total", "order", total},
                                       {"delay", "executed", delay_executed},
                                       {"spread", "executed", spread},
                                       {"drift", "executed", drift},
                                       {"opportunity", "executed", opportunity_executed},
                                       {"fees", "executed", fees},
                                       {"unmarked", "executed", unmarked},
                                       {"total", "executed", total}}};

}  // namespace

Table shortfall_table(const Context& context, const Records& records, const Blocks& blocks) {
    const OrderTerms terms(context, records);
    const std::vector<std::size_t> rows = included_orders(records);
    std::vector<RatioOf> ratios;
    for (const Part& part : kParts) ratios.push_back(terms.ledger_part(part.of));
    const std::vector<Aggregate> found = blocks.aggregates(rows, rows, ratios);
    std::array<Money, kParts.size()> cash;
    std::int64_t orders = 0;
    for (const std::size_t row : rows) {
        const Shortfall& ledger = records.orders[row].ledger;
        if (!ledger.total) continue;
        ++orders;
        for (std::size_t p = 0; p < kParts.size(); ++p) cash[p] += kParts[p].of(ledger).value_or(Money{});
    }
    TableBuilder builder("shortfall", kParts.size());
    const auto bps = [&](const char* name, const char* meaning, std::optional<double> math::RatioInterval::* field) {
        builder.add(aggregated(name, "bps", SignTag::cost, meaning), [&, field](std::size_t row) {
            const auto& value = found[row].interval.*field;
            return value ? std::optional<double>(*value * 1e4) : std::nullopt;
        });
    };
    builder.add(plain("part", "of the shortfall"), [](std::size_t row) { return std::string(kParts[row].name); });
    builder.add(metric("cash", cash_unit(context), SignTag::cost, "sum over the included orders whose total is known"),
                [&](std::size_t row) { return orders > 0 ? std::optional(cash[row]) : std::nullopt; });
    bps("bps", "cash over the sum of paper notionals", &math::RatioInterval::estimate);
    bps("low", "lower end of the interval", &math::RatioInterval::low);
    bps("high", "upper end of the interval", &math::RatioInterval::high);
    builder.add(plain("basis", "order: delay on the ordered quantity; executed: on the executed one"),
                [](std::size_t row) { return std::string(kParts[row].basis); });
    builder.add(plain("count", "orders whose total is known"), [&](std::size_t) { return orders; });
    return builder.take();
}

Table baskets_table(const Context& context, const Records& records) {
    struct Basket {
        std::int64_t orders = 0;
        std::int64_t fills = 0;
        Money notional;
        std::array<Money, 7> parts;
        bool is_whole = true;
    };
    std::map<LabelId, Basket> baskets;
    std::set<LabelId> broken;
    for (std::size_t row = 0; row < records.orders.size(); ++row) {
        const LabelId id = context.dataset.orders[row].basket;
        const OrderRecord& record = records.orders[row];
        if (id.is_none()) continue;
        // An order that nobody can total leaves its basket without a total, also where a filter would have left it
        // out: these reasons come before those of filters, because no filter can trust such an order. One that a filter
        // left out is no part of the basket.
        const bool is_unknown = record.excluded_because == kFillsQuarantined || record.crosses_split;
        if (is_unknown) broken.insert(id);
        if (!record.included) continue;
        Basket& basket = baskets[id];
        ++basket.orders;
        basket.fills += record.fills;
        if (record.notional) basket.notional += *record.notional;
        basket.is_whole = basket.is_whole && record.ledger.total.has_value();
        for (std::size_t p = 0; p < basket.parts.size(); ++p) {
            basket.parts[p] += kParts[p].of(record.ledger).value_or(Money{});
        }
    }
    for (auto& [id, basket] : baskets) basket.is_whole = basket.is_whole && !broken.contains(id);
    const std::vector<std::pair<LabelId, Basket>> rows(baskets.begin(), baskets.end());
    const std::string cash = cash_unit(context);
    TableBuilder builder("baskets", rows.size());
    builder.add(plain("basket_id", "the basket"),
                [&](std::size_t row) { return std::string(context.dataset.names.labels.name(rows[row].first)); });
    builder.add(plain("orders", "included orders"), [&](std::size_t row) { return rows[row].second.orders; });
    builder.add(plain("fills", "their executions"), [&](std::size_t row) { return rows[row].second.fills; });
    builder.add(metric("notional_cash", cash, SignTag::none, "executed quantity at arrival prices"),
                [&](std::size_t row) { return rows[row].second.notional; });
    for (std::size_t p = 0; p < 7; ++p) {
        const std::string part = kParts[p].name;
        const std::string name = part == "total" ? "shortfall_cash" : part + "_cash";
        builder.add(metric(name, cash, SignTag::cost, "sum over its orders; missing when one of them has no total"),
                    [&, p](std::size_t row) {
                        const Basket& basket = rows[row].second;
                        return basket.is_whole ? std::optional<Money>(basket.parts[p]) : std::nullopt;
                    });
    }
    return builder.take();
}

}  // namespace slipcast::tca::detail
