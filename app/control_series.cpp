#include "control_series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "slipcast/core/table_builder.hpp"

namespace slipcast::app {
namespace {

/// Realized variance comes from returns this much shorter than the interval.
constexpr int kParts = 5;
/// Share of a session's intervals that need a mid.
constexpr double kLeastSeen = 0.9;

/// One session of one instrument, on a grid of kParts points an interval.
struct SessionGrid {
    std::vector<double> log_mid;    ///< at each point, begin and end included; NaN before the first quote
    std::vector<double> imbalance;  ///< at each interval's begin
    std::vector<double> flow;       ///< by interval, units
    std::vector<double> volume;     ///< by interval, units
};

SessionGrid read_session(const market::TapeSlice& slice, const market::Session& session, Duration interval,
                         int quantity_decimals) {
    const auto intervals = static_cast<std::size_t>((session.close - session.open) / interval);
    const std::size_t points = intervals * kParts + 1;
    SessionGrid grid{std::vector<double>(points, control::kNotGiven),
                     std::vector<double>(intervals, control::kNotGiven), std::vector<double>(intervals, 0.0),
                     std::vector<double>(intervals, 0.0)};
    const market::QuoteColumns& quotes = slice.quotes;
    const market::TradeColumns& trades = slice.trades;
    std::size_t quote = 0;
    double mid = control::kNotGiven;
    double imbalance = 0.0;
    const auto advance = [&](Timestamp until) {
        for (; quote < quotes.size() && quotes.time[quote] < until; ++quote) {
            if (quotes.bid[quote].units() <= 0 || quotes.ask[quote] <= quotes.bid[quote]) continue;
            mid = 0.5 * (quotes.bid[quote].to_double() + quotes.ask[quote].to_double());
            if (quotes.bid_size.empty()) continue;
            const auto bid = static_cast<double>(quotes.bid_size[quote].units());
            const auto ask = static_cast<double>(quotes.ask_size[quote].units());
            imbalance = bid + ask > 0.0 ? (bid - ask) / (bid + ask) : 0.0;
        }
    };
    std::size_t trade = 0;
    const auto print_until = [&](Timestamp until, std::size_t bin) {
        for (; trade < trades.count() && trades.time[trade] < until; ++trade) {
            const bool counts = trades.flags.empty() || trades.flags[trade].has(market::TradeFlag::in_vwap);
            if (trades.time[trade] < session.open || !counts) continue;
            advance(trades.time[trade]);
            int sign = trades.aggressor.empty() ? 0 : trades.aggressor[trade];
            const double price = trades.price[trade].to_double();
            if (sign == 0 && std::isfinite(mid)) sign = price > mid ? 1 : price < mid ? -1 : 0;
            const double size = trades.size[trade].to_double(quantity_decimals);
            grid.volume[bin] += size;
            grid.flow[bin] += sign * size;
        }
    };
    for (std::size_t point = 0; point < points; ++point) {
        const Timestamp time = session.open + static_cast<std::int64_t>(point) * (interval / kParts);
        if (point > 0) print_until(time, (point - 1) / kParts);
        advance(time);
        grid.log_mid[point] = std::isfinite(mid) ? std::log(mid) : control::kNotGiven;
        if (point % kParts == 0 && point / kParts < intervals) grid.imbalance[point / kParts] = imbalance;
    }
    return grid;
}

bool is_seen(const SessionGrid& grid) {
    const auto seen =
        std::count_if(grid.log_mid.begin(), grid.log_mid.end(), [](double mid) { return std::isfinite(mid); });
    return static_cast<double>(seen) >= kLeastSeen * static_cast<double>(grid.log_mid.size());
}

double squared_moves(const SessionGrid& grid, std::size_t begin, std::size_t end) {
    double sum = 0.0;
    for (std::size_t point = begin; point < end; ++point) {
        const double move = grid.log_mid[point + 1] - grid.log_mid[point];
        if (std::isfinite(move)) sum += move * move;
    }
    return sum;
}

/// Adds an instrument's sessions in its own units.
void append(TapeSeries& series, const std::vector<SessionGrid>& sessions, double position_limit,
            std::vector<double>& pattern, std::vector<double>& pattern_count) {
    double variance = 0.0;
    double volume = 0.0;
    for (const SessionGrid& grid : sessions) {
        variance += squared_moves(grid, 0, grid.log_mid.size() - 1);
        for (const double traded : grid.volume) volume += traded;
    }
    const auto days = static_cast<double>(sessions.size());
    variance /= days;
    volume /= days;
    series.volatility.push_back(std::sqrt(variance));
    series.daily_volume.push_back(volume);
    for (const SessionGrid& grid : sessions) {
        const std::int64_t block = series.block.empty() ? 0 : series.block.back() + 1;
        const std::size_t intervals = grid.flow.size();
        pattern.resize(std::max(pattern.size(), intervals), 0.0);
        pattern_count.resize(pattern.size(), 0.0);
        for (std::size_t i = 0; i < intervals; ++i) {
            const double move = grid.log_mid[(i + 1) * kParts] - grid.log_mid[i * kParts];
            if (!std::isfinite(move)) continue;
            const double realized =
                squared_moves(grid, i * kParts, (i + 1) * kParts) * static_cast<double>(intervals) / variance;
            series.block.push_back(block);
            series.imbalance.push_back(grid.imbalance[i]);
            series.next_return.push_back(move / std::sqrt(variance));
            series.flow.push_back(grid.flow[i] / (position_limit * volume));
            // The interval's place in the day stands in until the pattern is known.
            series.variance.push_back(realized);
            pattern[i] += realized;
            pattern_count[i] += 1.0;
        }
    }
}

/// Rows of the calibration table.
class Rows {
public:
    void add(const char* name, const char* unit, const control::Estimate& estimate, const std::string& note = {}) {
        rows_.push_back({name, unit, estimate, "identified", note});
    }
    void add(const char* name, const char* unit, const std::string& why) {
        rows_.push_back(
            {name, unit, {control::kNotGiven, control::kNotGiven, control::kNotGiven}, "not_identified", why});
    }
    void add(const char* name, const char* unit, const Error& error) {
        add(name, unit, error.value.empty() ? error.rule : fmt::format("{}: {}", error.value, error.rule));
    }
    [[nodiscard]] Table table() const {
        const auto estimate = [](double control::Estimate::* part) {
            return finite([part](const Row& row) { return row.estimate.*part; });
        };
        return TableBuilder("calibration", rows_.size())
            .add(plain("parameter", "as the commands and Python name it"), of(rows_, &Row::name))
            .add(plain("unit", "days are trading days; prices in daily volatilities; positions in limits"),
                 of(rows_, &Row::unit))
            .add(plain("estimate", "missing when not identified"), of(rows_, estimate(&control::Estimate::value)))
            .add(plain("low", "end of the interval"), of(rows_, estimate(&control::Estimate::low)))
            .add(plain("high", "end of the interval"), of(rows_, estimate(&control::Estimate::high)))
            .add(plain("status", "identified or not_identified"), of(rows_, &Row::status))
            .add(plain("note", "why not, or what to keep in mind"), of(rows_, &Row::note))
            .take();
    }

private:
    struct Row {
        std::string name, unit;
        control::Estimate estimate;
        std::string status, note;
    };
    std::vector<Row> rows_;
};

void add_signal(Rows& rows, const TapeSeries& series, const control::CalibrationOptions& options) {
    const control::BlockedSeries signal{series.imbalance, series.block, series.spacing};
    const auto estimate = control::estimate_signal(signal, options);
    if (!estimate) {
        rows.add("signal_decay", "1/day", estimate.error());
        rows.add("signal_variance", "per day", estimate.error());
        rows.add("loading", "daily volatilities/day", "needs the signal's decay");
        return;
    }
    rows.add("signal_decay", "1/day", estimate->decay,
             fmt::format("signal: imbalance of quoted sizes; {} pairs; least squares less its bias of {:.3g}",
                         estimate->pairs, estimate->decay_bias));
    rows.add("signal_variance", "per day", estimate->variance);
    const auto loading = control::estimate_loading(signal, series.next_return, estimate->decay.value, options);
    if (loading) {
        rows.add("loading", "daily volatilities/day", *loading);
    } else {
        rows.add("loading", "daily volatilities/day", loading.error());
    }
}

void add_variance(Rows& rows, const TapeSeries& series, control::CalibrationOptions options) {
    options.joined = false;  // sessions of different instruments stand one after the other
    const auto estimate = control::estimate_variance({series.variance, series.block, series.spacing}, options);
    if (!estimate) {
        rows.add("fast_speed", "1/day", estimate.error());
        rows.add("slow_speed", "1/day", "needs a fast factor and more days than these");
        return;
    }
    rows.add("mean_variance", "per day", estimate->mean, "one by construction: prices are in daily volatilities");
    const control::VarianceComponent& fast = estimate->components.front();
    rows.add("fast_speed", "1/day", fast.speed,
             "mean_reversion / time_scale of a fast factor: only their ratio is identified");
    // At mean_reversion one the stationary variance is xi^2 mu / 2.
    const auto vol = [&](double variance) { return std::sqrt(2.0 * variance / estimate->mean.value); };
    rows.add("vol_of_variance", "", {vol(fast.variance.value), vol(fast.variance.low), vol(fast.variance.high)},
             "xi at mean_reversion 1");
    if (estimate->components.size() == 2) {
        rows.add("slow_speed", "1/day", estimate->components[1].speed, "second exponential within the session");
    } else {
        rows.add("slow_speed", "1/day", estimate->note);
    }
}

void add_impact(Rows& rows, const TapeSeries& series, const control::CalibrationOptions& options) {
    const auto estimate =
        control::estimate_impact({series.next_return, series.block, series.spacing}, series.flow, options);
    if (!estimate) {
        rows.add("impact", "daily volatilities/limit", estimate.error());
        rows.add("impact_decay", "1/day", "needs an impact");
        return;
    }
    rows.add("impact", "daily volatilities/limit", estimate->impact,
             "returns on the whole market's flow: what moves together, an upper bound for what our flow causes");
    if (estimate->decay) {
        rows.add("impact_decay", "1/day", *estimate->decay);
    } else {
        rows.add("impact_decay", "1/day", estimate->note);
    }
}

const std::vector<double>* numbers(const Table& table, const char* name) {
    const Column* column = table.find(name);
    return column == nullptr ? nullptr : std::get_if<std::vector<double>>(&column->data);
}

std::string label(const Table& table, const char* name, std::size_t row) {
    for (std::size_t c = 0; c < table.columns().size(); ++c) {
        if (table.columns()[c].meta.name == name) return table.text(row, c);
    }
    return {};
}

void add_cost(Rows& rows, const market::Dataset& data, const TapeSeries& series, const SeriesOptions& options,
              const control::CalibrationOptions& calibration, const Progress& progress) {
    const char* unit = "daily volatilities x limit/(limit/day)^2";
    if (data.fills.empty()) return rows.add("trading_cost", unit, "the dataset holds no executions");
    const auto measured = tca::measure(data, {}, progress);
    if (!measured) return rows.add("trading_cost", unit, measured.error());
    const Table* orders = measured->find("orders");
    const std::vector<double>* cost = orders == nullptr ? nullptr : numbers(*orders, "arrival_cost_bps");
    const std::vector<double>* filled = orders == nullptr ? nullptr : numbers(*orders, "filled_quantity");
    const std::vector<double>* duration = orders == nullptr ? nullptr : numbers(*orders, "duration_s");
    if (cost == nullptr || filled == nullptr || duration == nullptr) {
        return rows.add("trading_cost", unit, "the measurement has no order costs");
    }
    std::vector<std::pair<std::string, std::size_t>> chosen;  // symbol and day, row
    for (std::size_t row = 0; row < orders->rows(); ++row) {
        const bool valid = orders->find("arrival_cost_bps")->is_valid(row) && orders->find("duration_s")->is_valid(row);
        const auto known = std::find(series.symbols.begin(), series.symbols.end(), label(*orders, "symbol", row));
        if (!valid || !((*duration)[row] > 0.0) || !((*filled)[row] > 0.0) || known == series.symbols.end()) continue;
        chosen.emplace_back(*known + label(*orders, "arrival_time", row).substr(0, 10), row);
    }
    std::stable_sort(chosen.begin(), chosen.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<double> slippage, rate, weight;
    std::vector<std::int64_t> block;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        const std::size_t row = chosen[i].second;
        const auto symbol = static_cast<std::size_t>(
            std::find(series.symbols.begin(), series.symbols.end(), label(*orders, "symbol", row)) -
            series.symbols.begin());
        const double limit = options.position_limit * series.daily_volume[symbol];
        const double session_seconds = 6.5 * 3600.0;
        slippage.push_back((*cost)[row] * 1e-4 / series.volatility[symbol]);
        rate.push_back((*filled)[row] / limit / ((*duration)[row] / session_seconds));
        weight.push_back((*filled)[row] / limit);
        block.push_back(i > 0 && chosen[i].first == chosen[i - 1].first ? block.back() : static_cast<std::int64_t>(i));
    }
    const auto estimate = control::estimate_trading_cost({slippage, block, 1.0}, rate, weight, calibration);
    if (!estimate) return rows.add("trading_cost", unit, estimate.error());
    rows.add("trading_cost", unit, estimate->trading_cost,
             fmt::format("{} orders; slippage at rate zero {:.3g}", estimate->orders, estimate->fixed.value));
}

}  // namespace

Settings SeriesOptions::settings() {
    Settings all;
    all.duration("interval", interval, std::chrono::seconds{10}, std::chrono::hours{2}, "spacing of the series")
        .number("position_limit", "of daily volume", position_limit, {.low = 0, .high = 10, .low_open = true},
                "the unit of position");
    return all;
}

Result<TapeSeries> tape_series(const market::Dataset& data, const SeriesOptions& options, const Progress& progress) {
    TapeSeries series;
    std::vector<double> pattern, pattern_count;
    std::vector<std::size_t> place;
    std::int64_t done = 0;
    for (const market::Instrument& instrument : data.instruments) {
        if (progress && !progress("read tape", done++, static_cast<std::int64_t>(data.instruments.size()))) {
            return Error{ErrorCode::interrupted, "calibrate", "", "stopped as asked", {}};
        }
        if (!data.tape || instrument.id == InstrumentId::none()) continue;
        const TimeRange extent = data.tape->extent(instrument.id);
        std::vector<SessionGrid> sessions;
        for (const market::Session& session : data.sessions.of(instrument.market)) {
            if (session.close <= extent.begin || session.open >= extent.end) continue;
            if ((session.close - session.open) / options.interval < 4) continue;
            SLIPCAST_TRY(slice,
                         data.tape->load(instrument.id, {session.open - std::chrono::minutes{1}, session.close}));
            SessionGrid grid = read_session(slice, session, options.interval, instrument.value.quantity_decimals());
            const double intervals = static_cast<double>(grid.flow.size());
            if (!is_seen(grid)) continue;
            series.spacing = 1.0 / intervals;
            sessions.push_back(std::move(grid));
        }
        if (sessions.empty()) continue;
        const std::size_t before = series.variance.size();
        append(series, sessions, options.position_limit, pattern, pattern_count);
        if (!std::isfinite(series.volatility.back()) || series.volatility.back() <= 0.0) {
            return Error{ErrorCode::not_identified,
                         "volatility",
                         std::string(data.names.symbols.name(instrument.id)),
                         "the mid does not move",
                         {}};
        }
        series.symbols.emplace_back(data.names.symbols.name(instrument.id));
        for (std::size_t i = before; i < series.variance.size(); ++i) {
            const bool first = i == 0 || series.block[i] != series.block[i - 1];
            place.push_back(first ? 0 : place.back() + 1);
        }
    }
    if (series.block.empty()) {
        return Error{ErrorCode::not_identified, "tape", "", "no session has quotes in nine of ten intervals", {}};
    }
    double mean = 0.0;
    for (std::size_t i = 0; i < pattern.size(); ++i)
        mean += pattern_count[i] > 0.0 ? pattern[i] / pattern_count[i] : 0.0;
    mean /= static_cast<double>(pattern.size());
    for (std::size_t i = 0; i < series.variance.size(); ++i) {
        const double usual = pattern[place[i]] / std::max(pattern_count[place[i]], 1.0) / mean;
        if (usual > 0.0) series.variance[i] /= usual;
    }
    return series;
}

Result<Table> calibration_table(const market::Dataset& data, const SeriesOptions& options,
                                const control::CalibrationOptions& calibration, const Progress& progress) {
    SLIPCAST_CHECK(calibration.validate());
    SLIPCAST_TRY(series, tape_series(data, options, progress));
    Rows rows;
    add_signal(rows, series, calibration);
    add_variance(rows, series, calibration);
    add_impact(rows, series, calibration);
    add_cost(rows, data, series, options, calibration, progress);
    return rows.table();
}

}  // namespace slipcast::app
