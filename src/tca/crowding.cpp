#include <algorithm>
#include <map>
#include <set>

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

/// A planned end comes into the desk's plan or leaves it.
struct Change {
    Timestamp time;
    Timestamp end;
    bool comes = true;
};

/// One order as the desk saw it go: it is in the plan from its arrival, until the end in force, while something of the
/// quantity in force is open.
class PlannedLife {
public:
    PlannedLife(const market::Order& order, std::vector<Change>& changes)
        : open_(order.quantity), end_(order.end_time), begin_(*order.arrival_time), changes_(changes) {
        put(begin_);
    }
    void amend(const Amend& amend) {
        take_out(amend.time);
        open_ += amend.change;
        if (amend.end_time) end_ = amend.end_time;
        put(amend.time);
    }
    /// A fill as it was reported, or what a correction or bust of one adds to it.
    void report(Timestamp time, Quantity filled) {
        open_ -= filled;
        if (open_ <= Quantity{}) take_out(time);
        if (!planned_) put(time);
    }
    void cancel(Timestamp time) { take_out(time); }

private:
    // Never before it came: a source's clocks may disagree.
    void put(Timestamp time) {
        if (!end_ || open_ <= Quantity{}) return;
        changes_.push_back({std::max(time, begin_), *end_, true});
        planned_ = end_;
    }
    void take_out(Timestamp time) {
        if (!planned_) return;
        changes_.push_back({std::max(time, begin_), *planned_, false});
        planned_.reset();
    }

    Quantity open_;
    std::optional<Timestamp> end_;
    Timestamp begin_;
    std::optional<Timestamp> planned_;  ///< the end that stands in the plan
    std::vector<Change>& changes_;
};

/// What the desk was told of its executions, and when: fills as first reported, then each correction and bust at its
/// own time. A fill that was busted later was an execution until then.
class Reports {
public:
    struct Report {
        Timestamp time;
        Quantity filled;  ///< more than was known before
    };

    explicit Reports(const Context& context) : context_(context) {
        const market::Dataset& dataset = context.dataset;
        for (const market::Fill& first : dataset.first_reports) {
            std::vector<Report>& reports = changed_[first.order];
            reports.push_back({first.time, first.quantity});
            Quantity known = first.quantity;
            for (const market::FillEvent& event :
                 std::ranges::equal_range(dataset.fill_events, first.id, {}, &market::FillEvent::fill)) {
                const bool is_bust = event.kind == market::FillEventKind::bust;
                const Quantity now = is_bust ? Quantity{} : event.quantity.value_or(known);
                reports.push_back({event.time, now - known});
                known = now;
            }
            is_changed_.insert(first.id);
        }
    }
    /// In time order.
    [[nodiscard]] std::vector<Report> of(std::size_t row) const {
        std::vector<Report> reports;
        for (const std::size_t i : context_.fills_of(row)) {
            const market::Fill& fill = context_.dataset.fills[i];
            if (!is_changed_.contains(fill.id)) reports.push_back({fill.time, fill.quantity});
        }
        const auto changed = changed_.find(context_.dataset.orders[row].id);
        if (changed == changed_.end()) return reports;
        reports.insert(reports.end(), changed->second.begin(), changed->second.end());
        std::ranges::stable_sort(reports, {}, &Report::time);
        return reports;
    }

private:
    const Context& context_;
    std::map<OrderId, std::vector<Report>> changed_;
    std::set<FillId> is_changed_;
};

/// Amends, reports of fills and the cancel of an order in time order: at one instant in this order, as they are
/// audited. What is reported after the cancel plans nothing anew.
void live(const Context& context, const Reports& reports, std::size_t row, PlannedLife& life) {
    const std::vector<Amend>& amends = context.courses[row].amends;
    const auto& cancelled = context.dataset.orders[row].cancel_time;
    auto amend = amends.begin();
    for (const Reports::Report& report : reports.of(row)) {
        if (cancelled && report.time > *cancelled) break;
        for (; amend != amends.end() && amend->time <= report.time; ++amend) life.amend(*amend);
        life.report(report.time, report.filled);
    }
    for (; amend != amends.end(); ++amend) life.amend(*amend);
    if (cancelled) life.cancel(*cancelled);
}

/// Every change of the plan, by time.
std::vector<Change> changes_of_plan(const Context& context) {
    std::vector<Change> changes;
    const Reports reports(context);
    for (std::size_t row = 0; row < context.dataset.orders.size(); ++row) {
        const market::Order& order = context.dataset.orders[row];
        if (!order.arrival_time) continue;
        PlannedLife life(order, changes);
        live(context, reports, row, life);
    }
    std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) { return a.time < b.time; });
    return changes;
}

}  // namespace

void add_crowding(const Context& context, Records& records) {
    const market::Dataset& dataset = context.dataset;
    const std::vector<Change> changes = changes_of_plan(context);
    std::vector<Timestamp> ends;
    for (const Change& change : changes) ends.push_back(change.end);
    PlannedEnds planned(std::move(ends));
    auto next = changes.begin();
    for (const std::size_t row : by_feature_time(dataset)) {
        const market::Order& order = dataset.orders[row];
        const Timestamp time = *feature_time(order);
        for (; next != changes.end() && next->time < time; ++next) {
            next->comes ? planned.add(next->end) : planned.remove(next->end);
        }
        if (!order.end_time || *order.end_time <= time) continue;
        records.orders[row].features.concurrent_overlap = static_cast<double>(planned.shared(time, *order.end_time)) /
                                                          static_cast<double>((*order.end_time - time).count());
    }
}

}  // namespace slipcast::tca::detail
