#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "slipcast/core/id.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/interchange/arrow_abi.hpp"
#include "slipcast/interchange/tape_metadata.hpp"
#include "slipcast/market/names.hpp"
#include "slipcast/market/tape.hpp"

namespace slipcast::interchange {

/// The rows of one row group, or of several joined, as columns; `owner` holds the bytes.
struct TapeGroup {
    market::QuoteColumns quotes;
    market::TradeColumns trades;
    std::shared_ptr<const void> owner;
};

/// A tape file by what stands beside its rows: what findings call it ("quotes/..." or "trades/..."), what it is about,
/// and when each row group's rows are.
struct TapeFileInfo {
    std::string shown;
    TapeMetadata metadata;
    std::vector<TimeRange> groups;  ///< [first row, last row], in time order
    std::int64_t rows = 0;
    [[nodiscard]] bool is_quotes() const { return shown.starts_with("quotes"); }
};

/// How the rows of one tape file are read.
class TapeFile {
public:
    TapeFile() = default;
    TapeFile(const TapeFile&) = delete;
    TapeFile& operator=(const TapeFile&) = delete;
    virtual ~TapeFile() = default;

    [[nodiscard]] virtual const TapeFileInfo& info() const = 0;
    /// Row group `at`, decoded; threads may ask at the same time. `venues`: those of the dataset.
    [[nodiscard]] virtual Result<std::shared_ptr<const TapeGroup>> read(
        std::size_t at, const market::NamePool<VenueId>& venues) const = 0;
};

/// A row group that comes as an Arrow stream (consumed), through the contract's decoder. Refused, by the file's name:
/// rows that break a rule now though they were judged when written, a symbol or venue that the footer does not name.
[[nodiscard]] Result<std::shared_ptr<const TapeGroup>> decode_group(ArrowArrayStream& stream, const TapeFileInfo& file,
                                                                    const market::NamePool<VenueId>& venues);

/// A tape whose rows stay in its files: `load` reads the row groups that overlap the window, as views where one holds
/// them all, else joined. The last 16 groups are kept, so that windows which follow one another share the group at
/// their edge; readers go forward, so earlier groups of a file make room. Safe in threads once it is whole.
class GroupedTape final : public market::TapeSource {
public:
    /// Refused: a second file of quotes, or of trades, of one instrument.
    Result<void> add(InstrumentId id, std::unique_ptr<const TapeFile> file);
    /// All venues of the dataset; call it before the first load.
    void use_venues(const market::NamePool<VenueId>& venues) { venues_ = venues; }

    [[nodiscard]] Result<market::TapeSlice> load(InstrumentId instrument, TimeRange window) const override;
    [[nodiscard]] TimeRange extent(InstrumentId instrument) const override;
    [[nodiscard]] Timestamp window_end(InstrumentId instrument, Timestamp begin, Timestamp latest) const override;

private:
    static constexpr std::size_t kKept = 16;
    struct Instrument {
        std::unique_ptr<const TapeFile> quotes, trades;  ///< null = no such file
    };
    struct Kept {
        const TapeFile* file;
        std::size_t group;
        std::shared_ptr<const TapeGroup> rows;
    };

    [[nodiscard]] const Instrument* find(InstrumentId id) const;
    [[nodiscard]] Result<TapeGroup> rows(const TapeFile* file, TimeRange window) const;
    [[nodiscard]] Result<std::shared_ptr<const TapeGroup>> group(const TapeFile& file, std::size_t at, bool keep) const;
    [[nodiscard]] std::shared_ptr<const TapeGroup> kept(const TapeFile& file, std::size_t at) const;

    std::vector<Instrument> instruments_;  ///< by InstrumentId
    market::NamePool<VenueId> venues_;
    mutable std::mutex mutex_;
    mutable std::list<Kept> kept_;  ///< used last first
};

}  // namespace slipcast::interchange
