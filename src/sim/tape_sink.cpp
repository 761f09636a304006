#include "slipcast/sim/tape_sink.hpp"

#include <memory>

namespace slipcast::sim {
namespace {

template <typename T>
void append_column(std::vector<T>& to, const std::vector<T>& rows) {
    to.insert(to.end(), rows.begin(), rows.end());
}

}  // namespace

Result<void> MemoryTapeSink::append(InstrumentId instrument, const TapeChunk& chunk) {
    if (instrument.is_none()) return invalid_value("instrument", "", "a tape belongs to an instrument");
    const auto index = static_cast<std::size_t>(instrument.index());
    if (series_.size() <= index) series_.resize(index + 1);
    market::MemoryTape::Series& series = series_[index];
    series.quotes.append(chunk.quotes.view());
    append_column(series.trades.time, chunk.trades.time);
    append_column(series.trades.price, chunk.trades.price);
    append_column(series.trades.size, chunk.trades.size);
    append_column(series.trades.flags, chunk.trades.flags);
    append_column(series.trades.venue, chunk.trades.venue);
    append_column(series.trades.aggressor, chunk.trades.aggressor);
    append_column(series.gaps, chunk.gaps);
    series.quotes_indicative = series.quotes_indicative || chunk.quotes_indicative;
    return {};
}

Result<std::shared_ptr<const market::MemoryTape>> MemoryTapeSink::take() {
    auto tape = std::make_shared<market::MemoryTape>();
    std::vector<market::MemoryTape::Series> collected;
    collected.swap(series_);
    for (std::size_t i = 0; i < collected.size(); ++i) {
        SLIPCAST_CHECK(tape->add(InstrumentId::from_index(static_cast<std::int32_t>(i)), std::move(collected[i])));
    }
    return std::shared_ptr<const market::MemoryTape>(std::move(tape));
}

}  // namespace slipcast::sim
