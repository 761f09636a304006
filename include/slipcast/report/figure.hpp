#pragma once

#include <optional>
#include <string>
#include <vector>

#include "slipcast/core/time.hpp"

namespace slipcast::report {

/// How wide a part stands on the page. Parts narrower than the page stand side by side in the order they come.
enum class Width { full, half, third };

enum class Scale { linear, logarithmic };

/// One axis of a figure. A logarithmic axis takes positive positions only.
struct Axis {
    std::string title{};  ///< what runs along it: "order size"
    std::string unit{};   ///< of every value on it: "shares", "bps"; shown after the title; "" = none
    Scale scale = Scale::linear;
    std::optional<double> low{};   ///< where the frame begins; missing: the data decide
    std::optional<double> high{};  ///< where it ends; missing: the data decide
    /// Names in place of numbers: the value i stands at categories[i]. Only with the linear scale, without low and
    /// high.
    std::vector<std::string> categories{};
    /// Positions are seconds after this time and show as UTC clock times, drawn to the millisecond. Only with the
    /// linear scale, without categories.
    std::optional<Timestamp> origin{};
};

/// What a series means, said in color; `automatic` takes the next of six colors that differ for every color vision.
/// cost and gain are the page's colors for what hurts and what helps, red that of the state RED: use them for nothing
/// else.
enum class Tone { automatic, accent, ink, neutral, cost, gain, ochre, plum, teal, red };

enum class SeriesKind {
    line,    ///< points joined in the order given
    steps,   ///< y[i] holds from x[i] until x[i + 1]
    points,  ///< a scatter
    bars,    ///< from zero to y[i]; beside each other at a category, or on each other when the figure is stacked
};

enum class IntervalKind { automatic, band, bars };

/// How a line runs. `automatic` is solid, and for automatic tones dashed or dotted where the colors repeat.
enum class LineStyle { automatic, dashed, dotted };

/// One series: positions `x`, values `y`, in the axes' units. A y that is not finite is a gap; an x never may be.
struct Series {
    std::string name{};  ///< as a reader sees it; unique within its figure
    SeriesKind kind = SeriesKind::line;
    std::vector<double> x{};
    std::vector<double> y{};
    /// Ends of an interval around y, both or neither; not finite where there is none. Drawn as a band around lines and
    /// steps and as an upright bar at points, bars and categories, or as `interval` says. On a logarithmic axis a low
    /// end at or below zero reaches to the frame's edge.
    std::vector<double> low{};
    std::vector<double> high{};
    IntervalKind interval = IntervalKind::automatic;
    /// Bars on a numeric axis reach from x[i] to x_high[i]: a histogram. Empty otherwise.
    std::vector<double> x_high{};
    Tone tone = Tone::automatic;
    LineStyle style = LineStyle::automatic;
    bool marked = false;  ///< lines: a mark at each point
    /// Points: how large each is, >= 0, in proportion to the largest of the figure: its area, or the height of a bar
    /// where y has categories; empty = all alike. Beside sized points, points without sizes mark others: rings around
    /// them, or dots under the bars.
    std::vector<double> size{};
    std::vector<std::string> notes{};  ///< what the tip adds at each point, a line each; empty = nothing
};

/// A straight line across the whole figure at one position of an axis, with an optional short label.
struct Reference {
    enum class Along { x, y };
    Along axis = Along::y;  ///< the axis on which `at` lies: y gives a level line, x an upright one
    double at = 0.0;
    std::string label{};
};

/// Colored cells under the series. Cell (i, j) is centered at (x[i], y[j]) and reaches half way to its neighbors (on a
/// logarithmic axis half way in the logarithm). x and y strictly ascend.
struct HeatMap {
    std::string name{};  ///< what the color tells: "expected fill"
    std::string unit{};
    std::vector<double> x{};
    std::vector<double> y{};
    std::vector<double> value{};  ///< value[j * x.size() + i]; not finite = no cell
    bool diverging = false;       ///< zero is the middle: the cost color above it, the gain color below
    bool values_shown = false;    ///< writes each value into its cell where there is room
};

enum class Labels {
    automatic,  ///< at the end of each line when only lines are there and at most six, else a legend
    direct,     ///< at the end of each line; with more than six also a legend
    legend,
    none,  ///< the title says what is drawn
};

/// A chart with one pair of axes. Series beyond the sixth start switched off unless `all_shown`; the legend says how
/// many of how many are drawn, switches each on and off and, pointed at, brings out one among the others. A table of
/// the numbers folds out below.
///   Figure figure;
///   figure.title = "Value of one more share";
///   figure.x = {.title = "allocated", .unit = "shares", .scale = Scale::logarithmic};
///   figure.y = {.title = "marginal fill", .unit = "%"};
///   figure.series.push_back({.name = "Venue A", .x = sizes, .y = probability, .low = low, .high = high});
struct Figure {
    std::string title{};
    std::string caption{};  ///< how to read it, under the figure
    Axis x{};
    Axis y{};
    std::vector<Series> series{};
    std::optional<HeatMap> heat{};
    std::vector<Reference> references{};
    Labels labels = Labels::automatic;
    bool all_shown = false;
    bool stacked = false;   ///< bars stand on each other
    bool zero_line = true;  ///< draws y = 0 where the frame holds it
    int height = 300;       ///< of the drawing in CSS pixels, 120 to 900
    Width width = Width::full;
};

}  // namespace slipcast::report
