#include "file_tape.hpp"

#include <algorithm>
#include <list>
#include <mutex>
#include <utility>

#include "slipcast/interchange/decode.hpp"
#include "slipcast/interchange/tape_metadata.hpp"

namespace slipcast::python {
namespace {

using namespace market;

constexpr TimeRange kAllTime{Timestamp::min(), Timestamp::max()};

/// A Python object that any thread may let go of.
std::shared_ptr<const nb::object> shared_object(const nb::object& object) {
    return {new nb::object(object), [](const nb::object* held) {
                const nb::gil_scoped_acquire gil;
                delete held;
            }};
}

/// One file of the tape, and how to read a row group of it.
struct File {
    std::string shown;
    interchange::TapeMetadata metadata;
    std::int64_t rows = 0;
    std::vector<TimeRange> groups;  ///< [first row, last row]
    std::shared_ptr<const nb::object> read;
    [[nodiscard]] bool is_quotes() const { return shown.starts_with("quotes"); }
};

/// Rows of one row group, or of several joined; `owner` holds the bytes.
struct Rows {
    QuoteColumns quotes;
    TradeColumns trades;
    std::shared_ptr<const void> owner;
};

struct Joined {
    QuoteTable quotes;
    TradeTable trades;
    void append(const Rows& rows) {
        quotes.append(rows.quotes);
        for (std::size_t i = 0; i < rows.trades.count(); ++i) {
            const TradeColumns& in = rows.trades;
            trades.push(in.time[i], in.price[i], in.size[i], in.flags.empty() ? kRegularTrade : in.flags[i],
                        in.venue.empty() ? VenueId::none() : in.venue[i],
                        in.aggressor.empty() ? std::int8_t{0} : in.aggressor[i]);
        }
    }
};

/// What went wrong in Python while a row group was read. A Ctrl-C is raised again when the engine is back in Python.
Error failure_of(const nb::python_error& raised, const File& file) {
    if (raised.matches(PyExc_KeyboardInterrupt)) {
        PyErr_SetInterrupt();
        return {ErrorCode::interrupted, "tape", "", "the caller asked to stop", {file.shown, 0, {}}};
    }
    return {ErrorCode::malformed, "file", "", raised.what(), {file.shown, 0, {}}};
}

class FileTape final : public TapeSource {
public:
    struct Instrument {
        std::optional<File> quotes, trades;
    };

    Result<void> add(InstrumentId id, File file) {
        const auto at = static_cast<std::size_t>(id.index());
        if (instruments_.size() <= at) instruments_.resize(at + 1);
        std::optional<File>& slot = file.is_quotes() ? instruments_[at].quotes : instruments_[at].trades;
        if (slot) {
            return Error{ErrorCode::inconsistent,
                         "symbol",
                         file.metadata.symbol,
                         "has two files: " + slot->shown + " is the other",
                         {file.shown, 0, {}}};
        }
        slot = std::move(file);
        return {};
    }
    void use_venues(const NamePool<VenueId>& venues) { venues_ = venues; }

    [[nodiscard]] Result<TapeSlice> load(InstrumentId instrument, TimeRange window) const override {
        TapeSlice slice;
        const Instrument* found = find(instrument);
        if (found == nullptr) return slice;
        SLIPCAST_TRY(quotes, rows(found->quotes, window));
        SLIPCAST_TRY(trades, rows(found->trades, window));
        slice.quotes = quotes.quotes;
        slice.trades = trades.trades;
        slice.owner = std::make_shared<std::pair<std::shared_ptr<const void>, std::shared_ptr<const void>>>(
            quotes.owner, trades.owner);
        if (!found->quotes) return slice;
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
        for (const std::optional<File>* file : {&found->quotes, &found->trades}) {
            if (!*file || (*file)->rows == 0) continue;
            extent.begin = std::min(extent.begin, (*file)->groups.front().begin);
            extent.end = std::max(extent.end, (*file)->groups.back().end + Duration{1});
        }
        return extent.begin < extent.end ? extent : TimeRange{};
    }

private:
    static constexpr std::size_t kKept = 16;
    struct Kept {
        const File* file;
        std::size_t group;
        std::shared_ptr<const Rows> rows;
    };

    [[nodiscard]] const Instrument* find(InstrumentId id) const {
        const auto at = static_cast<std::size_t>(id.index());
        return id.is_none() || at >= instruments_.size() ? nullptr : &instruments_[at];
    }

    [[nodiscard]] Result<Rows> rows(const std::optional<File>& file, TimeRange window) const {
        if (!file || window.end <= window.begin) return Rows{};
        std::vector<std::size_t> overlapping;
        for (std::size_t at = 0; at < file->groups.size(); ++at) {
            if (file->groups[at].end >= window.begin && file->groups[at].begin < window.end) overlapping.push_back(at);
        }
        if (overlapping.empty()) return Rows{};
        if (overlapping.size() == 1) {
            SLIPCAST_TRY(whole, group(*file, overlapping.front()));
            return Rows{rows_within(whole->quotes, window), rows_within(whole->trades, window), whole};
        }
        auto joined = std::make_shared<Joined>();
        for (const std::size_t at : overlapping) {
            SLIPCAST_TRY(part, group(*file, at));
            joined->append({rows_within(part->quotes, window), rows_within(part->trades, window), {}});
        }
        return Rows{joined->quotes.view(), joined->trades.view(), joined};
    }

    [[nodiscard]] Result<std::shared_ptr<const Rows>> group(const File& file, std::size_t at) const {
        {
            const std::lock_guard lock(mutex_);
            const auto found = std::find_if(kept_.begin(), kept_.end(),
                                            [&](const Kept& k) { return k.file == &file && k.group == at; });
            if (found != kept_.end()) {
                kept_.splice(kept_.begin(), kept_, found);
                return found->rows;
            }
        }
        SLIPCAST_TRY(decoded, decode(file, at));
        std::list<Kept> dropped;  // freed outside the lock: letting go of Python's bytes waits for Python
        {
            const std::lock_guard lock(mutex_);
            kept_.push_front({&file, at, decoded});
            if (kept_.size() > kKept) dropped.splice(dropped.end(), kept_, std::prev(kept_.end()));
        }
        return std::move(decoded);
    }

    /// Takes the stream out of the capsule that Python made, so that it is decoded without holding Python up.
    [[nodiscard]] static Result<ArrowArrayStream> read(const File& file, std::size_t at) {
        const nb::gil_scoped_acquire gil;
        try {
            const nb::object capsule = (*file.read)(at);
            ArrowArrayStream* stream = stream_of(capsule);
            ArrowArrayStream taken = *stream;
            stream->release = nullptr;
            return taken;
        } catch (const nb::python_error& raised) {
            return failure_of(raised, file);
        }
    }

    [[nodiscard]] Result<std::shared_ptr<const Rows>> decode(const File& file, std::size_t at) const {
        SLIPCAST_TRY(stream, read(file, at));
        DatasetDraft draft;
        draft.names.venues = venues_;  // so that decoded venues are the dataset's own
        const InstrumentId symbol = draft.names.symbols.intern(file.metadata.symbol);
        // The rows were judged when they were written: here a spread contract's negative price is as good as any.
        market::Instrument any_price;
        any_price.id = symbol;
        any_price.kind = ContractKind::spread;
        draft.instruments.add(any_price);
        auto tape =
            interchange::decode_tape(file.is_quotes() ? &stream : nullptr, file.is_quotes() ? nullptr : &stream, draft);
        if (!tape) return in_file(tape.error(), file);
        if (draft.quality.quarantined() > 0) return in_file(draft.quality.quarantine().front().error, file);
        if (draft.names.symbols.size() > 1 || draft.names.venues.size() > venues_.size())
            return in_file({ErrorCode::inconsistent, "symbol", "", "rows differ from what the footer names", {}}, file);
        SLIPCAST_TRY(slice, (*tape)->load(symbol, kAllTime));
        auto owner = std::make_shared<std::pair<std::shared_ptr<const TapeSource>, std::shared_ptr<const void>>>(
            *tape, slice.owner);
        return std::shared_ptr<const Rows>(std::make_shared<Rows>(Rows{slice.quotes, slice.trades, std::move(owner)}));
    }

    static Error in_file(Error error, const File& file) {
        error.place.file = file.shown;
        return error;
    }

    std::vector<Instrument> instruments_;  ///< by InstrumentId; whole before the first load
    NamePool<VenueId> venues_;
    mutable std::mutex mutex_;
    mutable std::list<Kept> kept_;  ///< used last first
};

void flag(DatasetDraft& draft, const File& file, std::int64_t rows, const char* rule) {
    if (rows == 0) return;
    draft.quality.add_flagged(
        {"quotes", Disposition::flagged, {ErrorCode::inconsistent, "bid", "", rule, {file.shown, 0, {}}}}, rows);
}

Result<File> file_of(const TapeFile& found) {
    const auto& [shown, texts, rows, groups, read] = found;
    File file;
    file.shown = shown;
    auto metadata = interchange::TapeMetadata::from_map(texts);
    if (!metadata) {
        Error error = metadata.error();
        error.place.file = shown;
        return error;
    }
    file.metadata = *std::move(metadata);
    file.rows = rows;
    for (const auto& [begin, end] : groups) file.groups.push_back({Timestamp::from_ns(begin), Timestamp::from_ns(end)});
    file.read = shared_object(read);
    return file;
}

}  // namespace

ArrowArrayStream* stream_of(nb::handle capsule) {
    if (capsule.is_none()) return nullptr;
    auto* stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule.ptr(), "arrow_array_stream"));
    if (stream == nullptr) throw nb::python_error();
    return stream;
}

Result<std::shared_ptr<const TapeSource>> open_file_tape(const std::vector<TapeFile>& files, DatasetDraft& draft) {
    auto tape = std::make_shared<FileTape>();
    bool has_quotes = false, has_trades = false;
    for (const TapeFile& found : files) {
        SLIPCAST_TRY(file, file_of(found));
        for (const std::string& venue : file.metadata.venues) draft.names.venues.intern(venue);
        const InstrumentId id = draft.names.symbols.intern(file.metadata.symbol);
        draft.quality.count_read(file.is_quotes() ? "quotes" : "trades", file.rows);
        flag(draft, file, file.metadata.crossed, "crossed: bid above ask (kept)");
        flag(draft, file, file.metadata.locked, "locked: bid equals ask (kept)");
        (file.is_quotes() ? has_quotes : has_trades) = true;
        SLIPCAST_CHECK(tape->add(id, std::move(file)));
    }
    if (!has_quotes) draft.missing_columns.emplace_back("quotes");
    if (!has_trades) draft.missing_columns.emplace_back("trades");
    tape->use_venues(draft.names.venues);
    return std::shared_ptr<const TapeSource>(std::move(tape));
}

}  // namespace slipcast::python
