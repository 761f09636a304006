#include <algorithm>
#include <optional>
#include <tuple>

#include "assembly.hpp"
#include "row_rules.hpp"
#include "slipcast/market/audit.hpp"

namespace slipcast::market::detail {

std::vector<Assembly::Step> Assembly::steps() const {
    std::vector<Step> steps;
    steps.reserve(draft_.fills.rows.size() + draft_.order_events.rows.size());
    for (std::size_t row = 0; row < draft_.order_events.rows.size(); ++row) {
        if (!order_events_.is_accepted(row)) continue;
        const OrderEvent& event = draft_.order_events.rows[row];
        steps.push_back({event.order, event.time, event.kind == OrderEventKind::cancel ? 2 : 0, row});
    }
    for (std::size_t row = 0; row < draft_.fills.rows.size(); ++row) {
        if (!fills_.is_accepted(row) || is_busted_[row]) continue;
        steps.push_back({draft_.fills.rows[row].order, draft_.fills.rows[row].time, 1, row});
    }
    std::sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) {
        return std::tuple(a.order, a.time, a.rank, a.row) < std::tuple(b.order, b.time, b.rank, b.row);
    });
    return steps;
}

void Assembly::audit_fill(const Step& step, OrderLedger& ledger) {
    const Fill& fill = draft_.fills.rows[step.row];
    if (auto error = ledger.refusal(fill)) {
        fills_.quarantine(step.row, std::move(*error), fill.time);
        return;
    }
    if (const std::int32_t placement = placement_rows_.find(fill.placement); placement >= 0) {
        PlacementLedger& of_placement = placement_ledgers_[static_cast<std::size_t>(placement)];
        if (auto error = of_placement.refusal(fill)) {
            fills_.quarantine(step.row, std::move(*error), fill.time);
            return;
        }
        of_placement.admit(fill);
    }
    if (auto remark = ledger.remark(fill)) fills_.flag(step.row, std::move(*remark), fill.time);
    ledger.admit(fill);
    executions_[static_cast<std::size_t>(order_rows_.find(fill.order))].push_back({fill.time, ledger.filled()});
    for (Error& remark : remarks(fill, instrument_at(ledger.order().instrument, fill.time))) {
        fills_.flag(step.row, std::move(remark), fill.time);
    }
}

void Assembly::audit_orders() {
    executions_.resize(draft_.orders.rows.size());
    placement_ledgers_.reserve(draft_.placements.rows.size());
    for (const Placement& placement : draft_.placements.rows) {
        const Instrument* instrument = instrument_of(placement.order);
        placement_ledgers_.emplace_back(placement, instrument == nullptr ? 0 : instrument->value.quantity_decimals());
    }
    const std::vector<Step> steps = this->steps();
    for (auto step = steps.begin(); step != steps.end();) {
        const auto row = static_cast<std::size_t>(order_rows_.find(step->order));
        Order& order = draft_.orders.rows[row];
        OrderLedger ledger(order, out_.instrument(order.instrument).value.quantity_decimals());
        for (const OrderId id = step->order; step != steps.end() && step->order == id; ++step) {
            if (step->rank == 1) {
                audit_fill(*step, ledger);
                continue;
            }
            const OrderEvent& event = draft_.order_events.rows[step->row];
            if (auto error = ledger.refusal(event)) {
                order_events_.quarantine(step->row, std::move(*error), event.time);
                continue;
            }
            if (auto remark = ledger.remark(event)) order_events_.flag(step->row, std::move(*remark), event.time);
            ledger.apply(event);
        }
        // The order stays as it was given; its events tell what became of it, and when.
        order.cancel_time = ledger.order().cancel_time;
        if (order.derived) order.quantity = ledger.filled();
        if (ledger.order().end_time != order.end_time) amended_ends_.emplace(order.id, ledger.order().end_time);
    }
    for (std::size_t row = 0; row < draft_.orders.rows.size(); ++row) {
        const Order& order = draft_.orders.rows[row];
        if (order.derived || !orders_.is_accepted(row)) continue;
        const std::optional<Timestamp> time = life_begin(order);
        const Instrument& day = time ? instrument_at(order.instrument, *time) : out_.instrument(order.instrument);
        for (Error& remark : remarks(order, day)) orders_.flag(row, std::move(remark), time);
    }
}

bool Assembly::is_hollow(const Order& order) const {
    return order.derived && executions_[static_cast<std::size_t>(order_rows_.find(order.id))].empty();
}

void Assembly::check_cumulative(std::size_t placement_row) {
    const Placement& placement = draft_.placements.rows[placement_row];
    const auto order_row = static_cast<std::size_t>(order_rows_.find(placement.order));
    const std::vector<Execution>& executions = executions_[order_row];
    const auto filled_when = [&](auto past) {
        return past == executions.begin() ? Quantity{} : (past - 1)->cumulative;
    };
    const auto at_done = std::partition_point(executions.begin(), executions.end(), [&](const Execution& execution) {
        return execution.time < placement.done_time;
    });
    const auto after_done = std::partition_point(
        at_done, executions.end(), [&](const Execution& execution) { return execution.time == placement.done_time; });
    const int decimals = instrument_of(placement.order)->value.quantity_decimals();
    if (auto error = cumulative_disagreement(placement, filled_when(at_done), filled_when(after_done), decimals)) {
        placements_.flag(placement_row, std::move(*error), placement.done_time);
    }
}

void Assembly::audit_placements() {
    const bool fills_name_placements = std::any_of(draft_.fills.rows.begin(), draft_.fills.rows.end(),
                                                   [](const Fill& fill) { return !fill.placement.is_none(); });
    for (std::size_t row = 0; row < draft_.placements.rows.size(); ++row) {
        if (!placements_.is_accepted(row)) continue;
        const Placement& placement = draft_.placements.rows[row];
        const Order* order = order_of(placement.order);
        if (is_hollow(*order)) {
            placements_.quarantine(row,
                                   Error{ErrorCode::not_found,
                                         "order_id",
                                         std::string(out_.names.orders.name(order->id)),
                                         "must name an order with an accepted fill",
                                         {}},
                                   placement.sent_time);
            continue;
        }
        PlacementLedger& ledger = placement_ledgers_[row];
        ledger.end();
        if (fills_name_placements) {
            for (Error& error : ledger.disagreements()) placements_.flag(row, std::move(error), placement.done_time);
        }
        if (draft_.fills.present) check_cumulative(row);
        std::optional<Order> amended;
        if (const auto end = amended_ends_.find(order->id); end != amended_ends_.end()) {
            amended = *order;
            amended->end_time = end->second;
            order = &*amended;
        }
        for (Error& remark : remarks(placement, *order, instrument_at(order->instrument, placement.sent_time))) {
            placements_.flag(row, std::move(remark), placement.sent_time);
        }
    }
}

void Assembly::collect() {
    const auto collect_into = [](auto& rows, const auto& source, const auto& is_accepted) {
        rows.reserve(source.size());
        for (std::size_t row = 0; row < source.size(); ++row) {
            if (is_accepted(row)) rows.push_back(source[row]);
        }
    };
    collect_into(out_.orders, draft_.orders.rows, [&](std::size_t row) {
        return draft_.orders.rows[row].derived ? !is_hollow(draft_.orders.rows[row]) : orders_.is_accepted(row);
    });
    collect_into(out_.order_events, draft_.order_events.rows,
                 [&](std::size_t row) { return order_events_.is_accepted(row); });
    collect_into(out_.placements, draft_.placements.rows,
                 [&](std::size_t row) { return placements_.is_accepted(row); });
    collect_into(out_.fills, draft_.fills.rows,
                 [&](std::size_t row) { return fills_.is_accepted(row) && !is_busted_[row]; });
    for (const auto& [row, report] : first_reports_) {
        if (fills_.is_accepted(row)) out_.first_reports.push_back(report);
    }
    collect_into(out_.fill_events, draft_.fill_events.rows,
                 [&](std::size_t row) { return fill_events_.is_accepted(row); });
    std::sort(out_.orders.begin(), out_.orders.end(), [](const Order& a, const Order& b) {
        return std::tie(a.arrival_time, a.id) < std::tie(b.arrival_time, b.id);
    });
    std::stable_sort(out_.order_events.begin(), out_.order_events.end(), [](const OrderEvent& a, const OrderEvent& b) {
        return std::tie(a.order, a.time) < std::tie(b.order, b.time);
    });
    std::sort(out_.placements.begin(), out_.placements.end(), [](const Placement& a, const Placement& b) {
        return std::tie(a.order, a.sent_time, a.id) < std::tie(b.order, b.sent_time, b.id);
    });
    for (std::vector<Fill>* fills : {&out_.fills, &out_.first_reports}) {
        std::sort(fills->begin(), fills->end(), [](const Fill& a, const Fill& b) {
            return std::tie(a.order, a.time, a.id) < std::tie(b.order, b.time, b.id);
        });
    }
    std::stable_sort(out_.fill_events.begin(), out_.fill_events.end(), [](const FillEvent& a, const FillEvent& b) {
        return std::tie(a.fill, a.time) < std::tie(b.fill, b.time);
    });
}

void Assembly::publish() {
    const auto publish_present = [this](const RowLedger& ledger, bool present) {
        if (present) ledger.publish(out_.quality);
    };
    publish_present(instruments_, draft_.instruments.present);
    publish_present(sessions_, draft_.sessions.present);
    publish_present(orders_, draft_.orders.present);
    publish_present(order_events_, draft_.order_events.present);
    publish_present(placements_, draft_.placements.present);
    if (draft_.fills.present) {
        fills_.publish(out_.quality, [this](std::size_t row) {
            return std::string(out_.names.orders.name(draft_.fills.rows[row].order));
        });
    }
    publish_present(fill_events_, draft_.fill_events.present);
    publish_present(events_, draft_.events.present);
    publish_present(fx_, draft_.fx.present);
    publish_present(actions_, draft_.corporate_actions.present);
    count_quarantined_fills();
}

void Assembly::count_quarantined_fills() {
    std::map<OrderId, std::int64_t> counts;
    for (const Finding& finding : out_.quality.quarantine()) {
        if (!finding.order.empty()) ++counts[out_.names.orders.find(finding.order)];
    }
    if (counts.empty()) return;
    for (Order& order : out_.orders) {
        if (const auto count = counts.find(order.id); count != counts.end()) order.quarantined_fills = count->second;
    }
}

}  // namespace slipcast::market::detail
