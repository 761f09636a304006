#include "slipcast/venue/proxy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "slipcast/core/random.hpp"
#include "slipcast/core/table_builder.hpp"
#include "slipcast/math/sampling.hpp"

namespace slipcast::venue {
namespace {

constexpr std::int64_t kLargestProxy = 1'000'000'000;

Result<std::int64_t> size_of(const std::string& text) {
    std::int64_t size = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), size);
    if (code != std::errc{} || end != text.data() + text.size() || size < 1 || size > kLargestProxy) {
        return invalid_value("sizes", text, "must be whole and in 1..1e9");
    }
    return size;
}

struct Kind {
    const char* venue;
    market::TradeFlag flag;
};
constexpr std::array<Kind, 2> kKinds{
    {{"off_exchange", market::TradeFlag::off_exchange}, {"hidden", market::TradeFlag::hidden}}};

/// Hidden volume inside the spread of each window that has a quote, by kind.
struct Windows {
    std::vector<Timestamp> begin;
    std::array<std::vector<std::int64_t>, kKinds.size()> volume;
    std::array<bool, kKinds.size()> seen{};
};

Windows windows_of(const market::TapeSlice& slice, TimeRange extent, Duration length) {
    Windows made;
    std::size_t quote = 0;  // the first quote not before the print or window
    std::size_t print = 0;
    const auto& quotes = slice.quotes;
    const auto& trades = slice.trades;
    for (Timestamp begin = extent.begin; begin < extent.end; begin = begin + length) {
        const Timestamp end = begin + length;
        std::array<std::int64_t, kKinds.size()> volume{};
        const std::size_t first_quote = quote;
        for (; print < trades.count() && trades.time[print] < end; ++print) {
            while (quote < quotes.time.size() && quotes.time[quote] < trades.time[print]) ++quote;
            if (quote == 0 || trades.flags.empty() || trades.flags[print].has(market::TradeFlag::out_of_sequence)) {
                continue;
            }
            const bool is_inside =
                quotes.bid[quote - 1] < trades.price[print] && trades.price[print] < quotes.ask[quote - 1];
            for (std::size_t k = 0; k < kKinds.size(); ++k) {
                if (!is_inside || !trades.flags[print].has(kKinds[k].flag)) continue;
                volume[k] += trades.size[print].units();
                made.seen[k] = true;
            }
        }
        while (quote < quotes.time.size() && quotes.time[quote] < end) ++quote;
        if (quote == first_quote) continue;
        made.begin.push_back(begin);
        for (std::size_t k = 0; k < kKinds.size(); ++k) made.volume[k].push_back(volume[k]);
    }
    return made;
}

}  // namespace

Settings ProxyOptions::settings() {
    Settings settings;
    settings.list("sizes", "units", sizes, "hypothetical sizes sent, drawn with equal chance",
                  [](const std::string& text) -> Result<void> {
                      SLIPCAST_TRY(size, size_of(text));
                      static_cast<void>(size);
                      return {};
                  });
    settings.duration("window", window, std::chrono::milliseconds{1}, std::chrono::hours{24},
                      "how long a hypothetical route rests");
    settings.seed("seed", seed, "of the sizes");
    return settings;
}

Result<ProxyLogs> proxy_logs(const market::Dataset& dataset, const ProxyOptions& options) {
    ProxyOptions checked = options;
    SLIPCAST_CHECK(checked.settings().validate());
    std::vector<std::int64_t> sizes;
    for (const std::string& text : options.sizes) {
        SLIPCAST_TRY(size, size_of(text));
        sizes.push_back(size);
    }
    if (sizes.empty()) return invalid_value("sizes", "", "must name at least one");
    const auto missing = [](const char* rule) {
        return Error{.code = ErrorCode::not_identified, .field = "tape", .value = "", .rule = rule, .place = {}};
    };
    if (!dataset.tape) return missing("must hold quotes and trades");
    ProxyLogs made;
    made.declared = "hidden prints inside the spread: " + checked.settings().canonical_text();
    made.declared.pop_back();  // the last separator
    for (const market::Instrument& instrument : dataset.instruments) {
        const TimeRange extent = dataset.tape->extent(instrument.id);
        if (!(extent.begin < extent.end)) continue;
        SLIPCAST_TRY(slice, dataset.tape->load(instrument.id, extent));
        const Windows windows = windows_of(slice, extent, options.window);
        for (std::size_t k = 0; k < kKinds.size(); ++k) {
            if (!windows.seen[k]) continue;
            RandomStream stream(options.seed, "venue.proxy", static_cast<std::uint64_t>(instrument.id.index()) * 2 + k);
            PairLog log{.symbol = std::string{dataset.names.symbols.name(instrument.id)},
                        .venue = kKinds[k].venue,
                        .lot_size = 1,
                        .observations = {}};
            for (const std::int64_t volume : windows.volume[k]) {
                const std::int64_t sent = sizes[static_cast<std::size_t>(math::draw_index(stream, sizes.size()))];
                log.observations.push_back({.sent = sent, .filled = std::min(sent, volume), .min_quantity = 1});
            }
            made.pairs.push_back(std::move(log));
            made.times.push_back(windows.begin);
        }
    }
    if (made.pairs.empty()) return missing("must hold off-exchange or hidden prints inside the spread");
    return made;
}

Table ProxyLogs::routes() const {
    std::vector<std::string> symbol;
    std::vector<std::string> venue;
    std::vector<std::int64_t> sent;
    std::vector<std::int64_t> filled;
    std::vector<Timestamp> time;
    for (std::size_t pair = 0; pair < pairs.size(); ++pair) {
        for (std::size_t i = 0; i < pairs[pair].observations.size(); ++i) {
            symbol.push_back(pairs[pair].symbol);
            venue.push_back(pairs[pair].venue);
            sent.push_back(pairs[pair].observations[i].sent);
            filled.push_back(pairs[pair].observations[i].filled);
            time.push_back(times[pair][i]);
        }
    }
    std::vector<std::string> declarations(symbol.size(), declared);
    return TableBuilder("routes", symbol.size())
        .add(plain("symbol", "Symbol"), std::move(symbol))
        .add(plain("venue", "Kind of print"), std::move(venue))
        .add(plain("sent", "Hypothetical size, declared", "units"), std::move(sent))
        .add(plain("filled", "The smaller of sent and hidden volume inside the spread", "units"), std::move(filled))
        .add(plain("time", "Begin of the window"), std::move(time))
        .add(plain("hypothetical", "What was declared: nobody sent these routes"), std::move(declarations))
        .take();
}

}  // namespace slipcast::venue
