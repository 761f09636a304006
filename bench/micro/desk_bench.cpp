#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "sample_orders.hpp"
#include "slipcast/core/random.hpp"
#include "slipcast/cost/cost.hpp"
#include "slipcast/desk/replay.hpp"
#include "slipcast/math/sampling.hpp"
#include "slipcast/storage/sqlite_journal.hpp"
#include "support/allocation_counter.hpp"

// Latency of one desk step, as percentiles over many: scoring alone, the step, with the journal's append, and with its
// acknowledgment on disk. A basket of 50 orders takes its steps in turn, with three dark venues and the cost model of
// the default terms. Checked before it is timed: most steps trade, and the journal replays bit for bit.
//   bench_desk [FOLDER]    FOLDER: where the journal is written (default: this one)

namespace slipcast::bench {
namespace {

constexpr int kLegs = 50;
constexpr std::int64_t kWarmUp = 5'000;

cost::Model fitted() {
    const SampleOrders orders(20'000, "bench.desk.orders");
    RandomStream random(1, "bench.desk.completion");
    std::vector<double> completion;
    for (const double share : orders.participation) {
        completion.push_back(random.next_uniform() < 1.0 / (1.0 + share) ? 1.0 : 0.0);
    }
    return cost::fit(orders.columns().add(plain("completion", ""), std::move(completion)).take(), {}).value();
}

desk::DeskSetup setup_of(const cost::Model& model) {
    desk::DeskSetup setup;
    setup.champion = model;
    setup.options.guards.messages = 1'000'000;
    setup.options.guards.order_notional = 1e9;
    setup.options.guards.day_notional = 1e15;
    setup.router = venue::Router::create(3, 100'000).value();
    RandomStream random(2, "bench.desk.venues");
    for (int i = 0; i < 300; ++i) {
        const auto sent = 1 + static_cast<std::int64_t>(math::draw_index(random, 2'000));
        const std::int64_t filled = random.next_uniform() < 0.6 ? 0 : std::min(sent, std::int64_t{3} * i);
        SLIPCAST_ASSERT(setup.router->observe(static_cast<std::size_t>(i % 3), {.sent = sent, .filled = filled}),
                        "the router takes it");
    }
    return setup;
}

/// Contexts of the basket at one moment of the day, each market its own.
std::vector<desk::Context> basket(const cost::Model& model) {
    RandomStream random(3, "bench.desk.contexts");
    std::vector<desk::Context> all(kLegs);
    for (int leg = 0; leg < kLegs; ++leg) {
        desk::Context& c = all[static_cast<std::size_t>(leg)];
        c.time = Timestamp::parse("2024-03-05T14:30:00Z").value();
        c.order = static_cast<std::uint64_t>(leg);
        c.side = leg % 2 == 0 ? Side::buy : Side::sell;
        c.quantity = 10'000 + static_cast<std::int64_t>(math::draw_index(random, 200'000));
        c.deadline = Timestamp::parse("2024-03-05T21:00:00Z").value();
        c.bid = Price::parse("99.99").value();
        c.ask = Price::parse("100").value();
        c.reference = c.ask;
        c.volume_rate = 50.0 + 500.0 * random.next_uniform();
        c.market_volume = 60.0 * c.volume_rate;
        c.symbol_observations = 200;
        c.tier_median_p95_bps = 40.0;
        c.stress = {math::draw_normal(random), math::draw_normal(random), math::draw_normal(random)};
        c.inputs.size = static_cast<std::uint32_t>(model.inputs().size());
        for (std::size_t i = 0; i < model.inputs().size(); ++i) {
            const std::string& input = model.inputs()[i].name;
            c.inputs.values[i] = input == "spread"          ? math::draw_lognormal(random, 1.0, 0.5)
                                 : input == "volatility"    ? math::draw_lognormal(random, 4.6, 0.4)
                                 : input == "duration"      ? 3'600.0
                                 : input == "participation" ? 0.05
                                                            : 2.0 * random.next_uniform() - 1.0;
        }
    }
    return all;
}

/// Moves one leg to its n-th step: a tenth of a second later, another quote, a little more filled.
void advance(desk::Context& c, std::int64_t n) {
    c.time = c.time + std::chrono::milliseconds(100);
    c.quote_time = c.time;
    const auto move = PriceMove::from_units(10'000'000 * (n % 7 - 3));
    c.bid = Price::from_units(99'990'000'000) + move;
    c.ask = Price::from_units(100'000'000'000) + move;
    c.filled = (c.filled + 10) % (c.quantity / 2);
}

struct Latencies {
    std::vector<std::int64_t> ns;
    std::size_t allocations = 0;
    std::int64_t done = 0;
};

/// `call(context)` returns whether it traded, or scored something; only it is timed. After each round of the basket
/// comes `pause`.
Latencies measured(std::vector<desk::Context> legs, std::int64_t steps,
                   const std::function<bool(const desk::Context&)>& call, const std::function<void()>& pause = {}) {
    Latencies made;
    made.ns.reserve(static_cast<std::size_t>(steps));
    const std::int64_t warm_up = std::min(kWarmUp, steps);
    for (std::int64_t n = 0; n < warm_up + steps; ++n) {
        desk::Context& context = legs[static_cast<std::size_t>(n % kLegs)];
        advance(context, n / kLegs);
        const std::size_t allocated = test::allocations;
        const auto begin = std::chrono::steady_clock::now();
        const bool is_done = call(context);
        const auto end = std::chrono::steady_clock::now();
        if (pause && n % kLegs == kLegs - 1) pause();
        if (n < warm_up) continue;
        made.allocations += test::allocations - allocated;
        made.done += is_done ? 1 : 0;
        made.ns.push_back((end - begin).count());
    }
    std::sort(made.ns.begin(), made.ns.end());
    return made;
}

void say(const char* what, const Latencies& all) {
    const auto at = [&](double share) {
        const auto last = static_cast<double>(all.ns.size() - 1);
        return static_cast<double>(all.ns[static_cast<std::size_t>(share * last)]) / 1e3;
    };
    const auto steps = static_cast<double>(all.ns.size());
    fmt::print("{:<44} {:>8} {:>9.2f} {:>9.2f} {:>9.2f} {:>9.2f} {:>7.2f} {:>6.1f} %\n", what, all.ns.size(), at(0.5),
               at(0.99), at(0.999), at(1.0), static_cast<double>(all.allocations) / steps,
               100.0 * static_cast<double>(all.done) / steps);
}

bool is_trade(const desk::Decision& decision) {
    return decision.action == desk::Action::trade;
}

/// A file of its own, gone afterwards with what SQLite keeps beside it.
class JournalFile {
public:
    JournalFile(const std::filesystem::path& folder, const char* name) : file_(folder / name) { remove(); }
    JournalFile(const JournalFile&) = delete;
    JournalFile& operator=(const JournalFile&) = delete;
    ~JournalFile() { remove(); }
    [[nodiscard]] const std::filesystem::path& path() const { return file_; }

private:
    void remove() const {
        for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file_.string() + suffix);
    }
    std::filesystem::path file_;
};

void scoring(const cost::Model& model, const std::vector<desk::Context>& legs) {
    const auto predictor = cost::Predictor::create(model, desk::forecast_levels(0.95)).value();
    const desk::Scoring wary{
        .predictor = &predictor, .where = desk::CandidateInputs(model, predictor), .cold_start_uncertainty = 1.5};
    std::vector<double> values(predictor.quantiles().size());
    cost::Prediction prediction;
    say("one candidate scored (14 quantiles)", measured(legs, 500'000, [&](const desk::Context& c) {
            predictor.predict({c.inputs.values.data(), c.inputs.size}, prediction, values);
            return std::isfinite(prediction.mean + values.back());
        }));
    desk::Plan plan;
    say("six candidates scored", measured(legs, 500'000, [&](const desk::Context& c) {
            const double horizon = static_cast<double>((c.deadline - c.time).count()) / 1e9;
            const auto quantity = static_cast<double>(c.quantity - c.filled);
            desk::make_plan({.kind = c.kind,
                             .quantity = quantity,
                             .horizon_s = horizon,
                             .volume_rate = c.volume_rate,
                             .pace = quantity / (horizon * c.volume_rate),
                             .cap = 0.2,
                             .is_cold = false},
                            c.inputs, wary, plan);
            return plan.is_confident;
        }));
}

/// What each step does to see whether another process asks it to stop, and what it would cost to look for a file.
void requests(const std::filesystem::path& folder, const std::vector<desk::Context>& legs) {
    const JournalFile file(folder, "bench_desk_requests.sqlite");
    auto journal = storage::SqliteJournal::open(file.path()).value();
    say("a look for requests of other processes",
        measured(legs, 500'000, [&](const desk::Context&) { return !journal->next_request().has_value(); }));
    say("beside it: whether a file is there",
        measured(legs, 100'000, [&](const desk::Context&) { return std::filesystem::exists(file.path()); }));
}

bool replays(const std::filesystem::path& file) {
    auto reader = storage::SqliteJournalReader::open(file).value();
    const auto replay = desk::replay(*reader);
    return replay && replay->is_identical;
}

int run(const std::filesystem::path& folder) {
    const cost::Model model = fitted();
    const desk::DeskSetup setup = setup_of(model);
    const std::vector<desk::Context> legs = basket(model);
    const SimulatedClock clock(legs.front().time);
    fmt::print("{:<44} {:>8} {:>9} {:>9} {:>9} {:>9} {:>7} {:>8}\n", "", "steps", "p50 us", "p99 us", "p99.9 us",
               "max us", "allocs", "done");
    say("the clock alone", measured(legs, 500'000, [](const desk::Context&) { return true; }));
    scoring(model, legs);
    {
        desk::Desk desk = desk::Desk::create(setup).value();
        const Latencies all = measured(legs, 500'000, [&](const desk::Context& c) { return is_trade(desk.step(c)); });
        say("step, no journal", all);
        if (all.done * 10 < static_cast<std::int64_t>(all.ns.size()) * 9) return 1;
    }
    {
        // A rung may ask for one forecast more.
        std::vector<desk::Context> careful = legs;
        for (desk::Context& each : careful) each.portfolio = desk::Rung::amber;
        desk::Desk desk = desk::Desk::create(setup).value();
        say("step on AMBER, no journal",
            measured(careful, 500'000, [&](const desk::Context& c) { return is_trade(desk.step(c)); }));
    }
    requests(folder, legs);
    // An acknowledgment waits for the disk, so there are fewer of these.
    const auto journaled = [&](const char* what, std::int64_t steps, bool each, bool between) {
        const JournalFile file(folder, "bench_desk.sqlite");
        {
            auto journal = storage::SqliteJournal::open(file.path()).value();
            auto desk = desk::JournaledDesk::create(setup, *journal, clock).value();
            const auto wait = [&desk] { SLIPCAST_ASSERT(desk.acknowledge(), "the disk takes it"); };
            const auto call = [&](const desk::Context& c) {
                const auto decision = desk.step(c);
                if (each) wait();
                return decision && is_trade(*decision);
            };
            say(what, measured(legs, steps, call, between ? std::function<void()>(wait) : nullptr));
        }
        return replays(file.path());
    };
    const bool is_same = journaled("step and append (room in the buffer)", 20'000, false, true) &&
                         journaled("step and append, as fast as it goes", 50'000, false, false) &&
                         journaled("step, acknowledged", 2'000, true, false);
    fmt::print("journals replay bit for bit: {}\n", is_same);
    return is_same ? 0 : 1;
}

}  // namespace
}  // namespace slipcast::bench

int main(int argc, char** argv) {
    return slipcast::bench::run(argc > 1 ? argv[1] : ".");
}
