#pragma once

#include <vector>

#include "slipcast/core/id.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/market/tape.hpp"

namespace slipcast::sim {

/// Rows of one instrument that follow, in time order, everything delivered for it before.
struct TapeChunk {
    market::QuoteTable quotes;
    market::TradeTable trades;
    std::vector<market::FeedGap> gaps;  ///< those that begin inside the chunk
    bool quotes_indicative = false;
};

/// Where a run puts the tape that everyone saw: source rows shifted by the impact overlay, quote rows
/// inserted when the overlay moved the touch, and our own prints (TradeFlag::own). The surface provides one that writes
/// files.
class TapeSink {
public:
    TapeSink() = default;
    TapeSink(const TapeSink&) = delete;
    TapeSink& operator=(const TapeSink&) = delete;
    virtual ~TapeSink() = default;
    /// Takes the next rows of `instrument`; a refusal stops the run and is its result.
    virtual Result<void> append(InstrumentId instrument, const TapeChunk& chunk) = 0;
};

/// Keeps the tape in memory: tests, notebooks, paired runs.
class MemoryTapeSink final : public TapeSink {
public:
    Result<void> append(InstrumentId instrument, const TapeChunk& chunk) override;
    /// The collected tape; the sink is empty afterwards.
    [[nodiscard]] Result<std::shared_ptr<const market::MemoryTape>> take();

private:
    std::vector<market::MemoryTape::Series> series_;
};

}  // namespace slipcast::sim
