#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "output.hpp"
#include "program.hpp"
#include "settings_flags.hpp"
#include "slipcast/core/version.hpp"
#include "slipcast/io/dataset_files.hpp"
#include "slipcast/io/table_files.hpp"
#include "slipcast/report/venue_page.hpp"
#include "slipcast/venue/allocate.hpp"
#include "slipcast/venue/economics.hpp"
#include "slipcast/venue/log.hpp"
#include "slipcast/venue/measured_economics.hpp"
#include "slipcast/venue/proxy.hpp"
#include "slipcast/venue/resubmission.hpp"
#include "venue_texts.hpp"

namespace slipcast::app {
namespace {

const std::vector<std::string> kValueKeys{"spread_saved", "rebate", "fee", "markout", "markout_std_error"};

struct AllocateCommand {
    OutputOptions output;
    std::int64_t volume = 0;
    std::vector<std::string> venues;
    venue::AllocationOptions options;
    std::filesystem::path report;

    Exit run() {
        start_log(output);
        auto given = named_terms(venues);
        if (!given) return refuse(given.error());
        const std::vector<std::string>& names = given->names;
        auto allocator = venue::Allocator::create(std::move(given->terms), options);
        if (!allocator) return refuse(allocator.error());
        venue::Split split;
        if (const auto done = allocator->allocate(volume, split); !done) return refuse(done.error());
        const Table table = explanation(*allocator, split, names);
        print({table}, output, kAllRows);
        if (!output.json) {
            fmt::print("\n{:.1f} lots expected of {}; {} stay outside.\n", allocator->expected_fill(split.quantity),
                       volume, split.outside);
            if (split.gap > 0.0) fmt::print("The search over minimum sizes may miss value of {:.4g}.\n", split.gap);
            if (const std::int64_t beyond = venue::beyond_log(*allocator, split); beyond > 0) {
                fmt::print(
                    "{} lots lie beyond largest_sent, where no route was ever sent: there a shape extrapolates.\n",
                    beyond);
            }
        }
        if (!report.empty()) {
            const auto page = report::document(report::split_document(*allocator, split, names));
            if (const auto written = write_page(report, page); !written) return refuse(written.error());
        }
        return Exit::done;
    }
};

struct ResubmitCommand {
    OutputOptions output;
    std::int64_t volume = 0;
    std::vector<std::string> venues;
    venue::ResubmissionOptions options;

    Exit run() {
        start_log(output);
        const auto given = named_liquidity(venues);
        if (!given) return refuse(given.error());
        std::vector<venue::Liquidity> liquidity;
        for (const venue::VenueTerms& one : given->terms) liquidity.push_back(one.liquidity);
        const auto plan = venue::ResubmissionPlan::create(volume, std::move(liquidity), options);
        if (!plan) return refuse(plan.error());
        print({plan->table(given->names)}, output, kAllRows);
        if (!output.json) {
            fmt::print(
                "\n{} lots done in {:.2f} expected rounds; {:.2f} when every round sends the split of largest expected "
                "fill.\n",
                plan->target(), plan->expected_rounds(), plan->greedy_rounds());
        }
        return Exit::done;
    }
};

struct ValuesCommand {
    OutputOptions output;
    std::vector<std::string> venues;
    std::filesystem::path result;
    std::string horizon = "1min";

    Exit run() {
        start_log(output);
        const auto measured = result.empty() ? typed() : from_result();
        if (!measured) return refuse(measured.error());
        const auto values = venue::venue_values(measured->venues);
        if (!values) return refuse(values.error());
        for (const std::string& sentence : measured->left_out) spdlog::warn("left out {}", sentence);
        print({venue::values_table(measured->venues, *values)}, output, kAllRows);
        return Exit::done;
    }

private:
    [[nodiscard]] Result<venue::MeasuredEconomics> typed() const {
        if (venues.empty()) {
            return Error{ErrorCode::missing_field, "VENUE", "", "give venues, or a measurement with --result", {}};
        }
        venue::MeasuredEconomics measured;
        for (const std::string& text : venues) {
            SLIPCAST_TRY(parts, VenueText::parse(text, kValueKeys));
            venue::VenueEconomics one{.venue = parts.name()};
            for (const auto& [key, target] : {std::pair{"spread_saved", &one.spread_saved},
                                              {"rebate", &one.rebate},
                                              {"fee", &one.fee},
                                              {"markout", &one.markout},
                                              {"markout_std_error", &one.markout_std_error}}) {
                SLIPCAST_TRY(value, parts.number(key, 0.0));
                *target = value;
            }
            measured.venues.push_back(std::move(one));
        }
        return measured;
    }
    [[nodiscard]] Result<venue::MeasuredEconomics> from_result() const {
        if (!venues.empty()) {
            return invalid_value("VENUE", venues.front(), "must not be given beside --result, which has the venues");
        }
        SLIPCAST_TRY(fills, io::read_table(result / "fills.parquet"));
        SLIPCAST_TRY(markouts, io::read_table(result / "markouts.parquet"));
        return venue::measured_economics(fills, markouts, horizon);
    }
};

struct ProxyCommand {
    OutputOptions output;
    std::filesystem::path source;
    venue::ProxyOptions options;

    Exit run() {
        start_log(output);
        if (const auto apart = require_apart(source, output.out); !apart) return refuse(apart.error());
        const auto dataset = io::open_dataset(source, terminal_progress(output));
        if (!dataset) return refuse(dataset.error());
        const auto logs = venue::proxy_logs(*dataset, options);
        if (!logs) return refuse(logs.error());
        const std::string declared = options.settings().canonical_text();
        const std::map<std::string, std::string> provenance{{"version", std::string{version()}},
                                                            {"source", source.string()},
                                                            {"options", declared},
                                                            {"hypothetical", logs->declared}};
        const auto written = io::write_tables({logs->routes()}, output.out, output.csv, provenance);
        if (!written) return refuse(written.error());
        fmt::print("{} pairs, {} hypothetical routes in {}; declared: {}\n", logs->pairs.size(), logs->routes().rows(),
                   output.out.string(), declared);
        fmt::print(
            "These routes were never sent. They show how hidden volume inside the spread clusters and how long its "
            "tail is.\n{}\n",
            venue::kCannotSay);
        return exit_for(dataset->quality, output);
    }
};

void add_proxy(Program& program, CLI::App& venue) {
    auto command = std::make_shared<ProxyCommand>();
    CLI::App& app = program.command(
        venue,
        {.name = "proxy-log",
         .summary = "hypothetical routes from hidden prints of a public tape, to try models on",
         .explanation =
             "Cuts the tape of DATASET into windows, adds up the off-exchange prints (and executions flagged "
             "hidden) inside the spread of each, and lets a route of a declared size fill the smaller of both. A "
             "stand-in where no log of routes is at hand: it is not one.",
         .examples = {{"slipcast venue proxy-log data/ --out proxy/",
                       "then: slipcast venue fit proxy/routes.parquet"}}},
        [command] { return command->run(); });
    app.add_option("DATASET", command->source, "dataset folder with a tape")->required();
    app.add_option("--out", command->output.out, "folder for the table of routes (Parquet)")
        ->type_name("DIR")
        ->required();
    app.add_flag("--csv", command->output.csv, "CSV beside the Parquet file");
    add_output_options(app, command->output);
    add_settings(app, {command->options.settings()});
}

void add_allocate(Program& program, CLI::App& venue) {
    auto command = std::make_shared<AllocateCommand>();
    CLI::App& app = program.command(
        venue,
        {.name = "allocate",
         .summary = "the best split of an order over venues of known hidden liquidity, and why",
         .explanation =
             "A venue reads NAME:zero_bin=P,SHAPE with SHAPE one of exponent=B[,max_liquidity=M] (power law), "
             "upper=M (uniform), mean=L (Poisson), ratio=Q (exponential); further value= of a filled lot, "
             "leakage= and leakage_power= of a sent one, min_quantity=, and largest_sent= of the log behind the shape: "
             "lots beyond it are marked. Lots of equal worth are shared evenly.",
         .examples = {{"slipcast venue allocate 8000 A:zero_bin=.8,exponent=.7 B:zero_bin=.67,exponent=1.3",
                       "largest expected fill"},
                      {"slipcast venue allocate 8000 A:zero_bin=.8,exponent=.7,value=1.2 B:zero_bin=.67,exponent=1.3 "
                       "--reservation-value .05 --report split.html",
                       "weighted, keeping lots worth less, drawn lot by lot"}}},
        [command] { return command->run(); });
    app.add_option("VOLUME", command->volume, "lots of the order")->required();
    app.add_option("VENUE", command->venues, "NAME:key=value,...")->required();
    app.add_option("--reservation-value", command->options.reservation_value,
                   "worth of a lot that is sent nowhere; none sends all");
    app.add_option("--report", command->report, "draws the page")->type_name("FILE.html");
    add_output_options(app, command->output);
    add_settings(app, {command->options.settings()});
}

void add_resubmit(Program& program, CLI::App& venue) {
    auto command = std::make_shared<ResubmitCommand>();
    CLI::App& app = program.command(
        venue,
        {.name = "resubmit",
         .summary = "how to send what is left of an order, round after round, to be half done soonest",
         .explanation = "The split of largest expected fill is not the fastest: fills beyond the target are worth "
                        "nothing and a round without a fill costs a round. VENUE reads NAME:zero_bin=P,SHAPE as in "
                        "allocate.",
         .examples = {{"slipcast venue resubmit 8000 A:zero_bin=.8,exponent=.7 B:zero_bin=.67,exponent=1.3 --levels 8",
                       "what to send by lots done"}}},
        [command] { return command->run(); });
    app.add_option("VOLUME", command->volume, "lots of the order")->required();
    app.add_option("VENUE", command->venues, "NAME:key=value,...")->required();
    add_output_options(app, command->output);
    add_settings(app, {command->options.settings()});
}

void add_values(Program& program, CLI::App& venue) {
    auto command = std::make_shared<ValuesCommand>();
    CLI::App& app = program.command(
        venue,
        {.name = "values",
         .summary = "what a filled lot is worth at each venue, from spreads, fees and mark-outs",
         .explanation =
             "From a measurement: means over fills of spread saved, fees and the move of the mid after the fill, with "
             "its error over days or hours. Typed: a venue reads "
             "NAME:markout=M,markout_std_error=E,spread_saved=S,rebate=R,fee=F in bps. Positive mark-outs help. Noisy "
             "ones are drawn towards the mean of all. The values go into `venue allocate` as value=.",
         .examples = {{"slipcast venue values --result result/ --horizon 1min", "what `tca measure` found"},
                      {"slipcast venue values A:spread_saved=2,fee=.3,markout=-1.4,markout_std_error=.5 "
                       "B:spread_saved=2,fee=.1,markout=-.2,markout_std_error=.4",
                       "worth of a lot in bps"}}},
        [command] { return command->run(); });
    app.add_option("VENUE", command->venues, "NAME:key=value,...");
    app.add_option("--result", command->result, "folder that `tca measure --out` wrote")->type_name("DIR");
    app.add_option("--horizon", command->horizon, "of the mark-out after the fill [1min]");
    add_output_options(app, command->output);
}

}  // namespace

void add_venue_routing_commands(Program& program) {
    CLI::App& venue = *program.root().get_subcommand("venue");
    add_allocate(program, venue);
    add_resubmit(program, venue);
    add_values(program, venue);
    add_proxy(program, venue);
}

}  // namespace slipcast::app
