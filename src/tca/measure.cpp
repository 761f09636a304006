#include "slipcast/tca/measure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "aggregates.hpp"
#include "context.hpp"
#include "features.hpp"
#include "filters.hpp"
#include "outliers.hpp"
#include "slipcast/core/random.hpp"
#include "slipcast/core/version.hpp"
#include "slipcast/market/quality_tables.hpp"
#include "tables.hpp"
#include "workers.hpp"

namespace slipcast::tca {

namespace {

using detail::Context;
using detail::Records;

/// Instruments that any order trades, those whose flow a decision could have watched, and those whose sessions score
/// the forecasts. Those with most orders come first, so that the last thread is not left alone with the longest walk;
/// the others in the order of their ids.
std::vector<InstrumentId> walked_instruments(const Context& context) {
    std::vector<InstrumentId> walked;
    for (std::size_t i = 0; i < context.instrument_orders.size(); ++i) {
        const bool is_asked = !context.instrument_orders[i].empty() || context.flow_ranges[i] != TimeRange{};
        if (!is_asked && !detail::has_forecasts(context.dataset)) continue;
        if (context.dataset.instruments[i].id.is_none()) continue;
        walked.push_back(InstrumentId::from_index(static_cast<std::int32_t>(i)));
    }
    std::ranges::stable_sort(walked, std::greater{}, [&](InstrumentId id) {
        return context.instrument_orders[static_cast<std::size_t>(id.index())].size();
    });
    return walked;
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
    std::sort(costs.begin(), costs.end(),
              [](const Cost& a, const Cost& b) { return a.cash != b.cash ? a.cash > b.cash : a.row < b.row; });
    std::vector<std::int32_t> rows;
    for (const Cost& cost : costs) {
        if (static_cast<std::int64_t>(rows.size()) == context.options.worst_orders) break;
        rows.push_back(cost.row);
    }
    return rows;
}

/// Sent and filled quantity of each order's placements.
void add_placements(const market::Dataset& dataset, Records& records) {
    std::vector<Quantity> sent(static_cast<std::size_t>(dataset.names.orders.size()));
    std::vector<Quantity> filled = sent;
    for (const market::Placement& placement : dataset.placements) {
        sent[static_cast<std::size_t>(placement.order.index())] += placement.quantity;
        filled[static_cast<std::size_t>(placement.order.index())] += placement.filled_quantity;
    }
    for (std::size_t row = 0; row < dataset.orders.size(); ++row) {
        const auto order = static_cast<std::size_t>(dataset.orders[row].id.index());
        records.orders[row].sent = sent[order];
        records.orders[row].sent_filled = filled[order];
    }
}

void mark_corrected(const market::Dataset& dataset, Records& records) {
    std::vector<bool> corrected(static_cast<std::size_t>(dataset.names.fills.size()));
    for (const market::FillEvent& event : dataset.fill_events) {
        corrected[static_cast<std::size_t>(event.fill.index())] = true;
    }
    for (std::size_t row = 0; row < dataset.fills.size(); ++row) {
        records.fills[row].corrected = corrected[static_cast<std::size_t>(dataset.fills[row].id.index())];
    }
}

/// Makes every table in turn, and between two of them asks whether to go on. That of the mark-outs stands fourth and is
/// made last: it takes over what the others read.
Result<std::vector<Table>> all_tables(const Context& context, Records& records, const Progress& progress) {
    const detail::Blocks blocks(context, records);
    const std::vector<std::function<Table()>> makers{
        [&] { return detail::orders_table(context, records); },
        [&] { return detail::fills_table(context, records); },
        [&] { return detail::placements_table(context, records); },
        [&] { return detail::baskets_table(context, records); },
        [&] { return detail::summary_table(context, records, blocks); },
        [&] { return detail::shortfall_table(context, records, blocks); },
        [&] { return detail::size_bins_table(context, records, blocks); },
        [&] { return detail::markout_curves_table(context, records, blocks); },
    };
    std::vector<Table> tables;
    const auto count = static_cast<std::int64_t>(makers.size()) + 1;
    for (std::int64_t i = 0; i + 1 < count; ++i) {
        if (progress && !progress("tables", i, count)) return detail::interrupted();
        tables.push_back(makers[static_cast<std::size_t>(i)]());
    }
    if (progress && !progress("tables", count - 1, count)) return detail::interrupted();
    for (Table& table : detail::group_tables(context, records, blocks)) tables.push_back(std::move(table));
    tables.insert(tables.begin() + 3, detail::markouts_table(context, records));
    if (progress && !progress("tables", count, count)) return detail::interrupted();
    return tables;
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
    records.sent_mids.resize(dataset.placements.size());
    records.flows.resize(dataset.instruments.size());
    records.histories.resize(dataset.instruments.size());
    const std::vector<InstrumentId> walked = walked_instruments(context);
    SLIPCAST_CHECK(detail::run_tasks(
        walked.size(), options.threads,
        [&](std::size_t i, const detail::StopSign& stop) {
            return detail::measure_instrument(context, walked[i], stop, records);
        },
        progress));
    add_placements(dataset, records);
    mark_corrected(dataset, records);
    std::vector<Table> scores = detail::add_forecasts(context, records);
    detail::add_sector_flow(context, records);
    detail::add_crowding(context, records);
    detail::apply_filters(context, records);
    detail::score_outliers(context, records);
    Measurement measurement;
    SLIPCAST_TRY(tables, all_tables(context, records, progress));
    measurement.tables = std::move(tables);
    measurement.quality = dataset.quality;
    detail::note_filters(records, measurement.quality);
    detail::note_outliers(context, records, measurement.quality);
    for (Table& table : market::quality_tables(measurement.quality)) measurement.tables.push_back(std::move(table));
    for (Table& table : scores) measurement.tables.push_back(std::move(table));
    measurement.provenance = provenance(dataset, options);
    measurement.worst_orders = worst_orders(context, records);
    return measurement;
}

}  // namespace slipcast::tca
