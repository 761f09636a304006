#include "slipcast/control/study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstdlib>

#include "slipcast/control/multiscale.hpp"
#include "slipcast/control/rule.hpp"
#include "slipcast/core/table_builder.hpp"
#include "study_paths.hpp"

namespace slipcast::control {
namespace {

Result<void> positive_number(const std::string& field, const std::string& text) {
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (!text.empty() && *end == '\0' && std::isfinite(value) && value > 0.0) return {};
    return invalid_value(field, text, "must be a number > 0");
}

Result<std::vector<double>> numbers(const char* field, const std::vector<std::string>& texts) {
    std::vector<double> made;
    for (const std::string& text : texts) {
        SLIPCAST_CHECK(positive_number(field, text));
        made.push_back(std::stod(text));
    }
    if (!made.empty()) return made;
    return Error{ErrorCode::missing_field, field, "", "give at least one number", {}};
}

/// The closed form at a variance, or at `floor` below it: near zero the closed form trusts an idle market for ever, and
/// then is unstable.
Gains plugged_in(Parameters parameters, double variance, double floor) {
    const double least = parameters.impact * parameters.discount * parameters.discount /
                         (parameters.risk_aversion * (parameters.discount + parameters.impact_decay));
    parameters.variance = std::max({variance, floor, 2.0 * least, 1e-9});
    return solve(parameters).value().gains();
}

/// The correction for the slow factor at z, as gains.
Result<Gains> slow_gains(const StudyOptions& options, double delta, double z, std::optional<SlowOrder> order) {
    Parameters parameters = options.parameters();
    parameters.variance = options.mean_variance * std::exp(2.0 * z);
    SLIPCAST_TRY(rule, solve(parameters));
    if (!order) return rule.gains();
    Factors factors;
    factors.slow = SlowFactor{.dvariance = 2.0 * parameters.variance,
                              .d2variance = 4.0 * parameters.variance,
                              .drift = -z,
                              .volatility = options.slow_volatility,
                              .time_scale = delta,
                              .signal_correlation = {options.slow_correlation}};
    factors.slow_order = *order;
    SLIPCAST_TRY(corrected, FactorRule::make(rule, factors));
    return corrected.gains(parameters.variance);
}

/// Loss at z = 0 of a rule given by its gains at z, or missing when it does not exist at some node.
double slow_loss(const StudyOptions& options, double delta, std::optional<SlowOrder> order, const ExactPolicy& exact) {
    std::vector<Gains> gains;
    for (std::size_t node = 0; node < exact.grid()->size(); ++node) {
        const auto made = slow_gains(options, delta, exact.grid()->state(node).first, order);
        if (!made) return kNotGiven;
        gains.push_back(*made);
    }
    std::size_t node = 0;
    const auto priced = exact.price([&](const FactorState&) { return gains[node++]; });
    const FactorState middle{.first = 0.0};
    return priced ? loss_bps(priced->value(middle), exact.value().value(middle)) : kNotGiven;
}

}  // namespace

Settings StudyOptions::settings() {
    constexpr Settings::Range kPositive{.low = 0, .high = 1e9, .low_open = true};
    constexpr Settings::Range kNotNegative{.low = 0, .high = 1e9};
    Settings all;
    all.number("trading_cost", "", trading_cost, kPositive, "K: cost of trading at rate u is K u^2/2 a day")
        .number("impact", "", impact, kNotNegative, "lambda: persistent impact of a position's worth of trading")
        .number("impact_decay", "1/day", impact_decay, kNotNegative, "beta")
        .number("risk_aversion", "", risk_aversion, kPositive, "gamma")
        .number("discount", "1/day", discount, kPositive, "rho")
        .number("signal_decay", "1/day", signal_decay, kNotNegative, "kappa")
        .number("signal_variance", "per day", signal_variance, kNotNegative, "eta")
        .number("mean_variance", "per day", mean_variance, kPositive, "mean of the variance")
        .number("mean_reversion", "1/day", mean_reversion, kPositive, "theta of the fast factor at speed one")
        .number("vol_of_variance", "", vol_of_variance, kPositive, "xi of the fast factor at speed one")
        .number("time_scale", "days", time_scale, kPositive, "epsilon of the paired paths")
        .number("start_variance", "per day", start_variance, kPositive, "variance at the start of the paired paths")
        .list("time_scales", "days", time_scales, "values of epsilon in the loss table",
              [](const std::string& text) { return positive_number("time_scales", text); })
        .list("slow_time_scales", "1/day", slow_time_scales, "values of delta in the slow factor's loss table",
              [](const std::string& text) { return positive_number("slow_time_scales", text); })
        .number("slow_volatility", "", slow_volatility, kPositive, "g of the slow factor")
        .number("slow_correlation", "", slow_correlation, {.low = -1, .high = 1, .low_open = true, .high_open = true},
                "of the slow factor's shock with the signal's")
        .number("half_step_threshold", "of the mean", half_step_threshold, kPositive,
                "variance above which the half-step rule halves its rate")
        .number("plug_in_floor", "of the mean", plug_in_floor, kNotNegative,
                "least variance that the plug-in rule believes")
        .integer("nodes", "", nodes, 16, 20'000, "nodes of the factor grid");
    return all;
}

Result<void> StudyOptions::validate() const {
    StudyOptions copy = *this;
    SLIPCAST_CHECK(copy.settings().validate());
    return parameters().validate();
}

Parameters StudyOptions::parameters() const {
    return {.trading_cost = trading_cost,
            .impact = impact,
            .impact_decay = impact_decay,
            .risk_aversion = risk_aversion,
            .discount = discount,
            .variance = mean_variance,
            .signals = {{.decay = signal_decay, .variance = signal_variance}}};
}

FactorModel StudyOptions::fast(double epsilon) const {
    FactorModel model;
    model.first = {.kind = FactorKind::square_root,
                   .mean = mean_variance,
                   .mean_reversion = mean_reversion,
                   .volatility = vol_of_variance,
                   .speed = 1.0 / epsilon,
                   .signal_correlation = {}};
    return model;
}

FactorModel StudyOptions::slow(double delta) const {
    FactorModel model;
    model.first = {.kind = FactorKind::gaussian,
                   .mean = 0.0,
                   .mean_reversion = 1.0,
                   .volatility = slow_volatility,
                   .speed = delta,
                   .signal_correlation = {slow_correlation}};
    model.variance = [mean = mean_variance](double z, double) { return mean * std::exp(2.0 * z); };
    return model;
}

const std::vector<StudyRule>& study_rules() {
    static const std::vector<StudyRule> kAll{StudyRule::constant, StudyRule::fast_one,  StudyRule::fast_two,
                                             StudyRule::plug_in,  StudyRule::half_step, StudyRule::exact};
    return kAll;
}

std::string name(StudyRule rule) {
    switch (rule) {
        case StudyRule::constant:
            return "order_0";
        case StudyRule::fast_one:
            return "order_eps";
        case StudyRule::fast_two:
            return "order_eps2";
        case StudyRule::plug_in:
            return "plug_in";
        case StudyRule::half_step:
            return "half_step";
        case StudyRule::exact:
            break;
    }
    return "exact";
}

Result<LinearRule> study_rule(StudyRule rule, const StudyOptions& options, double epsilon, const ExactPolicy& exact) {
    if (rule == StudyRule::exact) return exact.rule();
    const Parameters parameters = options.parameters();
    if (rule == StudyRule::plug_in) {
        const double floor = options.plug_in_floor * options.mean_variance;
        return LinearRule(
            [parameters, floor](const FactorState& state) { return plugged_in(parameters, state.first, floor); });
    }
    SLIPCAST_TRY(base, solve(parameters));
    if (rule == StudyRule::constant) {
        return LinearRule([gains = base.gains()](const FactorState&) { return gains; });
    }
    SLIPCAST_TRY(fast, FastFactor::square_root(options.fast(epsilon).first));
    Factors factors;
    factors.fast = fast;
    factors.fast_order = rule == StudyRule::fast_two ? FastOrder::two : FastOrder::one;
    SLIPCAST_TRY(corrected, FactorRule::make(base, factors));
    const double threshold =
        rule == StudyRule::half_step ? options.half_step_threshold * options.mean_variance : HUGE_VAL;
    return LinearRule([corrected = std::move(corrected), threshold](const FactorState& state) {
        Gains gains = corrected.gains(state.first);
        if (state.first <= threshold) return gains;
        for (double* gain : {&gains.position, &gains.level, &gains.shift}) *gain *= 0.5;
        for (double& gain : gains.signal) gain *= 0.5;
        return gains;
    });
}

Result<Table> fast_loss_table(const StudyOptions& options) {
    SLIPCAST_CHECK(options.validate());
    SLIPCAST_TRY(scales, numbers("time_scales", options.time_scales));
    std::vector<double> values;
    std::vector<std::vector<double>> losses(study_rules().size() - 1);
    for (const double epsilon : scales) {
        SLIPCAST_TRY(exact, detail::exact_at(options, epsilon));
        values.push_back(exact.value().mean_value());
        for (std::size_t r = 0; r < losses.size(); ++r) {
            const auto rule = study_rule(study_rules()[r], options, epsilon, exact);
            const auto priced = rule ? exact.price(*rule) : Result<PricedRule>(rule.error());
            losses[r].push_back(priced ? loss_bps(priced->mean_value(), values.back()) : kNotGiven);
        }
    }
    TableBuilder table("fast_loss", scales.size());
    table.add(plain("time_scale", "epsilon of the fast factor", "days"), finite(scales));
    for (std::size_t r = 0; r < losses.size(); ++r) {
        table.add(plain(name(study_rules()[r]), "value lost against the exact policy", "bps", SignTag::cost),
                  finite(std::move(losses[r])));
    }
    table.add(plain("exact_value", "value of the exact policy from a flat start", "", SignTag::gain),
              finite(std::move(values)));
    return table.take();
}

Result<Table> slow_loss_table(const StudyOptions& options) {
    SLIPCAST_CHECK(options.validate());
    SLIPCAST_TRY(scales, numbers("slow_time_scales", options.slow_time_scales));
    const std::array<std::pair<const char*, std::optional<SlowOrder>>, 3> orders{
        {{"order_0", std::nullopt}, {"order_sqrt_delta", SlowOrder::half}, {"order_delta", SlowOrder::one}}};
    std::vector<double> values;
    std::array<std::vector<double>, 3> losses;
    for (const double delta : scales) {
        SLIPCAST_TRY(exact, ExactPolicy::solve(options.parameters(), options.slow(delta), {.nodes = options.nodes}));
        values.push_back(exact.value().value({.first = 0.0}));
        for (std::size_t r = 0; r < orders.size(); ++r) {
            losses[r].push_back(slow_loss(options, delta, orders[r].second, exact));
        }
    }
    TableBuilder table("slow_loss", scales.size());
    table.add(plain("slow_time_scale", "delta of the slow factor", "1/day"), finite(scales));
    for (std::size_t r = 0; r < orders.size(); ++r) {
        table.add(plain(orders[r].first, "value lost against the exact policy at z = 0", "bps", SignTag::cost),
                  finite(std::move(losses[r])));
    }
    table.add(plain("exact_value", "value of the exact policy from a flat start at z = 0", "", SignTag::gain),
              finite(std::move(values)));
    return table.take();
}

Result<Table> states_table(const StudyOptions& options) {
    SLIPCAST_CHECK(options.validate());
    SLIPCAST_TRY(exact, detail::exact_at(options, options.time_scale));
    const Parameters parameters = options.parameters();
    std::vector<double> variances;
    for (int i = 1; i <= 60; ++i) variances.push_back(options.mean_variance * 0.075 * i);
    TableBuilder table("states", variances.size());
    table.add(plain("variance", "where the factor stands", "per day"), finite(variances));
    for (const StudyRule kind : study_rules()) {
        const auto rule = study_rule(kind, options, options.time_scale, exact);
        std::array<std::vector<double>, 4> columns;
        for (const double variance : variances) {
            const Gains gains = rule ? (*rule)({.first = variance})
                                     : Gains{.position = kNotGiven, .level = kNotGiven, .signal = {kNotGiven}};
            const auto speeds = eigenvalues(parameters, gains);
            columns[0].push_back(-gains.position / parameters.trading_cost);
            columns[1].push_back(gains.signal.front() / -gains.position);
            columns[2].push_back(-speeds[0].real());
            columns[3].push_back(-speeds[1].real());
        }
        const std::string who = name(kind);
        table.add(plain(who + "_rate", "speed towards the aim", "1/day"), finite(std::move(columns[0])))
            .add(plain(who + "_aim", "aim for a signal of one", "of the limit"), finite(std::move(columns[1])))
            .add(plain(who + "_fast_speed", "faster closed-loop speed", "1/day"), finite(std::move(columns[2])))
            .add(plain(who + "_slow_speed", "slower closed-loop speed", "1/day"), finite(std::move(columns[3])));
    }
    return table.take();
}

}  // namespace slipcast::control
