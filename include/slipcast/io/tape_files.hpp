#pragma once

#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/market/names.hpp"
#include "slipcast/market/tape.hpp"

namespace slipcast::io {

/// A tape on disk as TapeWriter wrote it: FOLDER/quotes and FOLDER/trades hold one Parquet file a symbol. Opening reads
/// the footers and adds the symbols and venues to `names`; `load` decodes only the row groups whose time statistics
/// overlap the window. Safe to use from many threads.
///
/// Memory: at most the 16 row groups decoded last (of 131,072 rows, fewer where levels are many; 16 x 6 MB); a group of
/// a file makes room when a later one of the same file is read, so that reading forward holds one or two a file. Beside
/// them two spare buffers, one group being decoded by each thread that asks (with a packed column and an unpacked page
/// of it), and the rows of a window that spans several groups (none where windows end at `window_end`). The tape's
/// length does not matter.
///
/// Refused: a file that TapeWriter did not write, two files of one symbol, damaged files (here or in `load`).
[[nodiscard]] Result<std::shared_ptr<const market::TapeSource>> open_tape(const std::filesystem::path& folder,
                                                                          market::Names& names);

/// Writes a tape of one instrument at a time, in time order, into quotes/SYMBOL.parquet and trades/SYMBOL.parquet of a
/// folder (bytes outside letters, digits, '_', '-', '.' of a symbol become %XX in the name). Row groups of 131,072
/// rows, with depth of as many rows as keep their bytes; integer contract types; gaps, the indicative mark and the
/// counts of locked and crossed quotes travel as file metadata. The bytes do not depend on how the rows are split over
/// calls. Files appear under their names only when `finish` succeeds; without it none stays.
class TapeWriter {
public:
    [[nodiscard]] static Result<std::unique_ptr<TapeWriter>> create(const std::filesystem::path& folder);
    TapeWriter(const TapeWriter&) = delete;
    TapeWriter& operator=(const TapeWriter&) = delete;
    virtual ~TapeWriter() = default;
    /// Appends rows of `symbol`. Refused: rows earlier than those before, a symbol that comes back after another one,
    /// sizes in some rows only, another number of levels than before.
    virtual Result<void> append(std::string_view symbol, const market::QuoteColumns& quotes,
                                const market::TradeColumns& trades, const std::vector<market::FeedGap>& gaps,
                                bool quotes_indicative, const market::Names& names) = 0;
    virtual Result<void> finish() = 0;

protected:
    TapeWriter() = default;
};

}  // namespace slipcast::io
