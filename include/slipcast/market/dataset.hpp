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
/// source that streams it. `instruments` is indexed by InstrumentId; rows of the other tables refer to names by handle.
struct Dataset {
    Names names;
    std::vector<Instrument> instruments;
    std::vector<Order> orders;
    std::vector<OrderEvent> order_events;
    std::vector<Placement> placements;
    std::vector<Fill> fills;
    std::vector<FillEvent> fill_events;
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
};

}  // namespace slipcast::market
