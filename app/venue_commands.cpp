#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "output.hpp"
#include "program.hpp"
#include "settings_flags.hpp"
#include "slipcast/core/version.hpp"
#include "slipcast/io/table_files.hpp"
#include "slipcast/report/venue_page.hpp"
#include "slipcast/venue/compare.hpp"
#include "slipcast/venue/fit_pairs.hpp"
#include "slipcast/venue/pool.hpp"
#include "venue_logs.hpp"

namespace slipcast::app {
namespace {

using Provenance = std::map<std::string, std::string>;

Provenance provenance_of(const std::string& source, const std::string& options) {
    return {{"version", std::string{version()}}, {"source", source}, {"options", options}};
}

Result<void> write_out(const std::vector<Table>& tables, const OutputOptions& output, const Provenance& provenance) {
    if (output.out.empty()) return {};
    SLIPCAST_CHECK(io::write_tables(tables, output.out, output.csv, provenance));
    spdlog::info("wrote {} tables to {}", tables.size(), output.out.string());
    return {};
}

void add_log_options(CLI::App& app, OutputOptions& output) {
    app.add_option("--out", output.out, "folder for the tables (Parquet), not in a dataset that is read")
        ->type_name("DIR");
    app.add_flag("--csv", output.csv, "with --out: CSV beside the Parquet files");
    add_output_options(app, output);
}

struct FitCommand {
    OutputOptions output;
    std::filesystem::path source;
    venue::LogOptions reading;
    venue::FitPairsOptions options;
    std::filesystem::path report;
    bool pools = false;

    [[nodiscard]] Result<void> draw(const venue::PairFits& fits, const std::string& from) const {
        if (report.empty()) return {};
        SLIPCAST_TRY(page, report::document(report::fits_document(fits, options.confidence, from)));
        SLIPCAST_CHECK(write_text(report, page));
        spdlog::info("wrote {}", report.string());
        return {};
    }

    Exit run() {
        start_log(output);
        const Progress progress = terminal_progress(output);
        if (const auto apart = require_apart(source, output.out); !apart) return refuse(apart.error());
        const auto logs = read_venue_logs(source, reading, progress);
        if (!logs) return refuse(logs.error());
        if (!output.json) print_quarantine(*logs);
        const auto fits = venue::fit_pairs(logs->logs.pairs, options, progress);
        if (!fits) return refuse(fits.error());
        std::vector<Table> tables{logs->logs.counts(), fits->fits, fits->tails};
        if (pools) {
            const auto pool = venue::Pool::estimate(logs->logs.pairs, options.max_liquidity, options.confidence);
            if (!pool) return refuse(pool.error());
            if (pool->termination() != venue::Termination::converged) {
                spdlog::warn("the pool ended at {}: use with care, see pool_diagnostics", name(pool->termination()));
            }
            tables.push_back(pool->table());
            tables.push_back(pool->diagnostics());
        }
        const std::string from = described(source, *logs);
        const Provenance provenance =
            provenance_of(from, reading.settings().canonical_text() + options.settings().canonical_text());
        if (const auto written = write_out(with_quarantine(tables, *logs), output, provenance); !written) {
            return refuse(written.error());
        }
        if (const auto drawn = draw(*fits, from); !drawn) return refuse(drawn.error());
        if (output.json) {
            print(with_quarantine(std::move(tables), *logs), output);
        } else {
            print({tables[0], tables[1]}, output, kAllRows);
            if (pools) print({tables[3], tables[4]}, output, kAllRows);
            fmt::print("\nSizes beyond largest_sent were never sent: there a shape extrapolates.\n");
            print_caveat(*logs);
        }
        return exit_for(logs->quality, output);
    }
};

struct CompareCommand {
    OutputOptions output;
    std::filesystem::path source;
    venue::LogOptions reading;
    venue::CompareOptions options;
    venue::SuiteOptions suite;

    [[nodiscard]] Result<VenueLogs> logs(const Progress& progress) {
        if (!source.empty()) return read_venue_logs(source, reading, progress);
        SLIPCAST_TRY(pairs, venue::synthetic_suite(suite));
        VenueLogs made;
        made.logs.pairs = std::move(pairs);
        made.logs.routes = made.logs.observations();
        if (options.max_liquidity == 0) options.max_liquidity = suite.max_liquidity();
        return made;
    }

    void print_reading(const venue::Comparison& comparison) const {
        fmt::print("\n{}\n", comparison.verdict());
        fmt::print(
            "Losses are mean -ln P (nats an observation), every model mixed with weight {:g} of an even spread "
            "over 0..max_liquidity lots;\nthe order of models can depend on that weight. {} pairs compared, {} "
            "with fewer than {} observations left out.\n",
            options.smoothing, comparison.compared, comparison.too_few, options.min_observations);
    }

    Exit run() {
        start_log(output);
        const Progress progress = terminal_progress(output);
        if (const auto apart = require_apart(source, output.out); !apart) return refuse(apart.error());
        const auto read = logs(progress);
        if (!read) return refuse(read.error());
        if (!output.json) print_quarantine(*read);
        const auto comparison = venue::compare_models(read->logs.pairs, options, progress);
        if (!comparison) return refuse(comparison.error());
        const std::vector<Table> tables{read->logs.counts(), comparison->models, comparison->pairs};
        const std::string name =
            source.empty() ? "synthetic suite: " + suite.settings().canonical_text() : source.string();
        const std::string declared = (source.empty() ? std::string{} : reading.settings().canonical_text()) +
                                     options.settings().canonical_text();
        const Provenance provenance = provenance_of(described(name, *read), declared);
        if (const auto written = write_out(with_quarantine(tables, *read), output, provenance); !written) {
            return refuse(written.error());
        }
        if (output.json) {
            print(with_quarantine(tables, *read), output);
        } else {
            fmt::print("{}\n", name);
            print({tables[0], tables[1]}, output, kAllRows);
            print_reading(*comparison);
            print_caveat(*read);
        }
        return exit_for(read->quality, output);
    }
};

void add_fit(Program& program, CLI::App& venue) {
    auto command = std::make_shared<FitCommand>();
    CLI::App& app = program.command(
        venue,
        {.name = "fit",
         .summary = "hidden liquidity of every symbol at every venue, from censored fills",
         .explanation = "LOG is a dataset folder (its placements and fills, unfilled routes included) or a Parquet or "
                        "CSV table with columns symbol, venue, sent, filled and optionally min_quantity, time and "
                        "hypothetical (what was declared of routes that nobody sent). A full fill says that at least "
                        "so much was there, a miss with a minimum quantity that less than the minimum was. Rows that "
                        "cannot have happened are quarantined: counted by rule, and written with --out.",
         .examples = {{"slipcast venue fit routes.csv", "zero bin and power law of each pair, with intervals"},
                      {"slipcast venue fit data/ --venue-kinds all --model best",
                       "from placements, best model of each"},
                      {"slipcast venue fit routes.csv --pool", "pairs with few routes lean on their symbol and venue"},
                      {"slipcast venue fit routes.csv --out fits/ --csv", "and the tails beside Kaplan-Meier"},
                      {"slipcast venue fit routes.csv --report fits.html", "the same drawn, with bands"}}},
        [command] { return command->run(); });
    app.add_option("LOG", command->source, "dataset folder or table of routes")->required();
    app.add_flag("--pool", command->pools,
                 "also power laws that share a prior over symbols and venues: for pairs with few routes");
    app.add_option("--report", command->report, "draws the page")->type_name("FILE.html");
    add_log_options(app, command->output);
    add_settings(app, {command->options.settings(), command->reading.settings()});
}

void add_compare(Program& program, CLI::App& venue) {
    auto command = std::make_shared<CompareCommand>();
    CLI::App& app = program.command(
        venue,
        {.name = "compare-models",
         .summary = "which model of hidden liquidity explains held-out routes best",
         .explanation = "Fits five models to one half of each pair's routes and scores them on the other: train and "
                        "test log-loss, and wins (pairs with the lowest test loss; equals share). Without LOG on a "
                        "synthetic suite of 12 symbols at 4 venues.",
         .examples = {{"slipcast venue compare-models", "the synthetic suite"},
                      {"slipcast venue compare-models --suite lognormal", "a suite on which the power law is wrong"},
                      {"slipcast venue compare-models routes.csv --seed 7", "your own log"}}},
        [command] { return command->run(); });
    app.add_option("LOG", command->source, "dataset folder or table of routes");
    add_log_options(app, command->output);
    add_settings(app, {command->options.settings(), command->suite.settings(), command->reading.settings()});
}

}  // namespace

void add_venue_commands(Program& program) {
    CLI::App& venue = program.group({.name = "venue", .summary = "hidden liquidity, and where to send an order"});
    add_fit(program, venue);
    add_compare(program, venue);
}

}  // namespace slipcast::app
