#include "tape_reader.hpp"

#include <algorithm>

#include "slipcast/interchange/decode.hpp"

namespace slipcast::interchange {

namespace detail {

using namespace market;

ArrowTape::Series& ArrowTape::series(InstrumentId instrument) {
    const auto index = static_cast<std::size_t>(instrument.index());
    if (series_.size() <= index) series_.resize(index + 1);
    if (!series_[index]) series_[index] = std::make_shared<Series>();
    return *series_[index];
}

const std::shared_ptr<ArrowTape::Series>* ArrowTape::find(InstrumentId instrument) const {
    const auto index = static_cast<std::size_t>(instrument.index());
    return instrument.is_none() || index >= series_.size() || !series_[index] ? nullptr : &series_[index];
}

Result<TapeSlice> ArrowTape::load(InstrumentId instrument, TimeRange window) const {
    TapeSlice slice;
    const auto* found = find(instrument);
    if (found == nullptr) return slice;
    slice.quotes = rows_within((*found)->quotes, window);
    slice.trades = rows_within((*found)->trades, window);
    slice.owner = *found;
    return slice;
}

TimeRange ArrowTape::extent(InstrumentId instrument) const {
    const auto* found = find(instrument);
    if (found == nullptr) return {};
    TimeRange extent{Timestamp::max(), Timestamp::min()};
    for (const std::span<const Timestamp> time : {(*found)->quotes.time, (*found)->trades.time}) {
        if (time.empty()) continue;
        extent.begin = std::min(extent.begin, time.front());
        extent.end = std::max(extent.end, time.back());
    }
    if (extent.end < extent.begin) return {};
    extent.end = extent.end + Duration{1};  // half-open: the last row is inside
    return extent;
}

InstrumentId SymbolReader::at(std::int64_t row) {
    if (const ColumnView* dictionary = column_->dictionary(); dictionary != nullptr) {
        if (column_->is_null(row)) return InstrumentId::none();
        const auto code = static_cast<std::size_t>(column_->index(row));
        if (by_code_.empty()) {
            by_code_.resize(static_cast<std::size_t>(dictionary->length()), InstrumentId::none());
            for (std::size_t i = 0; i < by_code_.size(); ++i) {
                const Cell cell = dictionary->cell(static_cast<std::int64_t>(i));
                if (cell.kind == CellKind::null) continue;
                if (const auto label = to_label(cell, "symbol")) by_code_[i] = draft_->names.symbols.intern(*label);
            }
        }
        return by_code_[code];
    }
    const Cell cell = column_->cell(row);
    if (cell.kind == CellKind::text && !last_.is_none() && cell.text == last_text_) return last_;
    if (cell.kind == CellKind::null) return InstrumentId::none();
    const auto label = to_label(cell, "symbol");
    if (!label) return InstrumentId::none();
    last_text_ = *label;
    last_ = draft_->names.symbols.intern(last_text_);
    return last_;
}

TapeFindings::TapeFindings(DatasetDraft& draft, std::string table, const PlaceOfRow& place)
    : draft_(&draft), table_(std::move(table)), place_(&place) {
    for (std::size_t row = 0; row < draft.instruments.rows.size(); ++row) {
        const auto id = static_cast<std::size_t>(draft.instruments.rows[row].id.index());
        if (instrument_rows_.size() <= id) instrument_rows_.resize(id + 1, -1);
        instrument_rows_[id] = static_cast<std::int32_t>(row);
    }
}

const Instrument* TapeFindings::instrument(InstrumentId id) const {
    const auto index = static_cast<std::size_t>(id.index());
    if (id.is_none() || index >= instrument_rows_.size() || instrument_rows_[index] < 0) return nullptr;
    return &draft_->instruments.rows[static_cast<std::size_t>(instrument_rows_[index])];
}

Place TapeFindings::place(std::int64_t row, Timestamp time) const {
    Place place = *place_ ? (*place_)(row) : Place{table_, row, {}};
    if (time != Timestamp{}) place.time = time.to_string();
    return place;
}

void TapeFindings::quarantine(std::int64_t row, Error error, Timestamp time) {
    error.place = place(row, time);
    draft_->quality.add({table_, Disposition::quarantined, std::move(error)});
}

void TapeFindings::flag(const char* field, const char* rule, std::int64_t row, Timestamp time) {
    const auto same =
        std::find_if(flags_.begin(), flags_.end(), [&](const Flag& f) { return f.example.error.rule == rule; });
    if (same != flags_.end()) {
        ++same->rows;
        return;
    }
    flags_.push_back({{table_, Disposition::flagged, {ErrorCode::inconsistent, field, "", rule, place(row, time)}}, 1});
}

void TapeFindings::publish() {
    for (Flag& flag : flags_) draft_->quality.add_flagged(std::move(flag.example), flag.rows);
    flags_.clear();
}

const std::int64_t* plain_units(const Binding& binding, const BatchView& batch, std::size_t column) {
    if (!binding.has(column)) return nullptr;
    const ColumnView& view = batch.column(static_cast<std::size_t>(binding.child[column]));
    const ColumnType& type = view.type();
    const bool is_units = type.kind == CellKind::integer && type.width == 8 && !type.is_unsigned;
    const bool is_time = type.kind == CellKind::timestamp && type.has_zone && type.ns_per_unit == 1;
    return is_units || is_time ? static_cast<const std::int64_t*>(view.plain_values()) : nullptr;
}

}  // namespace detail

Result<std::shared_ptr<const market::TapeSource>> decode_tape(const TapeStream& quotes, const TapeStream& trades,
                                                              market::DatasetDraft& draft) {
    auto tape = std::make_shared<detail::ArrowTape>();
    const auto read = [&](const TapeStream& stream, const char* table, auto read_rows) -> Result<void> {
        if (stream.rows == nullptr) {
            draft.missing_columns.push_back(std::string(table) + "." + table);
            return {};
        }
        detail::StreamReader reader(stream.rows, table);
        SLIPCAST_CHECK(reader.read_schema());
        detail::TapeFindings findings(draft, table, stream.place);
        const Result<void> result = read_rows(reader, findings, *tape);
        findings.publish();
        return result;
    };
    const Result<void> quotes_read = read(quotes, "quotes", detail::read_quotes);
    const Result<void> trades_read = read(trades, "trades", detail::read_trades);  // released even when quotes failed
    if (!quotes_read) return quotes_read.error();
    if (!trades_read) return trades_read.error();
    return std::shared_ptr<const market::TapeSource>(std::move(tape));
}

}  // namespace slipcast::interchange
