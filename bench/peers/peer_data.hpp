#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <numeric>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "slipcast/tca/asof.hpp"
#include "slipcast/tca/shortfall.hpp"
#include "support/raw_columns.hpp"

// The question of contenders.py as the C++ programs of bench/peers share it: the raw columns of market_data.py, the
// answers, and the shortfall ledgers made from mids.

namespace slipcast::bench {

inline constexpr Duration kHorizons[] = {Duration{0},
                                         std::chrono::seconds{-10},
                                         std::chrono::seconds{-1},
                                         std::chrono::milliseconds{100},
                                         std::chrono::seconds{1},
                                         std::chrono::seconds{5},
                                         std::chrono::seconds{30},
                                         std::chrono::seconds{60},
                                         std::chrono::seconds{300}};
inline constexpr std::size_t kMarks = std::size(kHorizons) - 1;  // the first is the fill itself

template <typename T>
T as(std::int64_t value) {
    if constexpr (std::is_same_v<T, Timestamp>)
        return Timestamp::from_ns(value);
    else
        return T::from_units(value);
}

template <typename T>
std::vector<T> column(const std::filesystem::path& folder, const std::string& name) {
    std::vector<T> values;
    const auto raw = read_column<std::int64_t>(folder, name);
    values.reserve(raw.size());
    for (const std::int64_t value : raw) values.push_back(as<T>(value));
    return values;
}

struct Data {
    std::vector<Timestamp> quote_time, fill_time, order_arrival;
    std::vector<Price> quote_bid, quote_ask, fill_price;
    std::vector<Quantity> fill_quantity;
    std::vector<std::int64_t> quote_offset, fill_side;
    std::vector<std::int32_t> fill_order, fill_symbol, order_symbol;

    explicit Data(const std::filesystem::path& folder)
        : quote_time(column<Timestamp>(folder, "quote_time")),
          fill_time(column<Timestamp>(folder, "fill_time")),
          order_arrival(column<Timestamp>(folder, "order_arrival")),
          quote_bid(column<Price>(folder, "quote_bid")),
          quote_ask(column<Price>(folder, "quote_ask")),
          fill_price(column<Price>(folder, "fill_price")),
          fill_quantity(column<Quantity>(folder, "fill_quantity")),
          quote_offset(read_column<std::int64_t>(folder, "quote_offset")),
          fill_side(read_column<std::int64_t>(folder, "fill_side")),
          fill_order(read_column<std::int32_t>(folder, "fill_order")),
          fill_symbol(read_column<std::int32_t>(folder, "fill_symbol")),
          order_symbol(read_column<std::int32_t>(folder, "order_symbol")) {}

    [[nodiscard]] std::size_t symbols() const { return quote_offset.size() - 1; }
    [[nodiscard]] market::QuoteColumns quotes(std::size_t symbol) const {
        const auto begin = static_cast<std::size_t>(quote_offset[symbol]);
        const auto count = static_cast<std::size_t>(quote_offset[symbol + 1]) - begin;
        const auto part = [&](const auto& values) { return std::span(values).subspan(begin, count); };
        return {part(quote_time), part(quote_bid), part(quote_ask), {}, {}};
    }
};

struct Answers {
    std::vector<std::int64_t> mids, marks, spread, drift, shortfall;
    explicit Answers(const Data& data)
        : mids(data.fill_time.size()),
          marks(data.fill_time.size() * kMarks),
          spread(data.order_arrival.size()),
          drift(data.order_arrival.size()),
          shortfall(data.order_arrival.size()) {}
};

/// Rows of one symbol in a column sorted by symbol.
inline std::pair<std::size_t, std::size_t> rows_of(const std::vector<std::int32_t>& symbols, std::size_t symbol) {
    const auto range = std::ranges::equal_range(symbols, static_cast<std::int32_t>(symbol));
    return {static_cast<std::size_t>(range.begin() - symbols.begin()),
            static_cast<std::size_t>(range.end() - symbols.begin())};
}

/// Twice a ledger amount in price units x quantity, the form that contenders.py states.
inline std::int64_t doubled(const Money& money) {
    return static_cast<std::int64_t>(2 * money.units() / 1'000'000'000);
}

/// The ledgers of orders [begin, end) from the fills [first, last).
inline void write_ledgers(const Data& data, std::size_t symbol, const std::vector<Price>& arrivals, Answers& answers) {
    const auto [begin, end] = rows_of(data.order_symbol, symbol);
    const auto [first, last] = rows_of(data.fill_symbol, symbol);
    std::vector<std::size_t> offset(end - begin + 1, 0);
    for (std::size_t fill = first; fill < last; ++fill)
        ++offset[static_cast<std::size_t>(data.fill_order[fill]) - begin + 1];
    std::partial_sum(offset.begin(), offset.end(), offset.begin());
    std::vector<tca::LedgerFill> fills(last - first);
    std::vector<std::size_t> next(offset.begin(), offset.end() - 1);
    std::vector<std::int64_t> side(end - begin, 1);
    const ContractValue value;
    for (std::size_t fill = first; fill < last; ++fill) {
        const std::size_t order = static_cast<std::size_t>(data.fill_order[fill]) - begin;
        side[order] = data.fill_side[fill];
        fills[next[order]++] = {data.fill_price[fill], data.fill_quantity[fill],
                                Price::from_units(answers.mids[fill] / 2), Money::from_units(0, value.currency())};
    }
    for (std::size_t order = 0; order < end - begin; ++order) {
        const std::span<const tca::LedgerFill> own =
            std::span(fills).subspan(offset[order], offset[order + 1] - offset[order]);
        tca::LedgerOrder parent;
        parent.side = side[order] > 0 ? Side::buy : Side::sell;
        for (const tca::LedgerFill& fill : own) parent.quantity += fill.quantity;
        parent.arrival = arrivals[order];
        const tca::Shortfall ledger = tca::shortfall(parent, own);
        answers.spread[begin + order] = doubled(ledger.spread);
        answers.drift[begin + order] = doubled(*ledger.drift);
        answers.shortfall[begin + order] = doubled(*ledger.total);
    }
}

/// Runs `work` once a symbol on all cores.
template <typename Work>
void for_each_symbol(const Data& data, Work work) {
    std::atomic<std::size_t> next{0};
    std::vector<std::jthread> threads;
    for (unsigned core = 0; core < std::max(1u, std::thread::hardware_concurrency()); ++core) {
        threads.emplace_back([&] {
            for (std::size_t symbol = next++; symbol < data.symbols(); symbol = next++) work(symbol);
        });
    }
}

inline std::string json_list(const std::vector<double>& values) {
    return fmt::format("[{}]", fmt::join(values, ", "));
}

/// Where bench/peers/run.py finds them, to compare digests.
inline void write_answers(const std::filesystem::path& folder, const Answers& answers) {
    write_column(folder, "answer_mids", answers.mids);
    write_column(folder, "answer_marks", answers.marks);
    write_column(folder, "answer_spread", answers.spread);
    write_column(folder, "answer_drift", answers.drift);
    write_column(folder, "answer_shortfall", answers.shortfall);
}

}  // namespace slipcast::bench
