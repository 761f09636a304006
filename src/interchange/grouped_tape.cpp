#include "slipcast/interchange/grouped_tape.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "slipcast/interchange/decode.hpp"

namespace slipcast::interchange {

namespace {

using namespace market;

constexpr TimeRange kAllTime{Timestamp::min(), Timestamp::max()};

Error in_file(Error error, const TapeFileInfo& file) {
    error.place.file = file.shown;
    return error;
}

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

}  // namespace

Result<std::shared_ptr<const TapeGroup>> decode_group(ArrowArrayStream& stream, const TapeFileInfo& file,
                                                      const NamePool<VenueId>& venues) {
    DatasetDraft draft;
    draft.names.venues = venues;  // so that decoded venues are the dataset's own
    const InstrumentId symbol = draft.names.symbols.intern(file.metadata.symbol);
    // The rows were judged when they were written: here a spread contract's negative price is as good as any.
    market::Instrument any_price;
    any_price.id = symbol;
    any_price.kind = ContractKind::spread;
    draft.instruments.add(any_price);
    auto tape = file.is_quotes() ? decode_tape({&stream}, {}, draft) : decode_tape({}, {&stream}, draft);
    if (!tape) return in_file(tape.error(), file);
    if (draft.quality.quarantined() > 0) return in_file(draft.quality.quarantine().front().error, file);
    if (draft.names.symbols.size() > 1 || draft.names.venues.size() > venues.size()) {
        return in_file(Error{ErrorCode::inconsistent, "symbol", "", "rows differ from what the footer names", {}},
                       file);
    }
    SLIPCAST_TRY(slice, (*tape)->load(symbol, kAllTime));
    auto owner =
        std::make_shared<std::pair<std::shared_ptr<const TapeSource>, std::shared_ptr<const void>>>(*tape, slice.owner);
    return std::shared_ptr<const TapeGroup>(
        std::make_shared<TapeGroup>(TapeGroup{slice.quotes, slice.trades, std::move(owner)}));
}

Result<void> GroupedTape::add(InstrumentId id, std::unique_ptr<const TapeFile> file) {
    const auto at = static_cast<std::size_t>(id.index());
    if (instruments_.size() <= at) instruments_.resize(at + 1);
    const TapeFileInfo& info = file->info();
    auto& slot = info.is_quotes() ? instruments_[at].quotes : instruments_[at].trades;
    if (slot != nullptr) {
        return Error{ErrorCode::inconsistent,
                     "symbol",
                     info.metadata.symbol,
                     "has two files: " + slot->info().shown + " is the other",
                     {info.shown, 0, {}}};
    }
    slot = std::move(file);
    return {};
}

Result<TapeSlice> GroupedTape::load(InstrumentId instrument, TimeRange window) const {
    TapeSlice slice;
    const Instrument* found = find(instrument);
    if (found == nullptr) return slice;
    SLIPCAST_TRY(quotes, rows(found->quotes.get(), window));
    SLIPCAST_TRY(trades, rows(found->trades.get(), window));
    slice.quotes = quotes.quotes;
    slice.trades = trades.trades;
    slice.owner = std::make_shared<std::pair<std::shared_ptr<const void>, std::shared_ptr<const void>>>(quotes.owner,
                                                                                                        trades.owner);
    if (found->quotes == nullptr) return slice;
    const TapeMetadata& metadata = found->quotes->info().metadata;
    slice.quotes_indicative = metadata.indicative;
    for (const FeedGap& gap : metadata.gaps) {
        if (gap.begin < window.end && window.begin < gap.end) slice.gaps.push_back(gap);
    }
    return slice;
}

TimeRange GroupedTape::extent(InstrumentId instrument) const {
    const Instrument* found = find(instrument);
    if (found == nullptr) return {};
    TimeRange extent{Timestamp::max(), Timestamp::min()};
    for (const TapeFile* file : {found->quotes.get(), found->trades.get()}) {
        if (file == nullptr || file->info().rows == 0) continue;
        extent.begin = std::min(extent.begin, file->info().groups.front().begin);
        extent.end = std::max(extent.end, file->info().groups.back().end + Duration{1});
    }
    return extent.begin < extent.end ? extent : TimeRange{};
}

Timestamp GroupedTape::window_end(InstrumentId instrument, Timestamp begin, Timestamp latest) const {
    const Instrument* found = find(instrument);
    if (found == nullptr || found->quotes == nullptr) return latest;
    const auto& groups = found->quotes->info().groups;
    const auto next = std::upper_bound(groups.begin(), groups.end(), begin,
                                       [](Timestamp time, const TimeRange& group) { return time < group.begin; });
    return next == groups.end() ? latest : std::min(latest, next->begin);
}

const GroupedTape::Instrument* GroupedTape::find(InstrumentId id) const {
    const auto at = static_cast<std::size_t>(id.index());
    return id.is_none() || at >= instruments_.size() ? nullptr : &instruments_[at];
}

Result<TapeGroup> GroupedTape::rows(const TapeFile* file, TimeRange window) const {
    if (file == nullptr || window.end <= window.begin) return TapeGroup{};
    const auto& groups = file->info().groups;
    const auto first = std::lower_bound(groups.begin(), groups.end(), window.begin,
                                        [](const TimeRange& g, Timestamp time) { return g.end < time; });
    const auto last = std::lower_bound(first, groups.end(), window.end,
                                       [](const TimeRange& g, Timestamp time) { return g.begin < time; });
    if (first == last) return TapeGroup{};
    const auto begin = static_cast<std::size_t>(first - groups.begin());
    const auto end = static_cast<std::size_t>(last - groups.begin());
    if (end - begin == 1) {
        SLIPCAST_TRY(whole, group(*file, begin, true));
        return TapeGroup{rows_within(whole->quotes, window), rows_within(whole->trades, window), whole};
    }
    auto joined = std::make_shared<Joined>();
    for (std::size_t at = begin; at < end; ++at) {
        // Groups in the middle of a window are not shared with the next one.
        SLIPCAST_TRY(part, group(*file, at, at == begin || at == end - 1));
        extend(*joined, *part, window);
    }
    return TapeGroup{joined->quotes.view(), joined->trades.view(), joined};
}

Result<std::shared_ptr<const TapeGroup>> GroupedTape::group(const TapeFile& file, std::size_t at, bool keep) const {
    if (auto found = kept(file, at)) return found;
    SLIPCAST_TRY(decoded, file.read(at, venues_));
    if (!keep) return decoded;
    // Freed outside the lock, here and below: letting go of another language's bytes may wait for that language.
    std::list<Kept> dropped;
    const std::lock_guard lock(mutex_);
    kept_.push_front({&file, at, decoded});
    if (kept_.size() > kKept) dropped.splice(dropped.end(), kept_, std::prev(kept_.end()));
    return decoded;
}

std::shared_ptr<const TapeGroup> GroupedTape::kept(const TapeFile& file, std::size_t at) const {
    std::list<Kept> passed;
    const std::lock_guard lock(mutex_);
    for (auto entry = kept_.begin(); entry != kept_.end();) {
        const auto next = std::next(entry);
        if (entry->file == &file && entry->group < at) passed.splice(passed.end(), kept_, entry);
        entry = next;
    }
    const auto found =
        std::find_if(kept_.begin(), kept_.end(), [&](const Kept& k) { return k.file == &file && k.group == at; });
    if (found == kept_.end()) return nullptr;
    kept_.splice(kept_.begin(), kept_, found);
    return found->rows;
}

}  // namespace slipcast::interchange
