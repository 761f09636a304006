#include "slipcast/venue/fit_pairs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "slipcast/core/table_builder.hpp"
#include "slipcast/venue/compare.hpp"
#include "slipcast/venue/fit.hpp"

namespace slipcast::venue {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

struct Fitted {
    const PairLog* log = nullptr;
    Fit fit;
};

Shape shape_of(const PairLog& log, const FitPairsOptions& options) {
    switch (options.model) {
        case FitPairsOptions::uniform:
            return Shape::uniform;
        case FitPairsOptions::poisson:
            return Shape::poisson;
        case FitPairsOptions::exponential:
            return Shape::exponential;
        case FitPairsOptions::kaplan_meier:
            return Shape::empirical;
        case FitPairsOptions::best: {
            CompareOptions choosing;
            choosing.seed = options.seed;
            choosing.smoothing = options.smoothing;
            choosing.max_liquidity = options.max_liquidity;
            const auto choice = choose_model(log, choosing);
            return choice ? choice->shape() : Shape::power_law;
        }
        default:
            return Shape::power_law;
    }
}

Table fits_table(const std::vector<Fitted>& fits, double level) {
    TableBuilder table("fits", fits.size());
    const auto add = [&](const char* name, const char* unit, const std::string& meaning, auto value) {
        table.add(plain(name, meaning, unit), of(fits, value));
    };
    const std::string interval = fmt::format("{:g} % profile likelihood interval", 100.0 * level);
    using Each = const Fitted&;
    add("symbol", "", "Symbol", [](Each f) { return f.log->symbol; });
    add("venue", "", "Venue", [](Each f) { return f.log->venue; });
    add("model", "", "Zero bin and shape", [](Each f) { return std::string(model_name(f.fit.shape())); });
    add("zero_bin", "", "P(no liquidity)", known([](Each f) { return f.fit.zero_bin(); }));
    add("zero_bin_low", "", interval, [&](Each f) { return f.fit.zero_bin_interval(level).low; });
    add("zero_bin_high", "", interval, [&](Each f) { return f.fit.zero_bin_interval(level).high; });
    add("parameter", "", "What the shape's parameter is",
        [](Each f) { return std::string(parameter_name(f.fit.shape())); });
    add("value", "", "The parameter; a mean or upper in lots", known([](Each f) { return f.fit.parameter(); }));
    add("value_low", "", interval, [&](Each f) { return f.fit.parameter_interval(level).low; });
    add("value_high", "", interval, [&](Each f) { return f.fit.parameter_interval(level).high; });
    add("identified", "", "identified, or why the log does not pin the shape down",
        [](Each f) { return std::string(name(f.fit.reason())); });
    add("log_likelihood", "nats", "At the maximum", known([](Each f) { return f.fit.log_likelihood(); }));
    add("observations", "", "Routes", [](Each f) { return f.fit.counts().all; });
    add("misses", "", "Nothing filled, no minimum", [](Each f) { return f.fit.counts().misses; });
    add("minimum_misses", "", "Nothing filled, with a minimum quantity: S < minimum",
        [](Each f) { return f.fit.counts().minimum_misses; });
    add("partial", "", "Filled in part: S = filled", [](Each f) { return f.fit.counts().partial; });
    add("full", "", "Filled in full: S >= sent", [](Each f) { return f.fit.counts().full; });
    add("largest_sent", "lots", "Beyond this size the log says nothing", [](Each f) { return f.fit.largest_sent(); });
    add("max_liquidity", "lots", "Largest size of the shape", [](Each f) { return f.fit.max_liquidity(); });
    add("lot_size", "units", "Units of the instrument in a lot", [](Each f) { return f.log->lot_size; });
    return table.take();
}

/// 1, 2, 3, ... up to `largest`, at most `count`, evenly spread in the logarithm.
std::vector<std::int64_t> spread_sizes(std::int64_t largest, std::int64_t count) {
    std::vector<std::int64_t> sizes;
    const double step =
        std::log(static_cast<double>(largest)) / static_cast<double>(std::max<std::int64_t>(1, count - 1));
    for (std::int64_t i = 0; i < count; ++i) {
        const std::int64_t size =
            std::min<std::int64_t>(largest, std::llround(std::exp(step * static_cast<double>(i))));
        if (sizes.empty() || size > sizes.back()) sizes.push_back(size);
    }
    return sizes;
}

Result<Table> tails_table(const std::vector<Fitted>& fits, const FitPairsOptions& options) {
    std::vector<std::string> symbols;
    std::vector<std::string> venues;
    std::vector<std::int64_t> sizes;
    std::vector<double> modeled;
    std::vector<double> observed;
    std::vector<double> low;
    std::vector<double> high;
    for (const Fitted& one : fits) {
        const std::vector<Observation>& log = one.log->observations;
        SLIPCAST_TRY(steps, fit(log, {.shape = Shape::empirical, .max_liquidity = one.fit.max_liquidity()}));
        const auto product = KaplanMeier::estimate(log);  // refused where misses carry a minimum: no band then
        for (const std::int64_t size : spread_sizes(one.fit.largest_sent(), options.tail_sizes)) {
            symbols.push_back(one.log->symbol);
            venues.push_back(one.log->venue);
            sizes.push_back(size);
            modeled.push_back(one.fit.liquidity().prob_at_least(size));
            observed.push_back(steps.liquidity().prob_at_least(size));
            const ProbabilityBand band = product ? product->band(size, options.confidence) : ProbabilityBand{};
            low.push_back(band.low.value_or(kMissing));
            high.push_back(band.high.value_or(kMissing));
        }
    }
    return TableBuilder("tails", sizes.size())
        .add(plain("symbol", "Symbol"), std::move(symbols))
        .add(plain("venue", "Venue"), std::move(venues))
        .add(plain("size", "s", "lots"), std::move(sizes))
        .add(plain("prob_at_least", "P(S >= s) of the model"), known(std::move(modeled)))
        .add(plain("kaplan_meier", "P(S >= s) by Kaplan-Meier, by Turnbull where misses carry a minimum"),
             known(std::move(observed)))
        .add(plain("low", "Of Kaplan-Meier's pointwise band"), known(std::move(low)))
        .add(plain("high", "Of Kaplan-Meier's pointwise band"), known(std::move(high)))
        .take();
}

}  // namespace

Settings FitPairsOptions::settings() {
    Settings settings;
    settings.choice("model", model, {"power_law", "uniform", "poisson", "exponential", "kaplan_meier", "best"},
                    "zero bin and shape; best: of each pair the model that scores best on held-out observations");
    settings.integer("max_liquidity", "lots", max_liquidity, 0, kLargestSize,
                     "largest size of the shapes; 0: max(10,000, 2 x largest sent)");
    settings.number("confidence", "", confidence, {.low = 0.5, .high = 0.999}, "of intervals and bands");
    settings.number("smoothing", "", smoothing, {.low = 0.0, .high = 1.0, .low_open = true, .high_open = true},
                    "with model best: weight of an even spread mixed into every model before it is scored");
    settings.seed("seed", seed, "with model best: of the split into train and test observations");
    settings.integer("tail_sizes", "", tail_sizes, 2, 10'000, "sizes of each pair in the table of tails");
    return settings;
}

Result<PairFits> fit_pairs(std::span<const PairLog> logs, const FitPairsOptions& options, const Progress& progress) {
    FitPairsOptions checked = options;
    SLIPCAST_CHECK(checked.settings().validate());
    if (logs.empty()) {
        return Error{.code = ErrorCode::not_identified,
                     .field = "pairs",
                     .value = "0",
                     .rule = "no route says anything about hidden liquidity",
                     .place = {}};
    }
    std::vector<Fitted> fits;
    const auto total = static_cast<std::int64_t>(logs.size());
    for (std::int64_t i = 0; i < total; ++i) {
        if (progress && !progress("fitting venues", i, total)) {
            return Error{.code = ErrorCode::interrupted, .field = "logs", .value = {}, .rule = "stopped", .place = {}};
        }
        const PairLog& log = logs[static_cast<std::size_t>(i)];
        FitOptions one{.shape = shape_of(log, options)};
        if (options.max_liquidity > 0) one.max_liquidity = options.max_liquidity;
        auto fitted = fit(log.observations, one);
        if (!fitted) {
            Error error = fitted.error();
            error.place.file = fmt::format("{} at {}", log.symbol, log.venue);
            return error;
        }
        fits.push_back({&log, std::move(*fitted)});
    }
    if (progress) progress("fitting venues", total, total);
    SLIPCAST_TRY(tails, tails_table(fits, options));
    return PairFits{.fits = fits_table(fits, options.confidence), .tails = std::move(tails)};
}

}  // namespace slipcast::venue
