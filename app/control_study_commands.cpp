#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cmath>
#include <memory>

#include "control_series.hpp"
#include "output.hpp"
#include "program.hpp"
#include "settings_flags.hpp"
#include "slipcast/control/study.hpp"
#include "slipcast/core/version.hpp"
#include "slipcast/io/dataset_files.hpp"
#include "slipcast/io/table_files.hpp"
#include "slipcast/report/control_page.hpp"

namespace slipcast::app {
namespace {

/// Paths that a study runs unless told otherwise: seconds, with standard errors a tenth of what they measure.
constexpr std::int64_t kStudyPaths = 2'000;

void add_table_options(CLI::App& app, OutputOptions& output) {
    app.add_option("--out", output.out, "folder for the tables (Parquet)")->type_name("DIR");
    app.add_flag("--csv", output.csv, "with --out: CSV beside the Parquet files");
    app.add_flag("--json", output.json, "tables as JSON on standard output");
    app.add_flag("-q,--quiet", output.quiet, "no progress and no log");
}

Result<void> write_out(const std::vector<Table>& tables, const OutputOptions& output, const std::string& options) {
    if (output.out.empty()) return {};
    return io::write_tables(tables, output.out, output.csv,
                            {{"version", std::string{version()}}, {"options", options}});
}

/// A number with the digits that count, never in powers of ten: losses span seven of them.
std::string significant(double value) {
    if (std::abs(value) >= 1000.0) return fmt::format("{:.0f}", value);
    if (value == 0.0 || std::abs(value) >= 1e-4) return fmt::format("{:.3g}", value);
    return fmt::format("{:.1e}", value);
}

/// A study's table for people: losses with three digits that count, gains to the hundredth, both in line on the right.
Table as_read(const Table& table) {
    Table made(table.name());
    for (Column column : table.columns()) {
        const auto* numbers = std::get_if<std::vector<double>>(&column.data);
        const bool is_loss = column.meta.unit == "bps" || column.meta.unit == "%";
        const bool is_gain = column.meta.unit == "1e-4";
        if (numbers != nullptr && (is_loss || is_gain)) {
            std::vector<std::string> texts;
            for (std::size_t row = 0; row < numbers->size(); ++row) {
                const double value = (*numbers)[row];
                const std::string text = is_loss ? significant(value) : fmt::format("{:.2f}", value);
                texts.push_back(fmt::format("{:>{}}", column.is_valid(row) ? text : "", column.meta.name.size()));
            }
            column.data = std::move(texts);
            column.valid.clear();
        }
        made.add(std::move(column));
    }
    return made;
}

std::vector<Table> as_read(const std::vector<Table>& tables) {
    std::vector<Table> made;
    for (const Table& table : tables) made.push_back(as_read(table));
    return made;
}

/// Writes what was asked for and prints the tables.
Exit show(const std::vector<Table>& tables, const OutputOptions& output, const std::string& options) {
    if (const auto written = write_out(tables, output, options); !written) return refuse(written.error());
    print(output.json ? tables : as_read(tables), output, kAllRows);
    return Exit::done;
}

struct StudyCommand {
    OutputOptions output;
    control::StudyOptions options;
    control::SimulationOptions simulation;
    std::filesystem::path page;

    StudyCommand() { simulation.paths = kStudyPaths; }
    [[nodiscard]] std::string text() {
        return options.settings().canonical_text() + simulation.settings().canonical_text();
    }
};

Result<report::ControlStudy> studied(const StudyCommand& asked) {
    const Progress progress = terminal_progress(asked.output);
    SLIPCAST_TRY(fast, control::fast_loss_table(asked.options));
    SLIPCAST_TRY(slow, control::slow_loss_table(asked.options));
    SLIPCAST_TRY(states, control::states_table(asked.options));
    SLIPCAST_TRY(paired, control::paired_study(asked.options, asked.simulation, progress));
    SLIPCAST_TRY(guards, control::guard_study(asked.options, asked.simulation, progress));
    return report::ControlStudy{asked.options,     asked.simulation,  std::move(fast),  std::move(slow),
                                std::move(states), std::move(paired), std::move(guards)};
}

Exit compare(StudyCommand& asked) {
    start_log(asked.output);
    const auto study = studied(asked);
    if (!study) return refuse(study.error());
    if (!asked.page.empty()) {
        const auto html = report::control_page(*study);
        if (!html) return refuse(html.error());
        if (const auto written = write_text(asked.page, *html); !written) return refuse(written.error());
        spdlog::info("wrote {}", asked.page.string());
    }
    const std::vector<Table> tables{study->fast_loss, study->slow_loss, study->paired.table, study->guards.table,
                                    study->states};
    if (asked.output.json) return show(tables, asked.output, asked.text());
    if (const auto written = write_out(tables, asked.output, asked.text()); !written) return refuse(written.error());
    print(as_read({tables.begin(), tables.end() - 1}), asked.output, kAllRows);
    fmt::print("\nLosses are in bps of risk-adjusted value, gains over paths in 1e-4 of its unit.\n");
    return Exit::done;
}

Exit simulate(StudyCommand& asked) {
    start_log(asked.output);
    const auto paired = control::paired_study(asked.options, asked.simulation, terminal_progress(asked.output));
    if (!paired) return refuse(paired.error());
    return show({control::simulation_table(paired->simulation), paired->table}, asked.output, asked.text());
}

struct CalibrateCommand {
    OutputOptions output;
    std::filesystem::path data;
    SeriesOptions series;
    control::CalibrationOptions options;

    Exit run() {
        start_log(output);
        const Progress progress = terminal_progress(output);
        const auto dataset = io::open_dataset(data, progress);
        if (!dataset) return refuse(dataset.error());
        const auto table = calibration_table(*dataset, series, options, progress);
        if (!table) return refuse(table.error());
        return show({*table}, output, series.settings().canonical_text() + options.settings().canonical_text());
    }
};

void add_study(CLI::App& app, StudyCommand& study) {
    add_settings(app, {study.options.settings(), study.simulation.settings()});
    add_table_options(app, study.output);
}

}  // namespace

void add_control_study_commands(Program& program) {
    CLI::App& group = *program.root().get_subcommand("control");
    auto paths = std::make_shared<StudyCommand>();
    CLI::App& simulate_app = program.command(
        group,
        {.name = "simulate",
         .summary = "trading rules over the same random paths, beside their exact prices",
         .explanation =
             "Every rule sees the same signals and variances, so that small differences show. The market is the "
             "published example unless options say otherwise.",
         .examples = {{"slipcast control simulate --paths 2000 --seed 1", ""}}},
        [paths] { return simulate(*paths); });
    add_study(simulate_app, *paths);

    auto study = std::make_shared<StudyCommand>();
    CLI::App& compare_app = program.command(
        group,
        {.name = "compare",
         .summary = "what each trading rule loses against the exact policy, and what each guard costs",
         .explanation =
             "Losses over the time scales of a fast and of a slow volatility factor by exact pricing; the gain of "
             "the fast correction over paired paths with standard errors; every guard by itself.",
         .examples = {{"slipcast control compare --paths 2000 --report control.html", "tables and page"}}},
        [study] { return compare(*study); });
    add_study(compare_app, *study);
    compare_app.add_option("--report", study->page, "the page of the study")->type_name("FILE.html");

    auto calibrate = std::make_shared<CalibrateCommand>();
    CLI::App& calibrate_app = program.command(
        group,
        {.name = "calibrate",
         .summary = "what a tape and executions say of a trading problem, with intervals",
         .explanation =
             "Decay and size of a signal, speed of volatility factors, impact and its decay, trading cost. What the "
             "data do not determine is not_identified, with the reason.",
         .examples = {{"slipcast control calibrate data/",
                       "a folder with quotes and trades, and orders if there are any"}}},
        [calibrate] { return calibrate->run(); });
    calibrate_app.add_option("DATA", calibrate->data, "dataset folder with quotes and trades")->required();
    add_settings(calibrate_app, {calibrate->series.settings(), calibrate->options.settings()});
    add_table_options(calibrate_app, calibrate->output);
}

}  // namespace slipcast::app
