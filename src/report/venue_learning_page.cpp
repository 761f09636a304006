#include "slipcast/report/venue_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "number_text.hpp"
#include "slipcast/core/random.hpp"
#include "slipcast/core/settings.hpp"
#include "slipcast/core/version.hpp"
#include "venue_sections.hpp"

namespace slipcast::report {
namespace {

/// Ways of one family share a color; the line tells them apart.
struct Look {
    Tone tone = Tone::neutral;
    LineStyle style = LineStyle::automatic;
};

Look look_of(const std::string& algorithm) {
    const auto known = venue::algorithm_of(algorithm);
    if (!known) return {};
    switch (*known) {
        case venue::Algorithm::ideal:
            return {Tone::ink, LineStyle::dashed};
        case venue::Algorithm::slipcast:
            return {Tone::plum};
        case venue::Algorithm::thompson:
            return {Tone::plum, LineStyle::dashed};
        case venue::Algorithm::maximum_likelihood:
            return {Tone::accent};
        case venue::Algorithm::pseudo_fill:
            return {Tone::accent, LineStyle::dashed};
        case venue::Algorithm::discounted:
            return {Tone::accent, LineStyle::dotted};
        case venue::Algorithm::kaplan_meier:
            return {Tone::teal};
        case venue::Algorithm::optimistic_kaplan_meier:
            return {Tone::teal, LineStyle::dashed};
        case venue::Algorithm::exponentiated_gradient:
            return {Tone::ochre};
        case venue::Algorithm::laruelle:
            return {Tone::ochre, LineStyle::dashed};
        case venue::Algorithm::bandit:
            return {Tone::neutral};
        case venue::Algorithm::uniform:
            return {Tone::neutral, LineStyle::dotted};
    }
    return {};
}

/// The page of one simulation.
class LearningPage {
public:
    LearningPage(const venue::Simulation& simulation, std::span<const venue::SimulatedSymbol> symbols,
                 const venue::SimulateOptions& options, const std::string& source)
        : simulation_(simulation), symbols_(symbols), options_(options), source_(source) {}

    [[nodiscard]] Document document() const {
        Document page{.title = "Learning where liquidity hides", .kicker = "venue simulation"};
        page.extent = {fmt::format("{} orders", count_text(options_.episodes)),
                       fmt::format("{} trials", count_text(options_.trials)), venues_text()};
        add_origin(page);
        page.sections = {curves_section(), ways_section(), venues_section()};
        return page;
    }

private:
    [[nodiscard]] std::string venues_text() const {
        std::size_t least = symbols_.front().venues.size();
        std::size_t most = least;
        for (const venue::SimulatedSymbol& symbol : symbols_) {
            least = std::min(least, symbol.venues.size());
            most = std::max(most, symbol.venues.size());
        }
        const std::string venues = least == most ? fmt::format("{}", most) : fmt::format("{} to {}", least, most);
        return fmt::format("{} symbol{} at {} venue{}", symbols_.size(), symbols_.size() == 1 ? "" : "s", venues,
                           most == 1 ? "" : "s");
    }

    [[nodiscard]] std::string orders_text() const {
        if (options_.least_volume == 0) return fmt::format("{} lots each", count_text(options_.volume));
        return fmt::format("of varying size, uniform on {} to {} lots", count_text(options_.least_volume),
                           count_text(options_.volume));
    }

    [[nodiscard]] std::string switch_text() const {
        if (options_.switch_at == 0) return "none: venues keep their liquidity";
        return fmt::format("after order {} every venue has another one's liquidity", count_text(options_.switch_at));
    }

    void add_origin(Document& page) const {
        venue::SimulateOptions shown = options_;
        shown.threads = 0;  // results do not depend on them
        const std::string text = shown.settings().canonical_text();
        const std::string options_digest = fmt::format("{:016x}", digest64(text));
        std::vector<venue::VenueTerms> terms;
        for (const venue::SimulatedSymbol& symbol : symbols_) {
            for (const venue::Liquidity& liquidity : symbol.venues) terms.push_back({.liquidity = liquidity});
        }
        const std::string venues_digest = fmt::format("{:016x}", venue::terms_digest(terms));
        page.facts = {{"Venues", source_},
                      {"Orders", orders_text()},
                      {"Switch", switch_text()},
                      {"Seed", fmt::format("{}", options_.seed)},
                      {"Options digest", options_digest},
                      {"Venues digest", venues_digest}};
        page.provenance = {{"version", std::string{version()}},
                           {"source", source_},
                           {"seed", fmt::format("{}", options_.seed)},
                           {"options_digest", options_digest},
                           {"venues_digest", venues_digest}};
        for (const Setting& setting : shown.settings().all()) page.provenance.emplace(setting.name, setting.get());
    }

    /// One series an algorithm, in the order of the table, with two standard errors. A logarithmic axis has no place
    /// for what is not positive.
    [[nodiscard]] std::vector<Series> series_of(const char* middle, const char* error, bool is_positive) const {
        const Table& curves = simulation_.curves;
        const auto& algorithm = values<std::string>(curves, "algorithm");
        const auto& episode = values<std::int64_t>(curves, "episode");
        const std::vector<double> value = numbers(curves, middle);
        const std::vector<double> spread = numbers(curves, error);
        std::vector<Series> list;
        for (std::size_t row = 0; row < algorithm.size(); ++row) {
            if (list.empty() || list.back().name != algorithm[row]) {
                const Look look = look_of(algorithm[row]);
                list.push_back({.name = algorithm[row], .tone = look.tone, .style = look.style});
            }
            Series& series = list.back();
            const bool has_place = !is_positive || value[row] > 0.0;
            series.x.push_back(static_cast<double>(episode[row]));
            series.y.push_back(has_place ? value[row] : std::nan(""));
            series.low.push_back(has_place ? value[row] - 2.0 * spread[row] : std::nan(""));
            series.high.push_back(has_place ? value[row] + 2.0 * spread[row] : std::nan(""));
        }
        std::erase_if(list, [](const Series& series) {
            return std::none_of(series.y.begin(), series.y.end(), [](double y) { return std::isfinite(y); });
        });
        return list;
    }

    [[nodiscard]] Figure frame(std::string title, Axis y, std::vector<Series> series) const {
        Figure figure;
        figure.title = std::move(title);
        figure.x = {.title = "orders"};
        figure.y = std::move(y);
        figure.series = std::move(series);
        figure.labels = Labels::direct;
        figure.all_shown = true;
        figure.height = 320;
        if (options_.switch_at > 0) {
            figure.references.push_back({.axis = Reference::Along::x,
                                         .at = static_cast<double>(options_.switch_at),
                                         .label = "venues exchanged"});
        }
        return figure;
    }

    void add_figures(Section& section) const {
        section.parts.emplace_back(frame("Fraction of ideal", {.title = "expected fill over ideal"},
                                         series_of("fraction_of_ideal", "of_ideal_std_error", false)));
        section.parts.emplace_back(frame("Fraction executed", {.title = "expected fill over volume"},
                                         series_of("fraction_executed", "executed_std_error", false)));
        std::vector<Series> lost = series_of("cumulative_regret", "cumulative_regret_std_error", true);
        if (!lost.empty()) {
            double least = lost.front().y.back();
            for (const Series& series : lost) {
                for (const double y : series.y) least = std::isfinite(y) ? std::min(least, y) : least;
            }
            Figure regret = frame("Cumulative regret",
                                  {.title = "expected lots lost to ideal so far",
                                   .unit = "lots",
                                   .scale = Scale::logarithmic,
                                   .low = least / 1.5},
                                  std::move(lost));
            regret.caption =
                "A way that has learned adds little more: its curve levels off. A way that never learns doubles with "
                "the "
                "orders. Ideal loses nothing and has no place on this axis.";
            section.parts.emplace_back(std::move(regret));
        }
        std::vector<Series> half_life = series_of("half_life", "half_life_std_error", false);
        if (!half_life.empty()) {
            Figure rounds =
                frame("Half-life", {.title = "rounds until half an order is done", .unit = "rounds", .low = 0.0},
                      std::move(half_life));
            rounds.caption = fmt::format(
                "Times the remainder of an order of {} lots is sent until more than half of it is done: {} orders "
                "after "
                "every {} by a copy of the algorithm, which learns on. An order not half done after 200 rounds counts "
                "as "
                "200.",
                count_text(options_.volume), options_.half_life_curve_orders, options_.window);
            section.parts.emplace_back(std::move(rounds));
        }
    }

    /// How the router fared, when it ran.
    [[nodiscard]] std::optional<KeyNumbers> key_numbers() const {
        const Table& summary = simulation_.summary;
        const auto& algorithm = values<std::string>(summary, "algorithm");
        const auto found = std::find(algorithm.begin(), algorithm.end(), "slipcast");
        if (found == algorithm.end()) return std::nullopt;
        const auto row = static_cast<std::size_t>(found - algorithm.begin());
        const auto number = [&](const char* label, const char* name, const char* error, const char* unit,
                                NumberKind kind) {
            KeyNumber made{.label = label, .unit = unit, .kind = kind};
            const double value = numbers(summary, name)[row];
            const double spread = numbers(summary, error)[row];
            if (std::isfinite(value)) made.value = value;
            if (std::isfinite(value) && std::isfinite(spread)) {
                made.notes = {fmt::format("standard error {}", kind == NumberKind::ratio
                                                                   ? percent_text(spread, 3)
                                                                   : significant_text(spread, 2))};
            }
            return made;
        };
        return KeyNumbers{
            {number("slipcast, of ideal, last window", "fraction_of_ideal", "of_ideal_std_error", "",
                    NumberKind::ratio),
             number("regret an order, all orders", "regret", "regret_std_error", "lots", NumberKind::significant),
             number("half-life after learning", "half_life", "half_life_std_error", "rounds",
                    NumberKind::significant)}};
    }

    [[nodiscard]] Section curves_section() const {
        Section section{.id = "learning", .title = "Learning curves"};
        section.notes = {
            "Expected fill of each split over that of the ideal one, which knows the venues. Bands are two standard "
            "errors over trials. Point at a name to bring its curve out; click to take it away.",
            "A log cannot answer for sizes that were never sent: liquidity here is drawn from fitted or synthetic "
            "shapes, "
            "so the curves compare algorithms on those shapes, not on the market."};
        section.wide = true;
        if (auto numbers = key_numbers()) section.parts.emplace_back(std::move(*numbers));
        add_figures(section);
        section.parts.emplace_back(ShownTable{
            .table = simulation_.summary,
            .title = "At the end",
            .caption = "Fractions are of the last window of orders. Regret: expected lots lost to the ideal split, per "
                       "order. Half-life: times the remainder is sent until more than half of an order is done, after "
                       "learning.",
            .columns = {{.name = "algorithm"},
                        {.name = "fraction_of_ideal", .label = "Of ideal"},
                        {.name = "of_ideal_std_error", .label = "Std error"},
                        {.name = "fraction_executed", .label = "Executed"},
                        {.name = "executed_std_error", .label = "Std error"},
                        {.name = "regret"},
                        {.name = "regret_std_error", .label = "Std error"},
                        {.name = "half_life", .label = "Half-life"},
                        {.name = "half_life_std_error", .label = "Std error"},
                        {.name = "unfinished"}}});
        return section;
    }

    [[nodiscard]] Section ways_section() const {
        Section section{.id = "ways", .title = "The ways to split"};
        section.notes = {"Curves of one family share a color."};
        section.wide = true;
        Column algorithm = *simulation_.summary.find("algorithm");
        std::vector<std::string> meanings;
        for (const std::string& label : values<std::string>(simulation_.summary, "algorithm")) {
            const auto known = venue::algorithm_of(label);
            meanings.emplace_back(known ? venue::meaning(*known) : std::string_view{});
        }
        Table ways("ways");
        ways.add(std::move(algorithm));
        Column how;
        how.meta.name = "how_it_splits";
        how.data = std::move(meanings);
        ways.add(std::move(how));
        section.parts.emplace_back(ShownTable{.table = std::move(ways), .title = "Algorithms"});
        return section;
    }

    [[nodiscard]] Section venues_section() const {
        Section section{.id = "venues", .title = "What was simulated"};
        section.notes = {
            "Each order meets liquidity drawn anew and independently at every venue; the smaller of what was "
            "sent and what is there fills, and an algorithm sees only that."};
        section.wide = true;
        section.parts.emplace_back(
            ShownTable{.table = venue::venues_table(symbols_),
                       .title = "Venues",
                       .caption = "Zero bin: chance that nothing is there. The parameter is the shape's own.",
                       .columns = {{.name = "symbol"},
                                   {.name = "venue"},
                                   {.name = "shape"},
                                   {.name = "zero_bin"},
                                   {.name = "parameter"},
                                   {.name = "parameter_value", .label = "Its value"},
                                   {.name = "max_liquidity", .label = "Largest"}}});
        return section;
    }

    const venue::Simulation& simulation_;
    std::span<const venue::SimulatedSymbol> symbols_;
    const venue::SimulateOptions& options_;
    const std::string& source_;
};

}  // namespace

Document learning_document(const venue::Simulation& simulation, std::span<const venue::SimulatedSymbol> symbols,
                           const venue::SimulateOptions& options, const std::string& source) {
    return LearningPage(simulation, symbols, options, source).document();
}

}  // namespace slipcast::report
