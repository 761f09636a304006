#include "tape_windows.hpp"

#include <algorithm>

namespace slipcast::sim {
namespace {

constexpr Duration kStep = std::chrono::hours{1};

}  // namespace

Result<void> for_each_window(const market::TapeSource& tape, InstrumentId instrument, TimeRange range, Duration step,
                             const std::function<bool(const market::TapeSlice&)>& visit) {
    const TimeRange extent = tape.extent(instrument);
    Timestamp begin = std::max(range.begin, extent.begin);
    const Timestamp end = std::min(range.end, extent.end);
    while (begin < end) {
        const TimeRange window{begin, std::min(end, begin + step)};
        SLIPCAST_TRY(slice, tape.load(instrument, window));
        if (!visit(slice)) return {};
        begin = window.end;
    }
    return {};
}

Result<double> printed_volume(const market::Dataset& market, InstrumentId instrument, TimeRange range) {
    std::int64_t units = 0;
    SLIPCAST_CHECK(for_each_window(*market.tape, instrument, range, kStep, [&units](const market::TapeSlice& slice) {
        const market::TradeColumns& trades = slice.trades;
        for (std::size_t i = 0; i < trades.count(); ++i) {
            if (trades.flags.empty() || trades.flags[i].has(market::TradeFlag::in_volume)) {
                units += trades.size[i].units();
            }
        }
        return true;
    }));
    return Quantity::from_units(units).to_double(market.instrument(instrument).value.quantity_decimals());
}

bool is_lit_print(market::TradeFlags flags) {
    using market::TradeFlag;
    if (!flags.has(TradeFlag::in_volume)) return false;
    for (const TradeFlag flag : {TradeFlag::off_exchange, TradeFlag::hidden, TradeFlag::opening_auction,
                                 TradeFlag::closing_auction, TradeFlag::out_of_sequence}) {
        if (flags.has(flag)) return false;
    }
    return true;
}

std::vector<market::Session> sessions_of(const market::Dataset& market, InstrumentId instrument) {
    const auto sessions = market.sessions.of(market.instrument(instrument).market);
    if (!sessions.empty()) return {sessions.begin(), sessions.end()};
    const TimeRange extent = market.tape->extent(instrument);
    if (extent.length() <= Duration{}) return {};
    market::Session whole;
    whole.market = market.instrument(instrument).market;
    whole.date = Date::of_utc(extent.begin);
    whole.open = extent.begin;
    whole.close = extent.end;
    return {whole};
}

Result<std::optional<double>> mean_session_volume(const market::Dataset& market, InstrumentId instrument) {
    double total = 0.0;
    int traded = 0;
    for (const market::Session& session : sessions_of(market, instrument)) {
        SLIPCAST_TRY(volume, printed_volume(market, instrument, {session.open, session.close}));
        if (volume <= 0.0) continue;
        total += volume;
        ++traded;
    }
    if (traded == 0) return std::optional<double>{};
    return std::optional<double>{total / traded};
}

}  // namespace slipcast::sim
