#pragma once

#include <filesystem>
#include <memory>

#include "slipcast/core/result.hpp"
#include "slipcast/market/names.hpp"
#include "slipcast/market/tape.hpp"

namespace slipcast::io {

/// A tape on disk: quotes/ and trades/ hold Parquet files, each sorted by (symbol, time); `load` reads only the row
/// groups whose statistics overlap the window. Memory: one window of one instrument at a time, times the threads that
/// ask.
[[nodiscard]] Result<std::shared_ptr<const market::TapeSource>> open_tape(const std::filesystem::path& folder,
                                                                          market::Names& names);

/// Writes a tape of one instrument at a time, in time order, into quotes/SYMBOL.parquet and trades/SYMBOL.parquet of a
/// folder; files appear under their names only when `finish` succeeds.
class TapeWriter {
public:
    [[nodiscard]] static Result<std::unique_ptr<TapeWriter>> create(const std::filesystem::path& folder);
    TapeWriter(const TapeWriter&) = delete;
    TapeWriter& operator=(const TapeWriter&) = delete;
    virtual ~TapeWriter() = default;
    /// Appends rows of `symbol`, not earlier than those before.
    virtual Result<void> append(std::string_view symbol, const market::QuoteColumns& quotes,
                                const market::TradeColumns& trades, const std::vector<market::FeedGap>& gaps,
                                bool quotes_indicative, const market::Names& names) = 0;
    virtual Result<void> finish() = 0;

protected:
    TapeWriter() = default;
};

}  // namespace slipcast::io
