#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "peer_data.hpp"
#include "support/plain_read.hpp"
#include "support/stopwatch.hpp"

// Slipcast's side of bench/peers: `peer_slipcast FOLDER ROUNDS` answers the question of contenders.py from the raw
// columns of market_data.py with the engine's own as-of join and shortfall ledger, writes the answers as raw columns
// and its times as JSON. Symbols are shared out among all cores.

namespace slipcast::bench {
namespace {

/// Mids before the arrivals of orders [begin, end), in the order of the orders.
std::vector<Price> arrival_mids(const Data& data, const market::QuoteColumns& quotes, std::size_t begin,
                                std::size_t end) {
    std::vector<std::size_t> by_time(end - begin);
    std::iota(by_time.begin(), by_time.end(), begin);
    std::ranges::sort(by_time, {}, [&](std::size_t order) { return data.order_arrival[order]; });
    std::vector<Timestamp> times;
    for (const std::size_t order : by_time) times.push_back(data.order_arrival[order]);
    const std::vector<tca::MidAt> found = tca::asof_mids(quotes, times);
    std::vector<Price> mids(end - begin);
    for (std::size_t i = 0; i < by_time.size(); ++i) mids[by_time[i] - begin] = found[i].mid;
    return mids;
}

void answer_symbol(const Data& data, std::size_t symbol, Answers& answers) {
    const market::QuoteColumns quotes = data.quotes(symbol);
    const auto [first, last] = rows_of(data.fill_symbol, symbol);
    const std::vector<tca::MidAt> mids =
        tca::asof_mids(quotes, std::span(data.fill_time).subspan(first, last - first), kHorizons);
    for (std::size_t fill = first; fill < last; ++fill) {
        const tca::MidAt* row = &mids[(fill - first) * (kMarks + 1)];
        answers.mids[fill] = 2 * row[0].mid.units();
        for (std::size_t k = 0; k < kMarks; ++k) answers.marks[fill * kMarks + k] = 2 * row[k + 1].mid.units();
    }
    const auto [begin, end] = rows_of(data.order_symbol, symbol);
    write_ledgers(data, symbol, arrival_mids(data, quotes, begin, end), answers);
}

}  // namespace
}  // namespace slipcast::bench

int main(int argc, char** argv) {
    using namespace slipcast::bench;
    if (argc != 3) fail("usage: peer_slipcast FOLDER ROUNDS (bench/peers/run.py calls it)");
    const std::filesystem::path folder = argv[1];
    const Data data(folder);
    std::vector<double> wall, cpu, read;
    Answers answers(data);
    std::vector<std::uint64_t> sums(data.symbols());
    for (int round = 0; round < std::stoi(argv[2]); ++round) {
        const Stopwatch reading;
        for_each_symbol(data, [&](std::size_t symbol) {
            const auto quotes = data.quotes(symbol);
            sums[symbol] += plain_read(quotes.time) + plain_read(quotes.bid) + plain_read(quotes.ask);
        });
        read.push_back(reading.cpu_s());
        const Stopwatch answering;
        Answers fresh(data);
        for_each_symbol(data, [&](std::size_t symbol) { answer_symbol(data, symbol, fresh); });
        wall.push_back(answering.wall_s());
        cpu.push_back(answering.cpu_s());
        answers = std::move(fresh);
    }
    write_answers(folder, answers);
    write_column(folder, "read_sums", sums);  // so that the reads cannot be left out
    fmt::print("{{\"wall_s\": {}, \"cpu_s\": {}, \"read_cpu_s\": {}, \"peak_bytes\": {}}}\n", json_list(wall),
               json_list(cpu), json_list(read), peak_bytes());
    return 0;
}
