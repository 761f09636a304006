#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "slipcast/market/instrument.hpp"
#include "slipcast/market/names.hpp"
#include "slipcast/market/order.hpp"
#include "slipcast/market/quality.hpp"
#include "slipcast/market/session.hpp"
#include "slipcast/market/tape.hpp"

namespace slipcast::market {

/// An exchange rate (table `fx`): units of the report currency for one `currency`, at 1e-9.
struct FxRate {
    Currency currency;
    Timestamp time;
    Price rate;
};

enum class CorporateActionKind : std::uint8_t { split, dividend, symbol_change };

/// A split, dividend or symbol change (table `corporate_actions`).
struct CorporateAction {
    InstrumentId instrument;
    Timestamp ex_time;
    CorporateActionKind kind = CorporateActionKind::split;
    Price ratio;  ///< shares after per share before, or cash per share; at 1e-9
    InstrumentId new_symbol;
};

/// Everything a measurement needs, validated: the DATA contract's tables in memory and the tape behind a
/// source that streams it. Rows refer to names by handle.
struct Dataset {
    Names names;
    /// Indexed by InstrumentId: each symbol's earliest as-of row, for what does not change (currency, quantity scale,
    /// market). A symbol without an accepted row leaves an entry whose id is none(); no accepted row refers to it.
    std::vector<Instrument> instruments;
    std::vector<Instrument> instrument_days;  ///< every as-of row, sorted by (id, as_of)
    std::vector<Order> orders;
    std::vector<OrderEvent> order_events;
    std::vector<Placement> placements;
    std::vector<Fill> fills;
    /// Fills that an accepted event changed or took back, as they were first reported: what was known until it did. Of
    /// a dataset that was written before, as they were written: corrected, without the busted.
    std::vector<Fill> first_reports;
    std::vector<FillEvent> fill_events;  ///< accepted ones, by (fill, time)
    SessionCalendar sessions;
    std::vector<MarketEvent> events;
    std::vector<FxRate> fx;
    std::vector<CorporateAction> corporate_actions;
    std::shared_ptr<const TapeSource> tape;
    QualityReport quality;
    std::map<std::string, std::string> provenance;  ///< e.g. "source", "replay.impact", "data_digest", "volume_curve"

    [[nodiscard]] const Instrument& instrument(InstrumentId id) const {
        return instruments[static_cast<std::size_t>(id.index())];
    }
    /// The symbol's last row with as_of <= date, or null when nothing was known by then: ADV and volatility asked for
    /// here never come from the future.
    [[nodiscard]] const Instrument* instrument_on(InstrumentId id, Date date) const;
};

}  // namespace slipcast::market
