#include "outliers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace slipcast::tca::detail {

namespace {

constexpr std::size_t kMinJudged = 10;
/// Makes the MAD of normal draws their standard deviation: 1 / (the normal quantile of 3/4).
constexpr double kMadToDeviation = 1.4826;

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1) return *middle;
    return 0.5 * (*middle + *std::max_element(values.begin(), middle));
}

/// What one row costs and what a tick is of its price, both in bps.
struct Judged {
    std::size_t row = 0;
    double cost_bps = 0.0;
    double tick_bps = 0.0;
    bool is_included = true;
};

/// The middle of the included costs and their deviation from it.
struct Middle {
    double center = 0.0;
    double deviation = 0.0;
};

std::optional<Middle> middle_of(const std::vector<Judged>& rows) {
    std::vector<double> costs;
    std::vector<double> ticks;
    for (const Judged& row : rows) {
        if (!row.is_included) continue;
        costs.push_back(row.cost_bps);
        ticks.push_back(row.tick_bps);
    }
    if (costs.size() < kMinJudged) return std::nullopt;
    Middle middle;
    middle.center = median(costs);
    for (double& cost : costs) cost = std::abs(cost - middle.center);
    middle.deviation = std::max(kMadToDeviation * median(std::move(costs)), median(std::move(ticks)));
    return middle;
}

double tick_bps(const market::Instrument& instrument, Price price) {
    return ratio(instrument.tick_size, price) * 1e4;
}

std::vector<Judged> judged_orders(const Context& context, const Records& records, std::size_t instrument) {
    const market::Instrument& stock = context.dataset.instruments[instrument];
    std::vector<Judged> rows;
    for (const std::size_t row : context.instrument_orders[instrument]) {
        const OrderRecord& record = records.orders[row];
        const auto& arrival = record.benchmark(Benchmark::arrival);
        if (!arrival || arrival->units() <= 0) continue;
        const auto cost =
            slippage(context.dataset.orders[row].side, record.executed, *arrival, stock.value, stock.tick_size);
        if (cost && cost->bps) rows.push_back({row, *cost->bps, tick_bps(stock, *arrival), record.included});
    }
    return rows;
}

std::vector<Judged> judged_fills(const Context& context, const Records& records, std::size_t instrument) {
    const market::Instrument& stock = context.dataset.instruments[instrument];
    std::vector<Judged> rows;
    for (const std::size_t order : context.instrument_orders[instrument]) {
        const Side side = context.dataset.orders[order].side;
        for (const std::size_t row : context.fills_of(order)) {
            const MidAt mid = records.fills[row].quote.mid_at();
            if (!mid.is_usable() || mid.mid.units() <= 0) continue;
            const PriceMove paid = signed_move(side, context.dataset.fills[row].price - mid.mid);
            rows.push_back({row, ratio(paid, mid.mid) * 1e4, tick_bps(stock, mid.mid), records.orders[order].included});
        }
    }
    return rows;
}

/// The row with the score farthest from zero of those beyond the limit, and how many there are.
struct Found {
    std::int64_t count = 0;
    std::size_t row = 0;
    double score = 0.0;
};

template <typename Record>
Found beyond(const std::vector<Record>& records, const MeasureOptions& options) {
    Found found;
    for (std::size_t row = 0; row < records.size(); ++row) {
        const auto& score = records[row].outlier_score;
        if (!is_outlier(score, options)) continue;
        ++found.count;
        if (std::abs(*score) <= std::abs(found.score)) continue;
        found.row = row;
        found.score = *score;
    }
    return found;
}

void note(const Found& found, const char* table, const char* field, std::string_view id,
          market::QualityReport& quality) {
    if (found.count == 0) return;
    market::Finding finding;
    finding.table = table;
    finding.disposition = market::Disposition::flagged;
    finding.error = {ErrorCode::inconsistent,
                     field,
                     fmt::format("{}: score {:.1f}", id, found.score),
                     "far from the middle of its symbol, see column outlier; measured like every other",
                     {}};
    quality.add_remark(std::move(finding), found.count);
}

}  // namespace

void score_outliers(const Context& context, Records& records) {
    const auto score = [](const std::vector<Judged>& rows, auto& scored) {
        const auto middle = middle_of(rows);
        if (!middle || middle->deviation <= 0.0) return;
        for (const Judged& row : rows) {
            scored[row.row].outlier_score = (row.cost_bps - middle->center) / middle->deviation;
        }
    };
    for (std::size_t i = 0; i < context.instrument_orders.size(); ++i) {
        if (context.instrument_orders[i].empty()) continue;
        score(judged_orders(context, records, i), records.orders);
        score(judged_fills(context, records, i), records.fills);
    }
}

void note_outliers(const Context& context, const Records& records, market::QualityReport& quality) {
    const auto& names = context.dataset.names;
    const Found orders = beyond(records.orders, context.options);
    if (orders.count > 0) {
        note(orders, "orders", "arrival_cost_bps", names.orders.name(context.dataset.orders[orders.row].id), quality);
    }
    const Found fills = beyond(records.fills, context.options);
    if (fills.count > 0) {
        note(fills, "fills", "price", names.fills.name(context.dataset.fills[fills.row].id), quality);
    }
}

}  // namespace slipcast::tca::detail
