#include "slipcast/report/venue_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "slipcast/core/random.hpp"
#include "slipcast/core/version.hpp"

namespace slipcast::report {
namespace {

constexpr int kPointsADecade = 24;
/// More curves than colors crowd one frame: each venue then has a frame of its own.
constexpr std::size_t kTogether = 6;

/// 1, 2, ... spread evenly in the logarithm, up to and with `last`, and those of `sizes` below it.
std::vector<std::int64_t> spread_sizes(std::int64_t last, std::vector<std::int64_t> sizes) {
    sizes.push_back(last);
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

/// The split as its page draws it.
class SplitPage {
public:
    SplitPage(const venue::Allocator& allocator, const venue::Split& split, std::span<const std::string> names)
        : allocator_(allocator),
          split_(split),
          names_(names),
          sent_(std::accumulate(split.quantity.begin(), split.quantity.end(), std::int64_t{0})),
          most_(std::max<std::int64_t>(10, 2 * *std::max_element(split.quantity.begin(), split.quantity.end()))) {
        for (const venue::VenueTerms& terms : allocator.venues()) {
            has_minimums_ |= terms.min_quantity > 1;
            has_logs_ |= terms.largest_sent > 0;
        }
    }

    Document document() const {
        Document page{.title = "Split of an order", .kicker = "venue allocation"};
        page.extent = {fmt::format("{} lots", volume()), counted_venues()};
        page.closing =
            "Worth is in the unit of the values given; with the default of 1 it is the chance that the lot fills.";
        add_origin(page);
        Section why{.id = "split", .title = "Why these lots"};
        why.notes = {"A lot goes where it adds most. Lots of equal worth are shared evenly."};
        if (has_minimums_) {
            why.notes.emplace_back(
                "A venue with a minimum takes at least so many lots or none, so that lots need not end where the "
                "threshold cuts its curve.");
        }
        if (has_logs_) {
            why.notes.emplace_back(
                "Beyond the largest size that a venue's log sent nobody knows: the shape extrapolates there, and the "
                "best split may well ask for it.");
        }
        why.wide = true;
        why.parts.emplace_back(key_numbers());
        add_marginal_figures(why);
        why.parts.emplace_back(quantity_figure());
        why.parts.emplace_back(venues_table());
        page.sections.push_back(std::move(why));
        page.sections.push_back(terms_section());
        return page;
    }

private:
    [[nodiscard]] std::int64_t volume() const { return sent_ + split_.outside; }
    [[nodiscard]] std::string counted_venues() const {
        return fmt::format("{} venue{}", names_.size(), names_.size() == 1 ? "" : "s");
    }
    [[nodiscard]] std::string reservation_text() const {
        const auto& reservation = allocator_.options().reservation_value;
        return reservation ? fmt::format("{:g} a lot", *reservation) : std::string{"none: every lot is sent"};
    }

    void add_origin(Document& page) const {
        venue::AllocationOptions options = allocator_.options();
        const std::string text =
            fmt::format("volume={};reservation_value={};", volume(),
                        options.reservation_value ? fmt::format("{}", *options.reservation_value) : "none") +
            options.settings().canonical_text();
        const std::string options_digest = fmt::format("{:016x}", digest64(text));
        const std::string venues_digest = fmt::format("{:016x}", venue::terms_digest(allocator_.venues()));
        page.facts = {{"Worth of a lot kept", reservation_text()},
                      {"Options digest", options_digest},
                      {"Venues digest", venues_digest}};
        page.provenance = {{"version", std::string{version()}},
                           {"options", text},
                           {"options_digest", options_digest},
                           {"venues_digest", venues_digest}};
    }

    [[nodiscard]] ShownTable venues_table() const {
        ShownTable shown{.table = venue::explanation(allocator_, split_, names_),
                         .title = "Venue by venue",
                         .columns = {{.name = "venue"},
                                     {.name = "quantity"},
                                     {.name = "expected_fill"},
                                     {.name = "expected_value"},
                                     {.name = "marginal_last", .label = "Last lot's worth"},
                                     {.name = "marginal_next", .label = "Next lot's worth"}}};
        if (has_logs_) shown.columns.push_back({.name = "beyond_log", .label = "Beyond its log"});
        shown.columns.push_back({.name = "reason"});
        return shown;
    }

    [[nodiscard]] KeyNumbers key_numbers() const {
        KeyNumbers numbers{
            {{.label = "expected fill",
              .value = allocator_.expected_fill(split_.quantity),
              .unit = "lots",
              .notes = {fmt::format("{:.2f} % of the order",
                                    100.0 * allocator_.expected_fill(split_.quantity) /
                                        static_cast<double>(std::max<std::int64_t>(1, volume())))}},
             {.label = "worth of the last lot", .value = sent_ > 0 ? std::optional{split_.threshold} : std::nullopt},
             {.label = "kept outside",
              .value = static_cast<double>(split_.outside),
              .unit = "lots",
              .kind = NumberKind::count}}};
        if (has_logs_) {
            numbers.numbers.push_back({.label = "beyond what the logs sent",
                                       .value = static_cast<double>(venue::beyond_log(allocator_, split_)),
                                       .unit = "lots",
                                       .kind = NumberKind::count});
        }
        if (has_minimums_) numbers.numbers.push_back(gap_number());
        return numbers;
    }

    /// What the search over minimum sizes proved.
    [[nodiscard]] KeyNumber gap_number() const {
        const double value = allocator_.expected_value(split_);
        KeyNumber gap{.label = "value missed at most", .value = split_.gap};
        if (split_.gap > 0.0) {
            gap.notes = {
                fmt::format("the split's value is {:.6g}", value),
                fmt::format("the search over minimum sizes stopped at {} nodes", allocator_.options().max_nodes)};
            if (value > 0.0) gap.notes.front() += fmt::format(": at most {:.2f} %", 100.0 * split_.gap / value);
        } else {
            gap.notes = {"no split is worth more: the search over minimum sizes ended"};
        }
        return gap;
    }

    [[nodiscard]] Series curve(std::size_t venue) const {
        Series line{.name = names_[venue]};
        for (const std::int64_t size : spread_sizes(most_, {split_.quantity[venue], log_end(venue)})) {
            line.x.push_back(static_cast<double>(size));
            line.y.push_back(allocator_.marginal(venue, size));
        }
        return line;
    }

    [[nodiscard]] Series stops(std::span<const std::size_t> venues) const {
        Series marks{.name = "last lot sent", .kind = SeriesKind::points, .tone = Tone::ink};
        for (const std::size_t venue : venues) {
            if (split_.quantity[venue] == 0) continue;
            marks.x.push_back(static_cast<double>(split_.quantity[venue]));
            marks.y.push_back(allocator_.marginal(venue, split_.quantity[venue]));
        }
        return marks;
    }

    /// The largest size that a venue's log sent, where the curves reach it; else 0.
    [[nodiscard]] std::int64_t log_end(std::size_t venue) const {
        const std::int64_t largest = allocator_.venues()[venue].largest_sent;
        return largest <= most_ ? largest : 0;
    }

    [[nodiscard]] Series log_ends(std::span<const std::size_t> venues) const {
        Series marks{.name = "largest size its log sent", .kind = SeriesKind::points, .tone = Tone::ochre};
        for (const std::size_t venue : venues) {
            const std::int64_t end = log_end(venue);
            if (end == 0) continue;
            marks.x.push_back(static_cast<double>(end));
            marks.y.push_back(allocator_.marginal(venue, end));
        }
        return marks;
    }

    [[nodiscard]] Figure frame(std::span<const std::size_t> venues) const {
        Figure figure;
        figure.x = {.title = "already at the venue", .unit = "lots", .scale = Scale::logarithmic};
        figure.y = {.title = "worth of one more lot"};
        figure.all_shown = true;
        figure.labels = Labels::legend;
        for (const std::size_t venue : venues) figure.series.push_back(curve(venue));
        for (Series marks : {stops(venues), log_ends(venues)}) {
            if (!marks.x.empty()) figure.series.push_back(std::move(marks));
        }
        if (sent_ > 0) {
            figure.references.push_back({.axis = Reference::Along::y, .at = split_.threshold, .label = "threshold"});
        }
        return figure;
    }

    /// The venues drawn, in their order: all, or those that got most.
    [[nodiscard]] std::vector<std::size_t> drawn_venues() const {
        std::vector<std::size_t> venues(names_.size());
        std::iota(venues.begin(), venues.end(), std::size_t{0});
        if (venues.size() <= kDrawnVenues) return venues;
        std::sort(venues.begin(), venues.end(), [&](std::size_t a, std::size_t b) {
            return split_.quantity[a] != split_.quantity[b] ? split_.quantity[a] > split_.quantity[b] : a < b;
        });
        venues.resize(kDrawnVenues);
        std::sort(venues.begin(), venues.end());
        return venues;
    }

    void add_marginal_figures(Section& section) const {
        const std::vector<std::size_t> venues = drawn_venues();
        std::string caption =
            "Value of the next lot at each venue, by lots already there. The split takes every lot above the "
            "threshold; the mark on each curve is where it stops.";
        if (has_logs_) caption += " Beyond the other mark, the largest size that its log sent, the shape extrapolates.";
        if (venues.size() <= kTogether) {
            Figure all = frame(venues);
            all.title = "What one more lot is worth";
            all.caption = caption;
            section.parts.emplace_back(std::move(all));
            return;
        }
        Prose reading{
            .paragraphs = {caption + " Every frame has the same axes: up the worth, dashed the threshold. A venue "
                                     "without a mark gets nothing."},
            .kind = Prose::Kind::note};
        if (venues.size() < names_.size()) {
            reading.paragraphs.push_back(fmt::format(
                "The {} of {} venues that get most are drawn; the tables have all.", venues.size(), names_.size()));
        }
        section.parts.emplace_back(std::move(reading));
        std::vector<Figure> figures;
        double low = 0.0;
        double high = 0.0;
        for (const std::size_t venue : venues) {
            Figure one = frame({&venue, 1});
            one.title = names_[venue];
            one.caption = caption_of(venue);
            one.width = Width::third;
            one.labels = Labels::none;
            one.y.title.clear();
            for (Reference& threshold : one.references) threshold.label.clear();
            one.height = 190;
            for (const double worth : one.series.front().y) {
                low = std::min(low, worth);
                high = std::max(high, worth);
            }
            figures.push_back(std::move(one));
        }
        for (Figure& one : figures) {
            one.y.low = low;
            one.y.high = high > low ? high * 1.04 : low + 1.0;
            one.series.front().tone = Tone::accent;
            section.parts.emplace_back(std::move(one));
        }
    }

    [[nodiscard]] std::string caption_of(std::size_t venue) const {
        const std::int64_t least = allocator_.venues()[venue].min_quantity;
        std::string text =
            split_.quantity[venue] == 0
                ? std::string{"Nothing sent."}
                : fmt::format("{} lots sent, {:.4g} expected to fill.", split_.quantity[venue],
                              allocator_.venues()[venue].liquidity.expected_fill(split_.quantity[venue]));
        if (least > 1) text += fmt::format(" Takes at least {}.", least);
        const std::int64_t largest = allocator_.venues()[venue].largest_sent;
        if (largest > 0 && split_.quantity[venue] > largest) {
            text += fmt::format(" {} beyond the {} that its log sent.", split_.quantity[venue] - largest, largest);
        }
        return text;
    }

    [[nodiscard]] Figure quantity_figure() const {
        Figure figure;
        figure.title = "Lots by venue";
        figure.x = {.title = "venue", .categories = {names_.begin(), names_.end()}};
        figure.y = {.title = "lots"};
        Series sent{.name = "sent", .kind = SeriesKind::bars, .tone = Tone::accent};
        Series filled{.name = "expected to fill", .kind = SeriesKind::bars, .tone = Tone::teal};
        for (std::size_t i = 0; i < names_.size(); ++i) {
            for (Series* bars : {&sent, &filled}) bars->x.push_back(static_cast<double>(i));
            sent.y.push_back(static_cast<double>(split_.quantity[i]));
            filled.y.push_back(allocator_.venues()[i].liquidity.expected_fill(split_.quantity[i]));
        }
        figure.series = {std::move(sent), std::move(filled)};
        return figure;
    }

    [[nodiscard]] Section terms_section() const {
        Section section{.id = "venues", .title = "What was known"};
        section.notes = {
            "The split is the best for these venues. Where they come from fits, it is as good as the fits are."};
        section.wide = true;
        ShownTable known{.table = venue::terms_table(allocator_.venues(), names_),
                         .title = "Venues",
                         .caption =
                             "Zero bin: chance that nothing is there. The parameter is the shape's own. Sending v "
                             "lots costs rate x v^power of leakage, filled or not.",
                         .columns = {{.name = "venue"},
                                     {.name = "shape"},
                                     {.name = "zero_bin"},
                                     {.name = "parameter"},
                                     {.name = "parameter_value", .label = "Its value"},
                                     {.name = "max_liquidity", .label = "Largest"},
                                     {.name = "value", .label = "Worth of a fill"},
                                     {.name = "leakage_rate"},
                                     {.name = "leakage_power"},
                                     {.name = "min_quantity", .label = "Least taken"}}};
        if (has_logs_) known.columns.push_back({.name = "largest_sent", .label = "Largest its log sent"});
        section.parts.emplace_back(std::move(known));
        return section;
    }

    const venue::Allocator& allocator_;
    const venue::Split& split_;
    std::span<const std::string> names_;
    std::int64_t sent_;
    std::int64_t most_;  ///< lots that a curve reaches
    bool has_minimums_ = false;
    bool has_logs_ = false;  ///< a venue has a `largest_sent`
};

}  // namespace

Document split_document(const venue::Allocator& allocator, const venue::Split& split,
                        std::span<const std::string> names) {
    return SplitPage(allocator, split, names).document();
}

}  // namespace slipcast::report
