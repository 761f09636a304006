#include "slipcast/io/tape_files.hpp"

#include <arrow/c/bridge.h>

#include <algorithm>
#include <list>
#include <mutex>
#include <utility>

#include "arrow_files.hpp"
#include "folder.hpp"
#include "slipcast/interchange/decode.hpp"
#include "sound_group.hpp"
#include "tape_index.hpp"

namespace slipcast::io {

namespace {

using namespace market;
using detail::TapeFileIndex;
using detail::TapeGroup;

constexpr TimeRange kAllTime{Timestamp::min(), Timestamp::max()};

/// The last few row groups that were decoded, least recently used first out: windows that follow one another share the
/// group at their edge.
class GroupCache {
public:
    static constexpr std::size_t kGroups = 16;

    /// The group if it is here. Readers go forward: earlier groups of the file make room.
    [[nodiscard]] std::shared_ptr<const TapeGroup> find(const TapeFileIndex* file, int group) {
        std::list<Entry> passed;  // freed outside the lock
        const std::lock_guard lock(mutex_);
        for (auto entry = entries_.begin(); entry != entries_.end();) {
            const auto next = std::next(entry);
            if (entry->file == file && entry->group < group) passed.splice(passed.end(), entries_, entry);
            entry = next;
        }
        const auto found = std::find_if(entries_.begin(), entries_.end(),
                                        [&](const Entry& e) { return e.file == file && e.group == group; });
        if (found == entries_.end()) return nullptr;
        entries_.splice(entries_.begin(), entries_, found);
        return found->rows;
    }
    void keep(const TapeFileIndex* file, int group, std::shared_ptr<const TapeGroup> rows) {
        const std::lock_guard lock(mutex_);
        entries_.push_front({file, group, std::move(rows)});
        if (entries_.size() > kGroups) entries_.pop_back();
    }

private:
    struct Entry {
        const TapeFileIndex* file;
        int group;
        std::shared_ptr<const TapeGroup> rows;
    };
    std::mutex mutex_;
    std::list<Entry> entries_;
};

/// Rows of several row groups of one file, joined.
struct Joined {
    QuoteTable quotes;
    TradeTable trades;
};

template <typename T>
void extend(std::vector<T>& to, std::span<const T> from) {
    to.insert(to.end(), from.begin(), from.end());
}

void extend(Joined& to, const TapeGroup& from, TimeRange window) {
    to.quotes.append(rows_within(from.quotes, window));
    const TradeColumns trades = rows_within(from.trades, window);
    extend(to.trades.time, trades.time);
    extend(to.trades.price, trades.price);
    extend(to.trades.size, trades.size);
    extend(to.trades.flags, trades.flags);
    extend(to.trades.venue, trades.venue);
    extend(to.trades.aggressor, trades.aggressor);
}

class FileTape final : public TapeSource {
public:
    struct Instrument {
        std::unique_ptr<const TapeFileIndex> quotes, trades;  ///< null = no such file
    };

    Result<void> add(InstrumentId id, bool is_quotes, TapeFileIndex index) {
        const auto at = static_cast<std::size_t>(id.index());
        if (instruments_.size() <= at) instruments_.resize(at + 1);
        auto& slot = is_quotes ? instruments_[at].quotes : instruments_[at].trades;
        if (slot != nullptr) {
            return Error{ErrorCode::inconsistent,
                         "symbol",
                         index.metadata.symbol,
                         "has two files: " + slot->shown + " is the other",
                         {index.shown, 0, {}}};
        }
        slot = std::make_unique<const TapeFileIndex>(std::move(index));
        return {};
    }
    void use_venues(const NamePool<VenueId>& venues) { venues_ = venues; }

    [[nodiscard]] Result<TapeSlice> load(InstrumentId instrument, TimeRange window) const override {
        TapeSlice slice;
        const Instrument* found = find(instrument);
        if (found == nullptr) return slice;
        SLIPCAST_TRY(quotes, rows(found->quotes.get(), window));
        SLIPCAST_TRY(trades, rows(found->trades.get(), window));
        slice.quotes = quotes.quotes;
        slice.trades = trades.trades;
        slice.owner = std::make_shared<std::pair<std::shared_ptr<const void>, std::shared_ptr<const void>>>(
            quotes.owner, trades.owner);
        if (found->quotes == nullptr) return slice;
        slice.quotes_indicative = found->quotes->metadata.indicative;
        for (const FeedGap& gap : found->quotes->metadata.gaps) {
            if (gap.begin < window.end && window.begin < gap.end) slice.gaps.push_back(gap);
        }
        return slice;
    }

    [[nodiscard]] TimeRange extent(InstrumentId instrument) const override {
        const Instrument* found = find(instrument);
        if (found == nullptr) return {};
        TimeRange extent{Timestamp::max(), Timestamp::min()};
        for (const TapeFileIndex* file : {found->quotes.get(), found->trades.get()}) {
            if (file == nullptr || file->rows == 0) continue;
            extent.begin = std::min(extent.begin, file->groups.front().begin);
            extent.end = std::max(extent.end, file->groups.back().end + Duration{1});
        }
        return extent.begin < extent.end ? extent : TimeRange{};
    }

    [[nodiscard]] Timestamp window_end(InstrumentId instrument, Timestamp begin, Timestamp latest) const override {
        const Instrument* found = find(instrument);
        if (found == nullptr || found->quotes == nullptr) return latest;
        const auto& groups = found->quotes->groups;
        const auto next = std::upper_bound(groups.begin(), groups.end(), begin,
                                           [](Timestamp time, const TimeRange& group) { return time < group.begin; });
        return next == groups.end() ? latest : std::min(latest, next->begin);
    }

private:
    [[nodiscard]] const Instrument* find(InstrumentId id) const {
        const auto at = static_cast<std::size_t>(id.index());
        return id.is_none() || at >= instruments_.size() ? nullptr : &instruments_[at];
    }

    /// The rows of `window`: views into a cached group when one holds them all, else joined.
    [[nodiscard]] Result<TapeGroup> rows(const TapeFileIndex* file, TimeRange window) const {
        if (file == nullptr || window.end <= window.begin) return TapeGroup{};
        const auto& groups = file->groups;
        // Groups are in time order.
        const auto first = std::lower_bound(groups.begin(), groups.end(), window.begin,
                                            [](const TimeRange& g, Timestamp time) { return g.end < time; });
        const auto last = std::lower_bound(first, groups.end(), window.end,
                                           [](const TimeRange& g, Timestamp time) { return g.begin < time; });
        if (first == last) return TapeGroup{};
        const int begin = static_cast<int>(first - groups.begin());
        const int end = static_cast<int>(last - groups.begin());
        if (end - begin == 1) {
            SLIPCAST_TRY(whole, group(file, begin, true));
            return TapeGroup{rows_within(whole->quotes, window), rows_within(whole->trades, window), whole};
        }
        auto joined = std::make_shared<Joined>();
        for (int at = begin; at < end; ++at) {
            // Groups in the middle of a window are not shared with the next one.
            SLIPCAST_TRY(part, group(file, at, at == begin || at == end - 1));
            extend(*joined, *part, window);
        }
        return TapeGroup{joined->quotes.view(), joined->trades.view(), joined};
    }

    [[nodiscard]] Result<std::shared_ptr<const TapeGroup>> group(const TapeFileIndex* file, int at, bool keep) const {
        if (auto cached = cache_.find(file, at)) return cached;
        SLIPCAST_TRY(decoded, decode(*file, at));
        if (keep) cache_.keep(file, at, decoded);
        return decoded;
    }

    [[nodiscard]] Result<std::shared_ptr<const TapeGroup>> decode(const TapeFileIndex& file, int at) const {
        if (auto sound = detail::read_sound_group(file, at, venues_, *buffers_))
            return std::shared_ptr<const TapeGroup>(std::make_shared<TapeGroup>(*std::move(sound)));
        SLIPCAST_TRY(stream, detail::read_row_group(file.file, file.shown, at));
        ArrowArrayStream exported{};
        if (const auto status = arrow::ExportRecordBatchReader(stream.reader, &exported); !status.ok())
            return detail::unreadable(status, file.shown);
        DatasetDraft draft;
        draft.names.venues = venues_;  // so that decoded venues are the dataset's own
        const InstrumentId symbol = draft.names.symbols.intern(file.metadata.symbol);
        // The rows were judged when they were written: here a spread contract's negative price is as good as any.
        market::Instrument any_price;
        any_price.id = symbol;
        any_price.kind = ContractKind::spread;
        draft.instruments.add(any_price);
        auto tape = interchange::decode_tape(file.is_quotes() ? &exported : nullptr,
                                             file.is_quotes() ? nullptr : &exported, draft);
        if (!tape) return in_file(tape.error(), file);
        if (draft.quality.quarantined() > 0) return in_file(draft.quality.quarantine().front().error, file);
        if (draft.names.symbols.size() > 1 || draft.names.venues.size() > venues_.size())
            return in_file(Error{ErrorCode::inconsistent, "symbol", "", "rows differ from what the footer names", {}},
                           file);
        SLIPCAST_TRY(slice, (*tape)->load(symbol, kAllTime));
        auto owner = std::make_shared<std::pair<std::shared_ptr<const TapeSource>, std::shared_ptr<const void>>>(
            *tape, slice.owner);
        return std::shared_ptr<const TapeGroup>(
            std::make_shared<TapeGroup>(TapeGroup{slice.quotes, slice.trades, std::move(owner)}));
    }

    static Error in_file(Error error, const TapeFileIndex& file) {
        error.place.file = file.shown;
        return error;
    }

    std::vector<Instrument> instruments_;  ///< by InstrumentId
    NamePool<VenueId> venues_;
    std::shared_ptr<detail::ColumnBuffers> buffers_ = std::make_shared<detail::ColumnBuffers>();
    mutable GroupCache cache_;
};

}  // namespace

Result<std::shared_ptr<const market::TapeSource>> open_tape(const std::filesystem::path& folder, market::Names& names) {
    auto tape = std::make_shared<FileTape>();
    for (const std::string table : {"quotes", "trades"}) {
        SLIPCAST_TRY(files, detail::table_files_in(folder / table));
        for (const std::filesystem::path& file : files) {
            const std::string shown = table + "/" + file.filename().string();
            SLIPCAST_TRY(index, detail::read_tape_index(file, shown));
            for (const std::string& venue : index.metadata.venues) names.venues.intern(venue);
            const InstrumentId id = names.symbols.intern(index.metadata.symbol);
            SLIPCAST_CHECK(tape->add(id, table == "quotes", std::move(index)));
        }
    }
    tape->use_venues(names.venues);
    return std::shared_ptr<const market::TapeSource>(std::move(tape));
}

}  // namespace slipcast::io
