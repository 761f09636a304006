#include "slipcast/trial/trial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "compare.hpp"
#include "curves.hpp"
#include "days.hpp"
#include "desk_policy.hpp"
#include "learning.hpp"
#include "slipcast/core/table_values.hpp"
#include "slipcast/tca/measure.hpp"

namespace slipcast::trial {

namespace {

constexpr std::int64_t kLargestSplit = 100'000;  // lots that one child may offer to dark venues

/// For a desk whose decisions nobody will ask about again.
class Unwritten final : public desk::JournalSink {
public:
    Result<std::uint64_t> append(desk::RecordKind, Timestamp, std::span<const std::byte>) override { return ++count_; }
    Result<void> acknowledge(std::uint64_t) override { return {}; }
    [[nodiscard]] std::uint64_t acknowledged() const override { return count_; }

private:
    std::uint64_t count_ = 0;
};

/// Each venue holds nothing more often than the one before, and less where it holds something.
Result<std::vector<sim::DarkVenueTerms>> dark_venues(const DarkOptions& options) {
    std::vector<sim::DarkVenueTerms> venues;
    for (int k = 0; k < options.venues; ++k) {
        const double empty = 1.0 - (1.0 - options.zero_bin) / (1.0 + 0.5 * k);
        SLIPCAST_TRY(liquidity, venue::Liquidity::power_law(empty, options.exponent + 0.2 * k, options.max_liquidity));
        venues.push_back(
            {.name = fmt::format("DARK{}", k + 1), .liquidity = std::move(liquidity), .refresh = options.refresh});
    }
    return venues;
}

sim::Style style_of(const std::string& policy) {
    if (policy == "twap") return sim::Style::twap;
    if (policy == "vwap") return sim::Style::vwap;
    if (policy == "pov") return sim::Style::pov;
    return policy == "immediate" ? sim::Style::immediate : sim::Style::policy;
}

/// Everything that the policies share.
struct Stage {
    const TrialOptions& options;
    market::Dataset market;  ///< of the trial's days, with the names of its orders
    std::vector<sim::Parent> parents;
    const Forecasts& forecasts;
    const Surroundings& surroundings;
    const cost::Model& model;
    std::vector<sim::DarkVenueTerms> dark;
};

/// What of the desk takes part.
struct Parts {
    bool dark = true;
    bool ladder = true;
};

Result<desk::DeskSetup> setup_of(const Stage& stage, Parts parts) {
    desk::DeskSetup setup;
    setup.options = stage.options.desk;
    constexpr double kNever = 1e9;  // of the tier's median tail
    if (!parts.ladder) setup.options.ladder.amber_multiple = setup.options.ladder.red_multiple = kNever;
    setup.champion = stage.model;
    if (parts.dark && !stage.dark.empty()) {
        SLIPCAST_TRY(router, venue::Router::create(stage.dark.size(), kLargestSplit));
        setup.router = std::move(router);
    }
    return setup;
}

Result<sim::ReplayOutcome> worked_by_desk(const Stage& stage, const std::vector<sim::Parent>& parents, Parts parts,
                                          desk::JournalSink& journal, const Progress& progress) {
    SLIPCAST_TRY(setup, setup_of(stage, parts));
    Timestamp begin = Timestamp::max();
    for (const market::Session& session : stage.market.sessions.all()) begin = std::min(begin, session.open);
    SimulatedClock clock(begin);
    SLIPCAST_TRY(desk, desk::JournaledDesk::create(setup, journal, clock));
    DeskPolicy policy(desk, clock, stage.market, stage.forecasts, stage.surroundings, stage.parents);
    sim::ReplayOptions replay = stage.options.replay;
    replay.policy = &policy;
    if (parts.dark) replay.dark_venues = stage.dark;
    SLIPCAST_TRY(outcome, sim::replay_in_memory(stage.market, parents, replay, progress));
    // What the desk has learned by now, so that a replay compares it too.
    SLIPCAST_TRY(last, desk.snapshot());
    static_cast<void>(last);
    SLIPCAST_CHECK(desk.acknowledge());
    return std::move(outcome);
}

Result<sim::ReplayOutcome> worked_by(const std::string& policy, const Stage& stage, desk::JournalSink& journal,
                                     const Progress& progress) {
    std::vector<sim::Parent> parents = stage.parents;
    for (sim::Parent& parent : parents) {
        parent.style = style_of(policy);
        parent.participation = stage.options.desk.guards.participation;
    }
    Unwritten unwritten;
    if (policy == "desk") return worked_by_desk(stage, parents, {}, journal, progress);
    if (policy == "desk_lit") return worked_by_desk(stage, parents, {.dark = false}, unwritten, progress);
    if (policy == "desk_no_ladder") {
        return worked_by_desk(stage, parents, {.ladder = false}, unwritten, progress);
    }
    return sim::replay_in_memory(stage.market, parents, stage.options.replay, progress);
}

/// A column of `orders` as numbers.
Result<std::vector<double>> figure(const Table& orders, const char* name) {
    SLIPCAST_TRY(column, column_of(orders, name, name));
    return numbers_of(*column);
}

struct Measured {
    std::vector<Worked> worked;  ///< in the order of the measurement; NaN shortfall where it has none
    Table orders;
};

Result<Measured> measured(const sim::ReplayOutcome& outcome, const Progress& progress) {
    SLIPCAST_TRY(measurement, tca::measure(outcome.dataset, measure_options(), progress));
    Measured result{{}, *measurement.find("orders")};
    SLIPCAST_TRY(shortfall, figure(result.orders, "shortfall_bps"));
    SLIPCAST_TRY(arrival, figure(result.orders, "arrival_cost_bps"));
    SLIPCAST_TRY(fees, figure(result.orders, "fees_bps"));
    SLIPCAST_TRY(completion, figure(result.orders, "completion"));
    std::map<OrderId, std::pair<double, double>> filled;  // in all and in dark venues
    for (const market::Fill& fill : outcome.dataset.fills) {
        const auto units = static_cast<double>(fill.quantity.units());
        filled[fill.order].first += units;
        if (fill.liquidity == market::Liquidity::hidden) filled[fill.order].second += units;
    }
    std::map<OrderId, std::int64_t> children;
    for (const market::Placement& placement : outcome.dataset.placements) ++children[placement.order];
    for (std::size_t row = 0; row < shortfall.size(); ++row) {
        const OrderId id = outcome.dataset.orders[row].id;
        const auto& [all, dark] = filled[id];
        result.worked.push_back({.shortfall_bps = shortfall[row],
                                 .arrival_cost_bps = arrival[row],
                                 .fees_bps = std::isfinite(fees[row]) ? fees[row] : 0.0,
                                 .completion = std::isfinite(completion[row]) ? completion[row] : 0.0,
                                 .dark_share = all > 0.0 ? dark / all : 0.0,
                                 .children = children[id]});
    }
    return result;
}

/// The orders that every policy's measurement has priced, with what each made of them.
Result<Comparison> compared(const market::Dataset& market, const std::vector<std::string>& policies,
                            const std::vector<Measured>& all) {
    Comparison comparison;
    comparison.policies = policies;
    comparison.worked.resize(all.size());
    const Table& orders = all.front().orders;
    SLIPCAST_TRY(id_column, column_of(orders, "order_id", "order_id"));
    SLIPCAST_TRY(symbol_column, column_of(orders, "symbol", "symbol"));
    SLIPCAST_TRY(symbols, labels_of(*symbol_column));
    SLIPCAST_TRY(side_column, column_of(orders, "side", "side"));
    SLIPCAST_TRY(sides, labels_of(*side_column));
    SLIPCAST_TRY(size, figure(orders, "size"));
    SLIPCAST_TRY(arrival_column, column_of(orders, "arrival_time", "arrival_time"));
    SLIPCAST_TRY(arrival, times_of(*arrival_column));
    const auto& ids = std::get<std::vector<std::string>>(id_column->data);
    constexpr std::int64_t kHour = 3'600'000'000'000;
    for (std::size_t row = 0; row < ids.size(); ++row) {
        const bool is_priced = std::all_of(all.begin(), all.end(), [row](const Measured& each) {
            return std::isfinite(each.worked[row].shortfall_bps);
        });
        if (!is_priced) continue;
        const std::string& symbol = symbols.labels[static_cast<std::size_t>(symbols.code[row])];
        comparison.order_id.push_back(ids[row]);
        comparison.symbol.push_back(symbol);
        comparison.side.push_back(sides.labels[static_cast<std::size_t>(sides.code[row])]);
        comparison.size.push_back(size[row]);
        comparison.block.push_back(std::int64_t{market.names.symbols.find(symbol).index()} +
                                   arrival[row] / kHour * std::int64_t{market.names.symbols.size()});
        for (std::size_t p = 0; p < all.size(); ++p) comparison.worked[p].push_back(all[p].worked[row]);
    }
    if (!comparison.order_id.empty()) return comparison;
    return Error{ErrorCode::not_found, "orders", "", "a trial needs orders that every policy's measurement prices", {}};
}

/// Draws the trial's orders; those whose volume cannot be forecast are left out.
Result<std::vector<sim::Parent>> trial_parents(market::Dataset& market, const Forecasts& forecasts,
                                               const TrialOptions& options, const Progress& progress) {
    SLIPCAST_TRY(parents, sim::generate_parents(market, options.parents, progress));
    std::erase_if(parents, [&](const sim::Parent& parent) {
        const market::Order& order = parent.order;
        return !forecasts.volume_rate(order.instrument, *order.arrival_time, *order.end_time);
    });
    return std::move(parents);
}

std::string joined(const std::vector<Date>& days) {
    std::string text;
    for (const Date day : days) text += (text.empty() ? "" : ", ") + day.to_string();
    return text;
}

std::string left_out(const std::vector<std::string>& terms) {
    if (terms.empty()) return "every term identified";
    std::string text;
    for (const std::string& term : terms) text += (text.empty() ? "left out " : "; ") + term;
    return text;
}

/// What of a replay's own account every reader of a trial needs.
void take_account(const market::Dataset& from, std::map<std::string, std::string>& provenance) {
    for (const char* key : {"replay.impact", "replay.dark_venues", "replay.seed", "replay.latency", "replay.venues",
                            "replay.volume_curve", "parents.size_basis", "source", "data_digest"}) {
        if (const auto found = from.provenance.find(key); found != from.provenance.end()) {
            provenance[key] = found->second;
        }
    }
}

Progress named(const Progress& progress, const std::string& policy) {
    if (!progress) return {};
    return [&progress, policy](std::string_view step, std::int64_t done, std::int64_t total) {
        return progress(fmt::format("{}: {}", policy, step), done, total);
    };
}

}  // namespace

Result<Trial> run(const market::Dataset& market, const TrialOptions& given, desk::JournalSink& journal,
                  const Progress& progress) {
    SLIPCAST_CHECK(given.validate());
    if (!market.tape) return Error{ErrorCode::missing_field, "tape", "", "a trial needs a tape", {}};
    TrialOptions options = given;
    options.replay.impact.enabled = !options.no_impact;
    options.replay.seed = options.desk.seed = options.parents.seed;
    SLIPCAST_TRY(days, split_days(market, options.trial_days));
    SLIPCAST_TRY(history, forecast::collect(market, {}, progress));
    const Forecasts forecasts(market, forecast::Forecaster(std::move(history)));
    SLIPCAST_TRY(learned, learn(market, days, forecasts, options, named(progress, "learning")));

    market::Dataset trial_market = clipped_to(market, days.trial);
    SLIPCAST_TRY(curves, forecast_curves(trial_market, forecasts.forecaster()));
    options.replay.curves = std::move(curves);
    SLIPCAST_TRY(parents, trial_parents(trial_market, forecasts, options, progress));
    SLIPCAST_TRY(surroundings, Surroundings::create(market, learned.model, learned.looks, options.desk));
    SLIPCAST_TRY(dark, dark_venues(options.dark));
    const auto drawn = static_cast<std::size_t>(options.parents.count);
    const Stage stage{options,      std::move(trial_market), std::move(parents), forecasts,
                      surroundings, learned.model,           std::move(dark)};
    std::vector<Measured> all;
    std::map<std::string, std::string> provenance;
    for (const std::string& policy : options.policies) {
        const Progress own = named(progress, policy);
        SLIPCAST_TRY(outcome, worked_by(policy, stage, journal, own));
        take_account(outcome.dataset, provenance);
        SLIPCAST_TRY(result, measured(outcome, own));
        all.push_back(std::move(result));
    }
    SLIPCAST_TRY(comparison, compared(stage.market, options.policies, all));
    Trial trial{comparison_tables(
                    comparison, options.desk.objective,
                    {.confidence = options.confidence, .resamples = options.resamples, .seed = options.parents.seed}),
                std::move(provenance), learned.model};
    trial.tables.push_back(learned.model.summary());
    trial.tables.push_back(std::move(learned.orders));
    trial.provenance["trial.learning_days"] = joined(days.learning);
    trial.provenance["trial.days"] = joined(days.trial);
    trial.provenance["trial.learning_orders"] =
        fmt::format("{} drawn, {} without a forecast left out", options.learning_orders, learned.without_forecast);
    trial.provenance["trial.model"] = left_out(learned.left_out);
    trial.provenance["trial.orders"] = fmt::format(
        "{} compared; left out: {} without a forecast, {} that a measurement could not price",
        comparison.order_id.size(), drawn - stage.parents.size(), stage.parents.size() - comparison.order_id.size());
    return trial;
}

const Table* Trial::find(std::string_view name) const {
    const auto found = std::find_if(tables.begin(), tables.end(), [name](const Table& t) { return t.name() == name; });
    return found == tables.end() ? nullptr : &*found;
}

}  // namespace slipcast::trial
