#include <map>
#include <utility>

#include "aggregates.hpp"
#include "fill_terms.hpp"
#include "slipcast/core/table_builder.hpp"

namespace slipcast::tca::detail {

namespace {

/// One horizon of one group.
struct Point {
    std::string group_by, group;
    std::size_t horizon = 0;
    Aggregate fill_anchored;
    Aggregate mid_anchored;
    std::int64_t missing = 0;
};

/// Fills that share a label.
struct Group {
    std::string group_by, group;
    std::vector<std::size_t> orders;  ///< of its fills
    BlockSums sums;
    std::size_t added = 0;  ///< fills whose terms are in the sums
};

/// Every group, and for each way of grouping the group of each fill; -1 = its label is empty.
class Groups {
public:
    explicit Groups(const FillTerms& terms) : terms_(terms) {}

    /// Groups by the text of a label, in the order of the texts.
    template <typename LabelOf>
    void add(const char* group_by, const LabelOf& label_of) {
        std::map<std::string, std::int32_t, std::less<>> known;
        for (const std::size_t row : terms_.fills()) {
            const std::string_view label = label_of(row);
            if (!label.empty() && known.find(label) == known.end()) known.emplace(label, -1);
        }
        for (auto& [label, at] : known) {
            at = static_cast<std::int32_t>(groups_.size());
            groups_.emplace_back().group_by = group_by;
            groups_.back().group = label;
        }
        std::vector<std::int32_t>& of_fill = of_fill_.emplace_back();
        of_fill.reserve(terms_.fills().size());
        for (const std::size_t row : terms_.fills()) {
            const auto found = known.find(label_of(row));
            of_fill.push_back(found == known.end() ? -1 : found->second);
            if (of_fill.back() >= 0) group(of_fill.back()).orders.push_back(terms_.order_of_fill()[row]);
        }
    }
    /// Adds up the mark-outs: each fill's are found once for all its groups.
    std::vector<Group> summed(const Blocks& blocks, std::size_t horizons) {
        for (Group& group : groups_) group.sums = blocks.empty_sums(std::exchange(group.orders, {}), 2 * horizons);
        std::vector<std::optional<RatioTerm>> terms(2 * horizons);
        for (std::size_t i = 0; i < terms_.fills().size(); ++i) {
            terms_.markouts(terms_.fills()[i], terms);
            for (const auto& of_fill : of_fill_) {
                if (of_fill[i] < 0) continue;
                Group& own = group(of_fill[i]);
                for (std::size_t m = 0; m < terms.size(); ++m) {
                    if (terms[m]) own.sums.add(m, own.added, *terms[m]);
                }
                ++own.added;
            }
        }
        return std::move(groups_);
    }

private:
    Group& group(std::int32_t at) { return groups_[static_cast<std::size_t>(at)]; }

    const FillTerms& terms_;
    std::vector<Group> groups_;
    std::vector<std::vector<std::int32_t>> of_fill_;  ///< by way of grouping, then parallel to the fills
};

std::string_view liquidity_label(market::Liquidity liquidity) {
    constexpr std::array<std::string_view, 5> kNames{"added", "removed", "auction", "hidden", ""};
    return kNames[static_cast<std::size_t>(liquidity)];
}

void add_points(const Group& group, const Blocks& blocks, std::size_t horizons, std::vector<Point>& points) {
    const std::vector<Aggregate> found = blocks.aggregates(group.sums);
    for (std::size_t h = 0; h < horizons; ++h) {
        Point& point = points.emplace_back();
        point.group_by = group.group_by;
        point.group = group.group;
        point.horizon = h;
        point.fill_anchored = found[2 * h];
        point.mid_anchored = found[2 * h + 1];
        point.missing = static_cast<std::int64_t>(group.added) - found[2 * h].count;
    }
}

Table points_table(const Context& context, const std::vector<Point>& points) {
    TableBuilder builder("markout_curves", points.size());
    const auto bps = [&](const char* name, SignTag sign, const char* meaning, Aggregate Point::* anchor,
                         std::optional<double> math::RatioInterval::* field) {
        builder.add(aggregated(name, "bps", sign, meaning), [&points, anchor, field](std::size_t row) {
            const auto& value = (points[row].*anchor).interval.*field;
            return value ? std::optional<double>(*value * 1e4) : std::nullopt;
        });
    };
    using Interval = math::RatioInterval;
    builder.add_label(plain("group_by", "all, venue, broker or liquidity"),
                      [&](std::size_t row) -> std::string_view { return points[row].group_by; });
    builder.add_label(plain("group", "which of them"),
                      [&](std::size_t row) -> std::string_view { return points[row].group; });
    builder.add_label(plain("horizon", "distance from the fill"),
                      [&](std::size_t row) -> std::string_view { return context.horizons[points[row].horizon].text; });
    builder.add(plain("horizon_order", "position of the horizon as asked for"),
                [&](std::size_t row) { return static_cast<std::int64_t>(points[row].horizon); });
    builder.add_label(plain("clock", "wall, trades or volume"),
                      [&](std::size_t row) { return name(context.horizons[points[row].horizon].clock); });
    bps("fill_anchored_bps", SignTag::gain, "from the fill price", &Point::fill_anchored, &Interval::estimate);
    bps("low", SignTag::gain, "lower end of its interval", &Point::fill_anchored, &Interval::low);
    bps("high", SignTag::gain, "upper end of its interval", &Point::fill_anchored, &Interval::high);
    bps("mid_anchored_bps", SignTag::direction, "from the mid before the fill", &Point::mid_anchored,
        &Interval::estimate);
    bps("mid_low", SignTag::direction, "lower end of its interval", &Point::mid_anchored, &Interval::low);
    bps("mid_high", SignTag::direction, "upper end of its interval", &Point::mid_anchored, &Interval::high);
    builder.add(plain("observed", "fills whose horizon could be seen"),
                [&](std::size_t row) { return points[row].fill_anchored.count; });
    builder.add(plain("missing", "fills whose horizon could not"),
                [&](std::size_t row) { return points[row].missing; });
    builder.add(plain("blocks", "blocks resampled"),
                [&](std::size_t row) { return points[row].fill_anchored.interval.blocks; });
    return builder.take();
}

}  // namespace

Table markout_curves_table(const Context& context, const Records& records, const Blocks& blocks) {
    const FillTerms terms(context, records);
    const auto& names = context.dataset.names;
    const auto& fills = context.dataset.fills;
    Groups groups(terms);
    groups.add("all", [](std::size_t) -> std::string_view { return "all"; });
    groups.add("venue", [&](std::size_t row) { return names.venues.name(fills[row].venue); });
    groups.add("broker", [&](std::size_t row) {
        return names.labels.name(context.dataset.orders[terms.order_of_fill()[row]].broker);
    });
    groups.add("liquidity", [&](std::size_t row) { return liquidity_label(fills[row].liquidity); });
    std::vector<Point> points;
    const std::size_t horizons = context.horizons.size();
    for (const Group& group : groups.summed(blocks, horizons)) add_points(group, blocks, horizons, points);
    return points_table(context, points);
}

}  // namespace slipcast::tca::detail
