#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
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

    /// Appends a row; `at` 0 numbers it by its position, `file` -1 names no file. Marks the table present.
    void add(Row row, std::int64_t at = 0, std::int32_t file = -1) {
        rows.push_back(std::move(row));
        source_row.push_back(at > 0 ? at : static_cast<std::int64_t>(rows.size()));
        source_file.push_back(file);
        present = true;
    }
};

/// What a fill says about its own instrument and side: needed when no orders table names its parent.
struct FillOrigin {
    InstrumentId instrument;
    std::optional<Side> side;
};

/// What readers fill: every table as decoded, nothing checked beyond the types of its columns. Rows whose fields
/// did not decode are counted as read and quarantined in `quality` and absent here; `assemble` counts the rows that are
/// here.
struct DatasetDraft {
    Names names;
    std::vector<std::string> files;
    SourcedRows<Instrument> instruments;  ///< as-of rows: one symbol may have several days
    SourcedRows<Order> orders;
    SourcedRows<OrderEvent> order_events;
    SourcedRows<Placement> placements;
    SourcedRows<Fill> fills;
    std::vector<FillOrigin> fill_origins;  ///< parallel to fills.rows, or empty: fills say nothing of their own
    SourcedRows<FillEvent> fill_events;
    SourcedRows<Session> sessions;
    SourcedRows<MarketEvent> events;
    SourcedRows<FxRate> fx;
    SourcedRows<CorporateAction> corporate_actions;
    std::shared_ptr<const TapeSource> tape;
    QualityReport quality;
    std::map<std::string, std::string> provenance;
    /// The optional columns that were not there, as "table.column"; they become degradations.
    std::vector<std::string> missing_columns;
};

/// The validated dataset. In this order:
/// 1. Rows that break a rule of their own are quarantined: quantity > 0, price > 0 (spread contracts may trade at any
///    price), times in order (decision, desk, arrival, broker arrival, end), sessions without overlap.
/// 2. Duplicate ids (the first row stays) and references to rows that are not there are quarantined.
/// 3. Corrections and busts change the fills (corrections.hpp). A busted fill leaves the dataset and is flagged.
///    What was first reported stays beside them, for those who ask what was known.
/// 4. Without an orders table, fills with one order_id make one order, marked `derived`: its quantity is their sum, its
///    arrival is missing (the first fill is not an arrival). Such fills must carry symbol and side.
/// 5. Order events and fills run through the order's and the placement's ledgers in time order (audit.hpp): amendments
///    and cancels apply; fills outside the life of their order or placement and overfills are quarantined. At one
///    instant amendments come first, then fills, then cancels, so a fill at the instant of the cancel stands.
/// 6. What disagrees without being impossible is kept and flagged: prices off the tick (midpoint and sub-penny fills
///    happen), orders off the round lot, fills beyond the limit price, sums that differ from filled_quantity or
///    cumulative_quantity, placements that ended `filled` but were not.
/// 7. What is absent becomes a degradation with its effect.
/// Each finding names file, row, field, value and rule. Refused only when nothing can be measured: no accepted
/// instrument, or neither an accepted fill nor an accepted order (a tape without either table is accepted: replays
/// start from one). Orders are sorted by (arrival, id), missing arrivals
/// first; fills and placements by (order, time, id); order events by (order, time); instrument days by (id, as-of).
[[nodiscard]] Result<Dataset> assemble(DatasetDraft draft);

}  // namespace slipcast::market
