#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>

#include "assembly.hpp"
#include "row_rules.hpp"

namespace slipcast::market::detail {

namespace {

Error contradiction(const char* field, std::string value, const char* rule) {
    return Error{ErrorCode::inconsistent, field, std::move(value), rule, {}};
}

std::vector<std::size_t> all_rows(std::size_t count) {
    std::vector<std::size_t> rows(count);
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    return rows;
}

bool same_value(const ContractValue& a, const ContractValue& b) {
    return a.quantity_decimals() == b.quantity_decimals() && a.currency() == b.currency() && a.factor() == b.factor();
}

}  // namespace

void Assembly::accept_instruments() {
    const std::vector<Instrument>& rows = draft_.instruments.rows;
    std::vector<std::size_t> by_day = all_rows(rows.size());
    std::stable_sort(by_day.begin(), by_day.end(), [&](std::size_t a, std::size_t b) {
        return std::tuple(rows[a].id, rows[a].as_of) < std::tuple(rows[b].id, rows[b].as_of);
    });
    std::vector<Instrument>& days = out_.instrument_days;
    for (const std::size_t row : by_day) {
        const Instrument& instrument = rows[row];
        if (instrument.id.is_none()) {
            instruments_.quarantine(row, Error{ErrorCode::missing_field, "symbol", "", "must not be empty", {}});
            continue;
        }
        if (auto broken = broken_rule(instrument)) {
            instruments_.quarantine(row, std::move(*broken));
            continue;
        }
        const bool is_first = days.empty() || days.back().id != instrument.id;
        const std::string symbol(out_.names.symbols.name(instrument.id));
        if (!is_first && days.back().as_of == instrument.as_of) {
            instruments_.quarantine(row, contradiction("symbol", symbol, "a symbol has one row a day"));
            continue;
        }
        if (!is_first && !same_value(days.back().value, instrument.value)) {
            instruments_.quarantine(row, contradiction("quantity_scale", symbol,
                                                       "currency, quantity_scale and multiplier of a symbol must not "
                                                       "change from day to day"));
            continue;
        }
        if (is_first) {
            const auto index = static_cast<std::size_t>(instrument.id.index());
            if (out_.instruments.size() <= index) out_.instruments.resize(index + 1);
            out_.instruments[index] = instrument;
        }
        days.push_back(instrument);
    }
}

void Assembly::accept_sessions() {
    const std::vector<Session>& rows = draft_.sessions.rows;
    std::vector<std::size_t> by_open = all_rows(rows.size());
    std::stable_sort(by_open.begin(), by_open.end(), [&](std::size_t a, std::size_t b) {
        return std::tuple(rows[a].market, rows[a].open) < std::tuple(rows[b].market, rows[b].open);
    });
    std::vector<Session> accepted;
    for (const std::size_t row : by_open) {
        const Session& session = rows[row];
        if (auto broken = broken_rule(session)) {
            sessions_.quarantine(row, std::move(*broken), session.open);
            continue;
        }
        const bool has_previous = !accepted.empty() && accepted.back().market == session.market;
        if (has_previous && session.open < accepted.back().close) {
            sessions_.quarantine(
                row, contradiction("open", session.open.to_string(), "sessions of one market must not overlap"));
        } else if (has_previous && session.date < accepted.back().date) {
            sessions_.quarantine(row, contradiction("date", session.date.to_string(),
                                                    "dates of one market's sessions must follow the clock"));
        } else {
            accepted.push_back(session);
        }
    }
    out_.sessions = SessionCalendar(std::move(accepted));
}

void Assembly::accept_market_events() {
    for (std::size_t row = 0; row < draft_.events.rows.size(); ++row) {
        const MarketEvent& event = draft_.events.rows[row];
        if (auto broken = broken_rule(event)) {
            events_.quarantine(row, std::move(*broken), event.window.begin);
        } else if (!event.instrument.is_none() && !has_instrument(event.instrument)) {
            events_.quarantine(row,
                               Error{ErrorCode::not_found,
                                     "symbol",
                                     std::string(out_.names.symbols.name(event.instrument)),
                                     "must name an accepted row of instruments",
                                     {}},
                               event.window.begin);
        } else {
            out_.events.push_back(event);
        }
    }
    std::stable_sort(out_.events.begin(), out_.events.end(), [](const MarketEvent& a, const MarketEvent& b) {
        return std::tuple(a.window.begin, a.instrument, a.market) < std::tuple(b.window.begin, b.instrument, b.market);
    });
}

void Assembly::accept_fx() {
    std::set<std::tuple<Currency, Timestamp>> seen;
    for (std::size_t row = 0; row < draft_.fx.rows.size(); ++row) {
        const FxRate& rate = draft_.fx.rows[row];
        if (auto broken = broken_rule(rate)) {
            fx_.quarantine(row, std::move(*broken), rate.time);
        } else if (!seen.emplace(rate.currency, rate.time).second) {
            fx_.quarantine(
                row,
                contradiction("currency", std::string(rate.currency.code()), "a currency has one rate at one time"),
                rate.time);
        } else {
            out_.fx.push_back(rate);
        }
    }
    std::sort(out_.fx.begin(), out_.fx.end(), [](const FxRate& a, const FxRate& b) {
        return std::tuple(a.currency, a.time) < std::tuple(b.currency, b.time);
    });
}

void Assembly::accept_corporate_actions() {
    std::set<std::tuple<InstrumentId, Timestamp, CorporateActionKind>> seen;
    for (std::size_t row = 0; row < draft_.corporate_actions.rows.size(); ++row) {
        const CorporateAction& action = draft_.corporate_actions.rows[row];
        const std::string symbol(out_.names.symbols.name(action.instrument));
        if (auto broken = broken_rule(action)) {
            actions_.quarantine(row, std::move(*broken), action.ex_time);
        } else if (!has_instrument(action.instrument)) {
            actions_.quarantine(
                row, Error{ErrorCode::not_found, "symbol", symbol, "must name an accepted row of instruments", {}},
                action.ex_time);
        } else if (!seen.emplace(action.instrument, action.ex_time, action.kind).second) {
            actions_.quarantine(row,
                                contradiction("symbol", symbol, "an instrument has one action of a kind at one time"),
                                action.ex_time);
        } else {
            out_.corporate_actions.push_back(action);
        }
    }
    std::sort(out_.corporate_actions.begin(), out_.corporate_actions.end(),
              [](const CorporateAction& a, const CorporateAction& b) {
                  return std::tuple(a.instrument, a.ex_time, a.kind) < std::tuple(b.instrument, b.ex_time, b.kind);
              });
}

}  // namespace slipcast::market::detail
