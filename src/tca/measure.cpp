#include "slipcast/tca/measure.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "context.hpp"
#include "slipcast/core/random.hpp"
#include "slipcast/core/version.hpp"
#include "tables.hpp"
#include "workers.hpp"

namespace slipcast::tca {

namespace {

using detail::Context;
using detail::Records;

/// Instruments that any order trades, in the order of their ids.
std::vector<InstrumentId> traded_instruments(const Context& context) {
    std::vector<InstrumentId> traded;
    for (std::size_t i = 0; i < context.instrument_orders.size(); ++i) {
        if (context.instrument_orders[i].empty()) continue;
        traded.push_back(InstrumentId::from_index(static_cast<std::int32_t>(i)));
    }
    return traded;
}

/// Rows of included orders by arrival cost in cash, worst first; ties by row.
std::vector<std::int32_t> worst_orders(const Context& context, const Records& records) {
    struct Cost {
        double cash;
        std::int32_t row;
    };
    std::vector<Cost> costs;
    for (std::size_t row = 0; row < records.orders.size(); ++row) {
        const auto& record = records.orders[row];
        const market::Order& order = context.dataset.orders[row];
        const market::Instrument& instrument = context.dataset.instrument(order.instrument);
        const auto& arrival = record.benchmark(Benchmark::arrival);
        if (!record.included || !arrival) continue;
        const auto cost = slippage(order.side, record.executed, *arrival, instrument.value, instrument.tick_size);
        if (cost) costs.push_back({cost->cash.to_double(), static_cast<std::int32_t>(row)});
    }
    std::stable_sort(costs.begin(), costs.end(), [](const Cost& a, const Cost& b) { return a.cash > b.cash; });
    std::vector<std::int32_t> rows;
    for (const Cost& cost : costs) {
        if (static_cast<std::int64_t>(rows.size()) == context.options.worst_orders) break;
        rows.push_back(cost.row);
    }
    return rows;
}

std::map<std::string, std::string> provenance(const market::Dataset& dataset, const MeasureOptions& options) {
    std::map<std::string, std::string> facts = dataset.provenance;
    MeasureOptions copy = options;
    copy.threads = 0;  // results depend on neither
    copy.window = MeasureOptions{}.window;
    const std::string text = copy.settings().canonical_text();
    facts["version"] = std::string(version());
    facts["options"] = text;
    facts["options_digest"] = fmt::format("{:016x}", digest64(text));
    facts["seed"] = fmt::format("{}", options.seed);
    return facts;
}

}  // namespace

const Table* Measurement::find(std::string_view name) const {
    for (const Table& table : tables) {
        if (table.name() == name) return &table;
    }
    return nullptr;
}

Result<Measurement> measure(const market::Dataset& dataset, const MeasureOptions& options, const Progress& progress) {
    SLIPCAST_TRY(context, detail::context_of(dataset, options));
    Records records;
    records.orders.resize(dataset.orders.size());
    records.fills.resize(dataset.fills.size());
    records.markouts.resize(dataset.fills.size() * context.horizons.size());
    const std::vector<InstrumentId> traded = traded_instruments(context);
    SLIPCAST_CHECK(detail::run_tasks(
        traded.size(), options.threads,
        [&](std::size_t i) { return detail::measure_instrument(context, traded[i], records); }, progress));
    Measurement measurement;
    measurement.tables.push_back(detail::orders_table(context, records));
    measurement.tables.push_back(detail::fills_table(context, records));
    measurement.tables.push_back(detail::placements_table(context));
    measurement.tables.push_back(detail::markouts_table(context, records));
    for (Table& table : detail::quality_tables(dataset.quality)) measurement.tables.push_back(std::move(table));
    measurement.provenance = provenance(dataset, options);
    measurement.worst_orders = worst_orders(context, records);
    return measurement;
}

}  // namespace slipcast::tca
