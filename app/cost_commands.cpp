#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <fstream>
#include <iterator>
#include <memory>

#include "output.hpp"
#include "program.hpp"
#include "settings_flags.hpp"
#include "slipcast/core/decimal.hpp"
#include "slipcast/core/nearest.hpp"
#include "slipcast/core/table_builder.hpp"
#include "slipcast/cost/cost.hpp"
#include "slipcast/io/dataset_files.hpp"
#include "slipcast/io/table_files.hpp"

namespace slipcast::app {
namespace {

using Path = std::filesystem::path;

Result<std::string> text_of(const Path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(stream), {}};
    if (stream.bad() || !stream.is_open()) {
        return Error{ErrorCode::not_found, "file", file.string(), "must be a file that can be read", {}};
    }
    return text;
}

Result<cost::Model> model_in(const Path& file) {
    SLIPCAST_TRY(text, text_of(file));
    auto model = cost::Model::from_json(text);
    if (model) return model;
    Error error = model.error();
    error.place.file = file.string();
    return error;
}

/// The `orders` table of a result folder, or the table in a file.
Result<Table> orders_in(const Path& input) {
    return io::read_table(std::filesystem::is_directory(input) ? input / "orders.parquet" : input);
}

Result<std::vector<double>> quantiles_of(const std::string& texts) {
    std::vector<double> quantiles;
    for (std::size_t begin = 0; begin <= texts.size();) {
        const std::size_t comma = std::min(texts.find(',', begin), texts.size());
        SLIPCAST_TRY(units, parse_decimal(texts.substr(begin, comma - begin), 9, "quantiles"));
        quantiles.push_back(static_cast<double>(units) / 1e9);
        begin = comma + 1;
    }
    return quantiles;
}

/// What the commands share.
struct CostCommand {
    OutputOptions output;
    Path model_file = "cost-model.json";
    Path input;
    std::string quantiles = "0.5,0.9,0.95,0.99";

    Exit show(const std::vector<Table>& tables) const {
        if (!output.out.empty()) {
            if (const auto written = io::write_tables(tables, output.out, output.csv, {}); !written) {
                return refuse(written.error());
            }
        }
        print(tables, output, output.out.empty() ? kAllRows : 40);
        return Exit::done;
    }
};

/// Mean and p95 of the average order when partly filled orders are read in each of the three ways.
Table sensitivity(const Table& orders, const cost::FitOptions& options) {
    std::vector<std::string> policies, notes;
    std::vector<double> means, tails;
    for (const char* policy : {"censor", "whole", "drop"}) {
        cost::FitOptions with = options;
        const auto set = with.settings().set("partial", policy);
        const auto model = cost::fit(orders, with);
        const auto predicted = set && model ? model->predict(orders, {0.95}) : Result<Table>(Error{});
        double mean = 0.0, tail = 0.0, rows = 0.0;
        for (std::size_t row = 0; predicted && row < predicted->rows(); ++row) {
            if (!predicted->columns()[0].is_valid(row)) continue;
            mean += std::get<std::vector<double>>(predicted->columns()[0].data)[row];
            tail += std::get<std::vector<double>>(predicted->columns()[1].data)[row];
            rows += 1.0;
        }
        policies.emplace_back(policy);
        means.push_back(rows > 0.0 ? mean / rows : 0.0);
        tails.push_back(rows > 0.0 ? tail / rows : 0.0);
        notes.push_back(model ? "" : model.error().message());
    }
    return TableBuilder("cost_sensitivity", policies.size())
        .add(plain("partial", "how orders filled in part are read"), std::move(policies))
        .add(plain("mean", "expected cost, averaged over the orders", "bps"), std::move(means))
        .add(plain("p95", "95 % quantile, averaged over the orders", "bps"), std::move(tails))
        .add(plain("note", "why there is none"), std::move(notes))
        .take();
}

struct FitCommand : CostCommand {
    cost::FitOptions options;

    Exit run() const {
        start_log(output);
        const auto orders = orders_in(input);
        if (!orders) return refuse(orders.error());
        const auto model = cost::fit(*orders, options, terminal_progress(output));
        if (!model) return refuse(model.error());
        if (const auto written = write_text(model_file, model->to_json()); !written) return refuse(written.error());
        spdlog::info("wrote {}", model_file.string());
        return show({model->summary(), sensitivity(*orders, options), model->diagnostics()});
    }
};

struct PredictCommand : CostCommand {
    Exit run() const {
        start_log(output);
        const auto model = model_in(model_file);
        if (!model) return refuse(model.error());
        const auto orders = orders_in(input);
        if (!orders) return refuse(orders.error());
        const auto wanted = quantiles_of(quantiles);
        if (!wanted) return refuse(wanted.error());
        auto predicted = model->predict(*orders, *wanted);
        if (!predicted) return refuse(predicted.error());
        Table table("cost_predictions");
        if (const Column* id = orders->find("order_id")) table.add(*id);
        for (const Column& column : predicted->columns()) table.add(column);
        return show({std::move(table)});
    }
};

struct EvaluateCommand : CostCommand {
    cost::EvaluateOptions options;

    Exit run() const {
        start_log(output);
        const auto model = model_in(model_file);
        if (!model) return refuse(model.error());
        const auto orders = orders_in(input);
        if (!orders) return refuse(orders.error());
        const auto scored = cost::evaluate(*model, *orders, options, terminal_progress(output));
        if (!scored) return refuse(scored.error());
        return show(scored->tables);
    }
};

struct UpdateCommand : CostCommand {
    cost::OnlineOptions options;
    Path state = "cost-state.json";

    Exit run() const {
        start_log(output);
        auto online = std::filesystem::exists(state) ? resumed() : begun();
        if (!online) return refuse(online.error());
        const auto orders = orders_in(input);
        if (!orders) return refuse(orders.error());
        const auto learned = online->update(*orders);
        if (!learned) return refuse(learned.error());
        if (const auto written = write_text(state, online->to_json()); !written) return refuse(written.error());
        fmt::print("learned the cost of {} of {} orders, {} in all; mean log score before learning {:.4f}\n",
                   learned->costs, orders->rows(), online->learned().costs, online->mean_log_score());
        if (online->model().has_completion()) {
            fmt::print("learned whether {} finished, {} in all; mean log score before learning {:.4f}\n",
                       learned->completions, online->learned().completions, online->mean_completion_log_score());
        }
        fmt::print("wrote {}\n", state.string());
        return Exit::done;
    }
    Result<cost::Online> begun() const {
        SLIPCAST_TRY(fitted, model_in(model_file));
        return cost::Online::create(fitted, options);
    }
    Result<cost::Online> resumed() const {
        SLIPCAST_TRY(text, text_of(state));
        return cost::Online::from_json(text);
    }
};

struct ShowCommand : CostCommand {
    bool terms = false;

    Exit run() const {
        if (terms) return show({cost::terms_table()});
        const auto model = model_in(model_file);
        if (!model) return refuse(model.error());
        return show({model->summary(), model->diagnostics()});
    }
};

struct EstimateCommand : CostCommand {
    std::string side, quantity, symbol, over, at;
    std::vector<std::string> given;
    Path data;

    Exit run() const {
        start_log(output);
        const auto tables = estimated();
        return tables ? show(*tables) : refuse(tables.error());
    }
    Result<std::vector<Table>> estimated() const {
        SLIPCAST_TRY(fitted, model_in(model_file));
        SLIPCAST_TRY(wanted, quantiles_of(quantiles));
        SLIPCAST_TRY(parsed_side, parse_side(side));
        SLIPCAST_TRY(units, parse_decimal(quantity, 9, "quantity"));
        SLIPCAST_TRY(life, parse_duration(over, "over"));
        cost::Contemplated order{.symbol = symbol,
                                 .side = parsed_side,
                                 .quantity = static_cast<double>(units) / 1e9,
                                 .over = life,
                                 .numbers = {},
                                 .labels = {}};
        if (!data.empty()) SLIPCAST_CHECK(take_forecast(fitted, order));
        for (const std::string& each : given) SLIPCAST_CHECK(take_given(fitted, each, order));
        SLIPCAST_TRY(estimate, cost::estimate(fitted, order, wanted));
        return std::move(estimate.tables);
    }

private:
    Result<void> take_forecast(const cost::Model& fitted, cost::Contemplated& order) const {
        SLIPCAST_CHECK(require_apart(data, output.out));
        SLIPCAST_TRY(dataset, io::open_dataset(data, terminal_progress(output)));
        const InstrumentId instrument = dataset.names.symbols.find(symbol);
        if (instrument.is_none()) {
            return Error{ErrorCode::not_found, "symbol", symbol, "must be an instrument of the data", {}};
        }
        SLIPCAST_TRY(time, Timestamp::parse(at, "at"));
        SLIPCAST_TRY(history, forecast::collect(dataset, {}, terminal_progress(output)));
        const forecast::Forecaster forecaster(std::move(history));
        for (const auto& [name, value] : cost::forecast_inputs(forecaster, instrument, time, order.over)) {
            bool is_used = name == "volume_per_s";
            for (const cost::Input& known : fitted.inputs()) is_used = is_used || known.name == name;
            if (is_used) order.numbers[name] = value;
        }
        return {};
    }
    static Result<void> take_given(const cost::Model& fitted, const std::string& text, cost::Contemplated& order) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos) return invalid_value("given", text, "must be INPUT=VALUE");
        const std::string name = text.substr(0, equals), value = text.substr(equals + 1);
        for (const cost::Input& known : fitted.inputs()) {
            if (known.name == name && known.kind == cost::InputKind::label) {
                order.labels[name] = value;
                return {};
            }
        }
        SLIPCAST_TRY(units, parse_decimal(value, 9, name));
        order.numbers[name] = static_cast<double>(units) / 1e9;
        return {};
    }
};

template <typename Command>
CLI::App& added(Program& program, CLI::App& group, const std::shared_ptr<Command>& command, const CommandText& text) {
    return program.command(group, text, [command] { return command->run(); });
}

void add_model(CLI::App& app, CostCommand& command, const char* meaning) {
    app.add_option("--model", command.model_file, meaning)->type_name("FILE")->capture_default_str();
}

void add_output(CLI::App& app, CostCommand& command) {
    app.add_option("--out", command.output.out, "folder for the tables (Parquet), not in a dataset that is read")
        ->type_name("DIR");
    app.add_flag("--csv", command.output.csv, "with --out: CSV beside the Parquet files");
    app.add_flag("--json", command.output.json, "tables as JSON on standard output");
    app.add_flag("-q,--quiet", command.output.quiet, "no progress and no log");
}

void add_input(CLI::App& app, CostCommand& command) {
    app.add_option("RESULT", command.input, "folder written by tca measure --out, or a Parquet file of orders")
        ->required();
}

void add_fit(Program& program, CLI::App& group) {
    auto command = std::make_shared<FitCommand>();
    CLI::App& app = added(
        program, group, command,
        {.name = "fit",
         .summary = "fit what orders cost, and whether they finish, from finished orders",
         .explanation = "One regression for all symbols: a Student t whose mean and scale follow the order's size, the "
                        "spread, the volatility and what else is known before the trade. `slipcast cost show --terms` "
                        "lists the terms.",
         .examples = {{"slipcast cost fit result/", "writes cost-model.json"},
                      {"slipcast cost fit result/ --mean sqrt_participation,spread,algo --model by-algo.json", ""}}});
    add_input(app, *command);
    add_model(app, *command, "file to write (default cost-model.json)");
    add_output(app, *command);
    add_settings(app, {command->options.settings()});
}

void add_predict(Program& program, CLI::App& group) {
    auto command = std::make_shared<PredictCommand>();
    CLI::App& app = added(program, group, command,
                          {.name = "predict",
                           .summary = "mean, quantiles and miss risk of every order of a table",
                           .examples = {{"slipcast cost predict result/ --out predicted/", ""},
                                        {"slipcast cost predict result/ --quantiles 0.25,0.75 --json", ""}}});
    add_input(app, *command);
    add_model(app, *command, "fitted model (default cost-model.json)");
    app.add_option("--quantiles", command->quantiles, "comma-separated, in (0, 1) (default 0.5,0.9,0.95,0.99)")
        ->type_name("LIST");
    add_output(app, *command);
}

void add_evaluate(Program& program, CLI::App& group) {
    auto command = std::make_shared<EvaluateCommand>();
    CLI::App& app =
        added(program, group, command,
              {.name = "evaluate",
               .summary = "score a model out of sample against simpler ones",
               .explanation =
                   "Log score, CRPS, pinball losses, coverage and reliability, each with errors clustered by symbol "
                   "and day. Rolling splits refit before each block of time on the orders finished by then.",
               .examples = {{"slipcast cost evaluate result/ --folds 5", "the model's own options, refitted"},
                            {"slipcast cost evaluate later/ --splits none", "the model as it is, on other orders"}}});
    add_input(app, *command);
    add_model(app, *command, "fitted model (default cost-model.json)");
    add_output(app, *command);
    add_settings(app, {command->options.settings()});
}

void add_update(Program& program, CLI::App& group) {
    auto command = std::make_shared<UpdateCommand>();
    CLI::App& app = added(program, group, command,
                          {.name = "update",
                           .summary = "learn from finished orders between fits",
                           .explanation = "Goes on from the state file when it exists, else from the model.",
                           .examples = {{"slipcast cost update today/ --half-life 2000", "writes cost-state.json"}}});
    add_input(app, *command);
    add_model(app, *command, "fitted model to begin with (default cost-model.json)");
    app.add_option("--state", command->state, "state to go on from and to write (default cost-state.json)")
        ->type_name("FILE");
    app.add_flag("-q,--quiet", command->output.quiet, "no progress and no log");
    add_settings(app, {command->options.settings()});
}

void add_show(Program& program, CLI::App& group) {
    auto command = std::make_shared<ShowCommand>();
    CLI::App& app = added(program, group, command,
                          {.name = "show",
                           .summary = "a model in words, with the diagnostics to judge it by",
                           .examples = {{"slipcast cost show", "cost-model.json"},
                                        {"slipcast cost show --terms", "the terms that a model can have"}}});
    add_model(app, *command, "fitted model (default cost-model.json)");
    app.add_flag("--terms", command->terms, "list the declared terms instead");
    add_output(app, *command);
}

void add_estimate(Program& program, CLI::App& group) {
    auto command = std::make_shared<EstimateCommand>();
    CLI::App& app = added(
        program, group, command,
        {.name = "estimate",
         .summary = "what an order should cost before it trades, by size and horizon",
         .explanation =
             "Inputs that are not given are those of the symbol's typical order in the fit, or with --data of "
             "a forecast from the tape at --at. The last table says what was taken from where.",
         .examples = {{"slipcast cost estimate buy 500 ZN --over 2h", ""},
                      {"slipcast cost estimate sell 20000 SPY --over 30min --given spread=0.7", ""},
                      {"slipcast cost estimate buy 500 ZN --over 2h --data data/ --at 2024-03-05T14:30:00Z", ""}}});
    app.add_option("SIDE", command->side, "buy or sell")->required();
    app.add_option("QUANTITY", command->quantity, "units")->required();
    app.add_option("SYMBOL", command->symbol, "instrument")->required();
    app.add_option("--over", command->over, "planned life: 30min, 2h")->type_name("DURATION")->required();
    app.add_option("--given", command->given, "an input known better, as INPUT=VALUE; may be repeated")
        ->type_name("INPUT=VALUE");
    app.add_option("--data", command->data, "dataset whose tape is forecast from")->type_name("DIR");
    app.add_option("--at", command->at, "with --data: the decision's time, ISO with a zone")->type_name("TIME");
    app.add_option("--quantiles", command->quantiles, "comma-separated, in (0, 1) (default 0.5,0.9,0.95,0.99)")
        ->type_name("LIST");
    add_model(app, *command, "fitted model (default cost-model.json)");
    add_output(app, *command);
}

}  // namespace

void add_cost_commands(Program& program) {
    CLI::App& group =
        program.group({.name = "cost", .summary = "what an order should cost, and whether it will finish"});
    add_fit(program, group);
    add_predict(program, group);
    add_evaluate(program, group);
    add_update(program, group);
    add_show(program, group);
    add_estimate(program, group);
}

}  // namespace slipcast::app
