#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "output.hpp"
#include "program.hpp"
#include "settings_flags.hpp"
#include "slipcast/io/dataset_files.hpp"
#include "slipcast/io/table_files.hpp"
#include "slipcast/storage/deferred_journal.hpp"
#include "slipcast/trial/trial.hpp"

namespace slipcast::app {
namespace {

struct RunCommand {
    OutputOptions output;
    std::filesystem::path tape, journal;
    trial::TrialOptions options;

    Exit run() const {
        start_log(output);
        if (const auto clear = require_new_folder(output.out); !clear) return refuse(clear.error());
        if (const auto apart = require_apart(tape, output.out); !apart) return refuse(apart.error());
        const Progress progress = terminal_progress(output);
        const auto market = io::open_dataset(tape, progress);
        if (!market) return refuse(market.error());
        const auto trial = tried(*market, progress);
        if (!trial) return refuse(trial.error());
        if (const auto written = io::write_tables(trial->tables, output.out, output.csv, trial->provenance); !written) {
            return refuse(written.error());
        }
        for (const auto& [key, value] : trial->provenance) spdlog::info("{}: {}", key, value);
        std::vector<Table> shown;
        for (const Table& table : trial->tables) {
            if (table.name() != "trial_orders" && table.name() != "trial_learning") shown.push_back(table);
        }
        print(shown, output);
        const bool has_journal = std::filesystem::exists(journal_file());
        spdlog::info("wrote {}{}", output.out.string(),
                     has_journal ? " and the journal " + journal_file().string() : ", no journal: no desk took part");
        return exit_for(market->quality, output);
    }

private:
    [[nodiscard]] std::filesystem::path journal_file() const {
        return journal.empty() ? output.out / "desk.sqlite" : journal;
    }
    Result<trial::Trial> tried(const market::Dataset& market, const Progress& progress) const {
        if (std::filesystem::exists(journal_file())) {
            return Error{ErrorCode::inconsistent, "journal", journal_file().string(), "must be a new file", {}};
        }
        storage::DeferredJournal sink(journal_file());
        auto trial = trial::run(market, options, sink, progress);
        if (!trial && sink.has_begun()) {
            spdlog::warn("left behind: the journal up to here, {}", journal_file().string());
        }
        return trial;
    }
};

}  // namespace

void add_desk_run(Program& program) {
    CLI::App& desk = *program.root().get_subcommand("desk");
    auto command = std::make_shared<RunCommand>();
    CLI::App& app = program.command(
        desk,
        {.name = "run",
         .summary = "the desk on a market tape, against TWAP, VWAP, POV and immediate on the same orders",
         .explanation = "The first day is history, orders of the days after it teach the cost model, and on the last "
                        "day every policy works the same orders, each with the impact of its own fills. Every input, "
                        "decision and outcome of the desk goes into a journal that `slipcast desk replay` repeats.",
         .examples = {{"slipcast desk run tape/ --out trial/ --seed 1", "journal in trial/desk.sqlite"},
                      {"slipcast desk run tape/ --orders 2000 --policies desk,vwap --out trial/", ""},
                      {"slipcast desk run tape/ --no-impact --dark-venues 0 --out trial/",
                       "nothing hidden, no impact"}}},
        [command] { return command->run(); });
    app.add_option("TAPE", command->tape, "dataset folder with quotes, trades and sessions of at least 3 days")
        ->required();
    app.add_option("--out", command->output.out, "new folder for the tables and the journal")
        ->type_name("DIR")
        ->required();
    app.add_option("--journal", command->journal, "new file for the desk's journal (default DIR/desk.sqlite)")
        ->type_name("FILE");
    add_settings(app, {command->options.settings(), command->options.desk.settings()});
    app.add_flag("--csv", command->output.csv, "CSV beside the Parquet files");
    app.add_flag("--json", command->output.json, "tables as JSON on standard output");
    app.add_flag("-q,--quiet", command->output.quiet, "no progress and no log");
    app.add_flag("--strict", command->output.strict, "rows in quarantine make the exit status 1 instead of 3");
}

}  // namespace slipcast::app
