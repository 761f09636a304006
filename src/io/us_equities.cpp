#include "us_equities.hpp"

#include <utility>
#include <vector>

#include "xnys_sessions.hpp"

namespace slipcast::io::detail {

Result<market::Instrument> us_stock(market::Names& names, const std::string& symbol, LabelId market, Date as_of) {
    market::Instrument stock;
    stock.id = names.symbols.intern(symbol);
    stock.market = market;
    stock.tick_size = PriceMove::from_units(kPriceUnitsPerOne / 100);
    stock.lot_size = Quantity::from_units(100);
    SLIPCAST_TRY(dollar, Currency::parse("USD"));
    SLIPCAST_TRY(value, ContractValue::create(0, "1", dollar));
    stock.value = value;
    stock.as_of = as_of;
    return stock;
}

Result<void> add_us_sessions(const std::set<Date>& dates, const LocalZone& new_york, LabelId market,
                             market::Dataset& dataset) {
    std::vector<market::Session> sessions;
    for (const Date date : dates) {
        SLIPCAST_TRY(session, xnys_session(new_york, date, market));
        dataset.quality.count_read("sessions", 1);
        if (session) {
            sessions.push_back(*session);
            continue;
        }
        dataset.quality.add({"sessions",
                             market::Disposition::quarantined,
                             {ErrorCode::inconsistent,
                              "date",
                              date.to_string(),
                              "data on a day without a session: no benchmark uses it",
                              {}}});
    }
    dataset.sessions = market::SessionCalendar(std::move(sessions));
    return {};
}

Result<Timestamp> trading_midnight(const LocalZone& zone, Date date) {
    SLIPCAST_TRY(noon, zone.instant(date, std::chrono::hours{12}));
    return noon - std::chrono::hours{12};
}

}  // namespace slipcast::io::detail
