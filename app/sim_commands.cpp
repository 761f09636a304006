#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include "output.hpp"
#include "program.hpp"
#include "settings_flags.hpp"
#include "slipcast/io/dataset_files.hpp"
#include "slipcast/sim/sim.hpp"

namespace slipcast::app {
namespace {

struct MarketCommand {
    OutputOptions output;
    sim::MarketOptions options;

    Exit run() const {
        start_log(output);
        if (const auto clear = require_new_folder(output.out); !clear) return refuse(clear.error());
        const auto market = sim::synthetic_market(options);
        if (!market) return refuse(market.error());
        if (const auto tape = write_tape(*market, output.out, terminal_progress(output)); !tape) {
            return refuse(tape.error());
        }
        if (const auto written = io::write_dataset(*market, output.out); !written) return refuse(written.error());
        spdlog::info("wrote a synthetic market of {} instruments over {} days to {}", market->instruments.size(),
                     options.days, output.out.string());
        return Exit::done;
    }
};

struct ReplayCommand {
    OutputOptions output;
    std::filesystem::path tape;
    sim::ParentOptions parents;
    sim::ReplayOptions options;

    /// Replays with the shifted tape going to files, or without impact beside a link to the source's tape.
    Result<sim::ReplayOutcome> replayed(market::Dataset market, const Progress& progress) const {
        SLIPCAST_TRY(book, sim::generate_parents(market, parents, progress));
        if (!options.impact.enabled) {
            SLIPCAST_TRY(outcome, sim::replay(std::move(market), book, options, nullptr, progress));
            SLIPCAST_CHECK(link_tape(tape, output.out));
            return std::move(outcome);
        }
        // The sink writes venue names as the replay first uses them, so both must know the same list.
        for (const sim::VenueTerms& venue : options.venues) market.names.venues.intern(venue.name);
        FileTapeSink sink{output.out, market.names};
        SLIPCAST_TRY(outcome, sim::replay(std::move(market), book, options, &sink, progress));
        SLIPCAST_CHECK(sink.finish());
        return std::move(outcome);
    }

    Exit run() const {
        start_log(output);
        if (const auto clear = require_new_folder(output.out); !clear) return refuse(clear.error());
        if (const auto apart = require_apart(tape, output.out); !apart) return refuse(apart.error());
        const Progress progress = terminal_progress(output);
        auto market = io::open_dataset(tape, progress);
        if (!market) return refuse(market.error());
        const auto outcome = replayed(std::move(*market), progress);
        if (!outcome) return refuse(outcome.error());
        if (const auto written = io::write_dataset(outcome->dataset, output.out); !written) {
            return refuse(written.error());
        }
        const sim::ReplayCounts& counts = outcome->counts;
        spdlog::info("worked {} orders against {} quotes and {} trades: {} placements, {} fills",
                     outcome->dataset.orders.size(), counts.quotes, counts.trades, outcome->dataset.placements.size(),
                     outcome->dataset.fills.size());
        spdlog::info("{}; wrote {}", sim::describe(options.impact), output.out.string());
        const market::QualityReport& quality = outcome->dataset.quality;
        if (quality.quarantined() > 0) {
            spdlog::warn("{} rows are left out, see slipcast data check {}", quality.quarantined(),
                         output.out.string());
        }
        return exit_for(quality, output);
    }
};

}  // namespace

void add_sim_commands(Program& program) {
    CLI::App& sim = program.group({.name = "sim", .summary = "synthetic markets, and orders worked against a tape"});

    auto market = std::make_shared<MarketCommand>();
    CLI::App& market_app = program.command(
        sim,
        {.name = "market",
         .summary = "a synthetic tape, the same for the same seed",
         .explanation = "Instruments, sessions, halts, quotes and trades; the result says that it is synthetic.",
         .examples = {{"slipcast sim market --symbols 8 --days 3 --seed 1 --out tape/", ""}}},
        [market] { return market->run(); });
    market_app.add_option("--out", market->output.out, "new folder for the tape")->type_name("DIR")->required();
    add_settings(market_app, {market->options.settings()});
    market_app.add_flag("-q,--quiet", market->output.quiet, "no progress and no log");

    auto replay = std::make_shared<ReplayCommand>();
    CLI::App& replay_app = program.command(
        sim,
        {.name = "replay",
         .summary = "parent orders worked against a tape, as a broker would have written them",
         .explanation = "Writes orders, placements, fills and the tape that they saw. Our fills do not move the market "
                        "unless --impact is given; either way the result says so.",
         .examples = {{"slipcast sim replay tape/ --orders 5000 --seed 1 --out data/", "no own impact"},
                      {"slipcast sim replay tape/ --orders 5000 --seed 1 --impact --out data/",
                       "fills move the tape"}}},
        [replay] { return replay->run(); });
    replay_app.add_option("TAPE", replay->tape, "dataset folder with quotes and trades")->required();
    replay_app.add_option("--out", replay->output.out, "new folder for the dataset")->type_name("DIR")->required();
    add_settings(replay_app, {replay->parents.settings(), replay->options.settings()});
    // Without the overlay they would be read by nobody.
    for (const std::string_view name : sim::kImpactSettings) {
        std::string flag = "--" + std::string(name);
        std::replace(flag.begin(), flag.end(), '_', '-');
        replay_app.get_option(flag)->needs("--impact");
    }
    replay_app.add_flag("-q,--quiet", replay->output.quiet, "no progress and no log");
    replay_app.add_flag("--strict", replay->output.strict, "rows in quarantine make the exit status 1 instead of 3");
}

}  // namespace slipcast::app
