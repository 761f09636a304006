#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "arrow_owner.hpp"
#include "row_reader.hpp"
#include "slipcast/interchange/decode.hpp"
#include "slipcast/market/draft.hpp"

namespace slipcast::interchange::detail {

/// A tape whose columns lie in Arrow batches (no copy) or in tables of their own.
class ArrowTape final : public market::TapeSource {
public:
    struct Series {
        market::QuoteColumns quotes;
        market::TradeColumns trades;
        std::shared_ptr<const void> quotes_owner, trades_owner;
    };
    Series& series(InstrumentId instrument);
    [[nodiscard]] Result<market::TapeSlice> load(InstrumentId instrument, TimeRange window) const override;
    [[nodiscard]] TimeRange extent(InstrumentId instrument) const override;

private:
    [[nodiscard]] const std::shared_ptr<Series>* find(InstrumentId instrument) const;
    std::vector<std::shared_ptr<Series>> series_;
};

/// Rows of one instrument in one batch.
struct Run {
    InstrumentId instrument;
    std::int64_t first = 0;
    std::int64_t count = 0;
};

/// The symbols of a batch's rows as instruments; remembers the last one, because rows come in runs.
class SymbolReader {
public:
    SymbolReader(market::DatasetDraft& draft, const ColumnView& column) : draft_(&draft), column_(&column) {}
    /// none() when the symbol is missing or not text.
    [[nodiscard]] InstrumentId at(std::int64_t row);

private:
    market::DatasetDraft* draft_;
    const ColumnView* column_;
    std::vector<InstrumentId> by_code_;
    std::string last_text_;
    InstrumentId last_ = InstrumentId::none();
};

/// What both kinds of market data share while a stream is read: names, places and counts of findings.
class TapeFindings {
public:
    TapeFindings(market::DatasetDraft& draft, std::string table, const PlaceOfRow& place);
    void quarantine(std::int64_t row, Error error, Timestamp time);
    /// Counted; the first one is the example.
    void flag(const char* field, const char* rule, std::int64_t row, Timestamp time);
    void count_read(std::int64_t rows) { draft_->quality.count_read(table_, rows); }
    void publish();

    [[nodiscard]] market::DatasetDraft& draft() { return *draft_; }
    /// Whether negative prices are allowed (spread contracts), and the quantity scale when it is known.
    [[nodiscard]] const market::Instrument* instrument(InstrumentId id) const;

private:
    struct Flag {
        market::Finding example;
        std::int64_t rows = 0;
    };
    [[nodiscard]] Place place(std::int64_t row, Timestamp time) const;
    market::DatasetDraft* draft_;
    std::string table_;
    const PlaceOfRow* place_;
    std::vector<Flag> flags_;
    std::vector<std::int32_t> instrument_rows_;
};

/// The 64-bit values of a bound column as they lie in memory, when they are the contract's own: integer units, or times
/// in nanoseconds with a zone. Null otherwise.
[[nodiscard]] const std::int64_t* plain_units(const Binding& binding, const BatchView& batch, std::size_t column);

/// The batch's runs of one instrument each, when every row `is_sound(row, instrument)`, every instrument has one run
/// and its times run forward; else nothing. Only then may rows be viewed where they lie.
template <typename IsSound>
std::optional<std::vector<Run>> sound_runs(const std::int64_t* time, const BatchView& batch, SymbolReader& symbols,
                                           const TapeFindings& findings, const IsSound& is_sound) {
    std::vector<Run> runs;
    std::vector<bool> seen;
    const market::Instrument* instrument = nullptr;
    for (std::int64_t row = 0; row < batch.rows(); ++row) {
        const InstrumentId id = symbols.at(row);
        if (id.is_none()) return std::nullopt;
        if (runs.empty() || runs.back().instrument != id) {
            const auto index = static_cast<std::size_t>(id.index());
            if (seen.size() <= index) seen.resize(index + 1, false);
            if (seen[index]) return std::nullopt;
            seen[index] = true;
            runs.push_back({id, row, 0});
            instrument = findings.instrument(id);
        } else if (time[row] < time[row - 1]) {
            return std::nullopt;
        }
        if (!is_sound(row, instrument)) return std::nullopt;
        ++runs.back().count;
    }
    return runs;
}

/// Feeds every batch to `copier`, unless there is only one and `view_in_place(batch, view)` takes it as it lies.
template <typename ViewInPlace, typename Copier>
Result<void> read_batches(StreamReader& reader, const ViewInPlace& view_in_place, Copier& copier, ArrowTape& tape) {
    SLIPCAST_TRY(batch, reader.next());
    for (bool is_first = true; batch; is_first = false) {
        SLIPCAST_TRY(following, reader.next());
        SLIPCAST_TRY(view, BatchView::create(reader.schema(), **batch));
        if (is_first && !following && view_in_place(batch, view)) return {};
        copier.append(view);
        batch = std::move(following);
    }
    copier.finish(tape);
    return {};
}

[[nodiscard]] Result<void> read_quotes(StreamReader& reader, TapeFindings& findings, ArrowTape& tape);
[[nodiscard]] Result<void> read_trades(StreamReader& reader, TapeFindings& findings, ArrowTape& tape);

/// Values of Arrow's int64 seen as one of the engine's one-member types of the same layout.
template <typename T>
std::span<const T> viewed(const std::int64_t* values, std::int64_t first, std::int64_t count) {
    static_assert(sizeof(T) == sizeof(std::int64_t) && std::is_trivially_copyable_v<T> && std::is_standard_layout_v<T>);
    return {reinterpret_cast<const T*>(values) + first, static_cast<std::size_t>(count)};
}

}  // namespace slipcast::interchange::detail
