#include "context.hpp"

#include <algorithm>
#include <numeric>

#include "features.hpp"
#include "slipcast/core/decimal.hpp"

namespace slipcast::tca::detail {

namespace {

/// Rows of the fills, grouped by the row of their order, each group by time (ties by row).
void group_fills(Context& context) {
    const market::Dataset& dataset = context.dataset;
    std::vector<std::size_t> row_of_order(static_cast<std::size_t>(dataset.names.orders.size()), dataset.orders.size());
    for (std::size_t row = 0; row < dataset.orders.size(); ++row) {
        row_of_order[static_cast<std::size_t>(dataset.orders[row].id.index())] = row;
    }
    const auto order_row = [&](std::size_t fill) {
        return row_of_order[static_cast<std::size_t>(dataset.fills[fill].order.index())];
    };
    context.fill_rows.resize(dataset.fills.size());
    std::iota(context.fill_rows.begin(), context.fill_rows.end(), std::size_t{0});
    std::sort(context.fill_rows.begin(), context.fill_rows.end(), [&](std::size_t a, std::size_t b) {
        if (order_row(a) != order_row(b)) return order_row(a) < order_row(b);
        if (dataset.fills[a].time != dataset.fills[b].time) return dataset.fills[a].time < dataset.fills[b].time;
        return a < b;
    });
    context.order_fills.resize(dataset.orders.size());
    std::size_t begin = 0;
    while (begin < context.fill_rows.size()) {
        const std::size_t order = order_row(context.fill_rows[begin]);
        SLIPCAST_ASSERT(order < dataset.orders.size(), "every accepted fill has its order");
        std::size_t end = begin;
        while (end < context.fill_rows.size() && order_row(context.fill_rows[end]) == order) ++end;
        context.order_fills[order] = {begin, end};
        begin = end;
    }
}

std::vector<std::vector<std::size_t>> placements_by_instrument(const market::Dataset& dataset) {
    std::vector<InstrumentId> instrument_of(static_cast<std::size_t>(dataset.names.orders.size()));
    for (const market::Order& order : dataset.orders) {
        instrument_of[static_cast<std::size_t>(order.id.index())] = order.instrument;
    }
    std::vector<std::vector<std::size_t>> rows(dataset.instruments.size());
    for (std::size_t row = 0; row < dataset.placements.size(); ++row) {
        const InstrumentId id = instrument_of[static_cast<std::size_t>(dataset.placements[row].order.index())];
        rows[static_cast<std::size_t>(id.index())].push_back(row);
    }
    for (std::vector<std::size_t>& placements : rows) {
        std::ranges::stable_sort(placements, {}, [&](std::size_t row) { return dataset.placements[row].sent_time; });
    }
    return rows;
}

}  // namespace

Result<Context> context_of(const market::Dataset& dataset, const MeasureOptions& options) {
    SLIPCAST_CHECK(options.validate());
    if (dataset.orders.empty()) {
        return Error{ErrorCode::missing_field, "orders", "", "a measurement needs at least one order or fill", {}};
    }
    Context context{dataset, options, {}, {}, {}, {}, {}, {}, {}, {}, {}};
    for (const std::string& text : options.markouts) {
        SLIPCAST_TRY(horizon, parse_horizon(text));
        context.horizons.push_back(horizon);
    }
    for (const std::string& text : options.pwp_rates) {
        SLIPCAST_TRY(rate, parse_decimal(text, 4, "pwp_rates"));
        context.pwp_rates.push_back(rate);
    }
    group_fills(context);
    context.courses = order_courses(dataset);
    context.instrument_orders.resize(dataset.instruments.size());
    for (std::size_t row = 0; row < dataset.orders.size(); ++row) {
        context.instrument_orders[static_cast<std::size_t>(dataset.orders[row].instrument.index())].push_back(row);
    }
    context.instrument_placements = placements_by_instrument(dataset);
    context.flow_ranges = flow_ranges(dataset, options.sector_flow_window);
    context.is_replay = dataset.provenance.contains("replay.seed");
    return context;
}

}  // namespace slipcast::tca::detail
