#include <algorithm>

#include "features.hpp"
#include "instrument_plan.hpp"

namespace slipcast::tca::detail {

namespace {

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

/// Counts and sums of planned ends, by rank: a tree of partial sums (Fenwick 1994).
class PlannedEnds {
public:
    explicit PlannedEnds(std::vector<Timestamp> ends) : ends_(std::move(ends)) {
        std::sort(ends_.begin(), ends_.end());
        ends_.erase(std::unique(ends_.begin(), ends_.end()), ends_.end());
        count_.resize(ends_.size() + 1);
        sum_.resize(ends_.size() + 1);
    }
    void add(Timestamp end) { change(end, 1); }
    void remove(Timestamp end) { change(end, -1); }
    /// Sum over added ends of the time that [begin, end) and [begin, added end) share.
    [[nodiscard]] Int128 shared(Timestamp begin, Timestamp end) const {
        const std::size_t past = rank(begin);
        const std::size_t inside = rank(end);
        const Int128 within = sum(inside) - sum(past) - count(inside, past) * begin.ns();
        return within + count(ends_.size(), inside) * (end - begin).count();
    }

private:
    void change(Timestamp end, int orders) {
        for (std::size_t i = rank(end) + 1; i < count_.size(); i += i & (~i + 1)) {
            count_[i] += orders;
            sum_[i] += Int128{end.ns()} * orders;
        }
    }
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

/// An order comes into the plan when it arrives and leaves it when it is done or cancelled before its deadline.
struct Change {
    Timestamp time;
    std::size_t order = 0;
    bool arrives = true;
};

/// When the desk knew that an order was over before its deadline: cancelled, or filled whole.
std::optional<Timestamp> known_over(const Context& context, std::size_t row) {
    const market::Order& order = context.dataset.orders[row];
    std::optional<Timestamp> over = order.cancel_time;
    Quantity filled;
    for (const std::size_t fill : context.fills_of(row)) {
        filled += context.dataset.fills[fill].quantity;
        if (filled < order.quantity) continue;
        const Timestamp done = context.dataset.fills[fill].time;
        over = over ? std::min(*over, done) : done;
        break;
    }
    return over && *over < *order.end_time ? over : std::nullopt;
}

std::vector<Change> changes_of_plan(const Context& context, std::vector<Timestamp>& ends) {
    std::vector<Change> changes;
    const auto& orders = context.dataset.orders;
    for (std::size_t row = 0; row < orders.size(); ++row) {
        if (!orders[row].end_time || !orders[row].arrival_time) continue;
        ends.push_back(*orders[row].end_time);
        changes.push_back({*orders[row].arrival_time, row, true});
        // Never before it came: a source's clocks may disagree.
        if (const auto over = known_over(context, row)) {
            changes.push_back({std::max(*over, *orders[row].arrival_time), row, false});
        }
    }
    std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) { return a.time < b.time; });
    return changes;
}

}  // namespace

void add_crowding(const Context& context, Records& records) {
    const market::Dataset& dataset = context.dataset;
    std::vector<Timestamp> ends;
    const std::vector<Change> changes = changes_of_plan(context, ends);
    PlannedEnds planned(std::move(ends));
    std::size_t next = 0;
    for (const std::size_t row : by_feature_time(dataset)) {
        const market::Order& order = dataset.orders[row];
        const Timestamp time = *feature_time(order);
        for (; next < changes.size() && changes[next].time < time; ++next) {
            const Timestamp end = *dataset.orders[changes[next].order].end_time;
            changes[next].arrives ? planned.add(end) : planned.remove(end);
        }
        if (!order.end_time || *order.end_time <= time) continue;
        records.orders[row].features.concurrent_overlap = static_cast<double>(planned.shared(time, *order.end_time)) /
                                                          static_cast<double>((*order.end_time - time).count());
    }
}

}  // namespace slipcast::tca::detail
