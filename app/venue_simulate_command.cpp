#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "output.hpp"
#include "program.hpp"
#include "settings_flags.hpp"
#include "slipcast/core/version.hpp"
#include "slipcast/io/table_files.hpp"
#include "slipcast/report/venue_page.hpp"
#include "slipcast/venue/simulate.hpp"
#include "venue_logs.hpp"

namespace slipcast::app {
namespace {

struct SimulateCommand {
    OutputOptions output;
    std::filesystem::path source;
    std::filesystem::path report;
    venue::LogOptions reading;
    venue::SimulateOptions options;
    venue::SuiteOptions suite;
    std::filesystem::path routes;
    std::string routes_of = "slipcast";

    /// What is simulated, and what was said of the log that it was fitted to.
    struct Source {
        std::vector<venue::SimulatedSymbol> symbols;
        std::vector<Table> tables;
        VenueLogs log;
        std::string name;
        std::string described;
    };

    [[nodiscard]] Result<Source> read(const Progress& progress) const {
        Source made;
        if (source.empty()) {
            SLIPCAST_TRY(symbols, venue::simulated_suite(suite));
            made.symbols = std::move(symbols);
            venue::SuiteOptions shown = suite;
            made.name = "synthetic suite: " + shown.settings().canonical_text();
            made.described = made.name;
            return made;
        }
        for (const std::filesystem::path& place : {output.out, routes}) SLIPCAST_CHECK(require_apart(source, place));
        SLIPCAST_TRY(log, read_venue_logs(source, reading, progress));
        if (!output.json) print_quarantine(log);
        SLIPCAST_TRY(simulator, venue::simulator_from_log(log.logs.pairs));
        made.symbols = std::move(simulator.symbols);
        made.tables = {log.logs.counts(), std::move(simulator.ranges), std::move(simulator.left_out)};
        made.name = source.string();
        made.described = described(source, log);
        made.log = std::move(log);
        return made;
    }

    void print_text(const Source& from, const venue::Simulation& done) const {
        fmt::print("{}\n", from.name);
        for (const Table& table : from.tables) {
            if (table.rows() > 0) print({table}, output, kAllRows);
        }
        print({done.summary}, output, kAllRows);
        if (options.extrapolate && !source.empty()) {
            fmt::print("\nSizes beyond largest_observed were never sent: there the fitted shapes extrapolate.\n");
        }
        print_caveat(from.log);
    }

    [[nodiscard]] std::map<std::string, std::string> provenance(const Source& from) const {
        venue::SimulateOptions shown = options;
        shown.threads = 0;  // results do not depend on it
        venue::LogOptions read = reading;
        return {{"version", std::string{version()}},
                {"source", from.described},
                {"options", (source.empty() ? std::string{} : read.settings().canonical_text()) +
                                shown.settings().canonical_text()}};
    }

    [[nodiscard]] Result<void> write_routes(const Source& from) const {
        if (routes.empty()) return {};
        SLIPCAST_TRY(algorithm, venue::algorithm_of(routes_of));
        SLIPCAST_TRY(made, venue::simulated_routes(from.symbols, options, algorithm));
        SLIPCAST_CHECK(io::write_table(made, routes, provenance(from)));
        spdlog::info("wrote {} routes to {}", made.rows(), routes.string());
        return {};
    }

    [[nodiscard]] std::vector<Table> tables_of(const Source& from, const venue::Simulation& done) const {
        std::vector<Table> tables = from.tables;
        tables.push_back(done.summary);
        tables.push_back(done.curves);
        return source.empty() ? tables : with_quarantine(std::move(tables), from.log);
    }

    Exit run() {
        start_log(output);
        const Progress progress = terminal_progress(output);
        const auto from = read(progress);
        if (!from) return refuse(from.error());
        if (const auto written = write_routes(*from); !written) return refuse(written.error());
        const auto done = venue::simulate(from->symbols, options, progress);
        if (!done) return refuse(done.error());
        if (!output.out.empty()) {
            const auto written = io::write_tables(tables_of(*from, *done), output.out, output.csv, provenance(*from));
            if (!written) return refuse(written.error());
        }
        if (output.json) {
            print(tables_of(*from, *done), output);
        } else {
            print_text(*from, *done);
        }
        if (!report.empty()) {
            const auto page = report::document(report::learning_document(
                *done, from->symbols, options, source.empty() ? "synthetic suite" : from->described));
            if (const auto written = write_page(report, page); !written) return refuse(written.error());
        }
        return exit_for(from->log.quality, output);
    }
};

}  // namespace

void add_venue_simulate(Program& program) {
    CLI::App& venue = *program.root().get_subcommand("venue");
    auto command = std::make_shared<SimulateCommand>();
    CLI::App& app = program.command(
        venue,
        {.name = "simulate",
         .summary = "how fast ways to split learn, against the ideal split",
         .explanation =
             "Hidden liquidity is drawn for every order at every venue and min(sent, liquidity) fills; an "
             "algorithm sees only that. On the synthetic suite, or with --from-log on a zero bin and power law "
             "fitted to each pair of a log, which refuses orders larger than the log ever sent and names pairs whose "
             "shape it cannot tell. Algorithms: ideal, slipcast, thompson, maximum_likelihood, pseudo_fill, "
             "discounted, kaplan_meier, "
             "optimistic_kaplan_meier, exponentiated_gradient, laruelle, bandit, uniform.",
         .examples = {{"slipcast venue simulate --trials 4 --report learning.html",
                       "learning curves of five algorithms"},
                      {"slipcast venue simulate --algorithms all --report learning.html", "of every one: minutes"},
                      {"slipcast venue simulate --switch-at 1000 --algorithms slipcast,thompson,bandit",
                       "venues exchange their liquidity halfway"},
                      {"slipcast venue simulate --from-log routes.csv --volume 500", "your own venues"},
                      {"slipcast venue simulate --trials 1 --algorithms slipcast --routes routes.csv",
                       "a log to try things on; then: slipcast venue fit routes.csv"}}},
        [command] { return command->run(); });
    app.add_option("--from-log", command->source, "dataset folder or table of routes to fit the venues to")
        ->type_name("LOG");
    app.add_option("--routes", command->routes,
                   "writes the routes of the first trial, as `venue fit` reads them, marked as hypothetical")
        ->type_name("FILE.csv|FILE.parquet");
    app.add_option("--routes-of", command->routes_of, "algorithm that splits the orders of --routes [slipcast]");
    app.add_option("--report", command->report, "draws the page")->type_name("FILE.html");
    app.add_option("--out", command->output.out, "folder for the tables (Parquet), not in a dataset that is read")
        ->type_name("DIR");
    app.add_flag("--csv", command->output.csv, "with --out: CSV beside the Parquet files");
    add_output_options(app, command->output);
    add_settings(app, {command->options.settings(), command->reading.settings()});
}

}  // namespace slipcast::app
