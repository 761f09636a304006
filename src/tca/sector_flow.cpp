#include <algorithm>
#include <map>
#include <set>

#include "features.hpp"
#include "instrument_plan.hpp"

namespace slipcast::tca::detail {

namespace {

/// Instruments whose flow is added up: cash of one currency.
using SectorKey = std::pair<LabelId, Currency>;

std::optional<SectorKey> sector_of(const market::Instrument& instrument) {
    if (instrument.id.is_none() || instrument.sector.is_none()) return std::nullopt;
    return SectorKey{instrument.sector, instrument.value.currency()};
}

/// Cash in units of 1e-18, exact.
struct Flow {
    Int128 net = 0;
    Int128 gross = 0;
};

/// Flows by minute, each the sum of all up to and including its minute.
class RunningFlow {
public:
    explicit RunningFlow(const std::map<std::int64_t, Flow>& by_minute) {
        Flow sum;
        for (const auto& [minute, flow] : by_minute) {
            sum.net += flow.net;
            sum.gross += flow.gross;
            minutes_.push_back(minute);
            sums_.push_back(sum);
        }
    }
    /// Of the minutes in [begin, end).
    [[nodiscard]] Flow within(std::int64_t begin, std::int64_t end) const {
        const Flow until = before(end);
        const Flow from = before(begin);
        return {until.net - from.net, until.gross - from.gross};
    }

private:
    [[nodiscard]] Flow before(std::int64_t minute) const {
        const auto found = std::lower_bound(minutes_.begin(), minutes_.end(), minute);
        return found == minutes_.begin() ? Flow{} : sums_[static_cast<std::size_t>(found - minutes_.begin()) - 1];
    }
    std::vector<std::int64_t> minutes_;
    std::vector<Flow> sums_;
};

/// Who was impatient in one of our fills: we when it removed liquidity, the other side when it added; else by the mid.
std::int64_t aggressor_of(const market::Fill& fill, Side side, const QuoteAt& quote) {
    if (fill.liquidity == market::Liquidity::removed) return slipcast::sign(side);
    if (fill.liquidity == market::Liquidity::added) return -slipcast::sign(side);
    return quote.is_usable() ? side_of_mid(fill.price, quote) : 0;
}

class SectorFlows {
public:
    SectorFlows(const Context& context, const Records& records) : context_(context), records_(records) {
        const auto& instruments = context.dataset.instruments;
        std::map<SectorKey, std::map<std::int64_t, Flow>> sectors;
        for (std::size_t i = 0; i < instruments.size(); ++i) {
            std::map<std::int64_t, Flow> minutes;
            if (context.flow_ranges[i] != TimeRange{}) minutes = flow_without_ours(i);
            if (const auto sector = sector_of(instruments[i])) {
                for (const auto& [minute, flow] : minutes) {
                    Flow& sum = sectors[*sector][minute];
                    sum.net += flow.net;
                    sum.gross += flow.gross;
                }
            }
            own_.emplace_back(minutes);
        }
        for (const auto& [sector, minutes] : sectors) sectors_.emplace(sector, RunningFlow(minutes));
    }
    /// Of the other instruments of `instrument`'s sector, in the minutes [begin, end).
    [[nodiscard]] Flow others(const market::Instrument& instrument, std::int64_t begin, std::int64_t end) const {
        const auto sector = sector_of(instrument);
        const auto found = sector ? sectors_.find(*sector) : sectors_.end();
        if (found == sectors_.end()) return {};
        const Flow all = found->second.within(begin, end);
        const Flow own = own_[static_cast<std::size_t>(instrument.id.index())].within(begin, end);
        return {all.net - own.net, all.gross - own.gross};
    }

private:
    /// The market's flow without our prints: left out by their flag where the tape has it; absent from a replay's
    /// source tape; on a tape of our own history taken off, fill by fill.
    [[nodiscard]] std::map<std::int64_t, Flow> flow_without_ours(std::size_t instrument) const {
        const market::Dataset& dataset = context_.dataset;
        const Int128 factor = dataset.instruments[instrument].value.factor();
        std::map<std::int64_t, Flow> minutes;
        for (const FlowMinute& minute : records_.flows[instrument].minutes) {
            minutes[minute.minute] = {minute.signed_notional * factor, minute.notional * factor};
        }
        if (context_.is_replay || records_.flows[instrument].has_own_prints) return minutes;
        for (const std::size_t order : context_.instrument_orders[instrument]) {
            for (const std::size_t row : context_.fills_of(order)) {
                const market::Fill& fill = dataset.fills[row];
                const auto found = minutes.find(minute_of(fill.time));
                if (found == minutes.end() || fill.liquidity == market::Liquidity::auction) continue;
                const Int128 cash = static_cast<Int128>(fill.price.units()) * fill.quantity.units() * factor;
                found->second.net -= cash * aggressor_of(fill, dataset.orders[order].side, records_.fills[row].quote);
                found->second.gross -= cash;
            }
        }
        return minutes;
    }

    const Context& context_;
    const Records& records_;
    std::map<SectorKey, RunningFlow> sectors_;
    std::vector<RunningFlow> own_;  ///< by instrument
};

}  // namespace

std::vector<TimeRange> flow_ranges(const market::Dataset& dataset, Duration window) {
    std::vector<TimeRange> ranges(dataset.instruments.size());
    if (window <= Duration{} || !dataset.tape) return ranges;
    std::map<SectorKey, std::int64_t> members;
    for (const market::Instrument& instrument : dataset.instruments) {
        if (const auto sector = sector_of(instrument)) ++members[*sector];
    }
    std::map<SectorKey, TimeRange> decided;
    for (const market::Order& order : dataset.orders) {
        const auto sector = sector_of(dataset.instrument(order.instrument));
        const auto time = feature_time(order);
        if (!sector || !time || members[*sector] < 2) continue;
        const TimeRange needed{*time - window - kOneMinute, *time};
        const auto [found, is_new] = decided.emplace(*sector, needed);
        if (is_new) continue;
        found->second.begin = std::min(found->second.begin, needed.begin);
        found->second.end = std::max(found->second.end, needed.end);
    }
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        const auto sector = sector_of(dataset.instruments[i]);
        const auto found = sector ? decided.find(*sector) : decided.end();
        if (found != decided.end()) ranges[i] = found->second;
    }
    return ranges;
}

void add_sector_flow(const Context& context, Records& records) {
    const market::Dataset& dataset = context.dataset;
    const SectorFlows flows(context, records);
    const std::int64_t window = context.options.sector_flow_window / kOneMinute;
    for (std::size_t row = 0; row < dataset.orders.size(); ++row) {
        const market::Order& order = dataset.orders[row];
        const auto time = feature_time(order);
        if (!time) continue;
        // The minute of the decision is not over: the window ends with the one before.
        const std::int64_t end = minute_of(*time);
        const Flow flow = flows.others(dataset.instrument(order.instrument), end - window, end);
        if (flow.gross <= 0) continue;
        const double share = static_cast<double>(flow.net) / static_cast<double>(flow.gross);
        records.orders[row].features.sector_net_flow = static_cast<double>(sign(order.side)) * share;
    }
}

}  // namespace slipcast::tca::detail
