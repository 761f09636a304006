#include "execution_chart.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "number_text.hpp"
#include "quote_band.hpp"

namespace slipcast::report {

namespace {

constexpr std::size_t kBandSteps = 1500;
constexpr std::size_t kVolumeSteps = 300;
constexpr std::size_t kFillDots = 1500;
constexpr Duration kSmallestMargin = std::chrono::seconds{1};

struct Life {
    TimeRange order;   // arrival to finish
    TimeRange window;  // what the chart shows
};

std::optional<Life> life(const ChartedOrder& order) {
    const auto time = [&](const char* column) { return order.orders.time(order.row, column); };
    const std::optional<Timestamp> begin = time("arrival_time") ? time("arrival_time") : time("first_fill_time");
    if (!begin) return std::nullopt;
    Timestamp end = time("last_fill_time").value_or(*begin);
    if (order.orders.number(order.row, "completion").value_or(0.0) < 1.0) {
        const auto stop = time("cancel_time") ? time("cancel_time") : time("amended_end_time");
        end = std::max(end, stop.value_or(end));
    }
    const Duration margin = std::max(kSmallestMargin, (end - *begin) * 8 / 100);
    return Life{{*begin, end}, {*begin - margin, end + margin}};
}

double offset_ms(Timestamp time, Timestamp origin) {
    const std::int64_t microseconds = (time - origin).count() / 1000;
    return static_cast<double>(microseconds) / 1e3;
}

Json band_json(const market::TapeSlice& slice, TimeRange window) {
    Json band{{"t", Json::array()}, {"bid", Json::array()}, {"ask", Json::array()}};
    const market::QuoteColumns& quotes = slice.quotes;
    const auto side = [](Price price) { return price == Price{} ? Json(nullptr) : Json(price.to_double()); };
    for (const std::size_t row : band_rows(quotes, window, kBandSteps)) {
        band["t"].push_back(offset_ms(quotes.time[row], window.begin));
        band["bid"].push_back(side(quotes.bid[row]));
        band["ask"].push_back(side(quotes.ask[row]));
    }
    return band;
}

// Market volume since arrival.
Json volume_json(const market::TradeColumns& trades, const Life& life, int quantity_decimals) {
    const market::TradeColumns within = market::rows_within(trades, {life.order.begin, life.window.end});
    std::vector<double> total(within.count());
    std::int64_t running = 0;
    for (std::size_t row = 0; row < within.count(); ++row) {
        const bool counts = within.flags.empty() || within.flags[row].has(market::TradeFlag::in_volume);
        if (counts) running += within.size[row].units();
        total[row] = Quantity::from_units(running).to_double(quantity_decimals);
    }
    Json volume{{"t", Json::array()}, {"total", Json::array()}};
    if (within.empty()) return volume;
    volume["t"].push_back(offset_ms(life.order.begin, life.window.begin));
    volume["total"].push_back(0.0);
    for (const std::size_t row : last_rows(within.time, life.window, kVolumeSteps)) {
        volume["t"].push_back(offset_ms(within.time[row], life.window.begin));
        volume["total"].push_back(total[row]);
    }
    return volume;
}

// The dots: all fills, or the largest ones of an order with too many to tell apart.
std::vector<std::size_t> dot_rows(const ChartedOrder& order) {
    std::vector<std::size_t> rows = order.fill_rows;
    if (rows.size() <= kFillDots) return rows;
    const auto quantity = [&](std::size_t row) { return order.fills.number(row, "quantity").value_or(0.0); };
    std::stable_sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) { return quantity(a) > quantity(b); });
    rows.resize(kFillDots);
    std::sort(rows.begin(), rows.end());
    return rows;
}

Json dots_json(const ChartedOrder& order, Timestamp origin) {
    Json dots = Json::array();
    for (const std::size_t row : dot_rows(order)) {
        const auto time = order.fills.time(row, "time");
        const auto price = order.fills.price(row, "price");
        if (!time || !price) continue;
        const double quantity = order.fills.number(row, "quantity").value_or(0.0);
        dots.push_back({{"t", offset_ms(*time, origin)},
                        {"price", price->to_double()},
                        {"quantity", quantity},
                        {"liquidity", order.fills.label(row, "liquidity")},
                        {"text", quantity_text(quantity) + " at " + price_text(*price, order.tick)},
                        {"venue", order.fills.label(row, "venue")},
                        {"time", time->to_string()}});
    }
    return dots;
}

// Own quantity filled so far, a step at each fill.
Json filled_json(const ChartedOrder& order, const Life& life) {
    std::vector<Timestamp> times;
    std::vector<double> totals;
    double running = 0.0;
    for (const std::size_t row : order.fill_rows) {
        const auto time = order.fills.time(row, "time");
        if (!time) continue;
        running += order.fills.number(row, "quantity").value_or(0.0);
        times.push_back(*time);
        totals.push_back(running);
    }
    Json filled{{"t", {offset_ms(life.order.begin, life.window.begin)}}, {"total", {0.0}}};
    std::vector<std::size_t> rows(times.size());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    if (rows.size() > kVolumeSteps) rows = last_rows(times, life.window, kVolumeSteps);
    for (const std::size_t row : rows) {
        filled["t"].push_back(offset_ms(times[row], life.window.begin));
        filled["total"].push_back(totals[row]);
    }
    return filled;
}

Json levels_json(const ChartedOrder& order) {
    struct Level {
        const char* column;
        const char* label;
    };
    Json levels = Json::array();
    for (const Level& level :
         {Level{"arrival_price", "arrival"}, Level{"interval_vwap", "VWAP"}, Level{"average_price", "average"},
          Level{"decision_price", "decision"}, Level{"interval_twap", "TWAP"}, Level{"day_vwap", "day VWAP"},
          Level{"pwp_10", "PWP 10 %"}, Level{"open", "open"}, Level{"close", "close"},
          Level{"prev_close", "previous close"}}) {
        const std::optional<Price> price = order.orders.price(order.row, level.column);
        if (!price) continue;
        levels.push_back({{"name", level.column},
                          {"label", level.label},
                          {"price", price->to_double()},
                          {"text", price_text(*price, order.tick)}});
    }
    return levels;
}

}  // namespace

Result<Json> execution_chart(const ChartedOrder& order, const market::Dataset& dataset) {
    const std::optional<Life> life_of_order = life(order);
    if (!life_of_order) return Json(nullptr);
    const TimeRange window = life_of_order->window;
    const auto end_time = order.orders.time(order.row, "amended_end_time");
    Json chart{{"origin_ms", window.begin.ns() / 1'000'000},
               {"length", offset_ms(window.end, window.begin)},
               {"begin", offset_ms(life_of_order->order.begin, window.begin)},
               {"end", offset_ms(life_of_order->order.end, window.begin)},
               {"plan_end", offset_ms(end_time.value_or(life_of_order->order.end), window.begin)},
               {"has_deadline", end_time.has_value()},
               {"quantity", order.orders.number(order.row, "quantity").value_or(0.0) +
                                order.orders.number(order.row, "increased_quantity").value_or(0.0)},
               {"dots", dots_json(order, window.begin)},
               {"fills", count_text(static_cast<std::int64_t>(order.fill_rows.size()))},
               {"filled", filled_json(order, *life_of_order)},
               {"levels", levels_json(order)},
               {"band", nullptr},
               {"volume", nullptr},
               {"gaps", Json::array()},
               {"indicative", false}};
    chart["dots_drawn"] = count_text(static_cast<std::int64_t>(chart["dots"].size()));
    const InstrumentId instrument = dataset.names.symbols.find(order.orders.label(order.row, "symbol"));
    if (dataset.tape == nullptr || instrument.is_none()) return chart;
    SLIPCAST_TRY(slice, dataset.tape->load(instrument, window));
    if (!slice.quotes.empty()) chart["band"] = band_json(slice, window);
    if (!slice.trades.empty()) {
        const int decimals = dataset.instrument(instrument).value.quantity_decimals();
        chart["volume"] = volume_json(slice.trades, *life_of_order, decimals);
    }
    for (const market::FeedGap& gap : slice.gaps) {
        chart["gaps"].push_back({offset_ms(std::max(gap.begin, window.begin), window.begin),
                                 offset_ms(std::min(gap.end, window.end), window.begin)});
    }
    chart["indicative"] = slice.quotes_indicative;
    return chart;
}

}  // namespace slipcast::report
