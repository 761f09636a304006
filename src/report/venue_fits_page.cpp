#include "slipcast/report/venue_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "venue_sections.hpp"

namespace slipcast::report {
namespace {

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
        const std::vector<double> all = numbers(tails, name);
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

}  // namespace

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

}  // namespace slipcast::report
