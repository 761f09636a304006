#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/market/dataset.hpp"

namespace slipcast::market {

/// Rows of one table with the place each came from, before validation.
template <typename Row>
struct SourcedRows {
    std::vector<Row> rows;
    std::vector<std::int64_t> source_row;   ///< 1-based row in `file`, parallel to rows
    std::vector<std::int32_t> source_file;  ///< index into DatasetDraft::files, parallel to rows
    bool present = false;                   ///< the table exists (perhaps without rows)
};

/// What readers fill: every table as decoded, nothing checked beyond the types of its columns. Rows whose fields
/// did not decode are already counted in `quality` and absent here.
struct DatasetDraft {
    Names names;
    std::vector<std::string> files;
    SourcedRows<Instrument> instruments;  ///< as-of rows: one symbol may have several days
    SourcedRows<Order> orders;
    SourcedRows<OrderEvent> order_events;
    SourcedRows<Placement> placements;
    SourcedRows<Fill> fills;
    SourcedRows<FillEvent> fill_events;
    SourcedRows<Session> sessions;
    SourcedRows<MarketEvent> events;
    SourcedRows<FxRate> fx;
    SourcedRows<CorporateAction> corporate_actions;
    std::shared_ptr<const TapeSource> tape;
    QualityReport quality;
    std::map<std::string, std::string> provenance;
    /// Whether each optional column was there, as "table.column"; absent ones become degradations.
    std::vector<std::string> missing_columns;
};

/// The validated dataset. In this order: rows that break a rule of their own are quarantined (side, price > 0,
/// quantity > 0, times in order, tick and lot); duplicate ids and references to unknown rows are quarantined;
/// corrections and busts are applied to fills, amendments and cancels to orders; the fill/cancel state machine audits
/// every placement (fills within its life, no overfill, sums against filled and cumulative quantity); orders are
/// derived for fills whose source has no parent; absent columns become degradations. Each finding names file,
/// row, field, value and rule. Refused only when nothing can be measured: no instruments, or no fills and no orders.
/// Orders are sorted by (arrival, id), fills and placements by (order, time, id).
[[nodiscard]] Result<Dataset> assemble(DatasetDraft draft);

}  // namespace slipcast::market
