#include <fmt/format.h>

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
    bool extrapolate = false;

    [[nodiscard]] Result<std::vector<venue::SimulatedSymbol>> symbols(std::vector<Table>& tables,
                                                                      const Progress& progress) {
        if (source.empty()) return venue::simulated_suite(suite);
        SLIPCAST_TRY(read, read_venue_logs(source, reading, progress));
        SLIPCAST_TRY(simulator, venue::simulator_from_log(read.logs.pairs));
        if (!extrapolate) SLIPCAST_CHECK(venue::require_observed(simulator, options.volume));
        tables.push_back(simulator.ranges);
        return simulator.symbols;
    }

    Exit run() {
        start_log(output);
        const Progress progress = terminal_progress(output);
        std::vector<Table> tables;
        const auto drawn = symbols(tables, progress);
        if (!drawn) return refuse(drawn.error());
        const auto done = venue::simulate(*drawn, options, progress);
        if (!done) return refuse(done.error());
        tables.push_back(done->summary);
        tables.push_back(done->curves);
        const std::string from =
            source.empty() ? "synthetic suite: " + suite.settings().canonical_text() : source.string();
        if (!output.out.empty()) {
            const std::map<std::string, std::string> provenance{{"version", std::string{version()}},
                                                                {"source", from},
                                                                {"options", options.settings().canonical_text()}};
            const auto written = io::write_tables(tables, output.out, output.csv, provenance);
            if (!written) return refuse(written.error());
        }
        if (output.json) {
            print(tables, output);
        } else {
            fmt::print("{}\n", from);
            tables.pop_back();
            print(tables, output, kAllRows);
            if (extrapolate && !source.empty()) {
                fmt::print("\nSizes beyond largest_observed were never sent: there the fitted shapes extrapolate.\n");
            }
        }
        if (!report.empty()) {
            const auto page = report::document(report::learning_document(
                *done, *drawn, options, source.empty() ? "synthetic suite" : source.string()));
            if (const auto written = write_page(report, page); !written) return refuse(written.error());
        }
        return Exit::done;
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
             "fitted to each pair of a log, which refuses orders larger than the log ever sent. Algorithms: "
             "ideal, slipcast, thompson, maximum_likelihood, pseudo_fill, discounted, kaplan_meier, "
             "optimistic_kaplan_meier, exponentiated_gradient, laruelle, bandit, uniform.",
         .examples = {{"slipcast venue simulate --trials 4 --report learning.html",
                       "learning curves of five algorithms"},
                      {"slipcast venue simulate --algorithms all --report learning.html", "of every one: minutes"},
                      {"slipcast venue simulate --switch-at 1000 --algorithms slipcast,thompson,bandit",
                       "venues exchange their liquidity halfway"},
                      {"slipcast venue simulate --from-log routes.csv --volume 500", "your own venues"}}},
        [command] { return command->run(); });
    app.add_option("--from-log", command->source, "dataset folder or table of routes to fit the venues to")
        ->type_name("LOG");
    app.add_flag("--extrapolate", command->extrapolate,
                 "with --from-log: orders beyond the largest size sent, by the fitted shapes alone");
    app.add_option("--report", command->report, "draws the page")->type_name("FILE.html");
    app.add_option("--out", command->output.out, "folder for the tables (Parquet)")->type_name("DIR");
    app.add_flag("--csv", command->output.csv, "with --out: CSV beside the Parquet files");
    add_output_options(app, command->output);
    add_settings(app, {command->options.settings(), command->reading.settings()});
}

}  // namespace slipcast::app
