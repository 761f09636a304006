#include "slipcast/venue/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string>

#include "slipcast/core/nearest.hpp"
#include "slipcast/core/random.hpp"
#include "slipcast/core/table_builder.hpp"
#include "slipcast/math/sampling.hpp"

namespace slipcast::venue {
namespace {

using Halves = std::pair<std::vector<Observation>, std::vector<Observation>>;

std::uint64_t digest_of(const PairLog& log) {
    return digest64(log.venue, digest64(std::string_view("\n", 1), digest64(log.symbol)));
}

/// Train and test observations, each at least one.
Halves halves(const PairLog& log, const CompareOptions& options) {
    std::vector<Observation> shuffled = log.observations;
    RandomStream stream(options.seed, "venue.compare", digest_of(log));
    math::shuffle(stream, std::span{shuffled});
    const auto count = static_cast<double>(shuffled.size());
    const auto tests = std::clamp<std::int64_t>(static_cast<std::int64_t>(options.test_share * count), 1,
                                                static_cast<std::int64_t>(shuffled.size()) - 1);
    return {{shuffled.begin() + tests, shuffled.end()}, {shuffled.begin(), shuffled.begin() + tests}};
}

Error at_pair(Error error, const PairLog& log) {
    error.place.file = fmt::format("{} at {}", log.symbol, log.venue);
    return error;
}

struct Scores {
    std::vector<const PairLog*> logs;
    std::vector<ModelChoice> choices;
};

Table models_table(const Scores& scores) {
    constexpr std::size_t kCount = kModels.size();
    std::vector<std::string> names;
    std::vector<double> train(kCount, 0.0);
    std::vector<double> test(kCount, 0.0);
    std::vector<double> wins(kCount, 0.0);
    double trained = 0.0;
    double tested = 0.0;
    for (const ModelChoice& choice : scores.choices) {
        const auto train_count = static_cast<double>(choice.train_observations);
        const auto test_count = static_cast<double>(choice.test_observations);
        trained += train_count;
        tested += test_count;
        const double best = choice.test_loss[choice.best];
        const auto equals = std::count(choice.test_loss.begin(), choice.test_loss.end(), best);
        for (std::size_t m = 0; m < kCount; ++m) {
            train[m] += train_count * choice.train_loss[m];
            test[m] += test_count * choice.test_loss[m];
            if (choice.test_loss[m] == best) wins[m] += 1.0 / static_cast<double>(equals);
        }
    }
    for (std::size_t m = 0; m < kCount; ++m) {
        names.emplace_back(model_name(kModels[m]));
        train[m] /= trained;
        test[m] /= tested;
    }
    return TableBuilder("models", kCount)
        .add(plain("model", "Zero bin and shape; kaplan_meier is nonparametric"), std::move(names))
        .add(plain("train_loss", "Mean -ln P of the observations that the model was fitted to, smoothed", "nats"),
             known(std::move(train)))
        .add(plain("test_loss", "Mean -ln P of the others, smoothed", "nats"), known(std::move(test)))
        .add(plain("wins", "Pairs where its test loss is lowest; equals share", "pairs"), std::move(wins))
        .take();
}

Table pairs_table(const Scores& scores) {
    const auto& choices = scores.choices;
    TableBuilder table("pairs", choices.size());
    table.add(plain("symbol", "Symbol"), of(scores.logs, [](const PairLog* log) { return log->symbol; }))
        .add(plain("venue", "Venue"), of(scores.logs, [](const PairLog* log) { return log->venue; }))
        .add(plain("train_observations", "Observations fitted to"), of(choices, &ModelChoice::train_observations))
        .add(plain("test_observations", "Observations scored on"), of(choices, &ModelChoice::test_observations))
        .add(plain("max_liquidity", "Largest size of the shapes and the smoothing", "lots"),
             of(choices, &ModelChoice::max_liquidity));
    for (std::size_t m = 0; m < kModels.size(); ++m) {
        table.add(plain(fmt::format("{}_test_loss", model_name(kModels[m])),
                        "Mean -ln P of the test observations, smoothed", "nats"),
                  of(choices, known([m](const ModelChoice& choice) { return choice.test_loss[m]; })));
    }
    table.add(plain("best", "Model of lowest test loss, the first of equals"),
              of(choices, [](const ModelChoice& choice) { return std::string(model_name(choice.shape())); }));
    return table.take();
}

}  // namespace

std::string_view model_name(Shape shape) {
    return shape == Shape::empirical ? "kaplan_meier" : name(shape);
}

Result<Shape> model_of(std::string_view name) {
    std::vector<std::string> known;
    for (const Shape shape : kModels) {
        if (model_name(shape) == name) return shape;
        known.emplace_back(model_name(shape));
    }
    return invalid_value(
        "model", std::string(name),
        fmt::format("must be one of {}; did you mean '{}'?", fmt::join(known, ", "), nearest_name(name, known)));
}

Settings CompareOptions::settings() {
    Settings settings;
    settings.seed("seed", seed, "of the split into train and test observations");
    settings.number("test_share", "", test_share, {.low = 0.0, .high = 1.0, .low_open = true, .high_open = true},
                    "share of a pair's observations that models are scored on");
    settings.number(
        "smoothing", "", smoothing, {.low = 0.0, .high = 1.0, .low_open = true, .high_open = true},
        "weight of an even spread over 0..max_liquidity mixed into every model, so that no loss is infinite");
    settings.integer("max_liquidity", "lots", max_liquidity, 0, kLargestSize,
                     "largest size of the shapes; 0: max(10,000, 2 x largest sent)");
    settings.integer("min_observations", "", min_observations, 2, 1'000'000'000,
                     "pairs with fewer observations are left out and counted");
    return settings;
}

std::string Comparison::verdict() const {
    const auto& wins = std::get<std::vector<double>>(models.find("wins")->data);
    const auto& losses = std::get<std::vector<double>>(models.find("test_loss")->data);
    const auto shown = [](double count) { return fmt::format("{:.10g}", std::round(100.0 * count) / 100.0); };
    const auto most = static_cast<std::size_t>(std::max_element(wins.begin(), wins.end()) - wins.begin());
    std::string text;
    if (std::count(wins.begin(), wins.end(), wins[most]) > 1) {
        text = fmt::format("No model stands out: each of several has the lowest held-out loss on {} of {} pairs.",
                           shown(wins[most]), compared);
    } else {
        const auto least = static_cast<std::size_t>(std::min_element(losses.begin(), losses.end()) - losses.begin());
        text = fmt::format("{} has the lowest held-out loss on {} of {} pairs", model_name(kModels[most]),
                           shown(wins[most]), compared);
        text += least == most ? ", and over all observations."
                              : fmt::format(", {} over all observations.", model_name(kModels[least]));
    }
    const auto power =
        static_cast<std::size_t>(std::find(kModels.begin(), kModels.end(), Shape::power_law) - kModels.begin());
    if (wins[power] < wins[most]) {
        text += fmt::format(" The power law wins {}: what assumes it (routers, pools) is an approximation here.",
                            shown(wins[power]));
    }
    return text;
}

Result<ModelChoice> choose_model(const PairLog& log, const CompareOptions& options) {
    CompareOptions checked = options;
    SLIPCAST_CHECK(checked.settings().validate());
    if (static_cast<std::int64_t>(log.observations.size()) < options.min_observations) {
        return at_pair({.code = ErrorCode::not_identified,
                        .field = "observations",
                        .value = fmt::format("{}", log.observations.size()),
                        .rule = "must be at least min_observations",
                        .place = {}},
                       log);
    }
    const auto [train, test] = halves(log, options);
    ModelChoice choice;
    choice.train_observations = static_cast<std::int64_t>(train.size());
    choice.test_observations = static_cast<std::int64_t>(test.size());
    choice.max_liquidity = options.max_liquidity > 0 ? options.max_liquidity : default_max_liquidity(log.observations);
    const Smoothing smoothing{.weight = options.smoothing, .max_liquidity = choice.max_liquidity};
    for (std::size_t m = 0; m < kModels.size(); ++m) {
        const auto fitted = fit(train, {.shape = kModels[m], .max_liquidity = choice.max_liquidity});
        if (!fitted) return at_pair(fitted.error(), log);
        const auto train_loss = log_loss(fitted->liquidity(), train, smoothing);
        if (!train_loss) return at_pair(train_loss.error(), log);
        const auto test_loss = log_loss(fitted->liquidity(), test, smoothing);
        if (!test_loss) return at_pair(test_loss.error(), log);
        choice.train_loss[m] = *train_loss;
        choice.test_loss[m] = *test_loss;
    }
    choice.best = static_cast<std::size_t>(std::min_element(choice.test_loss.begin(), choice.test_loss.end()) -
                                           choice.test_loss.begin());
    return choice;
}

Result<Comparison> compare_models(std::span<const PairLog> logs, const CompareOptions& options,
                                  const Progress& progress) {
    Scores scores;
    Comparison made;
    const auto total = static_cast<std::int64_t>(logs.size());
    for (std::int64_t i = 0; i < total; ++i) {
        if (progress && !progress("comparing models", i, total)) {
            return Error{.code = ErrorCode::interrupted, .field = "logs", .value = {}, .rule = "stopped", .place = {}};
        }
        const PairLog& log = logs[static_cast<std::size_t>(i)];
        if (static_cast<std::int64_t>(log.observations.size()) < options.min_observations) {
            ++made.too_few;
            continue;
        }
        SLIPCAST_TRY(choice, choose_model(log, options));
        scores.logs.push_back(&log);
        scores.choices.push_back(choice);
    }
    if (progress) progress("comparing models", total, total);
    if (scores.choices.empty()) {
        return Error{.code = ErrorCode::not_identified,
                     .field = "pairs",
                     .value = "0",
                     .rule = "no pair of symbol and venue has min_observations observations",
                     .place = {}};
    }
    made.compared = static_cast<std::int64_t>(scores.choices.size());
    made.models = models_table(scores);
    made.pairs = pairs_table(scores);
    return made;
}

}  // namespace slipcast::venue
