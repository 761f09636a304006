#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cstdint>
#include <memory>

#include "output.hpp"
#include "program.hpp"
#include "settings_flags.hpp"
#include "slipcast/io/dataset_files.hpp"
#include "slipcast/io/import.hpp"

namespace slipcast::app {
namespace {

struct CheckCommand {
    OutputOptions output;
    std::filesystem::path folder;

    Exit run() const {
        start_log(output);
        if (const auto apart = require_apart(folder, output.out); !apart) return refuse(apart.error());
        const auto dataset = io::open_dataset(folder, terminal_progress(output));
        if (!dataset) return refuse(dataset.error());
        if (!output.out.empty()) {
            if (const auto written = io::write_quality(dataset->quality, output.out); !written) {
                return refuse(written.error());
            }
            spdlog::info("wrote the quality tables to {}", output.out.string());
        }
        print_quality(dataset->quality, output);
        return exit_for(dataset->quality, output);
    }
};

struct ImportCommand {
    enum class Kind : std::uint8_t { lean, lobster, table };
    Kind kind = Kind::lean;
    OutputOptions output;
    std::vector<std::filesystem::path> sources;
    std::filesystem::path mapping;  ///< of a table
    io::LobsterOptions lobster;

    Result<market::QualityReport> imported(const Progress& progress) const {
        switch (kind) {
            case Kind::lean:
                return io::import_lean(sources.front(), output.out, progress);
            case Kind::lobster:
                return io::import_lobster(sources, output.out, lobster, progress);
            case Kind::table:
                break;
        }
        return io::import_table(sources, mapping, output.out, progress);
    }

    Exit run() const {
        start_log(output);
        if (const auto clear = require_new_folder(output.out); !clear) return refuse(clear.error());
        const Progress progress = terminal_progress(output);
        const auto quality = imported(progress);
        if (!quality) return refuse(quality.error());
        spdlog::info("wrote {}", output.out.string());
        print_quality(*quality, output);
        return exit_for(*quality, output);
    }
};

void add_check(Program& program, CLI::App& data) {
    auto command = std::make_shared<CheckCommand>();
    CLI::App& app = program.command(
        data,
        {.name = "check",
         .summary = "read a dataset folder and say which rows are usable",
         .explanation =
             "Every row is accepted, flagged or quarantined; each quarantined row names its file, row, field, "
             "value and the rule it broke. --out writes the tables quality, quality_rules, degradations and "
             "quarantine.",
         .examples = {{"slipcast data check data/", "counts and rules"},
                      {"slipcast data check data/ --out checked/ --strict", "exit status 1 on any bad row"}}},
        [command] { return command->run(); });
    app.add_option("DIR", command->folder, "folder of contract tables (Parquet or CSV)")->required();
    app.add_option("--out", command->output.out, "folder for the quality tables, not in DIR")->type_name("DIR");
    add_output_options(app, command->output);
}

CLI::App& add_import(Program& program, CLI::App& group, const std::shared_ptr<ImportCommand>& command,
                     const CommandText& text) {
    CLI::App& app = program.command(group, text, [command] { return command->run(); });
    app.add_option("--out", command->output.out, "new folder for the dataset")->type_name("DIR")->required();
    add_output_options(app, command->output);
    return app;
}

}  // namespace

void add_data_commands(Program& program) {
    CLI::App& data = program.group({.name = "data", .summary = "import data and check it"});
    add_check(program, data);

    CLI::App& import = *data.add_subcommand("import");
    program.describe(import, {.name = "import", .summary = "turn a source's own files into a dataset folder"});
    import.require_subcommand(1);

    auto lean = std::make_shared<ImportCommand>();
    CLI::App& lean_app = add_import(
        program, import, lean,
        {.name = "lean",
         .summary = "QuantConnect Lean / AlgoSeek US equity files",
         .explanation =
             "Reads ROOT/{tick,second,minute}/SYMBOL/YYYYMMDD_{trade,quote}.zip into instruments, sessions and "
             "the tape. Where tick quotes are missing, one-second quote bars stand in and spreads are indicative.",
         .examples = {{"slipcast data import lean equity/usa --out tape/", ""}}});
    lean->sources.resize(1);
    lean_app.add_option("ROOT", lean->sources.front(), "folder that holds tick/, second/ or minute/")->required();

    auto lobster = std::make_shared<ImportCommand>();
    lobster->kind = ImportCommand::Kind::lobster;
    CLI::App& lobster_app = add_import(
        program, import, lobster,
        {.name = "lobster",
         .summary = "LOBSTER order books of Nasdaq stocks",
         .explanation =
             "Reads pairs TICKER_DATE_START_END_{message,orderbook}_LEVELS.csv, plain or zipped, into instruments, "
             "sessions, halts and a tape with the book's levels. The direction of a message is the resting order's; "
             "trades carry the aggressor. Rows that a rule refuses are quarantined; files that do not fit each other "
             "are "
             "refused.",
         .examples = {{"slipcast data import lobster AMZN_2012-06-21_5.zip --out tape/", ""},
                      {"slipcast data import lobster lobster/ --levels 5 --out tape/", "a folder, five levels"}}});
    lobster_app.add_option("SRC", lobster->sources, "files, archives or folders to read")->required();
    add_settings(lobster_app, {lobster->lobster.settings()});

    auto table = std::make_shared<ImportCommand>();
    table->kind = ImportCommand::Kind::table;
    CLI::App& table_app = add_import(
        program, import, table,
        {.name = "table",
         .summary = "your own CSV or Parquet files, by a mapping",
         .explanation = "The mapping is a TOML file that says which of your columns is which column of the contract.",
         .examples = {{"slipcast data import table blotter.csv --mapping blotter.toml --out data/", ""}}});
    table_app.add_option("SRC", table->sources, "files to read")->required();
    table_app.add_option("--mapping", table->mapping, "the mapping")->type_name("FILE.toml")->required();
}

}  // namespace slipcast::app
