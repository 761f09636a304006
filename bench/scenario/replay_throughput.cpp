#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "slipcast/sim/sim.hpp"

// How fast parents replay: scenario_replay [quotes a symbol-day] [parents]. The market is synthetic (4 symbols, 3
// days), and its generation is timed apart by reading it once before.

namespace slipcast {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

int failed(const Error& error) {
    fmt::print(stderr, "{}\n", error.message());
    return EXIT_FAILURE;
}

Result<std::shared_ptr<const market::MemoryTape>> read_into_memory(const market::Dataset& market) {
    sim::MemoryTapeSink sink;
    for (const market::Instrument& instrument : market.instruments) {
        for (const market::Session& session : market.sessions.all()) {
            SLIPCAST_TRY(slice, market.tape->load(instrument.id, {session.open, session.close + Duration{1}}));
            sim::TapeChunk chunk;
            const market::QuoteColumns& quotes = slice.quotes;
            for (std::size_t i = 0; i < quotes.size(); ++i) {
                chunk.quotes.push(quotes.time[i], quotes.bid[i], quotes.ask[i], quotes.bid_size[i], quotes.ask_size[i]);
            }
            const market::TradeColumns& trades = slice.trades;
            for (std::size_t i = 0; i < trades.count(); ++i) {
                chunk.trades.push(trades.time[i], trades.price[i], trades.size[i], trades.flags[i], trades.venue[i],
                                  trades.aggressor[i]);
            }
            SLIPCAST_CHECK(sink.append(instrument.id, chunk));
        }
    }
    return sink.take();
}

int run(double quotes_per_day, std::int64_t parents) {
    auto start = std::chrono::steady_clock::now();
    auto market = sim::synthetic_market({.quotes_per_day = quotes_per_day});
    if (!market) return failed(market.error());
    auto tape = read_into_memory(*market);
    if (!tape) return failed(tape.error());
    market->tape = *tape;
    fmt::print("generated in {:.2f} s\n", seconds_since(start));
    start = std::chrono::steady_clock::now();
    const auto book = sim::generate_parents(*market, {.count = parents});
    if (!book) return failed(book.error());
    fmt::print("drew {} parents in {:.2f} s\n", parents, seconds_since(start));
    for (const bool impact : {false, true}) {
        sim::ReplayOptions options;
        options.impact.enabled = impact;
        options.impact.cross_fraction = 0.2;
        start = std::chrono::steady_clock::now();
        const auto outcome = sim::replay(*market, *book, options);
        if (!outcome) return failed(outcome.error());
        const double seconds = seconds_since(start);
        const sim::ReplayCounts& counts = outcome->counts;
        const double rows = static_cast<double>(counts.quotes + counts.trades);
        fmt::print("impact {}: {:.2f} s, {:.2f} M rows/s, {} quotes, {} trades, {} inserted, {} placements, {} fills\n",
                   impact ? "on" : "off", seconds, rows / seconds / 1e6, counts.quotes, counts.trades,
                   counts.inserted_quotes, outcome->dataset.placements.size(), outcome->dataset.fills.size());
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    fmt::print("peak memory {} MB\n", usage.ru_maxrss / 1024);
    return EXIT_SUCCESS;
}

}  // namespace
}  // namespace slipcast

int main(int count, char** arguments) {
    const double quotes = count > 1 ? std::atof(arguments[1]) : 475'000.0;
    const std::int64_t parents = count > 2 ? std::atoll(arguments[2]) : 5000;
    return slipcast::run(quotes, parents);
}
