// A stranger's program: prints the parts and the total of an exact shortfall over a synthetic market, in cash.
#include <iostream>

#include "slipcast/core/version.hpp"
#include "slipcast/sim/sim.hpp"
#include "slipcast/tca/measure.hpp"

namespace {

using namespace slipcast;

Result<tca::Measurement> measured() {
    SLIPCAST_TRY(market, sim::synthetic_market({.symbols = 1, .days = 1, .quotes_per_day = 3000}));
    SLIPCAST_TRY(parents, sim::generate_parents(market, {.count = 20}));
    SLIPCAST_TRY(replayed, sim::replay(std::move(market), std::move(parents), {}));
    return tca::measure(replayed.dataset, {});
}

}  // namespace

int main() {
    const auto result = measured();
    if (!result) {
        std::cerr << result.error().message() << '\n';
        return 1;
    }
    std::cout << "version " << version() << '\n';
    const Table& shortfall = *result->find("shortfall");
    for (std::size_t row = 0; row < shortfall.rows(); ++row) {
        for (std::size_t c = 0; c < shortfall.columns().size(); ++c) std::cout << shortfall.text(row, c, 18) << ' ';
        std::cout << '\n';
    }
}
