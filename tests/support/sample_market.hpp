#pragma once

#include <algorithm>
#include <cmath>
#include <memory>

#include "slipcast/core/random.hpp"
#include "slipcast/market/dataset.hpp"

namespace slipcast::test {

/// 2013-10-07 14:00 UTC, where the sample market begins.
inline constexpr Timestamp kSampleStart = Timestamp::from_ns(1'381'154'400'000'000'000);

inline Price cents(std::int64_t value) {
    return Price::from_units(value * 10'000'000);
}

/// Mid of the sample market in cents, `second` seconds after its start: slow waves, so that a test can say where the
/// extremes are, and the same every time.
inline std::int64_t sample_mid_cents(std::int64_t second) {
    const double t = static_cast<double>(second);
    return 4990 + std::llround(9.0 * std::sin(t / 420.0) + 4.0 * std::sin(t / 61.0) + 1.6 * std::sin(t / 7.3));
}

/// Two hours of two symbols, AIG (XNYS) and BAC: a quote each 250 ms (one or two cents wide) and a print each second.
/// AIG's feed is down from 5,000 s to 5,060 s.
inline std::shared_ptr<market::MemoryTape> sample_tape(const std::vector<InstrumentId>& instruments) {
    auto tape = std::make_shared<market::MemoryTape>();
    for (std::size_t which = 0; which < instruments.size(); ++which) {
        RandomStream random(7, "test.sample_tape", which);
        market::MemoryTape::Series series;
        for (std::int64_t quarter = 0; quarter < 4 * 7200; ++quarter) {
            const Timestamp time = kSampleStart + std::chrono::milliseconds{250 * quarter};
            const bool is_down = which == 0 && quarter >= 20'000 && quarter < 20'240;
            if (is_down) continue;
            const std::int64_t mid = sample_mid_cents(quarter / 4) + static_cast<std::int64_t>(which) * 120;
            const std::int64_t up = random.next_uniform() < 0.3 ? 2 : 1;
            const std::int64_t down = random.next_uniform() < 0.5 ? 1 : 0;
            series.quotes.push(time, cents(mid - down), cents(mid + up), Quantity::from_units(600),
                               Quantity::from_units(800));
            if (quarter % 4 == 0) {
                const auto size = static_cast<std::int64_t>(100 * std::floor(1 + 9 * random.next_uniform()));
                series.trades.push(time, cents(mid), Quantity::from_units(size), market::kRegularTrade,
                                   VenueId::none());
            }
        }
        if (which == 0) {
            series.gaps.push_back(
                {kSampleStart + std::chrono::seconds{5000}, kSampleStart + std::chrono::seconds{5060}});
        }
        const auto added = tape->add(instruments[which], std::move(series));
        SLIPCAST_ASSERT(added.has_value(), "the sample tape is in order");
    }
    return tape;
}

/// The dataset around the sample tape: names and instruments, no rows of orders.
inline market::Dataset sample_dataset() {
    market::Dataset dataset;
    std::vector<InstrumentId> ids;
    for (const char* symbol : {"AIG", "BAC"}) {
        market::Instrument instrument;
        instrument.id = dataset.names.symbols.intern(symbol);
        instrument.tick_size = PriceMove::from_units(10'000'000);
        instrument.lot_size = Quantity::from_units(100);
        instrument.value = ContractValue::create(0, "1", *Currency::parse("USD")).value();
        dataset.instruments.push_back(instrument);
        ids.push_back(instrument.id);
    }
    dataset.tape = sample_tape(ids);
    dataset.provenance = {{"source", "sample market of the tests"}, {"replay.impact", "no own impact"}};
    return dataset;
}

}  // namespace slipcast::test
