#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "row_ledger.hpp"
#include "slipcast/market/audit.hpp"
#include "slipcast/market/dataset.hpp"
#include "slipcast/market/draft.hpp"

namespace slipcast::market::detail {

/// The rows of a table by the ids they carry: first accepted row of each id.
template <typename IdType>
class RowIndex {
public:
    /// False when the id has a row already.
    bool insert(IdType id, std::size_t row) {
        const auto index = static_cast<std::size_t>(id.index());
        if (rows_.size() <= index) rows_.resize(index + 1, -1);
        if (rows_[index] >= 0) return false;
        rows_[index] = static_cast<std::int32_t>(row);
        return true;
    }
    void erase(IdType id) { rows_[static_cast<std::size_t>(id.index())] = -1; }
    /// -1 when no accepted row has the id.
    [[nodiscard]] std::int32_t find(IdType id) const {
        const auto index = static_cast<std::size_t>(id.index());
        return id.is_none() || index >= rows_.size() ? -1 : rows_[index];
    }

private:
    std::vector<std::int32_t> rows_;
};

/// The state of one call of assemble(): the draft, what was found about each table's rows, and the dataset as it grows.
/// Steps run in the order of their declaration.
class Assembly {
public:
    explicit Assembly(DatasetDraft draft);
    Assembly(const Assembly&) = delete;
    Assembly& operator=(const Assembly&) = delete;

    [[nodiscard]] Result<Dataset> run();

private:
    // assemble_reference.cpp: what does not refer to orders
    void accept_instruments();
    void accept_sessions();
    void accept_market_events();
    void accept_fx();
    void accept_corporate_actions();
    // assemble.cpp: orders, placements, fills and their references
    void accept_orders();
    void accept_fills();
    void correct_fills();
    void derive_orders();
    void resolve_placements();
    void resolve_order_events();
    // assemble_audit.cpp: the ledgers
    void audit_orders();
    void audit_placements();
    // similar_labels.cpp: labels that look like one another, reported and never merged
    void flag_similar_labels();
    void collect();
    void publish();
    /// From every quarantine, that of the reader and of an earlier writing of the dataset included.
    void count_quarantined_fills();

    struct Step {
        OrderId order;
        Timestamp time;
        int rank = 0;  ///< at one instant: 0 order event, 1 fill, 2 cancel
        std::size_t row = 0;
    };
    [[nodiscard]] std::vector<Step> steps() const;
    void audit_fill(const Step& step, OrderLedger& ledger);
    void check_cumulative(std::size_t placement_row);
    /// A derived order of which every fill was quarantined.
    [[nodiscard]] bool is_hollow(const Order& order) const;

    [[nodiscard]] bool has_instrument(InstrumentId id) const;
    /// The instrument's row of the day that holds `time`, else its earliest.
    [[nodiscard]] const Instrument& instrument_at(InstrumentId id, Timestamp time) const;
    [[nodiscard]] const Order* order_of(OrderId id) const;
    [[nodiscard]] const Instrument* instrument_of(OrderId id) const;

    DatasetDraft draft_;
    Dataset out_;
    RowLedger instruments_, sessions_, orders_, order_events_, placements_, fills_, fill_events_, events_, fx_,
        actions_;
    RowIndex<OrderId> order_rows_;
    RowIndex<PlacementId> placement_rows_;
    RowIndex<FillId> fill_rows_;
    std::vector<bool> is_busted_;                     ///< by fill row
    std::map<std::size_t, Fill> first_reports_;       ///< by row, of fills that an event changed or took back
    std::vector<PlacementLedger> placement_ledgers_;  ///< by placement row
    struct Execution {
        Timestamp time;
        Quantity cumulative;
    };
    std::vector<std::vector<Execution>> executions_;            ///< by order row: admitted fills in time order
    std::map<OrderId, std::optional<Timestamp>> amended_ends_;  ///< the end in force, of orders whose end was amended
};

/// Adds what is absent from `dataset` and the result each absence takes away.
void note_degradations(const DatasetDraft& draft, Dataset& dataset);

}  // namespace slipcast::market::detail
