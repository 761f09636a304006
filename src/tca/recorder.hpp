#pragma once

#include <optional>
#include <string_view>

#include "instrument_plan.hpp"

namespace slipcast::tca::detail {

/// The mid between two states, weighted by how long it stood; half of the sum of touches, rounded once. Missing when no
/// usable quote stood.
[[nodiscard]] std::optional<Price> time_weighted_mid(const TapeState& begin, const TapeState& end);

/// Turns one instrument's answers into the records of its orders and fills.
class Recorder {
public:
    Recorder(const Context& context, const InstrumentPlan& plan, const TapeAnswers& answers, Records& records)
        : context_(context),
          plan_(plan),
          answers_(answers),
          records_(records),
          instrument_(context.dataset.instrument(plan.instrument)) {}

    Result<void> record(const StopSign& stop) {
        record_fills();
        record_markouts();
        record_placements();
        for (const OrderSlots& slots : plan_.orders) {
            if (stop.is_raised()) return interrupted();
            record_order(slots);
        }
        return {};
    }

private:
    const market::Dataset& dataset() const { return context_.dataset; }
    const TapeState* state(std::int32_t slot) const {
        return slot < 0 ? nullptr : &answers_.states[static_cast<std::size_t>(slot)];
    }
    std::optional<Price> mid(std::int32_t slot) const {
        const TapeState* found = state(slot);
        if (found == nullptr || !found->quote.is_usable()) return std::nullopt;
        return found->quote.mid_at().mid;
    }
    /// Whether the market of `fill_time`'s session could still be seen at `target`: not past the session, not past the
    /// tape, not on the other side of a split.
    bool is_visible(Timestamp fill_time, Timestamp target) const {
        if (target < plan_.extent.begin || target >= plan_.extent.end) return false;
        if (plan_.splits.lie_between(fill_time, target) || plan_.splits.lie_between(target, fill_time)) return false;
        if (plan_.sessions.empty()) return true;
        const market::Session* session = session_around(dataset().sessions, instrument_.market, fill_time);
        return session != nullptr && session->open <= target && target <= session->close;
    }

    void record_fills();
    void record_markouts();
    void record_placements();
    MarkoutRecord markout(std::size_t event, std::size_t horizon) const;
    MarkoutRecord windowed_markout(Timestamp time, const Horizon& horizon, std::int32_t slot) const;
    void record_order(const OrderSlots& slots);
    void record_executions(const OrderSlots& slots, OrderRecord& record) const;
    void record_splits(const OrderSlots& slots, OrderRecord& record) const;
    static void forget_prices(OrderRecord& record);
    void record_benchmarks(const OrderSlots& slots, OrderRecord& record) const;
    void record_interval(const OrderSlots& slots, OrderRecord& record) const;
    void record_session_prices(const OrderSlots& slots, OrderRecord& record) const;
    void record_pwp(const OrderSlots& slots, OrderRecord& record) const;
    /// What shares that were never executed are judged at, and which rule found it.
    struct EndPrice {
        std::optional<Price> price;
        std::string_view policy;
    };
    EndPrice end_price(const OrderSlots& slots, const OrderRecord& record, std::int32_t given_up,
                       const char* policy) const;
    void record_end_price(const OrderSlots& slots, OrderRecord& record, LedgerOrder& ledger) const;
    void record_ledger(const OrderSlots& slots, OrderRecord& record) const;
    void record_spreads(const OrderSlots& slots, OrderRecord& record) const;
    void record_reversion(const OrderSlots& slots, OrderRecord& record) const;
    void record_features(const OrderSlots& slots, OrderRecord& record) const;
    void record_clock_features(const market::Order& order, Timestamp time, Features& features) const;

    const Context& context_;
    const InstrumentPlan& plan_;
    const TapeAnswers& answers_;
    Records& records_;
    const market::Instrument& instrument_;
};

}  // namespace slipcast::tca::detail
