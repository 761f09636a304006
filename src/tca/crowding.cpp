#include <algorithm>
#include <map>

#include "features.hpp"
#include "instrument_plan.hpp"

namespace slipcast::tca::detail {

namespace {

constexpr Duration kFlowLookback = std::chrono::minutes{30};

/// Rows of the orders with a feature time, by that time (ties by row).
std::vector<std::size_t> by_feature_time(const market::Dataset& dataset) {
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < dataset.orders.size(); ++row) {
        if (feature_time(dataset.orders[row])) rows.push_back(row);
    }
    std::stable_sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
        return *feature_time(dataset.orders[a]) < *feature_time(dataset.orders[b]);
    });
    return rows;
}

/// Signed and gross cash of the desk's fills in one sector, summed up to each fill.
struct SectorFlow {
    std::vector<Timestamp> time;
    std::vector<double> signed_cash{0.0};
    std::vector<double> gross_cash{0.0};
};

std::map<LabelId, SectorFlow> sector_flows(const Context& context) {
    const market::Dataset& dataset = context.dataset;
    struct Line {
        Timestamp time;
        std::size_t fill;
        std::size_t order;
    };
    std::map<LabelId, std::vector<Line>> lines;
    for (std::size_t order = 0; order < dataset.orders.size(); ++order) {
        const LabelId sector = dataset.instrument(dataset.orders[order].instrument).sector;
        if (sector.is_none()) continue;
        for (const std::size_t fill : context.fills_of(order)) {
            lines[sector].push_back({dataset.fills[fill].time, fill, order});
        }
    }
    std::map<LabelId, SectorFlow> flows;
    for (auto& [sector, rows] : lines) {
        std::sort(rows.begin(), rows.end(),
                  [](const Line& a, const Line& b) { return a.time != b.time ? a.time < b.time : a.fill < b.fill; });
        SectorFlow& flow = flows[sector];
        for (const Line& line : rows) {
            const market::Order& order = dataset.orders[line.order];
            const market::Fill& fill = dataset.fills[line.fill];
            const double cash =
                dataset.instrument(order.instrument).value.notional(fill.price, fill.quantity).to_double();
            flow.time.push_back(line.time);
            flow.signed_cash.push_back(flow.signed_cash.back() + cash * static_cast<double>(sign(order.side)));
            flow.gross_cash.push_back(flow.gross_cash.back() + cash);
        }
    }
    return flows;
}

void add_sector_flow(const Context& context, Records& records) {
    const market::Dataset& dataset = context.dataset;
    const std::map<LabelId, SectorFlow> flows = sector_flows(context);
    for (std::size_t row = 0; row < dataset.orders.size(); ++row) {
        const market::Order& order = dataset.orders[row];
        const auto time = feature_time(order);
        const auto flow = flows.find(dataset.instrument(order.instrument).sector);
        if (!time || flow == flows.end()) continue;
        const auto rows_before = [&](Timestamp t) {
            const auto& times = flow->second.time;
            return static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), t) - times.begin());
        };
        // An order has no fills before its decision, so none of its own are in the window.
        const std::size_t begin = rows_before(*time - kFlowLookback);
        const std::size_t end = rows_before(*time);
        const double gross = flow->second.gross_cash[end] - flow->second.gross_cash[begin];
        if (end == begin || gross <= 0.0) continue;
        const double net = flow->second.signed_cash[end] - flow->second.signed_cash[begin];
        records.orders[row].features.sector_net_flow = static_cast<double>(sign(order.side)) * net / gross;
    }
}

/// Counts and sums of planned ends, by rank: a tree of partial sums (Fenwick 1994).
class PlannedEnds {
public:
    explicit PlannedEnds(std::vector<Timestamp> ends) : ends_(std::move(ends)) {
        std::sort(ends_.begin(), ends_.end());
        ends_.erase(std::unique(ends_.begin(), ends_.end()), ends_.end());
        count_.resize(ends_.size() + 1);
        sum_.resize(ends_.size() + 1);
    }
    void add(Timestamp end) {
        for (std::size_t i = rank(end) + 1; i < count_.size(); i += i & (~i + 1)) {
            ++count_[i];
            sum_[i] += end.ns();
        }
    }
    /// Sum over added ends of the time that [begin, end) and [begin, added end) share.
    [[nodiscard]] Int128 shared(Timestamp begin, Timestamp end) const {
        const std::size_t past = rank(begin);
        const std::size_t inside = rank(end);
        const Int128 within = sum(inside) - sum(past) - count(inside, past) * begin.ns();
        return within + count(ends_.size(), inside) * (end - begin).count();
    }

private:
    [[nodiscard]] std::size_t rank(Timestamp end) const {
        return static_cast<std::size_t>(std::lower_bound(ends_.begin(), ends_.end(), end) - ends_.begin());
    }
    [[nodiscard]] Int128 sum(std::size_t ranks) const {
        Int128 total = 0;
        for (std::size_t i = ranks; i > 0; i -= i & (~i + 1)) total += sum_[i];
        return total;
    }
    [[nodiscard]] Int128 count(std::size_t ranks, std::size_t less) const {
        Int128 total = 0;
        for (std::size_t i = ranks; i > 0; i -= i & (~i + 1)) total += count_[i];
        for (std::size_t i = less; i > 0; i -= i & (~i + 1)) total -= count_[i];
        return total;
    }

    std::vector<Timestamp> ends_;
    std::vector<std::int64_t> count_;
    std::vector<Int128> sum_;
};

void add_overlap(const Context& context, Records& records) {
    const market::Dataset& dataset = context.dataset;
    std::vector<Timestamp> ends;
    std::vector<std::size_t> arrivals;
    for (std::size_t row = 0; row < dataset.orders.size(); ++row) {
        if (!dataset.orders[row].end_time || !dataset.orders[row].arrival_time) continue;
        ends.push_back(*dataset.orders[row].end_time);
        arrivals.push_back(row);
    }
    std::stable_sort(arrivals.begin(), arrivals.end(), [&](std::size_t a, std::size_t b) {
        return *dataset.orders[a].arrival_time < *dataset.orders[b].arrival_time;
    });
    PlannedEnds planned(std::move(ends));
    std::size_t arrived = 0;
    for (const std::size_t row : by_feature_time(dataset)) {
        const market::Order& order = dataset.orders[row];
        const Timestamp time = *feature_time(order);
        for (; arrived < arrivals.size() && *dataset.orders[arrivals[arrived]].arrival_time < time; ++arrived) {
            planned.add(*dataset.orders[arrivals[arrived]].end_time);
        }
        if (!order.end_time || *order.end_time <= time) continue;
        records.orders[row].features.concurrent_overlap = static_cast<double>(planned.shared(time, *order.end_time)) /
                                                          static_cast<double>((*order.end_time - time).count());
    }
}

}  // namespace

void add_crowding(const Context& context, Records& records) {
    add_sector_flow(context, records);
    add_overlap(context, records);
}

}  // namespace slipcast::tca::detail
