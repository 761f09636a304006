// A synthetic market, parent orders worked against it with impact, their cost, and the page.
#include <fstream>
#include <iostream>

#include "slipcast/report/page.hpp"
#include "slipcast/sim/sim.hpp"
#include "slipcast/tca/measure.hpp"

namespace {

using namespace slipcast;

Result<void> run(const char* page_file) {
    sim::MarketOptions market_options;
    market_options.symbols = 2;
    market_options.days = 1;
    market_options.quotes_per_day = 5000;
    SLIPCAST_TRY(market, sim::synthetic_market(market_options));

    sim::ParentOptions book;
    book.count = 40;
    SLIPCAST_TRY(parents, sim::generate_parents(market, book));

    sim::ReplayOptions how;
    how.impact.enabled = true;
    SLIPCAST_TRY(replayed, sim::replay_in_memory(std::move(market), parents, how));

    SLIPCAST_TRY(result, tca::measure(replayed.dataset, {}));
    const Table& summary = *result.find("summary");
    for (std::size_t row = 0; row < summary.rows(); ++row) {
        for (std::size_t c = 0; c < summary.columns().size(); ++c) std::cout << summary.text(row, c, 2) << '\t';
        std::cout << '\n';
    }
    SLIPCAST_TRY(page, report::page(result, replayed.dataset));
    std::ofstream{page_file} << page;
    return {};
}

}  // namespace

int main(int argc, char** argv) {
    const auto done = run(argc > 1 ? argv[1] : "report.html");
    if (!done) return std::cerr << done.error().message() << '\n', 1;
}
