#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "number_text.hpp"
#include "sections.hpp"
#include "table_view.hpp"

namespace slipcast::report {

namespace {

constexpr std::size_t kScatterPoints = 6000;  // beyond this the scatter is a blot and the page is heavy
constexpr int kHistogramBins = 48;

struct CostedOrder {
    double size = 0.0;
    bool has_size = false;
    double cost_bps = 0.0;
    double notional = 0.0;
    std::string basis;  // what the size is a share of
};

// The basis that most orders of the bins have (the first of equals), and how many have another.
struct MainBasis {
    std::string name;
    std::int64_t elsewhere = 0;
};

MainBasis main_basis(const TableView& bins) {
    std::vector<std::pair<std::string, std::int64_t>> counts;  // in the order of the table: best known first
    std::int64_t total = 0;
    for (std::size_t row = 0; row < bins.rows(); ++row) {
        const auto count = static_cast<std::int64_t>(bins.number(row, "count").value_or(0.0));
        const std::string basis(bins.label(row, "basis"));
        if (counts.empty() || counts.back().first != basis) counts.emplace_back(basis, 0);
        counts.back().second += count;
        total += count;
    }
    const auto most = std::max_element(counts.begin(), counts.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == counts.end() ? MainBasis{} : MainBasis{most->first, total - most->second};
}

// As the axis says it.
std::string basis_text(const std::string& basis) {
    if (basis == "forecast") return "forecast day volume";
    if (basis == "adv") return "average day volume";
    return basis.empty() ? "day volume" : basis;
}

std::vector<CostedOrder> costed_orders(const tca::Measurement& measurement) {
    const TableView orders(measurement.find("orders"));
    std::vector<CostedOrder> list;
    for (std::size_t row = 0; row < orders.rows(); ++row) {
        const std::optional<double> cost = orders.number(row, "arrival_cost_bps");
        if (!cost || !orders.flag(row, "included", true)) continue;
        const std::optional<double> size = orders.number(row, "size");
        const bool has_size = size && *size > 0.0;
        list.push_back({has_size ? *size : 0.0, has_size, *cost,
                        std::abs(orders.number(row, "notional_cash").value_or(0.0)),
                        std::string(orders.label(row, "size_basis"))});
    }
    return list;
}

// The smallest value with at least `share` of the total weight at or below it; `sorted` by value, weights positive.
double weighted_quantile(const std::vector<std::pair<double, double>>& sorted, double share) {
    double total = 0.0;
    for (const auto& [value, weight] : sorted) total += weight;
    double below = 0.0;
    for (const auto& [value, weight] : sorted) {
        below += weight;
        if (below >= share * total) return value;
    }
    return sorted.back().first;
}

std::vector<std::pair<double, double>> sorted_costs(const std::vector<CostedOrder>& orders) {
    std::vector<std::pair<double, double>> sorted;
    sorted.reserve(orders.size());
    for (const CostedOrder& order : orders) sorted.emplace_back(order.cost_bps, 1.0);
    std::sort(sorted.begin(), sorted.end());
    return sorted;
}

Json interval_json(const TableView& table, std::size_t row, const char* low_column, const char* high_column) {
    const std::optional<double> low = table.number(row, low_column);
    const std::optional<double> high = table.number(row, high_column);
    if (!low || !high) return nullptr;
    return Json{
        {"t", range_text(fixed_text(*low, 2), fixed_text(*high, 2))}, {"low", rounded(*low)}, {"high", rounded(*high)}};
}

}  // namespace

Json shortfall_json(const tca::Measurement& measurement) {
    const TableView parts(measurement.find("shortfall"));
    Json bases = Json::array();
    for (const char* basis : {"order", "executed"}) {
        int fraction = 2;
        for (std::size_t row = 0; row < parts.rows(); ++row) {
            if (parts.label(row, "basis") != basis) continue;
            if (const auto cash = parts.money(row, "cash")) fraction = std::max(fraction, exact_fraction(*cash));
        }
        Json list = Json::array();
        for (std::size_t row = 0; row < parts.rows(); ++row) {
            if (parts.label(row, "basis") != basis) continue;
            list.push_back({{"part", parts.label(row, "part")},
                            {"cash", cash_json(parts, row, "cash", fraction)},
                            {"bps", cell_json(parts.number(row, "bps"), NumberKind::bps)},
                            {"interval", interval_json(parts, row, "low", "high")}});
        }
        if (!list.empty()) bases.push_back({{"basis", basis}, {"parts", std::move(list)}});
    }
    return bases;
}

Json size_json(const tca::Measurement& measurement) {
    const TableView bins(measurement.find("size_bins"));
    if (bins.rows() == 0) return nullptr;
    const MainBasis basis = main_basis(bins);
    Json size{{"bins", Json::array()}, {"points", Json::array()}};
    size["basis"] = basis_text(basis.name);
    size["elsewhere"] = basis.elsewhere == 0 ? std::string() : count_text(basis.elsewhere);
    for (std::size_t row = 0; row < bins.rows(); ++row) {
        if (bins.label(row, "basis") != basis.name) continue;
        const std::optional<double> low = bins.number(row, "x_low");
        const std::optional<double> high = bins.number(row, "x_high");
        if (!low || !high) continue;
        size["bins"].push_back({{"x_low", rounded(*low)},
                                {"x_high", rounded(*high)},
                                {"size", range_text(percent_text(*low, 3), percent_text(*high, 3))},
                                {"count", cell_json(bins.number(row, "count"), NumberKind::count)},
                                {"mean", cell_json(bins.number(row, "mean"), NumberKind::bps)},
                                {"std", cell_json(bins.number(row, "std"), NumberKind::bps)},
                                {"std_error", cell_json(bins.number(row, "std_error"), NumberKind::bps)},
                                {"interval", interval_json(bins, row, "low", "high")},
                                {"total", cash_json(bins, row, "total_cash")}});
    }
    std::vector<CostedOrder> orders = costed_orders(measurement);
    std::erase_if(orders, [&](const CostedOrder& order) { return !order.has_size || order.basis != basis.name; });
    // Evenly thinned in the orders' own sequence: no draw, no preference.
    const std::size_t stride = (orders.size() + kScatterPoints - 1) / kScatterPoints;
    std::int64_t drawn = 0;
    for (std::size_t i = 0; stride > 0 && i < orders.size(); i += stride, ++drawn) {
        size["points"].push_back({rounded(orders[i].size, 4), rounded(orders[i].cost_bps, 4)});
    }
    size["drawn"] = count_text(drawn);
    size["of"] = count_text(static_cast<std::int64_t>(orders.size()));
    size["view"] = Json(nullptr);
    if (!orders.empty()) {
        const auto sorted = sorted_costs(orders);
        size["view"] = {rounded(weighted_quantile(sorted, 0.03), 4), rounded(weighted_quantile(sorted, 0.97), 4)};
    }
    return size;
}

Json distribution_json(const tca::Measurement& measurement) {
    const std::vector<CostedOrder> orders = costed_orders(measurement);
    if (orders.size() < 2) return nullptr;
    const auto by_count = sorted_costs(orders);
    const double low = weighted_quantile(by_count, 0.01);
    const double high = std::max(weighted_quantile(by_count, 0.99), low + 1e-9);
    const double width = (high - low) / kHistogramBins;
    std::vector<std::int64_t> counts(kHistogramBins);
    std::vector<double> notional(kHistogramBins);
    std::int64_t below = 0;
    std::int64_t above = 0;
    double total_notional = 0.0;
    for (const CostedOrder& order : orders) {
        total_notional += order.notional;
        if (order.cost_bps < low) {
            ++below;
        } else if (order.cost_bps > high) {
            ++above;
        } else {
            const auto bin = std::min(static_cast<std::size_t>((order.cost_bps - low) / width), counts.size() - 1);
            ++counts[bin];
            notional[bin] += order.notional;
        }
    }
    Json histogram{
        {"low", rounded(low)}, {"width", rounded(width)}, {"orders", Json::array()}, {"notional", Json::array()}};
    for (std::size_t bin = 0; bin < counts.size(); ++bin) {
        histogram["orders"].push_back(
            rounded(static_cast<double>(counts[bin]) / static_cast<double>(orders.size()), 5));
        histogram["notional"].push_back(total_notional > 0.0 ? rounded(notional[bin] / total_notional, 5) : 0.0);
    }
    histogram["below"] = count_text(below);
    histogram["above"] = count_text(above);
    histogram["count"] = count_text(static_cast<std::int64_t>(orders.size()));
    histogram["quantiles"] = Json::array();
    for (const auto& [share, name] :
         {std::pair{0.05, "5th percentile"}, std::pair{0.25, "25th percentile"}, std::pair{0.5, "Median order"},
          std::pair{0.75, "75th percentile"}, std::pair{0.95, "95th percentile"}, std::pair{0.99, "99th percentile"}}) {
        histogram["quantiles"].push_back(
            {{"name", name}, {"value", cell_json(weighted_quantile(by_count, share), NumberKind::bps)}});
    }
    return histogram;
}

Json markouts_json(const tca::Measurement& measurement) {
    const TableView table(measurement.find("markout_curves"));
    struct Point {
        double order;
        Json json;
    };
    // Groups keep the table's order of first appearance.
    std::vector<std::array<std::string, 3>> keys;
    std::map<std::array<std::string, 3>, std::vector<Point>> curves;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        std::array<std::string, 3> key{table.label(row, "clock"), table.label(row, "group_by"),
                                       table.label(row, "group")};
        if (!curves.contains(key)) keys.push_back(key);
        curves[key].push_back({table.number(row, "horizon_order").value_or(static_cast<double>(row)),
                               {{"horizon", table.label(row, "horizon")},
                                {"fill", cell_json(table.number(row, "fill_anchored_bps"), NumberKind::bps)},
                                {"fill_interval", interval_json(table, row, "low", "high")},
                                {"mid", cell_json(table.number(row, "mid_anchored_bps"), NumberKind::bps)},
                                {"mid_interval", interval_json(table, row, "mid_low", "mid_high")},
                                {"observed", cell_json(table.number(row, "observed"), NumberKind::count)},
                                {"missing", cell_json(table.number(row, "missing"), NumberKind::count)}}});
    }
    Json list = Json::array();
    for (const auto& key : keys) {
        std::vector<Point>& points = curves[key];
        std::stable_sort(points.begin(), points.end(),
                         [](const Point& a, const Point& b) { return a.order < b.order; });
        Json entry{{"clock", key[0]}, {"by", key[1]}, {"group", key[2]}, {"points", Json::array()}};
        for (Point& point : points) entry["points"].push_back(std::move(point.json));
        list.push_back(std::move(entry));
    }
    return list;
}

}  // namespace slipcast::report
