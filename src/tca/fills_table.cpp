#include <algorithm>
#include <span>

#include "outliers.hpp"
#include "slipcast/core/table_builder.hpp"
#include "tables.hpp"

namespace slipcast::tca::detail {

namespace {

std::string_view name_of(market::Liquidity liquidity) {
    constexpr std::array<std::string_view, 5> kNames{"added", "removed", "auction", "hidden", "unknown"};
    return kNames[static_cast<std::size_t>(liquidity)];
}

/// Rows of orders by the index of their id.
std::vector<std::size_t> order_rows(const market::Dataset& dataset) {
    std::vector<std::size_t> rows(static_cast<std::size_t>(dataset.names.orders.size()));
    for (std::size_t row = 0; row < dataset.orders.size(); ++row) {
        rows[static_cast<std::size_t>(dataset.orders[row].id.index())] = row;
    }
    return rows;
}

/// What every column of the fills and mark-out tables is computed from.
class FillView {
public:
    FillView(const Context& context, const Records& records)
        : context_(context), records_(records), order_rows_(order_rows(context.dataset)) {}
    const market::Fill& fill(std::size_t row) const { return context_.dataset.fills[row]; }
    std::size_t order_row(std::size_t row) const {
        return order_rows_[static_cast<std::size_t>(fill(row).order.index())];
    }
    const market::Order& order(std::size_t row) const { return context_.dataset.orders[order_row(row)]; }
    const market::Instrument& instrument(std::size_t row) const {
        return context_.dataset.instrument(order(row).instrument);
    }
    const FillRecord& record(std::size_t row) const { return records_.fills[row]; }
    const OrderRecord& order_record(std::size_t row) const { return records_.orders[order_row(row)]; }
    std::optional<Price> mid(std::size_t row) const {
        const MidAt mid = record(row).quote.mid_at();
        return mid.is_usable() ? std::optional<Price>(mid.mid) : std::nullopt;
    }
    Money cash(std::size_t row, PriceMove move) const {
        return instrument(row).value.cash(signed_move(order(row).side, move), fill(row).quantity);
    }
    /// s x move / reference x 1e4; missing unless the reference is positive.
    std::optional<double> bps(std::size_t row, PriceMove move, Price reference) const {
        if (reference.units() <= 0) return std::nullopt;
        return ratio(signed_move(order(row).side, move), reference) * 1e4;
    }

private:
    const Context& context_;
    const Records& records_;
    std::vector<std::size_t> order_rows_;
};

void add_fill_identity(TableBuilder& builder, const Context& context, const FillView& view) {
    const auto& names = context.dataset.names;
    builder.add_coded(plain("fill_id", "the execution"), pool_labels<decltype(names.fills), FillId>(names.fills),
                      [&](std::size_t row) { return view.fill(row).id.index(); });
    builder.add_coded(plain("order_id", "its parent order"), pool_labels<decltype(names.orders), OrderId>(names.orders),
                      [&](std::size_t row) { return view.fill(row).order.index(); });
    builder.add_coded(plain("placement_id", "its placement"),
                      pool_labels<decltype(names.placements), PlacementId>(names.placements),
                      [&](std::size_t row) { return view.fill(row).placement.index(); });
    builder.add_label(plain("symbol", "the instrument"),
                      [&](std::size_t row) { return names.symbols.name(view.order(row).instrument); });
    builder.add_label(plain("side", "buy or sell"), [&](std::size_t row) { return name(view.order(row).side); });
    builder.add(plain("time", "of the execution", "ns"), [&](std::size_t row) { return view.fill(row).time; });
    builder.add(plain("price", "of the execution", cash_unit(context)),
                [&](std::size_t row) { return view.fill(row).price; });
    builder.add(plain("quantity", "executed", "units"), [&](std::size_t row) {
        return view.fill(row).quantity.to_double(view.instrument(row).value.quantity_decimals());
    });
    builder.add_label(plain("venue", "where it traded"),
                      [&](std::size_t row) { return names.venues.name(view.fill(row).venue); });
    builder.add_label(plain("liquidity", "added, removed, auction, hidden or unknown"),
                      [&](std::size_t row) { return name_of(view.fill(row).liquidity); });
    builder.add(metric("fee_cash", cash_unit(context), SignTag::cost, "explicit cost; a rebate is negative"),
                [&](std::size_t row) { return view.fill(row).fee; });
}

void add_fill_quote(TableBuilder& builder, const std::string& cash, const FillView& view) {
    const auto quoted = [&](std::size_t row) { return view.record(row).quote.state != QuoteState::none; };
    const auto price = [&](const char* name, const char* meaning, Price QuoteAt::* field) {
        builder.add(metric(name, cash, SignTag::none, meaning), [&, field](std::size_t row) {
            return quoted(row) ? std::optional<Price>(view.record(row).quote.*field) : std::nullopt;
        });
    };
    builder.add(metric("mid", cash, SignTag::none, "half of bid + ask strictly before the fill; missing unless usable"),
                [&](std::size_t row) { return view.mid(row); });
    price("bid", "best bid strictly before the fill", &QuoteAt::bid);
    price("ask", "best ask strictly before the fill", &QuoteAt::ask);
    builder.add_label(plain("quote_state", "two_sided, locked, crossed, one_sided, stale or none"),
                      [&](std::size_t row) { return name(view.record(row).quote.state); });
    builder.add(metric("quote_age_ms", "ms", SignTag::none, "how long the quote had stood; an old one is not stale"),
                [&](std::size_t row) -> std::optional<double> {
                    if (!quoted(row)) return std::nullopt;
                    return static_cast<double>((view.fill(row).time - view.record(row).quote.time).count()) / 1e6;
                });
    builder.add(plain("stale", "a gap in the feed, a halt or a session break covers the fill"),
                [&](std::size_t row) { return view.record(row).quote.state == QuoteState::stale; });
}

void add_fill_costs(TableBuilder& builder, const std::string& cash, const FillView& view) {
    builder.add(metric("spread_cash", cash, SignTag::cost, "fill price against the mid before it"),
                [&](std::size_t row) -> std::optional<Money> {
                    const auto mid = view.mid(row);
                    return mid ? std::optional<Money>(view.cash(row, view.fill(row).price - *mid)) : std::nullopt;
                });
    builder.add(
        metric("drift_cash", cash, SignTag::cost, "the mid before the fill against the arrival price", "arrival_price"),
        [&](std::size_t row) -> std::optional<Money> {
            const auto mid = view.mid(row);
            const auto& arrival = view.order_record(row).benchmark(Benchmark::arrival);
            return mid && arrival ? std::optional<Money>(view.cash(row, *mid - *arrival)) : std::nullopt;
        });
    builder.add(metric("effective_spread_bps", "bps", SignTag::cost, "2 s (fill price - mid) over the mid"),
                [&](std::size_t row) -> std::optional<double> {
                    const auto mid = view.mid(row);
                    return mid ? view.bps(row, (view.fill(row).price - *mid) * 2, *mid) : std::nullopt;
                });
    builder.add(metric("quoted_spread_bps", "bps", SignTag::cost, "ask - bid over the mid"),
                [&](std::size_t row) -> std::optional<double> {
                    const auto mid = view.mid(row);
                    const QuoteAt& quote = view.record(row).quote;
                    if (!mid || mid->units() <= 0) return std::nullopt;
                    return ratio(quote.ask - quote.bid, *mid) * 1e4;
                });
    builder.add(metric("price_improvement_bps", "bps", SignTag::gain, "s (far touch - fill price) over the far touch"),
                [&](std::size_t row) -> std::optional<double> {
                    const QuoteAt& quote = view.record(row).quote;
                    const Price far = view.order(row).side == Side::buy ? quote.ask : quote.bid;
                    return quote.is_usable() ? view.bps(row, far - view.fill(row).price, far) : std::nullopt;
                });
    builder.add(plain("corrected", "changed by a correction"),
                [&](std::size_t row) { return view.record(row).corrected; });
    builder.add(plain("spread_indicative", "quotes were made from bars"),
                [&](std::size_t row) { return view.record(row).spread_indicative; });
}

}  // namespace

Table fills_table(const Context& context, const Records& records) {
    const FillView view(context, records);
    const std::string cash = cash_unit(context);
    TableBuilder builder("fills", context.dataset.fills.size());
    add_fill_identity(builder, context, view);
    add_fill_quote(builder, cash, view);
    add_fill_costs(builder, cash, view);
    builder.add(metric("outlier_score", "deviations", SignTag::cost,
                       "fill price against the mid, less the median of the symbol's, over 1.4826 MAD or a tick"),
                [&](std::size_t row) { return view.record(row).outlier_score; });
    builder.add(plain("outlier", "the score is beyond the limit; counts like every other. Missing without a score"),
                [&](std::size_t row) -> std::optional<bool> {
                    const auto& score = view.record(row).outlier_score;
                    return score ? std::optional<bool>(is_outlier(score, context.options)) : std::nullopt;
                });
    return builder.take();
}

Table markouts_table(const Context& context, Records& records) {
    const FillView view(context, records);
    const auto& names = context.dataset.names;
    const std::size_t horizons = context.horizons.size();
    // The columns move into the table; their values stay where they are.
    MarkoutColumns columns = std::move(records.markouts);
    const std::span<const Price> mids = columns.mid;
    const std::span<const std::uint8_t> observed = columns.observed;
    const bool are_all = std::ranges::find(observed, 0) == observed.end();
    TableBuilder builder("markouts", mids.size());
    const auto fill_of = [horizons](std::size_t row) { return row / horizons; };
    const auto horizon_of = [&](std::size_t row) -> const Horizon& { return context.horizons[row % horizons]; };
    builder.add_coded(plain("fill_id", "the execution"), pool_labels<decltype(names.fills), FillId>(names.fills),
                      [&](std::size_t row) { return view.fill(fill_of(row)).id.index(); });
    builder.add_coded(plain("order_id", "its parent order"), pool_labels<decltype(names.orders), OrderId>(names.orders),
                      [&](std::size_t row) { return view.fill(fill_of(row)).order.index(); });
    builder.add_label(plain("horizon", "distance from the fill; negative is before it"),
                      [&](std::size_t row) -> std::string_view { return horizon_of(row).text; });
    builder.add_label(plain("clock", "wall, trades or volume"),
                      [&](std::size_t row) { return name(horizon_of(row).clock); });
    builder.add({metric("mid", cash_unit(context), SignTag::none, "the mid at the horizon, strictly before it"),
                 std::move(columns.mid), are_all ? std::vector<std::uint8_t>{} : columns.observed});
    builder.add(metric("fill_anchored_bps", "bps", SignTag::gain, "s (mid at horizon - fill price) / fill price"),
                [&](std::size_t row) -> std::optional<double> {
                    const Price price = view.fill(fill_of(row)).price;
                    return observed[row] != 0 ? view.bps(fill_of(row), mids[row] - price, price) : std::nullopt;
                });
    builder.add(metric("mid_anchored_bps", "bps", SignTag::direction, "s (mid at horizon - mid before the fill) / mid"),
                [&](std::size_t row) -> std::optional<double> {
                    const auto mid = view.mid(fill_of(row));
                    return observed[row] != 0 && mid ? view.bps(fill_of(row), mids[row] - *mid, *mid) : std::nullopt;
                });
    builder.add(metric("realized_spread_bps", "bps", SignTag::cost,
                       "2 s (fill price - mid at horizon) over the mid before the fill"),
                [&](std::size_t row) -> std::optional<double> {
                    const auto mid = view.mid(fill_of(row));
                    if (observed[row] == 0 || !mid) return std::nullopt;
                    return view.bps(fill_of(row), (view.fill(fill_of(row)).price - mids[row]) * 2, *mid);
                });
    builder.add(plain("observed", "the horizon lies in the session and on the tape, with a usable mid"),
                BoolColumn{std::move(columns.observed)});
    return builder.take();
}

}  // namespace slipcast::tca::detail
