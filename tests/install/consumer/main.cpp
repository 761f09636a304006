// A stranger's program: prints the parts and the total of an exact shortfall over a synthetic market, in cash; with a
// file name, keeps a desk's journal there and replays it.
#include <iostream>

#include "slipcast/core/version.hpp"
#include "slipcast/desk/replay.hpp"
#include "slipcast/sim/sim.hpp"
#include "slipcast/storage/sqlite_journal.hpp"
#include "slipcast/tca/measure.hpp"

namespace {

using namespace slipcast;

Result<tca::Measurement> measured() {
    SLIPCAST_TRY(market, sim::synthetic_market({.symbols = 1, .days = 1, .quotes_per_day = 3000}));
    SLIPCAST_TRY(parents, sim::generate_parents(market, {.count = 20}));
    SLIPCAST_TRY(replayed, sim::replay(std::move(market), parents, {}));
    return tca::measure(replayed.dataset, {});
}

Result<bool> journaled(const char* file) {
    const SimulatedClock clock(Timestamp{});
    {
        SLIPCAST_TRY(journal, storage::SqliteJournal::open(file));
        SLIPCAST_TRY(desk, desk::JournaledDesk::create({}, *journal, clock));
        SLIPCAST_TRY(decision, desk.step({}));
        if (decision.reason != desk::Reason::bad_context) return false;
        SLIPCAST_CHECK(desk.acknowledge());
    }
    SLIPCAST_TRY(reader, storage::SqliteJournalReader::open(file));
    SLIPCAST_TRY(replay, desk::replay(*reader));
    return replay.is_identical;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc > 1) return journaled(argv[1]).value_or(false) ? 0 : 1;
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
