#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "number_text.hpp"
#include "parts.hpp"

namespace slipcast::report {

namespace {

constexpr std::size_t kMostSeries = 24;
constexpr std::size_t kMostPoints = 20'000;  // beyond this the page is heavy and the reader sees no more
constexpr std::size_t kMostCells = 20'000;
constexpr int kLeastHeight = 120;
constexpr int kMostHeight = 900;

constexpr std::array kKinds{"line", "steps", "points", "bars"};
constexpr std::array kTones{"automatic", "accent", "ink", "neutral", "cost", "gain", "ochre", "plum", "teal", "red"};
constexpr std::array kIntervals{"automatic", "band", "bars"};
constexpr std::array kStyles{"automatic", "dashed", "dotted"};
constexpr std::array kLabels{"automatic", "direct", "legend", "none"};
constexpr std::array kWidths{"full", "half", "third"};

template <typename Enum, std::size_t kCount>
const char* name_of(const std::array<const char*, kCount>& names, Enum value) {
    return names[static_cast<std::size_t>(value)];
}

// Not finite is null: a gap, an interval that is not there, an empty cell.
Json numbers_json(const std::vector<double>& values) {
    Json list = Json::array();
    for (const double value : values) {
        if (std::isfinite(value)) {
            list.push_back(rounded(value));
        } else {
            list.push_back(nullptr);
        }
    }
    return list;
}

Json optional_json(const std::optional<double>& value) {
    return value ? Json(rounded(*value)) : Json(nullptr);
}

// One axis's rule for the positions on it.
Result<void> check_position(const Axis& axis, double value, const std::string& place) {
    if (axis.scale == Scale::logarithmic && value <= 0.0) {
        return invalid_value(place, std::to_string(value), "a logarithmic axis holds positive numbers only");
    }
    const auto count = static_cast<double>(axis.categories.size());
    if (count > 0.0 && (value != std::nearbyint(value) || value < 0.0 || value >= count)) {
        return invalid_value(place, std::to_string(value), "must be the index of one of the axis's categories");
    }
    return {};
}

Result<void> check_axis(const Axis& axis, const std::string& place) {
    for (const std::optional<double>& end : {axis.low, axis.high}) {
        if (!end) continue;
        if (!axis.categories.empty()) {
            return invalid_value(place + ".low", std::to_string(*end), "an axis of categories has no ends");
        }
        if (!std::isfinite(*end)) return invalid_value(place + ".low", std::to_string(*end), "must be finite");
        SLIPCAST_CHECK(check_position(axis, *end, place + ".low"));
    }
    if (axis.low && axis.high && *axis.low >= *axis.high) {
        return invalid_value(place + ".low", std::to_string(*axis.low), "must be below high");
    }
    if (axis.origin && (axis.scale == Scale::logarithmic || !axis.categories.empty())) {
        return invalid_value(place + ".origin", axis.origin->to_string(), "an axis of times is linear");
    }
    if (axis.scale == Scale::logarithmic && !axis.categories.empty()) {
        return invalid_value(place + ".scale", "logarithmic", "an axis of categories is linear");
    }
    return {};
}

Result<void> check_lengths(const Series& series, const std::string& place) {
    const std::size_t length = series.x.size();
    const auto check = [&](const std::vector<double>& values, const char* name, bool is_optional) -> Result<void> {
        if (values.size() == length || (is_optional && values.empty())) return {};
        return invalid_value(place + "." + name, std::to_string(values.size()),
                             "must have as many values as x: " + std::to_string(length));
    };
    SLIPCAST_CHECK(check(series.y, "y", false));
    SLIPCAST_CHECK(check(series.low, "low", true));
    SLIPCAST_CHECK(check(series.high, "high", true));
    SLIPCAST_CHECK(check(series.x_high, "x_high", true));
    SLIPCAST_CHECK(check(series.size, "size", true));
    if (!series.notes.empty() && series.notes.size() != length) {
        return invalid_value(place + ".notes", std::to_string(series.notes.size()),
                             "must have as many values as x: " + std::to_string(length));
    }
    if (series.low.empty() != series.high.empty()) {
        return invalid_value(place + ".high", std::to_string(series.high.size()),
                             "an interval has both ends or neither");
    }
    if (!series.x_high.empty() && series.kind != SeriesKind::bars) {
        return invalid_value(place + ".x_high", name_of(kKinds, series.kind), "only bars have a second position");
    }
    if (!series.size.empty() && series.kind != SeriesKind::points) {
        return invalid_value(place + ".size", name_of(kKinds, series.kind), "only points have sizes");
    }
    for (const double size : series.size) {
        if (!(size >= 0.0 && std::isfinite(size))) {
            return invalid_value(place + ".size", std::to_string(size), "must be finite and at least 0");
        }
    }
    return {};
}

Result<void> check_interval(const Series& series, std::size_t i, const Figure& figure, const std::string& place) {
    if (series.low.empty() || !std::isfinite(series.low[i]) || !std::isfinite(series.high[i])) return {};
    if (series.low[i] > series.high[i]) {
        return invalid_value(place + ".low", std::to_string(series.low[i]), "must be at most high");
    }
    if (!std::isfinite(series.y[i])) {
        return invalid_value(place + ".low", std::to_string(series.low[i]), "an interval needs a value");
    }
    if (figure.y.scale == Scale::logarithmic) return {};  // the drawing ends such an interval at the frame
    return check_position(figure.y, series.low[i], place + ".low");
}

Result<void> check_points(const Series& series, const Figure& figure, const std::string& place) {
    const bool needs_edges = series.kind == SeriesKind::bars && figure.x.categories.empty();
    if (needs_edges && series.x_high.size() != series.x.size()) {
        return invalid_value(place + ".x_high", std::to_string(series.x_high.size()),
                             "bars on a numeric axis state where each ends");
    }
    if (!needs_edges && !series.x_high.empty()) {
        return invalid_value(place + ".x_high", std::to_string(series.x_high.size()),
                             "bars at categories have one position");
    }
    for (std::size_t i = 0; i < series.x.size(); ++i) {
        if (!std::isfinite(series.x[i])) {
            return invalid_value(place + ".x", std::to_string(series.x[i]), "must be finite");
        }
        SLIPCAST_CHECK(check_position(figure.x, series.x[i], place + ".x"));
        if (needs_edges && !(series.x_high[i] > series.x[i] && std::isfinite(series.x_high[i]))) {
            return invalid_value(place + ".x_high", std::to_string(series.x_high[i]), "must be above x and finite");
        }
        if (series.kind == SeriesKind::steps && i > 0 && series.x[i] < series.x[i - 1]) {
            return invalid_value(place + ".x", std::to_string(series.x[i]), "steps run from left to right");
        }
        if (std::isfinite(series.y[i])) SLIPCAST_CHECK(check_position(figure.y, series.y[i], place + ".y"));
        SLIPCAST_CHECK(check_interval(series, i, figure, place));
    }
    return {};
}

Result<void> check_heat(const HeatMap& heat, const Figure& figure, const std::string& place) {
    if (heat.x.empty() || heat.y.empty() || heat.value.size() != heat.x.size() * heat.y.size()) {
        return invalid_value(place + ".value", std::to_string(heat.value.size()),
                             "must have a value for each of " + std::to_string(heat.x.size()) + " x " +
                                 std::to_string(heat.y.size()) + " cells");
    }
    if (heat.value.size() > kMostCells) {
        return invalid_value(place + ".value", std::to_string(heat.value.size()), "must be at most 20000 cells");
    }
    const auto check = [&](const std::vector<double>& centers, const Axis& axis, const char* name) -> Result<void> {
        for (std::size_t i = 0; i < centers.size(); ++i) {
            if (!std::isfinite(centers[i]) || (i > 0 && centers[i] <= centers[i - 1])) {
                return invalid_value(place + "." + name, std::to_string(centers[i]), "must be finite and ascend");
            }
            SLIPCAST_CHECK(check_position(axis, centers[i], place + "." + name));
        }
        return {};
    };
    SLIPCAST_CHECK(check(heat.x, figure.x, "x"));
    return check(heat.y, figure.y, "y");
}

bool has_value(const Figure& figure) {
    const auto any_finite = [](const std::vector<double>& values) {
        return std::any_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
    };
    return (figure.heat && any_finite(figure.heat->value)) ||
           std::any_of(figure.series.begin(), figure.series.end(),
                       [&](const Series& series) { return any_finite(series.y); });
}

Result<void> check_series(const Figure& figure, const std::string& place) {
    if (figure.series.size() > kMostSeries) {
        return invalid_value(place + ".series", std::to_string(figure.series.size()), "must be at most 24 series");
    }
    std::set<std::string> names;
    std::size_t points = 0;
    for (const Series& series : figure.series) {
        const std::string where = place + ".series[" + series.name + "]";
        if (!names.insert(series.name).second) {
            return invalid_value(where, series.name, "each series of a figure has a name of its own");
        }
        points += series.x.size();
        if (points > kMostPoints) {
            return invalid_value(where, std::to_string(points), "must be at most 20000 points in a figure");
        }
        SLIPCAST_CHECK(check_lengths(series, where));
        SLIPCAST_CHECK(check_points(series, figure, where));
    }
    return {};
}

Result<void> check(const Figure& figure, const std::string& place) {
    if (figure.height < kLeastHeight || figure.height > kMostHeight) {
        return invalid_value(place + ".height", std::to_string(figure.height), "must be 120 to 900");
    }
    SLIPCAST_CHECK(check_axis(figure.x, place + ".x"));
    SLIPCAST_CHECK(check_axis(figure.y, place + ".y"));
    SLIPCAST_CHECK(check_series(figure, place));
    if (figure.heat) SLIPCAST_CHECK(check_heat(*figure.heat, figure, place + ".heat"));
    for (const Reference& reference : figure.references) {
        const std::string where = place + ".references[" + reference.label + "]";
        if (!std::isfinite(reference.at)) return invalid_value(where, std::to_string(reference.at), "must be finite");
        SLIPCAST_CHECK(
            check_position(reference.axis == Reference::Along::x ? figure.x : figure.y, reference.at, where));
    }
    if (!has_value(figure)) return invalid_value(place, figure.title, "a figure shows at least one value");
    return {};
}

Json axis_json(const Axis& axis) {
    return Json{{"title", axis.title},
                {"unit", axis.unit},
                {"log", axis.scale == Scale::logarithmic},
                {"low", optional_json(axis.low)},
                {"high", optional_json(axis.high)},
                {"categories", axis.categories},
                {"origin_ms", axis.origin ? Json(axis.origin->ns() / 1'000'000) : Json(nullptr)}};
}

Json series_json(const Series& series) {
    return Json{{"name", series.name},
                {"kind", name_of(kKinds, series.kind)},
                {"x", numbers_json(series.x)},
                {"y", numbers_json(series.y)},
                {"low", numbers_json(series.low)},
                {"high", numbers_json(series.high)},
                {"x_high", numbers_json(series.x_high)},
                {"interval", name_of(kIntervals, series.interval)},
                {"tone", name_of(kTones, series.tone)},
                {"style", name_of(kStyles, series.style)},
                {"marked", series.marked},
                {"size", numbers_json(series.size)},
                {"notes", series.notes}};
}

Json heat_json(const HeatMap& heat) {
    return Json{{"name", heat.name},
                {"unit", heat.unit},
                {"x", numbers_json(heat.x)},
                {"y", numbers_json(heat.y)},
                {"value", numbers_json(heat.value)},
                {"diverging", heat.diverging},
                {"values_shown", heat.values_shown}};
}

}  // namespace

const char* width_name(Width width) {
    return name_of(kWidths, width);
}

Result<Json> figure_json(const Figure& figure, const std::string& place, const std::string& id) {
    SLIPCAST_CHECK(check(figure, place));
    Json json{{"kind", "figure"},
              {"id", id},
              {"width", width_name(figure.width)},
              {"title", figure.title},
              {"caption", figure.caption},
              {"x", axis_json(figure.x)},
              {"y", axis_json(figure.y)},
              {"series", Json::array()},
              {"heat", nullptr},
              {"references", Json::array()},
              {"labels", name_of(kLabels, figure.labels)},
              {"all_shown", figure.all_shown},
              {"stacked", figure.stacked},
              {"zero_line", figure.zero_line},
              {"height", figure.height}};
    for (const Series& series : figure.series) json["series"].push_back(series_json(series));
    if (figure.heat) json["heat"] = heat_json(*figure.heat);
    for (const Reference& reference : figure.references) {
        json["references"].push_back({{"axis", reference.axis == Reference::Along::x ? "x" : "y"},
                                      {"at", rounded(reference.at)},
                                      {"label", reference.label}});
    }
    return json;
}

}  // namespace slipcast::report
