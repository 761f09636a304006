#include <algorithm>
#include <cmath>
#include <map>

#include "aggregates.hpp"
#include "slipcast/core/assert.hpp"
#include "slipcast/core/table_builder.hpp"
#include "slipcast/math/statistics.hpp"
#include "tables.hpp"

namespace slipcast::tca::detail {

namespace {

double edge(std::int64_t bin, int per_decade) {
    return std::pow(10.0, static_cast<double>(bin) / per_decade);
}

/// The bin with edge(bin) <= x < edge(bin + 1); rounding of the logarithm is undone at the edges.
std::int64_t bin_of(double x, int per_decade) {
    auto bin = static_cast<std::int64_t>(std::floor(std::log10(x) * per_decade));
    while (x < edge(bin, per_decade)) --bin;
    while (x >= edge(bin + 1, per_decade)) ++bin;
    return bin;
}

/// Sizes that are shares of different volumes are not one axis.
struct BinKey {
    std::size_t basis = 0;  ///< into kSizeBases
    std::int64_t index = 0;
    friend auto operator<=>(const BinKey&, const BinKey&) = default;
};

std::size_t basis_of(const OrderRecord& record) {
    const auto found = std::find(kSizeBases.begin(), kSizeBases.end(), record.size_basis);
    SLIPCAST_ASSERT(found != kSizeBases.end(), "a size has its basis");
    return static_cast<std::size_t>(found - kSizeBases.begin());
}

struct Bin {
    BinKey key;
    math::Moments moments;
    Money total;
    Aggregate aggregate;
};

}  // namespace

Table size_bins_table(const Context& context, const Records& records, const Blocks& blocks) {
    const OrderTerms terms(context, records);
    const RatioOf cost = terms.slippage_against(Benchmark::arrival);
    std::map<BinKey, std::vector<std::size_t>> members;
    for (const std::size_t row : included_orders(records)) {
        const auto& size = records.orders[row].size;
        if (size && *size > 0.0 && cost(row)) {
            members[{basis_of(records.orders[row]), bin_of(*size, context.options.bins_per_decade)}].push_back(row);
        }
    }
    std::vector<Bin> bins;
    for (const auto& [key, rows] : members) {
        Bin& bin = bins.emplace_back();
        bin.key = key;
        for (const std::size_t row : rows) {
            const market::Order& order = context.dataset.orders[row];
            const market::Instrument& instrument = context.dataset.instrument(order.instrument);
            const auto slip =
                slippage(order.side, records.orders[row].executed, *records.orders[row].benchmark(Benchmark::arrival),
                         instrument.value, instrument.tick_size);
            const RatioTerm term = *cost(row);
            bin.moments.add(term.numerator / term.denominator * 1e4, term.denominator);
            bin.total += slip->cash;
        }
        bin.aggregate = blocks.aggregates(rows, rows, std::span(&cost, 1)).front();
    }
    const int per_decade = context.options.bins_per_decade;
    TableBuilder builder("size_bins", bins.size());
    builder.add_label(plain("basis", "which daily volume sizes are shares of, as size_basis of the orders"),
                      [&](std::size_t row) { return kSizeBases[bins[row].key.basis]; });
    builder.add(plain("x_low", "lower edge: ordered quantity over daily volume, included"),
                [&](std::size_t row) { return edge(bins[row].key.index, per_decade); });
    builder.add(plain("x_high", "upper edge, excluded"),
                [&](std::size_t row) { return edge(bins[row].key.index + 1, per_decade); });
    builder.add(plain("count", "orders"), [&](std::size_t row) { return bins[row].moments.count(); });
    const auto bps = [&](const char* name, const char* meaning, const auto& of) {
        builder.add(aggregated(name, "bps", SignTag::cost, meaning, "arrival_price"), of);
    };
    const auto scaled = [](const std::optional<double>& value) {
        return value ? std::optional<double>(*value * 1e4) : std::nullopt;
    };
    bps("mean", "arrival cost: cash over executed notional",
        [&](std::size_t row) { return scaled(bins[row].aggregate.interval.estimate); });
    bps("std", "standard deviation of the orders' costs, weighted with their notional",
        [&](std::size_t row) { return bins[row].moments.deviation(); });
    bps("std_error", "of the mean if orders were independent; low and high do not assume it",
        [&](std::size_t row) { return bins[row].moments.standard_error(); });
    builder.add(
        metric("total_cash", cash_unit(context), SignTag::cost, "arrival cost of all its orders", "arrival_price"),
        [&](std::size_t row) { return bins[row].total; });
    bps("low", "lower end of the interval", [&](std::size_t row) { return scaled(bins[row].aggregate.interval.low); });
    bps("high", "upper end of the interval",
        [&](std::size_t row) { return scaled(bins[row].aggregate.interval.high); });
    builder.add(plain("blocks", "blocks resampled"),
                [&](std::size_t row) { return bins[row].aggregate.interval.blocks; });
    builder.add_label(plain("block_kind", "what a block is"),
                      [&](std::size_t row) { return bins[row].aggregate.block_kind; });
    return builder.take();
}

}  // namespace slipcast::tca::detail
