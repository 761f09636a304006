#include "filters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace slipcast::tca::detail {

namespace {

/// The currency of most orders; the first code of equals.
Currency main_currency(const market::Dataset& dataset) {
    std::map<Currency, std::int64_t> counts;
    for (const market::Order& order : dataset.orders) ++counts[dataset.instrument(order.instrument).value.currency()];
    Currency best;
    std::int64_t most = 0;
    for (const auto& [currency, count] : counts) {
        if (count > most) best = currency;
        most = std::max(most, count);
    }
    return best;
}

/// Whether each client, by the index of its label, cancels more than the option allows.
std::vector<bool> cancelling_clients(const Context& context) {
    const auto labels = static_cast<std::size_t>(context.dataset.names.labels.size());
    std::vector<std::int64_t> orders(labels);
    std::vector<std::int64_t> cancels(labels);
    for (const market::Order& order : context.dataset.orders) {
        if (order.client.is_none()) continue;
        const auto client = static_cast<std::size_t>(order.client.index());
        ++orders[client];
        if (order.cancel_time) ++cancels[client];
    }
    std::vector<bool> cancelling(labels);
    for (std::size_t i = 0; i < labels; ++i) {
        cancelling[i] =
            static_cast<double>(cancels[i]) > context.options.max_client_cancel_share * static_cast<double>(orders[i]);
    }
    return cancelling;
}

}  // namespace

void apply_filters(const Context& context, Records& records) {
    const market::Dataset& dataset = context.dataset;
    const Currency currency = main_currency(dataset);
    const std::vector<bool> cancelling = cancelling_clients(context);
    for (std::size_t row = 0; row < dataset.orders.size(); ++row) {
        const market::Order& order = dataset.orders[row];
        const market::Instrument& instrument = dataset.instrument(order.instrument);
        std::string reason;
        if (order.quarantined_fills > 0) {
            reason = kFillsQuarantined;
        } else if (records.orders[row].crosses_split) {
            reason = "a split between its arrival and its end";
        } else if (context.options.exclude_limit_orders && context.courses[row].has_limit) {
            reason = "has a limit price";
        } else if (!order.client.is_none() && cancelling[static_cast<std::size_t>(order.client.index())]) {
            reason = "its client cancels too often";
        } else if (context.options.outright_only && instrument.kind != market::ContractKind::outright) {
            reason = "spread contract";
        } else if (instrument.value.currency() != currency) {
            reason = fmt::format("not in {}", currency.code());
        }
        records.orders[row].included = reason.empty();
        records.orders[row].excluded_because = std::move(reason);
    }
}

void note_filters(const Records& records, market::QualityReport& quality) {
    std::map<std::string, std::int64_t> counts;
    for (const OrderRecord& record : records.orders) {
        if (!record.included) ++counts[record.excluded_because];
    }
    for (const auto& [reason, count] : counts) {
        const char* effect = reason == kFillsQuarantined
                                 ? "what they executed is not known: no completion, opportunity or total, and not "
                                   "counted in the aggregates"
                                 : "measured row by row, not counted in the aggregates";
        quality.add(market::Degradation{"orders", "left out: " + reason, effect, count});
    }
    const auto decided = std::count_if(records.orders.begin(), records.orders.end(),
                                       [](const OrderRecord& record) { return record.decided_before_split; });
    if (decided > 0) {
        quality.add(market::Degradation{"orders", "decision price since the last split",
                                        "decided before a split that lies before their arrival: no delay", decided});
    }
    std::int64_t unmarked = 0;
    for (const OrderRecord& record : records.orders) unmarked += record.ledger.unmarked_fills;
    if (unmarked > 0) {
        quality.add(market::Degradation{"fills", "usable mid",
                                        "their trading cost is in the unmarked part: no spread, no drift", unmarked});
    }
    const auto added = std::count_if(records.orders.begin(), records.orders.end(),
                                     [](const OrderRecord& record) { return record.own_volume_added; });
    if (added > 0) {
        quality.add(
            market::Degradation{"trades", "own prints",
                                "the replay's source tape has none: an order's executions are added to the market "
                                "volume of its interval",
                                added});
    }
}

}  // namespace slipcast::tca::detail
