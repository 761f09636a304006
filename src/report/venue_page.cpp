#include "slipcast/report/venue_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

namespace slipcast::report {
namespace {

constexpr int kPointsADecade = 24;

/// 1, 2, ... spread evenly in the logarithm, up to and with `last`, and `also`.
std::vector<std::int64_t> spread_sizes(std::int64_t last, std::int64_t also) {
    std::vector<std::int64_t> sizes{also, last};
    for (int step = 0;; ++step) {
        const std::int64_t size = std::llround(std::pow(10.0, static_cast<double>(step) / kPointsADecade));
        if (size > last) break;
        sizes.push_back(size);
    }
    std::sort(sizes.begin(), sizes.end());
    sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
    sizes.erase(sizes.begin(), std::lower_bound(sizes.begin(), sizes.end(), 1));
    return sizes;
}

Figure marginal_figure(const venue::Allocator& allocator, const venue::Split& split,
                       std::span<const std::string> names) {
    Figure figure;
    figure.title = "What one more lot is worth";
    figure.caption =
        "Value of the next lot at each venue, by lots already there. The split takes every lot above the threshold; "
        "the "
        "mark on each curve is where it stops.";
    figure.x = {.title = "lots at the venue", .unit = "lots", .scale = Scale::logarithmic};
    figure.y = {.title = "worth of one more lot"};
    const std::int64_t most = *std::max_element(split.quantity.begin(), split.quantity.end());
    for (std::size_t i = 0; i < names.size(); ++i) {
        Series line{.name = names[i]};
        for (const std::int64_t size : spread_sizes(std::max<std::int64_t>(10, 2 * most), split.quantity[i])) {
            line.x.push_back(static_cast<double>(size));
            line.y.push_back(allocator.marginal(i, size));
        }
        figure.series.push_back(std::move(line));
    }
    Series stops{.name = "last lot sent", .kind = SeriesKind::points, .tone = Tone::ink};
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (split.quantity[i] == 0) continue;
        stops.x.push_back(static_cast<double>(split.quantity[i]));
        stops.y.push_back(allocator.marginal(i, split.quantity[i]));
    }
    if (!stops.x.empty()) {
        figure.series.push_back(std::move(stops));
        figure.references.push_back({.axis = Reference::Along::y, .at = split.threshold, .label = "threshold"});
    }
    figure.labels = Labels::legend;
    return figure;
}

Figure quantity_figure(const venue::Split& split, std::span<const std::string> names) {
    Figure figure;
    figure.title = "Lots by venue";
    figure.x = {.title = "venue", .categories = {names.begin(), names.end()}};
    figure.y = {.title = "sent", .unit = "lots"};
    Series bars{.name = "lots", .kind = SeriesKind::bars};
    for (std::size_t i = 0; i < names.size(); ++i) {
        bars.x.push_back(static_cast<double>(i));
        bars.y.push_back(static_cast<double>(split.quantity[i]));
    }
    figure.series.push_back(std::move(bars));
    return figure;
}

template <typename T>
const std::vector<T>& values(const Table& table, const char* name) {
    return std::get<std::vector<T>>(table.find(name)->data);
}

/// The rows of one pair in the table of tails.
struct PairRows {
    std::size_t begin = 0;
    std::size_t end = 0;
};

std::vector<PairRows> pairs_of(const Table& tails) {
    const auto& symbol = values<std::string>(tails, "symbol");
    const auto& venue = values<std::string>(tails, "venue");
    std::vector<PairRows> pairs;
    for (std::size_t row = 0; row < symbol.size(); ++row) {
        const bool is_new = row == 0 || symbol[row] != symbol[row - 1] || venue[row] != venue[row - 1];
        if (is_new) pairs.push_back({.begin = row, .end = row});
        pairs.back().end = row + 1;
    }
    return pairs;
}

Figure tail_figure(const Table& tails, PairRows rows) {
    const auto part = [&](const char* name) {
        const auto& all = values<double>(tails, name);
        return std::vector<double>(all.begin() + static_cast<std::ptrdiff_t>(rows.begin),
                                   all.begin() + static_cast<std::ptrdiff_t>(rows.end));
    };
    Figure figure;
    figure.title = fmt::format("{} at {}", values<std::string>(tails, "symbol")[rows.begin],
                               values<std::string>(tails, "venue")[rows.begin]);
    figure.x = {.title = "at least this size", .unit = "lots", .scale = Scale::logarithmic};
    figure.y = {.title = "probability", .low = 0.0};
    figure.width = Width::half;
    Series observed{.name = "Kaplan-Meier",
                    .kind = SeriesKind::steps,
                    .y = part("kaplan_meier"),
                    .low = part("low"),
                    .high = part("high"),
                    .tone = Tone::ink};
    const auto& size = values<std::int64_t>(tails, "size");
    for (std::size_t row = rows.begin; row < rows.end; ++row) observed.x.push_back(static_cast<double>(size[row]));
    const bool has_band =
        std::any_of(observed.low.begin(), observed.low.end(), [](double v) { return std::isfinite(v); });
    if (!has_band) {
        observed.name = "Turnbull";
        observed.low.clear();
        observed.high.clear();
    }
    Series fitted{.name = "fit", .x = observed.x, .y = part("prob_at_least"), .tone = Tone::accent};
    figure.series.push_back(std::move(observed));
    figure.series.push_back(std::move(fitted));
    return figure;
}

/// One series an algorithm, in the order of the table, with two standard errors.
Figure curve_figure(const Table& curves, const char* share, const char* error, std::string title) {
    Figure figure;
    figure.title = std::move(title);
    figure.x = {.title = "orders", .unit = ""};
    const auto& algorithm = values<std::string>(curves, "algorithm");
    const auto& episode = values<std::int64_t>(curves, "episode");
    const auto& middle = values<double>(curves, share);
    const auto& spread = values<double>(curves, error);
    for (std::size_t row = 0; row < algorithm.size(); ++row) {
        if (figure.series.empty() || figure.series.back().name != algorithm[row]) {
            Series series{.name = algorithm[row]};
            if (algorithm[row] == "slipcast") series.tone = Tone::plum;
            if (algorithm[row] == "ideal") {
                series.tone = Tone::ink;
                series.dashed = true;
            }
            if (algorithm[row] == "uniform") series.tone = Tone::neutral;
            figure.series.push_back(std::move(series));
        }
        Series& series = figure.series.back();
        series.x.push_back(static_cast<double>(episode[row]));
        series.y.push_back(middle[row]);
        series.low.push_back(middle[row] - 2.0 * spread[row]);
        series.high.push_back(middle[row] + 2.0 * spread[row]);
    }
    return figure;
}

}  // namespace

Document split_document(const venue::Allocator& allocator, const venue::Split& split,
                        std::span<const std::string> names) {
    const std::int64_t sent = std::accumulate(split.quantity.begin(), split.quantity.end(), std::int64_t{0});
    Document page{.title = "Split of an order", .kicker = "venue allocation"};
    page.extent = {fmt::format("{} lots", sent + split.outside), fmt::format("{} venues", names.size())};
    page.closing =
        "Worth is in the unit of the values given; with the default of 1 it is the chance that the lot fills.";
    Section section{.id = "split", .title = "Why these lots"};
    section.notes = {"A lot goes where it adds most. Lots of equal worth are shared evenly."};
    section.parts.emplace_back(KeyNumbers{
        {{.label = "expected fill", .value = allocator.expected_fill(split.quantity), .unit = "lots"},
         {.label = "worth of the last lot", .value = sent > 0 ? std::optional{split.threshold} : std::nullopt},
         {.label = "kept outside",
          .value = static_cast<double>(split.outside),
          .unit = "lots",
          .kind = NumberKind::count}}});
    section.parts.emplace_back(marginal_figure(allocator, split, names));
    section.parts.emplace_back(quantity_figure(split, names));
    section.parts.emplace_back(ShownTable{.table = venue::explanation(allocator, split, names)});
    section.wide = true;
    page.sections.push_back(std::move(section));
    return page;
}

Document fits_document(const venue::PairFits& fits, double confidence, const std::string& source) {
    const std::vector<PairRows> pairs = pairs_of(fits.tails);
    Document page{.title = "Hidden liquidity", .kicker = "venue fits"};
    page.extent = {fmt::format("{} pairs", fits.fits.rows())};
    page.facts = {{"log", source}};
    page.provenance = {{"source", source}, {"confidence", fmt::format("{:g}", confidence)}};
    page.closing =
        "Probability that a venue holds at least so many lots. Sizes beyond the largest sent are not drawn: the log "
        "says "
        "nothing of them.";
    Section section{.id = "tails", .title = "Fitted tails beside the log's own"};
    section.notes = {fmt::format("Steps: the product-limit estimate, which assumes no shape, with its pointwise {:g} % "
                                 "band. Line: the fitted zero bin and shape. Where the line leaves the band over a "
                                 "stretch of sizes, the shape is wrong there.",
                                 100.0 * confidence),
                     "No band stands where misses carry a minimum quantity: the estimate is then Turnbull's."};
    const std::size_t drawn = std::min(pairs.size(), kDrawnPairs);
    if (drawn < pairs.size()) {
        section.notes.push_back(
            fmt::format("The first {} of {} pairs are drawn; the table has all.", drawn, pairs.size()));
    }
    for (std::size_t i = 0; i < drawn; ++i) section.parts.emplace_back(tail_figure(fits.tails, pairs[i]));
    section.parts.emplace_back(ShownTable{
        .table = fits.fits,
        .title = "Fits",
        .caption = "Intervals by profile likelihood. Where a shape is not identified, its parameter stands at the end "
                   "of the search and says nothing.",
        .columns = {{.name = "symbol"},
                    {.name = "venue"},
                    {.name = "model"},
                    {.name = "zero_bin", .low = "zero_bin_low", .high = "zero_bin_high"},
                    {.name = "parameter"},
                    {.name = "value", .low = "value_low", .high = "value_high"},
                    {.name = "identified"}}});
    section.parts.emplace_back(ShownTable{.table = fits.fits,
                                          .title = "What they rest on",
                                          .columns = {{.name = "symbol"},
                                                      {.name = "venue"},
                                                      {.name = "observations"},
                                                      {.name = "misses"},
                                                      {.name = "partial"},
                                                      {.name = "full"},
                                                      {.name = "largest_sent"}}});
    section.wide = true;
    page.sections.push_back(std::move(section));
    return page;
}

Document learning_document(const venue::Simulation& simulation, const venue::SimulateOptions& options,
                           const std::string& source) {
    Document page{.title = "Learning where liquidity hides", .kicker = "venue simulation"};
    page.extent = {fmt::format("{} orders", options.episodes), fmt::format("{} trials", options.trials)};
    page.facts = {{"venues", source}, {"seed", fmt::format("{}", options.seed)}};
    venue::SimulateOptions shown = options;
    page.provenance = {{"options", shown.settings().canonical_text()}, {"source", source}};
    Section section{.id = "learning", .title = "Learning curves"};
    section.notes = {
        "Expected fill of each split over that of the ideal one, which knows the venues. Bands are two standard errors "
        "over trials.",
        "A log cannot answer for sizes that were never sent: liquidity here is drawn from fitted or synthetic shapes, "
        "so "
        "the curves compare algorithms on those shapes, not on the market."};
    Figure ideal = curve_figure(simulation.curves, "fraction_of_ideal", "of_ideal_std_error", "Fraction of ideal");
    ideal.y = {.title = "expected fill over ideal"};
    if (options.switch_at > 0) {
        ideal.references.push_back(
            {.axis = Reference::Along::x, .at = static_cast<double>(options.switch_at), .label = "venues exchanged"});
    }
    Figure executed = curve_figure(simulation.curves, "fraction_executed", "executed_std_error", "Fraction executed");
    executed.y = {.title = "expected fill over volume"};
    section.parts.emplace_back(std::move(ideal));
    section.parts.emplace_back(std::move(executed));
    section.parts.emplace_back(ShownTable{
        .table = simulation.summary,
        .caption = "The last window of orders. Regret: expected lots lost to the ideal split, per order. Half-life: "
                   "times the remainder is sent until more than half of an order is done, after learning."});
    section.wide = true;
    page.sections.push_back(std::move(section));
    return page;
}

}  // namespace slipcast::report
