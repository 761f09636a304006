#include "slipcast/sim/market.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <memory>
#include <mutex>

#include "synthetic_day.hpp"

namespace slipcast::sim {
namespace {

using Series = market::MemoryTape::Series;

/// Generates symbol-days when asked; keeps the last few, because readers walk them in windows.
class SyntheticTape final : public market::TapeSource {
public:
    SyntheticTape(const MarketOptions& options, std::vector<Timestamp> opens, VenueId lit, VenueId off_exchange)
        : options_(options), opens_(std::move(opens)), lit_(lit), off_exchange_(off_exchange) {}

    [[nodiscard]] Result<market::TapeSlice> load(InstrumentId instrument, TimeRange window) const override {
        market::TapeSlice slice;
        if (instrument.is_none() || instrument.index() >= options_.symbols) return slice;
        std::vector<std::size_t> days;
        for (std::size_t day = 0; day < opens_.size(); ++day) {
            if (opens_[day] < window.end && window.begin <= close(day)) days.push_back(day);
        }
        if (days.empty()) return slice;
        const auto symbol = static_cast<std::size_t>(instrument.index());
        std::shared_ptr<const Series> series = days.size() == 1 ? cached(symbol, days.front()) : joined(symbol, days);
        slice.quotes = market::rows_within(series->quotes.view(), window);
        slice.trades = market::rows_within(series->trades.view(), window);
        slice.owner = std::move(series);
        return slice;
    }
    [[nodiscard]] TimeRange extent(InstrumentId instrument) const override {
        if (instrument.is_none() || instrument.index() >= options_.symbols) return {};
        return {opens_.front(), close(opens_.size() - 1) + Duration{1}};
    }

private:
    struct Entry {
        std::size_t symbol = 0;
        std::size_t day = 0;
        std::shared_ptr<const Series> series;
    };

    [[nodiscard]] Timestamp close(std::size_t day) const {
        return opens_[day] + std::chrono::seconds{kSyntheticSeconds};
    }
    [[nodiscard]] std::shared_ptr<const Series> find(std::size_t symbol, std::size_t day) const {
        const std::lock_guard lock(mutex_);
        for (const Entry& entry : kept_) {
            if (entry.symbol == symbol && entry.day == day) return entry.series;
        }
        return nullptr;
    }
    [[nodiscard]] std::shared_ptr<const Series> cached(std::size_t symbol, std::size_t day) const {
        if (auto found = find(symbol, day)) return found;
        // Outside the lock: two threads may make the same day twice, and both get the same rows.
        auto made =
            std::make_shared<const Series>(synthetic_day(options_, {symbol, day, opens_[day], lit_, off_exchange_}));
        const std::lock_guard lock(mutex_);
        kept_.push_back({symbol, day, made});
        if (kept_.size() > static_cast<std::size_t>(options_.symbols) + 2) kept_.pop_front();
        return made;
    }
    [[nodiscard]] std::shared_ptr<const Series> joined(std::size_t symbol, const std::vector<std::size_t>& days) const {
        auto all = std::make_shared<Series>();
        for (const std::size_t day : days) {
            const std::shared_ptr<const Series> series = cached(symbol, day);
            const market::QuoteTable& quotes = series->quotes;
            for (std::size_t i = 0; i < quotes.time.size(); ++i) {
                all->quotes.push(quotes.time[i], quotes.bid[i], quotes.ask[i], quotes.bid_size[i], quotes.ask_size[i]);
            }
            const market::TradeTable& trades = series->trades;
            for (std::size_t i = 0; i < trades.time.size(); ++i) {
                all->trades.push(trades.time[i], trades.price[i], trades.size[i], trades.flags[i], trades.venue[i],
                                 trades.aggressor[i]);
            }
        }
        return all;
    }

    MarketOptions options_;
    std::vector<Timestamp> opens_;
    VenueId lit_;
    VenueId off_exchange_;
    mutable std::mutex mutex_;
    mutable std::deque<Entry> kept_;
};

/// Daily volatility of the generating model: the calm one, widened by the time in stress.
double model_volatility(const MarketOptions& options) {
    const double stress = options.stress_share * options.stress_factor * options.stress_factor;
    return options.daily_volatility * std::sqrt(1.0 - options.stress_share + stress);
}

void add_instruments(market::Dataset& dataset, const MarketOptions& options) {
    const LabelId venue = dataset.names.labels.intern("XSYN");
    const auto currency = Currency::parse("USD");
    const auto value = ContractValue::create(0, "1", *currency);
    for (int symbol = 0; symbol < options.symbols; ++symbol) {
        market::Instrument instrument;
        instrument.id = dataset.names.symbols.intern(fmt::format("SYN{:02}", symbol + 1));
        instrument.market = venue;
        instrument.tick_size = PriceMove::from_units(10'000'000);
        instrument.lot_size = Quantity::from_units(100);
        instrument.value = *value;
        instrument.adv = mean_daily_volume(options);
        instrument.daily_volatility = DailyVolatility{model_volatility(options)};
        instrument.as_of = synthetic_date(options, 0);
        dataset.instruments.push_back(instrument);
        dataset.instrument_days.push_back(instrument);
    }
}

/// Adds sessions and halts; returns the opens.
std::vector<Timestamp> add_days(market::Dataset& dataset, const MarketOptions& options) {
    std::vector<Timestamp> opens;
    std::vector<market::Session> sessions;
    Date date = options.first_day;
    for (int day = 0; day < options.days; ++day) {
        MarketOptions rest = options;
        rest.first_day = date;
        date = synthetic_date(rest, 0);
        market::Session session;
        session.market = dataset.instruments.front().market;
        session.date = date;
        session.open = date.midnight_utc() + kSyntheticOpen;
        session.close = session.open + std::chrono::seconds{kSyntheticSeconds};
        session.opening_auction = session.open;
        session.closing_auction = session.close;
        sessions.push_back(session);
        opens.push_back(session.open);
        date = Date::from_days(date.days() + 1);
        for (const market::Instrument& instrument : dataset.instruments) {
            const SymbolDay at{
                static_cast<std::size_t>(instrument.id.index()), static_cast<std::size_t>(day), session.open, {}, {}};
            for (const TimeRange& halt : synthetic_halts(options, at)) {
                dataset.events.push_back({instrument.id, session.market, halt, market::MarketEventKind::halt});
            }
        }
    }
    std::stable_sort(dataset.events.begin(), dataset.events.end(),
                     [](const auto& a, const auto& b) { return a.window.begin < b.window.begin; });
    dataset.sessions = market::SessionCalendar(std::move(sessions));
    return opens;
}

}  // namespace

Result<void> MarketOptions::validate() const {
    MarketOptions copy = *this;
    return copy.settings().validate();
}

Result<market::Dataset> synthetic_market(const MarketOptions& options) {
    SLIPCAST_CHECK(options.validate());
    market::Dataset dataset;
    add_instruments(dataset, options);
    std::vector<Timestamp> opens = add_days(dataset, options);
    const VenueId lit = dataset.names.venues.intern("XSYN");
    const VenueId off_exchange = dataset.names.venues.intern("XOFF");
    dataset.tape = std::make_shared<SyntheticTape>(options, std::move(opens), lit, off_exchange);
    dataset.provenance["source"] =
        fmt::format("synthetic market: {} instruments, {} days, seed {}", options.symbols, options.days, options.seed);
    return dataset;
}

}  // namespace slipcast::sim
