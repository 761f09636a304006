#include "aggregates.hpp"

namespace slipcast::tca::detail {

namespace {

std::optional<RatioTerm> term(const Money& part, const Money& whole, double scale = 1.0) {
    if (whole.units() <= 0) return std::nullopt;
    return RatioTerm{part.to_double() * scale, whole.to_double()};
}

}  // namespace

std::vector<std::size_t> included_orders(const Records& records) {
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < records.orders.size(); ++row) {
        if (records.orders[row].included) rows.push_back(row);
    }
    return rows;
}

RatioOf OrderTerms::slippage_against(Benchmark benchmark) const {
    return [this, benchmark](std::size_t row) -> std::optional<RatioTerm> {
        const auto& price = record(row).benchmark(benchmark);
        if (!price) return std::nullopt;
        const market::Instrument& stock = instrument(row);
        const auto cost = slippage(order(row).side, record(row).executed, *price, stock.value, stock.tick_size);
        if (!cost) return std::nullopt;
        return term(cost->cash, stock.value.notional(*price, record(row).executed.quantity));
    };
}

RatioOf OrderTerms::ledger_part(std::optional<Money> (*part)(const Shortfall&)) const {
    return [this, part](std::size_t row) -> std::optional<RatioTerm> {
        const Shortfall& ledger = record(row).ledger;
        if (!ledger.total || !ledger.paper_notional) return std::nullopt;
        return term(part(ledger).value_or(Money{}), *ledger.paper_notional);
    };
}

RatioOf OrderTerms::cash_over(Money OrderRecord::* part, Money OrderRecord::* whole) const {
    return [this, part, whole](std::size_t row) { return term(record(row).*part, record(row).*whole); };
}

RatioOf OrderTerms::notional_weighted(std::optional<double> OrderRecord::* field) const {
    return [this, field](std::size_t row) -> std::optional<RatioTerm> {
        const auto& notional = record(row).notional;
        const auto& value = record(row).*field;
        if (!value || !notional || notional->units() <= 0) return std::nullopt;
        return RatioTerm{*value * notional->to_double(), notional->to_double()};
    };
}

RatioOf OrderTerms::fees() const {
    return [this](std::size_t row) -> std::optional<RatioTerm> {
        if (!record(row).notional) return std::nullopt;
        return term(record(row).ledger.fees, *record(row).notional);
    };
}

RatioOf OrderTerms::half_spread() const {
    return [this](std::size_t row) { return term(record(row).ledger.spread, record(row).marked_notional); };
}

RatioOf OrderTerms::completion() const {
    return [this](std::size_t row) -> std::optional<RatioTerm> {
        const auto& arrival = record(row).benchmark(Benchmark::arrival);
        if (!record(row).completion || !arrival || arrival->units() <= 0) return std::nullopt;
        const double ordered = instrument(row).value.notional(*arrival, context_.courses[row].ordered).to_double();
        return RatioTerm{*record(row).completion * ordered, ordered};
    };
}

RatioOf OrderTerms::fill_rate() const {
    return [this](std::size_t row) -> std::optional<RatioTerm> {
        if (record(row).sent.units() <= 0) return std::nullopt;
        const int decimals = instrument(row).value.quantity_decimals();
        return RatioTerm{record(row).sent_filled.to_double(decimals), record(row).sent.to_double(decimals)};
    };
}

}  // namespace slipcast::tca::detail
