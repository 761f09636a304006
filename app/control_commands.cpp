#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "control_factors.hpp"
#include "program.hpp"
#include "settings_flags.hpp"
#include "slipcast/control/control.hpp"
#include "slipcast/core/table_builder.hpp"
#include "slipcast/core/version.hpp"
#include "slipcast/io/table_files.hpp"

namespace slipcast::app {
namespace {

/// The problem as flags. All are required: there are no live defaults.
struct ProblemFlags {
    control::Parameters market;
    std::vector<double> decay;
    std::vector<double> spread;
    std::vector<double> loading = {1.0};

    void add(CLI::App& command) {
        command.add_option("--trading-cost", market.trading_cost, "K > 0: cost per day is K u^2/2")->required();
        command.add_option("--impact", market.impact, "lambda >= 0: persistent impact of a unit traded")->required();
        command.add_option("--impact-decay", market.impact_decay, "beta >= 0, 1/day")->required();
        command.add_option("--risk-aversion", market.risk_aversion, "gamma > 0")->required();
        command.add_option("--discount", market.discount, "rho > 0, 1/day")->required();
        command.add_option("--variance", market.variance, "v > 0, per day: the mean of a fast factor")->required();
        command.add_option("--signal-decay", decay, "kappa >= 0, 1/day; one a signal")->required()->delimiter(',');
        command.add_option("--signal-variance", spread, "eta >= 0, per day; one, or one a signal")
            ->required()
            ->delimiter(',');
        command.add_option("--loading", loading, "return drift of a signal of one; one, or one a signal (default 1)")
            ->delimiter(',');
    }

    [[nodiscard]] Result<control::Parameters> parameters() const {
        control::Parameters made = market;
        for (const auto* column : {&spread, &loading}) {
            if (column->size() == 1 || column->size() == decay.size()) continue;
            return Error{ErrorCode::inconsistent,
                         column == &spread ? "signal_variance" : "loading",
                         fmt::format("{} numbers", column->size()),
                         fmt::format("needs one number, or one a signal ({})", decay.size()),
                         {}};
        }
        for (std::size_t j = 0; j < decay.size(); ++j) {
            made.signals.push_back({decay[j], spread.size() == 1 ? spread.front() : spread[j],
                                    loading.size() == 1 ? loading.front() : loading[j]});
        }
        return made;
    }
};

/// Symbols, values and meanings, one row each.
struct Listing {
    std::vector<std::string> symbol;
    std::vector<double> value;
    std::vector<std::string> meaning;

    void add(std::string name, double number, std::string what) {
        symbol.push_back(std::move(name));
        value.push_back(number);
        meaning.push_back(std::move(what));
    }
    /// Numbers for programs; for people as text, because a column of one number of digits suits no two of them.
    [[nodiscard]] Table table(const std::string& title, bool numeric) && {
        const std::string unit = "in daily volatilities, days and position limits";
        TableBuilder made(title, symbol.size());
        made.add(plain("symbol", "as published"), std::move(symbol));
        if (numeric) {
            made.add(plain("value", unit), std::move(value));
        } else {
            made.add(plain("value", unit), of(value, [](double number) { return fmt::format("{:>14.10g}", number); }));
        }
        return made.add(plain("meaning", "what it multiplies"), std::move(meaning)).take();
    }
};

Table rule_table(const control::Rule& rule, bool numeric) {
    const control::Gains& gains = rule.gains();
    const auto speeds = control::eigenvalues(rule.parameters(), gains);
    Listing rows;
    rows.add("M", gains.position, "position in K u");
    rows.add("N", gains.level, "impact level in K u");
    for (std::size_t j = 0; j < gains.signal.size(); ++j) {
        rows.add(gains.signal.size() == 1 ? "P" : fmt::format("P[{}]", j), gains.signal[j], "signal in K u");
    }
    rows.add("rate", rule.rate(), "-M/K: how fast the position moves to its aim, 1/day");
    rows.add("fast eigenvalue", speeds[0].real(), "of the controlled position and impact level, 1/day");
    rows.add("slow eigenvalue", speeds[1].real(), "the other one");
    rows.add("residual", control::residual(rule.parameters(), {rule.coefficients(), gains}),
             "of the coefficient equations, relative");
    return std::move(rows).table("rule", numeric);
}

Table value_table(const control::Coefficients& A, bool numeric) {
    Listing rows;
    rows.add("Aqq", A.Aqq, "-q^2/2");
    rows.add("Aql", A.Aql, "q l");
    rows.add("All", A.All, "l^2/2");
    const std::size_t count = A.Aqx.size();
    const auto index = [count](const char* name, std::size_t j) {
        return count == 1 ? std::string(name) : fmt::format("{}[{}]", name, j);
    };
    for (std::size_t j = 0; j < count; ++j) rows.add(index("Aqx", j), A.Aqx[j], "q x");
    for (std::size_t j = 0; j < count; ++j) rows.add(index("Alx", j), A.Alx[j], "l x");
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t j = i; j < count; ++j) {
            rows.add(count == 1 ? "Axx" : fmt::format("Axx[{},{}]", i, j), A.Axx[i * count + j], "x x/2");
        }
    }
    rows.add("A0", A.A0, "the value of starting flat with no signal");
    return std::move(rows).table("value_function", numeric);
}

/// The rule corrected for its factors, where they stand.
Table factor_table(const control::FactorRule& rule, double y, bool numeric) {
    const control::Gains gains = rule.gains(y);
    const control::FactorAccuracy& accuracy = rule.accuracy();
    Listing rows;
    if (rule.has_fast()) rows.add("y", y, "where the fast factor stands");
    rows.add("M", gains.position, "position in K u, corrected");
    rows.add("N", gains.level, "impact level in K u, corrected");
    for (std::size_t j = 0; j < gains.signal.size(); ++j) {
        rows.add(gains.signal.size() == 1 ? "P" : fmt::format("P[{}]", j), gains.signal[j], "signal in K u, corrected");
    }
    rows.add("R", gains.shift, "constant in K u");
    rows.add("rate", rule.rate(y), "-M/K here, 1/day");
    rows.add("least rate", accuracy.least_rate, "over all values of the fast factor, > 0");
    rows.add("epsilon limit", accuracy.time_scale_limit, "where the rate of order 1 reaches zero; 0: nowhere");
    rows.add("fast next", accuracy.fast_next, "first fast term left out, relative to |M|");
    rows.add("slow next", accuracy.slow_next, "first slow term left out, relative");
    return std::move(rows).table("factors", numeric);
}

struct SolveCommand {
    OutputOptions output;
    ProblemFlags problem;
    std::optional<double> theta;
    std::optional<double> step;
    FactorFlags factors;

    [[nodiscard]] Result<std::vector<Table>> tables(bool numeric) const {
        SLIPCAST_TRY(market, problem.parameters());
        if (theta) {
            SLIPCAST_TRY(made, control::solve_small_impact(market, *theta));
            Listing rows;
            rows.add("theta", *theta, "impact and its decay are scaled by it");
            rows.add("gain error", made.gain_error, "largest difference from the exact gains, relative");
            rows.add("value loss", made.value_loss, "share of the exact A0 that the expansion loses");
            rows.add("impact ratio", made.impact_ratio, "theta lambda/Aqq without impact: must be small");
            rows.add("decay ratio", made.decay_ratio, "theta beta/(rho + Aqq/K): must be small");
            return std::vector<Table>{rule_table(made.rule, numeric), value_table(made.rule.coefficients(), numeric),
                                      std::move(rows).table("expansion", numeric)};
        }
        if (step) {
            SLIPCAST_TRY(made, control::sampled(market, *step));
            Listing rows;
            rows.add("step", made.step, "days for which the rate is held");
            rows.add("multiplier", std::abs(made.multipliers[0]), "modulus over one step, < 1 is stable");
            rows.add("multiplier", std::abs(made.multipliers[1]), "the other one");
            rows.add("equation residual", made.residual, "of the discrete Riccati equation, relative");
            return std::vector<Table>{rule_table(made.rule, numeric), value_table(made.rule.coefficients(), numeric),
                                      std::move(rows).table("sampling", numeric)};
        }
        SLIPCAST_TRY(rule, control::solve(market));
        std::vector<Table> made{rule_table(rule, numeric), value_table(rule.coefficients(), numeric)};
        SLIPCAST_TRY(asked, factors.factors(market.variance));
        if (asked) {
            SLIPCAST_TRY(corrected, control::FactorRule::make(rule, *asked));
            made.push_back(factor_table(corrected, factors.now(market.variance), numeric));
        }
        return made;
    }

    Exit run() const {
        const auto made = tables(output.json);
        if (!made) return refuse(made.error());
        if (!output.out.empty()) {
            const auto written =
                io::write_tables(*tables(true), output.out, output.csv, {{"version", std::string{version()}}});
            if (!written) return refuse(written.error());
        }
        print(*made, output, kAllRows);
        return Exit::done;
    }
};

struct DecideCommand {
    OutputOptions output;
    ProblemFlags problem;
    control::GuardOptions guards;
    std::vector<std::string> guards_on = {"denominator", "aim", "overshoot", "turnover"};
    double position = 0.0;
    double level = 0.0;
    std::vector<double> signal;
    double step = 1.0;
    FactorFlags factors;
    std::optional<double> theta;

    [[nodiscard]] Result<control::TraderOptions> options() const {
        control::TraderOptions made;
        SLIPCAST_TRY(market, problem.parameters());
        made.market = market;
        made.guards = guards;
        SLIPCAST_CHECK(made.guards.set_guards(guards_on));
        SLIPCAST_TRY(asked, factors.factors(market.variance));
        made.factors = std::move(asked);
        made.theta = theta;
        return made;
    }

    [[nodiscard]] Result<control::Decision> decision() const {
        SLIPCAST_TRY(made, options());
        SLIPCAST_TRY(trader, control::Trader::make(made));
        control::Situation situation;
        situation.position = position;
        situation.signal = signal;
        const double mean = made.market.variance;
        situation.variance = std::isnan(factors.variance_now) ? mean : factors.variance_now;
        situation.factor = factors.now(mean);
        situation.step = step;
        situation.impact_level = level;
        return trader.decide(situation);
    }

    Exit run() const {
        const auto made = decision();
        if (!made) return refuse(made.error());
        const auto number = [](double value) { return std::vector{value}; };
        const Table table = TableBuilder("decision", 1)
                                .add(plain("trade", "u, positions per day; positive buys"), number(made->trade))
                                .add(plain("aim", "the position moved to"), number(made->aim))
                                .add(plain("rate", "1/day: trade = rate (aim - position)"), number(made->rate))
                                .add(plain("unguarded", "u of the rule alone"), number(made->unguarded))
                                .take();
        const auto flags = made->flags();
        const Table acted =
            TableBuilder("guards", flags.size())
                .add(plain("guard", "in the order in which they acted"),
                     of(flags, [](const control::GuardAction& action) { return std::string(name(action.guard)); }))
                .add(plain("reason", "what it did and why"), of(flags, control::reason))
                .take();
        print({table, acted}, output);
        return Exit::done;
    }
};

constexpr const char* kExample =
    "--trading-cost 1 --impact 0.1 --impact-decay 0.1 --risk-aversion 5 --discount 0.2 --variance 0.2 "
    "--signal-decay 1 --signal-variance 1";
constexpr const char* kFastExample = "--fast-time-scale 0.1 --fast-mean-reversion 1 --fast-vol-of-variance 0.5";

}  // namespace

void add_control_commands(Program& program) {
    CLI::App& control = program.group({.name = "control", .summary = "how fast to trade"});

    auto solving = std::make_shared<SolveCommand>();
    CLI::App& solve = program.command(
        control,
        {.name = "solve",
         .summary = "the optimal trading rate under instantaneous and persistent impact",
         .explanation = "K u = M q + N l + P x for position q (a fraction of its limit), impact level l and signal x, "
                        "with its value function. Time in trading days, prices in daily volatilities. Parameters "
                        "without a stable solution are refused with the condition that fails.",
         .examples = {{fmt::format("slipcast control solve {}", kExample), "exact, in closed form"},
                      {fmt::format("slipcast control solve {} --step 1", kExample), "a rate held for a day"},
                      {fmt::format("slipcast control solve {} {} --variance-now 0.4", kExample, kFastExample),
                       "corrected for a fast factor, at twice its mean"}}},
        [solving] { return solving->run(); });
    solving->problem.add(solve);
    CLI::Option* theta = solve.add_option("--theta", solving->theta,
                                          "the published expansion for impact and decay scaled by theta in (0, 0.2)");
    solve.add_option("--step", solving->step, "days for which a rate is held, > 0: the best sampled rule")
        ->excludes(theta);
    solving->factors.add(solve);
    solve.get_option("--fast-time-scale")->excludes("--theta")->excludes("--step");
    solve.get_option("--slow-time-scale")->excludes("--theta")->excludes("--step");
    solve.add_option("--out", solving->output.out, "folder for the tables (Parquet)")->type_name("DIR");
    solve.add_flag("--csv", solving->output.csv, "with --out: CSV beside the Parquet files");
    solve.add_flag("--json", solving->output.json, "tables as JSON on standard output");

    auto deciding = std::make_shared<DecideCommand>();
    CLI::App& decide = program.command(
        control,
        {.name = "decide",
         .summary = "one guarded trading rate, with the guards that acted and why",
         .explanation = "",
         .examples = {{fmt::format("slipcast control decide {} --position 0.2 --level 0.05 --signal 0.7", kExample),
                       ""}}},
        [deciding] { return deciding->run(); });
    deciding->problem.add(decide);
    decide.add_option("--position", deciding->position, "q, a fraction of the limit")->required();
    decide.add_option("--level", deciding->level, "l, the impact level now (default 0)");
    decide.add_option("--signal", deciding->signal, "x; one a signal")->required()->delimiter(',');
    decide.add_option("--step", deciding->step, "days until the next decision (default 1)");
    deciding->factors.add(decide);
    decide.add_option("--theta", deciding->theta, "trade by the published expansion, theta in (0, 0.2)");
    decide
        .add_option("--guards", deciding->guards_on,
                    "the guards that are on: of denominator, aim, half_step, rate_cap, overshoot and turnover (default "
                    "all but half_step and rate_cap)")
        ->delimiter(',');
    add_settings(decide, {deciding->guards.thresholds()});
    decide.add_flag("--json", deciding->output.json, "tables as JSON on standard output");
}

}  // namespace slipcast::app
