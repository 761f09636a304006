#include <map>

#include "aggregates.hpp"
#include "fill_terms.hpp"
#include "table_builder.hpp"

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

/// Fills by the text of a label, in the order of the texts; fills without one are left out.
using Groups = std::map<std::string, std::vector<std::size_t>, std::less<>>;

template <typename LabelOf>
Groups grouped(const std::vector<std::size_t>& fills, const LabelOf& label_of) {
    Groups groups;
    for (const std::size_t row : fills) {
        const std::string_view label = label_of(row);
        if (!label.empty()) groups[std::string(label)].push_back(row);
    }
    return groups;
}

std::string_view liquidity_label(market::Liquidity liquidity) {
    constexpr std::array<std::string_view, 5> kNames{"added", "removed", "auction", "hidden", ""};
    return kNames[static_cast<std::size_t>(liquidity)];
}

void add_points(const Context& context, const FillTerms& terms, const Blocks& blocks, const std::string& group_by,
                const Groups& groups, std::vector<Point>& points) {
    const std::size_t horizons = context.horizons.size();
    std::vector<RatioOf> ratios;
    for (std::size_t h = 0; h < horizons; ++h) {
        ratios.push_back(terms.fill_anchored(h));
        ratios.push_back(terms.mid_anchored(h));
    }
    for (const auto& [group, fills] : groups) {
        std::vector<std::size_t> orders;
        for (const std::size_t row : fills) orders.push_back(terms.order_of_fill()[row]);
        const std::vector<Aggregate> found = blocks.aggregates(fills, orders, ratios);
        for (std::size_t h = 0; h < horizons; ++h) {
            Point& point = points.emplace_back();
            point.group_by = group_by;
            point.group = group;
            point.horizon = h;
            point.fill_anchored = found[2 * h];
            point.mid_anchored = found[2 * h + 1];
            point.missing = static_cast<std::int64_t>(fills.size()) - found[2 * h].count;
        }
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
    std::vector<Point> points;
    const auto add = [&](const char* group_by, const auto& label_of) {
        add_points(context, terms, blocks, group_by, grouped(terms.fills(), label_of), points);
    };
    add("all", [](std::size_t) -> std::string_view { return "all"; });
    add("venue", [&](std::size_t row) { return names.venues.name(fills[row].venue); });
    add("broker",
        [&](std::size_t row) { return names.labels.name(context.dataset.orders[terms.order_of_fill()[row]].broker); });
    add("liquidity", [&](std::size_t row) { return liquidity_label(fills[row].liquidity); });
    return points_table(context, points);
}

}  // namespace slipcast::tca::detail
