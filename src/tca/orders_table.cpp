#include <fmt/format.h>

#include <set>

#include "blocks.hpp"
#include "outliers.hpp"
#include "slipcast/core/decimal.hpp"
#include "slipcast/core/table_builder.hpp"
#include "tables.hpp"

namespace slipcast::tca::detail {

std::string cash_unit(const Context& context) {
    std::set<std::string> codes;
    for (const market::Order& order : context.dataset.orders) {
        codes.emplace(context.dataset.instrument(order.instrument).value.currency().code());
    }
    return fmt::format("{}", fmt::join(codes, "/"));
}

std::string percent_text(std::int64_t rate) {
    return format_decimal(rate, 2);
}

namespace {

constexpr int kLedgerVersion = 2;  ///< 2: an amend is a tranche, or a cancel, of its own instant

class OrdersTable {
public:
    OrdersTable(const Context& context, const Records& records)
        : context_(context),
          records_(records.orders),
          cash_(cash_unit(context)),
          builder_("orders", context.dataset.orders.size()) {}

    Table take() {
        add_identity();
        add_times();
        add_executions();
        add_benchmarks();
        add_slippage();
        add_shortfall();
        add_execution_quality();
        add_features();
        return builder_.take();
    }

private:
    const market::Order& order(std::size_t row) const { return context_.dataset.orders[row]; }
    const market::Instrument& instrument(std::size_t row) const {
        return context_.dataset.instrument(order(row).instrument);
    }
    std::string_view text(LabelId id) const { return context_.dataset.names.labels.name(id); }
    std::string session_date(std::size_t row) const {
        const auto time = block_time(order(row), records_[row]);
        return time ? trading_day(context_.dataset, instrument(row).market, *time).to_string() : std::string();
    }

    void add_identity();
    void add_times();
    void add_executions();
    void add_benchmarks();
    void add_slippage();
    void add_slippage_against(const std::string& name, const std::string& column, int version,
                              const std::function<std::optional<Price>(std::size_t)>& price);
    void add_shortfall();
    void add_part(const std::string& name, SignTag sign, const std::string& meaning,
                  const std::function<std::optional<Money>(std::size_t)>& part);
    void add_execution_quality();
    void add_features();
    void add_feature(const char* name, const char* unit, const char* meaning, std::optional<double> Features::* field,
                     int version = 1);

    const Context& context_;
    const std::vector<OrderRecord>& records_;
    std::string cash_;
    TableBuilder builder_;
};

void OrdersTable::add_identity() {
    const auto& names = context_.dataset.names;
    const auto label = [&](const char* name, const char* meaning, LabelId market::Order::* field) {
        builder_.add_label(plain(name, meaning), [this, field](std::size_t row) { return text(order(row).*field); });
    };
    builder_.add(plain("order_id", "the parent order"),
                 [&](std::size_t row) { return std::string(names.orders.name(order(row).id)); });
    builder_.add_label(plain("symbol", "the instrument"),
                       [&](std::size_t row) { return names.symbols.name(order(row).instrument); });
    builder_.add_label(plain("side", "buy or sell"), [this](std::size_t row) { return name(order(row).side); });
    builder_.add_label(plain("kind", "work: a quantity by a deadline; target: a position that follows a signal"),
                       [this](std::size_t row) -> std::string_view {
                           return order(row).kind == market::OrderKind::work ? "work" : "target";
                       });
    label("basket_id", "the basket", &market::Order::basket);
    label("benchmark", "the benchmark the desk asked for", &market::Order::benchmark);
    label("algo", "the algorithm", &market::Order::algo);
    label("tactic", "the tactic", &market::Order::tactic);
    label("urgency", "the urgency asked for", &market::Order::urgency);
    label("broker", "the broker", &market::Order::broker);
    label("trader", "the trader", &market::Order::trader);
    label("client", "the client", &market::Order::client);
    label("wheel_arm", "the arm of the algo wheel", &market::Order::wheel_arm);
    const auto trait = [&](const char* name, const char* meaning, LabelId market::Instrument::* field) {
        builder_.add_label(plain(name, meaning),
                           [this, field](std::size_t row) { return text(instrument(row).*field); });
    };
    trait("market", "where the instrument is listed", &market::Instrument::market);
    trait("sector", "of the instrument", &market::Instrument::sector);
    trait("liquidity_tier", "of the instrument", &market::Instrument::liquidity_tier);
    trait("cap_bucket", "of the instrument", &market::Instrument::cap_bucket);
    trait("market_bucket", "of the instrument", &market::Instrument::market_bucket);
    builder_.add_label(plain("session_date", "trading day of its arrival: the session's date, else the UTC date"),
                       [this](std::size_t row) { return session_date(row); });
    builder_.add(plain("derived", "made from fills without a parent"),
                 [this](std::size_t row) { return order(row).derived; });
    builder_.add(plain("has_limit", "had a limit price, if only for a while"),
                 [this](std::size_t row) { return context_.courses[row].has_limit; });
    builder_.add(plain("included", "passes the filters: counts in the aggregates"),
                 [this](std::size_t row) { return records_[row].included; });
    builder_.add_label(plain("excluded_because", "the first filter it failed"),
                       [this](std::size_t row) -> std::string_view { return records_[row].excluded_because; });
}

void OrdersTable::add_times() {
    const auto time = [&](const char* name, const char* meaning, std::optional<Timestamp> market::Order::* field) {
        builder_.add(plain(name, meaning, "ns"), [this, field](std::size_t row) { return order(row).*field; });
    };
    time("decision_time", "when the investment decision was made", &market::Order::decision_time);
    time("desk_arrival_time", "when the desk had the order", &market::Order::desk_arrival_time);
    time("arrival_time", "when the measured party had the order", &market::Order::arrival_time);
    time("broker_arrival_time", "when the broker had the order", &market::Order::broker_arrival_time);
    builder_.add(plain("first_fill_time", "its first execution", "ns"),
                 [this](std::size_t row) { return records_[row].first_fill_time; });
    builder_.add(plain("last_fill_time", "its last execution", "ns"),
                 [this](std::size_t row) { return records_[row].last_fill_time; });
    time("end_time", "the deadline, as first given", &market::Order::end_time);
    builder_.add(plain("amended_end_time", "the deadline in force at the end, after every amend", "ns"),
                 [this](std::size_t row) { return context_.courses[row].end_time; });
    time("cancel_time", "when the parent was cancelled", &market::Order::cancel_time);
}

void OrdersTable::add_executions() {
    const auto units = [this](std::size_t row, Quantity quantity) {
        return quantity.to_double(instrument(row).value.quantity_decimals());
    };
    builder_.add(plain("quantity", "ordered, as first given: features and size know no other", "units"),
                 [&](std::size_t row) { return units(row, order(row).quantity); });
    builder_.add(plain("increased_quantity", "ordered on top by amends: decided when they came", "units"),
                 [&](std::size_t row) { return units(row, context_.courses[row].ordered - order(row).quantity); });
    builder_.add(plain("withdrawn_quantity", "taken back by amends: a cancel of that much when they came", "units"),
                 [&](std::size_t row) { return units(row, context_.courses[row].withdrawn); });
    builder_.add(plain("filled_quantity", "executed", "units"),
                 [&](std::size_t row) { return units(row, records_[row].executed.quantity); });
    builder_.add(plain("fills", "executions"), [this](std::size_t row) { return records_[row].fills; });
    builder_.add(plain("quarantined_fills", "its rows in fills that were left out: what it executed is not known"),
                 [this](std::size_t row) { return order(row).quarantined_fills; });
    builder_.add_label(plain("currency", "of the row's cash"),
                       [this](std::size_t row) { return std::string(instrument(row).value.currency().code()); });
    builder_.add(metric("notional_cash", cash_, SignTag::none, "executed quantity at the arrival price"),
                 [this](std::size_t row) { return records_[row].notional; });
    builder_.add(metric("paper_notional_cash", cash_, SignTag::none,
                        "ordered quantity at the decision price, or at the arrival price without one; increases at the "
                        "mid before them",
                        {}, kLedgerVersion),
                 [this](std::size_t row) { return records_[row].ledger.paper_notional; });
    builder_.add(metric("average_price", cash_, SignTag::none, "of the executions, rounded half to even at 1e-9"),
                 [this](std::size_t row) {
                     const Executed& executed = records_[row].executed;
                     return average_price(executed.price_times_quantity, executed.quantity.units());
                 });
}

void OrdersTable::add_benchmarks() {
    for (std::size_t b = 0; b < kBenchmarks; ++b) {
        const BenchmarkDefinition& what = definition(static_cast<Benchmark>(b));
        builder_.add(metric(std::string(what.price_column), cash_, SignTag::none, std::string(what.meaning),
                            std::string(what.price_column), what.version),
                     [this, b](std::size_t row) { return records_[row].benchmarks[b]; });
    }
    for (std::size_t k = 0; k < context_.pwp_rates.size(); ++k) {
        const std::string name = "pwp_" + percent_text(context_.pwp_rates[k]);
        builder_.add(metric(name, cash_, SignTag::none,
                            "VWAP of regular prints from arrival until their size reaches executed quantity / rate",
                            name, kPwpVersion),
                     [this, k](std::size_t row) { return records_[row].pwp[k]; });
    }
    builder_.add(metric("end_price", cash_, SignTag::none,
                        "what was never executed is judged at; an average when amends and end differ", "end_price",
                        kLedgerVersion),
                 [this](std::size_t row) { return records_[row].end_price; });
    builder_.add_label(plain("end_price_policy",
                             "mid before the amend or cancel, before the deadline in force (end_time), or official "
                             "close; several where they differ"),
                       [this](std::size_t row) -> std::string_view { return records_[row].end_price_policy; });
}

void OrdersTable::add_slippage_against(const std::string& name, const std::string& column, int version,
                                       const std::function<std::optional<Price>(std::size_t)>& price) {
    std::vector<std::optional<Slippage>> costs;
    for (std::size_t row = 0; row < records_.size(); ++row) {
        const auto benchmark = price(row);
        costs.push_back(!benchmark ? std::nullopt
                                   : slippage(order(row).side, records_[row].executed, *benchmark,
                                              instrument(row).value, instrument(row).tick_size));
    }
    const auto meta = [&](const char* suffix, const std::string& unit, const char* what) {
        return metric(name + suffix, unit, SignTag::cost, what + column, column, version);
    };
    builder_.add(meta("_cost_bps", "bps", "slippage over the benchmark notional, against "),
                 [&](std::size_t row) { return costs[row] ? costs[row]->bps : std::nullopt; });
    builder_.add(meta("_cost_ticks", "ticks", "slippage of the average price in minimum price increments, against "),
                 [&](std::size_t row) { return costs[row] ? std::optional<double>(costs[row]->ticks) : std::nullopt; });
    builder_.add(meta("_cost_cash", cash_, "slippage in cash, exact, against "),
                 [&](std::size_t row) { return costs[row] ? std::optional<Money>(costs[row]->cash) : std::nullopt; });
}

void OrdersTable::add_slippage() {
    for (std::size_t b = 0; b < kBenchmarks; ++b) {
        const BenchmarkDefinition& what = definition(static_cast<Benchmark>(b));
        add_slippage_against(std::string(what.name), std::string(what.price_column), what.version,
                             [this, b](std::size_t row) { return records_[row].benchmarks[b]; });
    }
    for (std::size_t k = 0; k < context_.pwp_rates.size(); ++k) {
        const std::string name = "pwp_" + percent_text(context_.pwp_rates[k]);
        add_slippage_against(name, name, kPwpVersion, [this, k](std::size_t row) { return records_[row].pwp[k]; });
    }
}

void OrdersTable::add_part(const std::string& name, SignTag sign, const std::string& meaning,
                           const std::function<std::optional<Money>(std::size_t)>& part) {
    builder_.add(metric(name + "_cash", cash_, sign, meaning, {}, kLedgerVersion), part);
    builder_.add(metric(name + "_bps", "bps", sign, meaning + ", over the paper notional", {}, kLedgerVersion),
                 [&](std::size_t row) { return bps_of(part(row), records_[row].ledger.paper_notional); });
}

void OrdersTable::add_shortfall() {
    const auto part = [&](const std::string& name, const std::string& meaning, auto Shortfall::* field) {
        add_part(name, SignTag::cost, meaning,
                 [this, field](std::size_t row) -> std::optional<Money> { return records_[row].ledger.*field; });
    };
    part("delay", "quantity ordered at first x the mid's move from decision to arrival", &Shortfall::delay);
    part("spread", "fill prices against the mids before them", &Shortfall::spread);
    part("drift", "the mids before the fills against the arrival price, of increases against the mid before them",
         &Shortfall::drift);
    part("opportunity", "what was never executed: end price against arrival", &Shortfall::opportunity);
    part("fees", "explicit costs; a rebate is negative", &Shortfall::fees);
    part("unmarked", "fills without a usable mid, against the arrival price", &Shortfall::unmarked);
    part("shortfall", "implementation shortfall: the sum of the parts", &Shortfall::total);
    part("delay_executed", "delay on the executed quantity", &Shortfall::delay_executed);
    part("opportunity_executed", "what was never executed: end price against the decision price",
         &Shortfall::opportunity_executed);
    builder_.add_label(plain("shortfall_basis_missing", "what the ledger could not know"), [this](std::size_t row) {
        const LedgerGap gap = records_[row].ledger.gap;
        const std::string text(describe(gap));
        return gap == LedgerGap::fills_quarantined ? fmt::format("{} {}", order(row).quarantined_fills, text) : text;
    });
    builder_.add(metric("unmarked_fills", "", SignTag::none, "fills without a usable mid"),
                 [this](std::size_t row) { return records_[row].ledger.unmarked_fills; });
}

void OrdersTable::add_execution_quality() {
    const auto bps = [&](const char* name, SignTag sign, const char* meaning, Money OrderRecord::* part,
                         Money OrderRecord::* whole) {
        builder_.add(aggregated(name, "bps", sign, meaning), [this, part, whole](std::size_t row) {
            return bps_of(records_[row].*part, records_[row].*whole);
        });
    };
    bps("effective_spread_bps", SignTag::cost, "2 s (fill price - mid before) over mids, fills with a usable mid",
        &OrderRecord::effective_spread, &OrderRecord::marked_notional);
    bps("quoted_spread_bps", SignTag::cost, "ask - bid before each fill, over mids", &OrderRecord::quoted_spread,
        &OrderRecord::marked_notional);
    builder_.add(aggregated("effective_over_quoted", "", SignTag::cost, "effective over quoted spread"),
                 [this](std::size_t row) -> std::optional<double> {
                     const auto share = bps_of(records_[row].effective_spread, records_[row].quoted_spread);
                     return share ? std::optional<double>(*share / 1e4) : std::nullopt;
                 });
    bps("realized_spread_1min_bps", SignTag::cost, "2 s (fill price - mid one minute later) over mids",
        &OrderRecord::realized_spread, &OrderRecord::realized_notional);
    bps("price_improvement_bps", SignTag::gain, "s (far touch - fill price) over the far touch",
        &OrderRecord::price_improvement, &OrderRecord::touch_notional);
    builder_.add(metric("price_improvement_cash", cash_, SignTag::gain, "s (far touch - fill price), in cash"),
                 [this](std::size_t row) {
                     return records_[row].marked_fills > 0 ? std::optional<Money>(records_[row].price_improvement)
                                                           : std::nullopt;
                 });
    const auto number = [&](ColumnMeta meta, std::optional<double> OrderRecord::* field) {
        builder_.add(std::move(meta), [this, field](std::size_t row) { return records_[row].*field; });
    };
    number(metric("reversion_bps", "bps", SignTag::cost,
                  "how far the mid came back after the last fill; positive = we paid temporary impact"),
           &OrderRecord::reversion_bps);
    number(metric("participation", "", SignTag::none,
                  "own quantity over market volume (own included) from arrival to the last fill"),
           &OrderRecord::participation);
    number(metric("size", "", SignTag::none, "quantity ordered at first over daily volume, see size_basis", {}, 2),
           &OrderRecord::size);
    builder_.add_label(plain("size_basis", "which daily volume: forecast, adv, or realized session volume"),
                       [this](std::size_t row) -> std::string_view { return records_[row].size_basis; });
    number(metric("duration_s", "s", SignTag::none, "arrival to the last fill"), &OrderRecord::duration_s);
    number(metric("completion", "", SignTag::none, "filled by the deadline over all that was ordered", {}, 2),
           &OrderRecord::completion);
    builder_.add(
        metric("fill_rate", "", SignTag::none, "filled over sent quantity of its placements"), [this](std::size_t row) {
            const OrderRecord& record = records_[row];
            return record.sent.units() > 0 ? std::optional(ratio(record.sent_filled, record.sent)) : std::nullopt;
        });
    number(metric("time_to_first_fill_s", "s", SignTag::none, "arrival to the first fill"),
           &OrderRecord::time_to_first_fill_s);
    number(metric("rpm", "", SignTag::none,
                  "relative performance measure: share of market volume traded at worse prices, ties half (Kissell)"),
           &OrderRecord::relative_performance);
    builder_.add(plain("spread_indicative", "quotes were made from bars"),
                 [this](std::size_t row) { return records_[row].spread_indicative; });
    number(metric("outlier_score", "deviations", SignTag::cost,
                  "arrival cost less the median of the symbol's, over 1.4826 MAD or a tick"),
           &OrderRecord::outlier_score);
    builder_.add(plain("outlier", "the score is beyond the limit; counts like every other. Missing without a score"),
                 [this](std::size_t row) -> std::optional<bool> {
                     const auto& score = records_[row].outlier_score;
                     return score ? std::optional<bool>(is_outlier(score, context_.options)) : std::nullopt;
                 });
}

void OrdersTable::add_feature(const char* name, const char* unit, const char* meaning,
                              std::optional<double> Features::* field, int version) {
    builder_.add(metric(name, unit, SignTag::none, meaning, {}, version),
                 [this, field](std::size_t row) { return records_[row].features.*field; });
}

void OrdersTable::add_features() {
    add_feature("feature_spread_bps", "bps", "quoted spread strictly before the decision", &Features::spread_bps);
    add_feature("feature_depth", "units", "mean size of the two touches strictly before the decision",
                &Features::depth);
    add_feature("feature_imbalance", "", "s (bid size - ask size) / their sum, strictly before the decision",
                &Features::imbalance);
    add_feature("feature_book_depth", "units", "mean size of the two sides over all levels shown, before the decision",
                &Features::book_depth);
    add_feature("feature_book_imbalance", "", "s (bid sizes - ask sizes) / their sum, over all levels shown",
                &Features::book_imbalance);
    add_feature("feature_volatility_bps", "bps",
                "root of the summed squared 10-second mid returns of the 5 minutes before the decision",
                &Features::volatility_bps);
    builder_.add(metric("feature_time_bucket", "", SignTag::none, "half hours of the session gone at the decision"),
                 [this](std::size_t row) { return records_[row].features.time_bucket; });
    add_feature("feature_minutes_from_open", "min", "from the open to the decision", &Features::minutes_from_open);
    add_feature("feature_minutes_to_close", "min", "from the decision to the close", &Features::minutes_to_close);
    builder_.add_label(plain("feature_event", "market events in force at the decision"),
                       [this](std::size_t row) -> std::string_view { return records_[row].features.event; });
    add_feature("forecast_volume", "units", "forecast session volume at the decision", &Features::forecast_volume);
    add_feature("forecast_volatility_bps", "bps",
                "forecast daily volatility at the decision, close to close; open to close where no night was seen or a "
                "day has several sessions",
                &Features::forecast_volatility_bps);
    add_feature("forecast_spread_bps", "bps", "forecast quoted spread at the decision", &Features::forecast_spread_bps);
    add_feature("forecast_participation", "",
                "quantity ordered at first over the median volume forecast for the sessions of the life planned at "
                "first, auctions apart",
                &Features::forecast_participation, 3);
    add_feature("sector_net_flow", "",
                "s x net over gross cash of prints in the sector's other instruments, signed by their initiative, ours "
                "left out, in the sector_flow_window of whole minutes before the decision",
                &Features::sector_net_flow, 2);
    add_feature("concurrent_overlap", "",
                "sum over the desk's other orders of the share of this order's planned life that they were planned to "
                "share, as "
                "known at the decision",
                &Features::concurrent_overlap, 4);
}

}  // namespace

Table orders_table(const Context& context, const Records& records) {
    return OrdersTable(context, records).take();
}

}  // namespace slipcast::tca::detail
