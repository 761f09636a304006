#include <fmt/format.h>

#include <memory>

#include "measurement.hpp"
#include "output.hpp"
#include "program.hpp"
#include "settings_flags.hpp"
#include "slipcast/core/nearest.hpp"
#include "slipcast/io/table_files.hpp"
#include "slipcast/tca/group_summary.hpp"
#include "table_rows.hpp"

namespace slipcast::app {
namespace {

struct MeasureCommand {
    OutputOptions output;
    std::filesystem::path folder;
    tca::MeasureOptions options;
    ResultFiles files;
};

/// The tables of a result folder that are shown for one order, and how much of them.
struct OrderCommand {
    OutputOptions output;
    std::filesystem::path folder;
    std::string id;

    Exit run() const {
        const auto orders = io::read_table(folder / "orders.parquet");
        if (!orders) return refuse(orders.error());
        const std::vector<std::size_t> found = rows_where(*orders, "order_id", id);
        if (found.empty()) {
            return refuse({.code = ErrorCode::not_found,
                           .field = "order_id",
                           .value = id,
                           .rule = "must be an order of this result",
                           .place = {.file = (folder / "orders.parquet").string(), .row = 0, .time = {}}});
        }
        std::vector<Table> tables;
        tables.push_back(output.json ? selected_rows(*orders, found) : record(*orders, found.front()));
        for (const char* name : {"placements", "fills", "markouts"}) {
            const auto table = io::read_table(folder / (std::string{name} + ".parquet"));
            if (!table) return refuse(table.error());
            tables.push_back(selected_rows(*table, rows_where(*table, "order_id", id)));
        }
        print(tables, output, kAllRows);
        return Exit::done;
    }
};

struct SummaryCommand {
    OutputOptions output;
    std::filesystem::path folder;
    tca::GroupOptions options;

    Exit run() const {
        std::vector<std::string> names{"summary", "shortfall"};
        // The groupings that every result holds: they cut through orders and have mark-outs.
        if (options.by.size() == 1 && is_ready_made(options.by.front())) names = {options.by.front() + 's'};
        const bool is_made = !options.by.empty() && names.size() == 2;
        std::vector<Table> tables;
        for (const std::string& name : is_made ? std::vector<std::string>{"orders"} : names) {
            auto table = io::read_table(folder / (name + ".parquet"));
            if (!table) return refuse(table.error());
            tables.push_back(std::move(*table));
        }
        if (is_made) {
            auto groups = tca::group_summary(tables.front(), options);
            if (!groups) return refuse(groups.error());
            tables = {std::move(*groups)};
        }
        print(tables, output, kAllRows);
        return Exit::done;
    }

private:
    static bool is_ready_made(const std::string& column) {
        return column == "broker" || column == "venue" || column == "symbol" || column == "algo";
    }
};

void add_measure(Program& program, CLI::App& tca) {
    auto command = std::make_shared<MeasureCommand>();
    CLI::App& app = program.command(
        tca,
        {.name = "measure",
         .summary = "what every order cost, against every benchmark, with intervals",
         .explanation =
             "Opens with the data quality, then the headline and the parts of the shortfall. Costs are positive when "
             "they "
             "hurt. In cash, delay + spread + drift + opportunity + fees + unmarked is the shortfall exactly.",
         .examples = {{"slipcast tca measure data/ --out result/ --report tca.html", "tables and page"},
                      {"slipcast tca measure data/ --markouts=-10s,1s,1min,50trades", "horizons on two clocks"},
                      {"slipcast tca measure data/ --json", "every table, for a program"}}},
        [command] { return measure_and_show(command->folder, command->options, command->output, command->files); });
    app.add_option("DIR", command->folder, "dataset folder")->required();
    app.add_option("--out", command->output.out, "folder for the tables (Parquet), not in DIR")->type_name("DIR");
    app.add_flag("--csv", command->output.csv, "with --out: CSV beside the Parquet files");
    app.add_option("--xlsx", command->files.workbook, "every table in one workbook")->type_name("FILE");
    app.add_option("--report", command->files.page, "the page, one self-contained file")->type_name("FILE.html");
    app.add_option("--title", command->files.title, "title of the page")->type_name("TEXT");
    app.add_option("--execution-charts", command->files.execution_charts,
                   "worst orders drawn on the page, at most (in [0, 200]; default 200)")
        ->type_name("VALUE");
    add_output_options(app, command->output);
    add_settings(app, {command->options.settings()});
}

void add_order(Program& program, CLI::App& tca) {
    auto command = std::make_shared<OrderCommand>();
    CLI::App& app =
        program.command(tca,
                        {.name = "order",
                         .summary = "one order of a result: its benchmarks, costs, placements, fills and mark-outs",
                         .examples = {{"slipcast tca order result/ O000017", ""}}},
                        [command] { return command->run(); });
    app.add_option("RESULT", command->folder, "folder written by tca measure --out")->required();
    app.add_option("ID", command->id, "order_id")->required();
    app.add_flag("--json", command->output.json, "tables as JSON on standard output");
}

void add_summary(Program& program, CLI::App& tca) {
    auto command = std::make_shared<SummaryCommand>();
    CLI::App& app =
        program.command(tca,
                        {.name = "summary",
                         .summary = "the headline of a result, or its orders grouped by any of their columns",
                         .explanation = "--by takes labels and counts as they are (tactic, trader, client, side, "
                                        "sector, liquidity_tier ...), numbers in "
                                        "quarters, size by decade, day and hour; several make their combinations. "
                                        "broker, venue, symbol or algo alone "
                                        "print the result's own table, with mark-outs.",
                         .examples = {{"slipcast tca summary result/", "headline and shortfall parts"},
                                      {"slipcast tca summary result/ --by broker", "one row a broker, with intervals"},
                                      {"slipcast tca summary result/ --by broker,side", "one row a combination"},
                                      {"slipcast tca summary result/ --by hour", "when it was dear"}}},
                        [command] { return command->run(); });
    app.add_option("RESULT", command->folder, "folder written by tca measure --out")->required();
    add_settings(app, {command->options.settings()});
    app.add_flag("--json", command->output.json, "tables as JSON on standard output");
}

}  // namespace

void add_tca_commands(Program& program) {
    CLI::App& tca = program.group({.name = "tca", .summary = "what trading cost"});
    add_measure(program, tca);
    add_summary(program, tca);
    add_order(program, tca);
}

}  // namespace slipcast::app
