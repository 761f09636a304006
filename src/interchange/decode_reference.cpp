#include "slipcast/core/bps.hpp"
#include "table_decoder.hpp"
#include "vocabulary.hpp"

namespace slipcast::interchange::detail {

using namespace market;

void TableDecoder::instrument(RowReader& reader, std::int64_t row) {
    namespace c = instrument_column;
    Instrument instrument;
    const std::string symbol = reader.required(c::symbol, to_label);
    const std::string market_name = reader.required(c::market, to_label);
    const Currency currency = reader.required(c::currency, to_currency);
    instrument.tick_size = reader.required(c::tick_size, to_fixed_point) - Price{};
    const std::int64_t scale = reader.required(c::quantity_scale, to_whole_number);
    const std::string multiplier = reader.required(c::multiplier, to_decimal_text);
    if (scale < 0 || scale > 9) {
        reader.fail(invalid_value("quantity_scale", std::to_string(scale), "must be 0 to 9 digits after the point"));
    }
    if (reader.failed()) return;
    auto value = ContractValue::create(static_cast<int>(scale), multiplier, currency);
    if (!value) return reader.fail(value.error());
    instrument.value = *value;
    instrument.lot_size = reader.required(c::lot_size, to_quantity(&instrument));
    instrument.as_of = reader.required(c::as_of, to_date);
    const auto sector = reader.optional(c::sector, to_label);
    const auto market_bucket = reader.optional(c::market_bucket, to_label);
    const auto liquidity_tier = reader.optional(c::liquidity_tier, to_label);
    const auto cap_bucket = reader.optional(c::cap_bucket, to_label);
    instrument.kind = reader.choice<ContractKind>(c::contract_kind, kContractKinds).value_or(ContractKind::outright);
    instrument.expiry = reader.optional(c::expiry, to_date);
    instrument.front_month = reader.optional(c::front_month, to_bool);
    instrument.adv = reader.optional(c::adv, to_real);
    if (const auto bps = reader.optional(c::daily_volatility, to_real)) {
        instrument.daily_volatility = DailyVolatility{Bps{*bps}.to_ratio()};
    }
    if (reader.failed()) return;
    instrument.id = draft_.names.symbols.intern(symbol);
    instrument.market = draft_.names.labels.intern(market_name);
    instrument.sector = named(draft_.names.labels, sector);
    instrument.market_bucket = named(draft_.names.labels, market_bucket);
    instrument.liquidity_tier = named(draft_.names.labels, liquidity_tier);
    instrument.cap_bucket = named(draft_.names.labels, cap_bucket);
    draft_.instruments.add(instrument, row, file_);
}

void TableDecoder::session(RowReader& reader, std::int64_t row) {
    namespace c = session_column;
    Session session;
    const std::string market_name = reader.required(c::market, to_label);
    session.date = reader.required(c::date, to_date);
    session.open = reader.required(c::open, to_time);
    session.close = reader.required(c::close, to_time);
    session.opening_auction = reader.optional(c::opening_auction, to_time);
    session.closing_auction = reader.optional(c::closing_auction, to_time);
    session.half_day = reader.optional(c::half_day, to_bool).value_or(false);
    if (reader.failed()) return;
    session.market = draft_.names.labels.intern(market_name);
    draft_.sessions.add(session, row, file_);
}

void TableDecoder::event(RowReader& reader, std::int64_t row) {
    namespace c = event_column;
    MarketEvent event;
    event.window.begin = reader.required(c::start, to_time);
    event.window.end = reader.required(c::end, to_time);
    event.kind = reader.required_choice<MarketEventKind>(c::kind, kMarketEvents);
    const auto symbol = reader.optional(c::symbol, to_label);
    const auto market_name = reader.optional(c::market, to_label);
    if (reader.failed()) return;
    event.instrument = named(draft_.names.symbols, symbol);
    event.market = named(draft_.names.labels, market_name);
    draft_.events.add(event, row, file_);
}

void TableDecoder::fx(RowReader& reader, std::int64_t row) {
    namespace c = fx_column;
    FxRate rate;
    rate.currency = reader.required(c::currency, to_currency);
    rate.time = reader.required(c::time, to_time);
    rate.rate = reader.required(c::rate, to_fixed_point);
    if (!reader.failed()) draft_.fx.add(rate, row, file_);
}

void TableDecoder::corporate_action(RowReader& reader, std::int64_t row) {
    namespace c = corporate_action_column;
    CorporateAction action;
    const std::string symbol = reader.required(c::symbol, to_label);
    action.ex_time = reader.required(c::ex_time, to_time);
    action.kind = reader.required_choice<CorporateActionKind>(c::kind, kCorporateActions);
    const auto ratio = reader.optional(c::ratio, to_fixed_point);
    const auto new_symbol = reader.optional(c::new_symbol, to_label);
    if (!ratio && action.kind != CorporateActionKind::symbol_change) {
        reader.fail(Error{ErrorCode::missing_field, "ratio", "", "must not be empty", {}});
    }
    if (reader.failed()) return;
    action.ratio = ratio.value_or(Price{});
    action.instrument = draft_.names.symbols.intern(symbol);
    action.new_symbol = named(draft_.names.symbols, new_symbol);
    draft_.corporate_actions.add(action, row, file_);
}

}  // namespace slipcast::interchange::detail
