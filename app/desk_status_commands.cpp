#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <array>
#include <memory>

#include "output.hpp"
#include "program.hpp"
#include "slipcast/core/version.hpp"
#include "slipcast/desk/journal_tables.hpp"
#include "slipcast/io/table_files.hpp"
#include "slipcast/report/desk_page.hpp"
#include "slipcast/storage/kill_file.hpp"
#include "slipcast/storage/sqlite_journal.hpp"
#include "table_rows.hpp"

namespace slipcast::app {
namespace {

const Table& named(const std::vector<Table>& tables, std::string_view name) {
    for (const Table& each : tables) {
        if (each.name() == name) return each;
    }
    return tables.front();
}

std::string cell(const Table& table, std::size_t row, std::string_view name) {
    for (std::size_t c = 0; c < table.columns().size(); ++c) {
        if (table.columns()[c].meta.name == name) return table.text(row, c);
    }
    return {};
}

/// The columns that a terminal has room for.
Table narrowed(const Table& table, std::initializer_list<std::string_view> names) {
    Table made(table.name());
    for (const std::string_view name : names) {
        if (const Column* column = table.find(name)) made.add(*column);
    }
    return made;
}

struct StatusCommand {
    OutputOptions output;
    std::filesystem::path journal, trial, report;

    Exit run() const {
        start_log(output);
        const auto tables = read();
        if (!tables) return refuse(in_journal(tables.error()));
        if (const auto written = write_out(*tables); !written) return refuse(written.error());
        if (const auto drawn = draw(*tables); !drawn) return refuse(drawn.error());
        if (output.json) {
            std::vector<Table> shown;
            for (const Table& each : *tables) {
                if (each.name() != "desk_decisions") shown.push_back(each);
            }
            print(shown, output);
        } else {
            say(*tables);
        }
        return Exit::done;
    }

private:
    [[nodiscard]] Result<std::vector<Table>> read() const {
        // Requests first: one that is taken up meanwhile stands in both, not in none.
        SLIPCAST_TRY(waiting, storage::open_requests(journal));
        SLIPCAST_TRY(reader, storage::SqliteJournalReader::open(journal));
        SLIPCAST_TRY(tables, desk::journal_tables(*reader));
        tables.push_back(storage::requests_table(waiting));
        return std::move(tables);
    }
    /// Records know their number, not their file.
    [[nodiscard]] Error in_journal(Error error) const {
        if (error.place.file.empty() || error.place.file == "journal") error.place.file = journal.string();
        return error;
    }
    [[nodiscard]] std::map<std::string, std::string> provenance() const {
        return {{"version", std::string{version()}}, {"journal", journal.string()}};
    }
    Result<void> write_out(const std::vector<Table>& tables) const {
        if (output.out.empty()) return {};
        SLIPCAST_CHECK(io::write_tables(tables, output.out, output.csv, provenance()));
        spdlog::info("wrote {} tables to {}", tables.size(), output.out.string());
        return {};
    }
    Result<void> draw(const std::vector<Table>& tables) const {
        if (report.empty()) return {};
        report::DeskStory story{
            .journal = tables, .trial = {}, .source = journal.filename().string(), .provenance = provenance()};
        constexpr std::array kTrial{"trial_policies", "trial_pairs", "trial_orders"};
        for (const char* name : kTrial) {
            if (trial.empty()) break;
            SLIPCAST_TRY(table, io::read_table(trial / (std::string(name) + ".parquet")));
            story.trial.push_back(std::move(table));
        }
        SLIPCAST_TRY(page, report::desk_page(story));
        SLIPCAST_CHECK(write_text(report, page));
        spdlog::info("wrote {}", report.string());
        return {};
    }
    void say(const std::vector<Table>& tables) const {
        const Table& state = named(tables, "desk_state");
        const auto number = [&](const char* name) { return cell(state, 0, name); };
        if (number("records") == "0") {
            fmt::print("no records, not even a beginning: no desk has written to this journal\n");
            return;
        }
        fmt::print("kill switch {}\n",
                   number("kill_switch") == "true" ? "ON: nothing is sent until it is released" : "off");
        say_requests(named(tables, "desk_requests"));
        if (number("refused_outcomes") != "0") {
            fmt::print("{} outcomes were refused: they cannot have been\n", number("refused_outcomes"));
        }
        fmt::print("{} orders, {} open, {} finished; {} decisions\n", number("orders"), number("open_orders"),
                   number("finished_orders"), named(tables, "desk_decisions").rows());
        fmt::print("{} records from {} to {}\n", number("records"), number("first_time"), number("last_time"));
        if (named(tables, "desk_beginnings").rows() == 0) fmt::print("no beginning: a replay needs one\n");
        const std::string champion = number("champion");
        fmt::print("model {}", champion.empty() ? "none: the fallback policy decides" : champion);
        const std::string updates = number("champion_updates");
        if (!updates.empty()) fmt::print(", had learned from {} costs and completions at its last step", updates);
        const std::string challenger = number("challenger");
        fmt::print("{}\n", challenger.empty() ? std::string{} : "; challenger " + challenger);

        say_decisions(tables);
        say_forecasts(tables);
    }
    static void say_requests(const Table& waiting) {
        for (std::size_t row = 0; row < waiting.rows(); ++row) {
            const bool is_running = cell(waiting, row, "reach") == "running";
            fmt::print("{} {}, asked at {}, is not taken up yet: the {} desk does so before its {} decision\n",
                       cell(waiting, row, "command"), cell(waiting, row, "number"), cell(waiting, row, "asked_time"),
                       is_running ? "running" : "next", is_running ? "next" : "first");
        }
    }
    void say_decisions(const std::vector<Table>& tables) const {
        const Table& orders = named(tables, "desk_orders");
        const Table open = selected_rows(orders, rows_where(orders, "open", "true"));
        if (open.rows() > 0) {
            fmt::print("\nopen orders\n{}", to_text(narrowed(open, {"order", "side", "last_time", "steps", "guarded",
                                                                    "canceling", "quantity", "filled", "last_rung",
                                                                    "ladder_p95_bps", "tier_median_p95_bps"}),
                                                    kOpenShown));
        }
        print({narrowed(named(tables, "desk_rungs"),
                        {"rung", "steps", "share", "traded", "least_tail_multiple", "largest_tail_multiple", "reason"}),
               narrowed(named(tables, "desk_guards"), {"guard", "limit", "largest", "readings", "passed", "acted"})},
              output, kAllRows);
    }
    void say_forecasts(const std::vector<Table>& tables) const {
        const Table& cards = named(tables, "desk_scorecards");
        if (cards.rows() > 0) {
            print({narrowed(cards, {"role", "model", "orders", "mean_crps_bps", "coverage_90", "coverage_90_low",
                                    "coverage_90_high", "mean_log_score"})},
                  output, kAllRows);
        }
        const Table& bias = named(tables, "desk_bias");
        if (cell(bias, 0, "orders") == "0") {
            fmt::print("\nno finished order has both a forecast and a known cost yet\n");
            return;
        }
        print({narrowed(named(tables, "desk_calibration"),
                        {"level", "orders", "covered", "share", "share_low", "share_high"}),
               narrowed(bias, {"orders", "mean_forecast_bps", "mean_cost_bps", "error_bps", "error_low_bps",
                               "error_high_bps"})},
              output, kAllRows);
        fmt::print("\nShares and errors with 95 % intervals; an error above zero: it cost more than forecast.\n");
    }

    static constexpr std::size_t kOpenShown = 20;
};

}  // namespace

void add_desk_status(Program& program) {
    CLI::App& desk = *program.root().get_subcommand("desk");
    auto command = std::make_shared<StatusCommand>();
    CLI::App& app = program.command(
        desk,
        {.name = "status",
         .summary = "what a desk's journal says: kill switch, open orders, rungs, guards, forecasts against costs",
         .explanation = "Reads what is committed, also while a desk writes it. --out holds every table, the decisions "
                        "among them; --json prints all others.",
         .examples = {{"slipcast desk status desk.sqlite", ""},
                      {"slipcast desk status desk.sqlite --out status/ --csv", "one row a step in desk_decisions"},
                      {"slipcast desk status desk.sqlite --report desk.html", "the same drawn"},
                      {"slipcast desk status trial/desk.sqlite --trial trial/ --report desk.html",
                       "with the baselines of `slipcast desk run --out trial/`"}}},
        [command] { return command->run(); });
    app.add_option("JOURNAL", command->journal, "file that a desk wrote or writes")->required();
    app.add_option("--report", command->report, "draws the page")->type_name("FILE.html");
    app.add_option("--trial", command->trial, "with --report: folder that `desk run` wrote, for the baselines")
        ->type_name("DIR");
    app.add_option("--out", command->output.out, "folder for the tables (Parquet)")->type_name("DIR");
    app.add_flag("--csv", command->output.csv, "with --out: CSV beside the Parquet files");
    app.add_flag("--json", command->output.json, "tables as JSON on standard output");
    app.add_flag("-q,--quiet", command->output.quiet, "no progress and no log");
}

}  // namespace slipcast::app
