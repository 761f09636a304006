#include "slipcast/interchange/decode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "arrow_owner.hpp"
#include "slipcast/core/nearest.hpp"
#include "table_decoder.hpp"

namespace slipcast::interchange {

namespace detail {

using namespace market;

namespace {

template <typename IdType, typename Rows, typename Value, typename Get>
void index_rows(std::vector<Value>& by_id, const Rows& rows, IdType Rows::value_type::* id, Value none, Get get) {
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const auto index = static_cast<std::size_t>((rows[row].*id).index());
        if (by_id.size() <= index) by_id.resize(index + 1, none);
        by_id[index] = get(row);
    }
}

template <typename Value>
Value find_by_id(const std::vector<Value>& by_id, std::int32_t index, Value none) {
    return index < 0 || static_cast<std::size_t>(index) >= by_id.size() ? none : by_id[static_cast<std::size_t>(index)];
}

}  // namespace

TableDecoder::TableDecoder(DatasetDraft& draft, std::int32_t file) : draft_(draft), file_(file) {
    index_rows(instrument_rows_, draft.instruments.rows, &Instrument::id, std::int32_t{-1},
               [](std::size_t row) { return static_cast<std::int32_t>(row); });
    index_rows(order_instruments_, draft.orders.rows, &Order::id, InstrumentId::none(),
               [&](std::size_t row) { return draft.orders.rows[row].instrument; });
    index_rows(fill_instruments_, draft.fills.rows, &Fill::id, InstrumentId::none(), [&](std::size_t row) {
        const InstrumentId of_order =
            find_by_id(order_instruments_, draft.fills.rows[row].order.index(), InstrumentId::none());
        if (!of_order.is_none() || row >= draft.fill_origins.size()) return of_order;
        return draft.fill_origins[row].instrument;
    });
}

const Instrument* TableDecoder::instrument_of(InstrumentId id) const {
    const std::int32_t row = find_by_id(instrument_rows_, id.index(), std::int32_t{-1});
    return row < 0 ? nullptr : &draft_.instruments.rows[static_cast<std::size_t>(row)];
}

const Instrument* TableDecoder::instrument_of(OrderId id) const {
    return instrument_of(find_by_id(order_instruments_, id.index(), InstrumentId::none()));
}

const Instrument* TableDecoder::instrument_of(FillId id) const {
    return instrument_of(find_by_id(fill_instruments_, id.index(), InstrumentId::none()));
}

std::function<Result<Quantity>(const Cell&, std::string_view)> TableDecoder::to_quantity(const Instrument* instrument) {
    return [instrument](const Cell& cell, std::string_view field) -> Result<Quantity> {
        if (instrument == nullptr && cell.kind != CellKind::integer) {
            return Error{ErrorCode::not_found,
                         std::string(field),
                         shown(cell),
                         "has no scale: the row's order or symbol names no row of instruments",
                         {}};
        }
        SLIPCAST_TRY(units, to_units(cell, instrument == nullptr ? 0 : instrument->value.quantity_decimals(), field));
        return Quantity::from_units(units);
    };
}

Error whole_currency(std::string_view field, std::int64_t units) {
    return invalid_value(std::string(field), fmt::format("{}", units),
                         "whole numbers are units of 1e-9, and as such it is less than a tenth of the tick size; write "
                         "currency as decimals, floats or text, or name the column's unit (metadata unit = 1e-9)");
}

std::function<Result<Price>(const Cell&, std::string_view)> TableDecoder::to_price_of(const Instrument* instrument) {
    return [instrument](const Cell& cell, std::string_view field) -> Result<Price> {
        SLIPCAST_TRY(price, detail::to_price(cell, field));
        if (cell.kind == CellKind::integer && !cell.type->states_unit && is_currency(price.units(), instrument)) {
            return whole_currency(field, price.units());
        }
        return price;
    };
}

TableDecoder::Take TableDecoder::take(std::string_view table) {
    if (table == "instruments") return &TableDecoder::instrument;
    if (table == "sessions") return &TableDecoder::session;
    if (table == "orders") return &TableDecoder::order;
    if (table == "order_events") return &TableDecoder::order_event;
    if (table == "placements") return &TableDecoder::placement;
    if (table == "fills") return &TableDecoder::fill;
    if (table == "fill_events") return &TableDecoder::fill_event;
    if (table == "events") return &TableDecoder::event;
    if (table == "fx") return &TableDecoder::fx;
    if (table == "corporate_actions") return &TableDecoder::corporate_action;
    return nullptr;
}

void TableDecoder::mark_present(DatasetDraft& draft, std::string_view table) {
    if (table == "instruments") draft.instruments.present = true;
    if (table == "sessions") draft.sessions.present = true;
    if (table == "orders") draft.orders.present = true;
    if (table == "order_events") draft.order_events.present = true;
    if (table == "placements") draft.placements.present = true;
    if (table == "fills") draft.fills.present = true;
    if (table == "fill_events") draft.fill_events.present = true;
    if (table == "events") draft.events.present = true;
    if (table == "fx") draft.fx.present = true;
    if (table == "corporate_actions") draft.corporate_actions.present = true;
}

void note_missing_columns(const Binding& binding, DatasetDraft& draft) {
    for (std::size_t column = 0; column < binding.child.size(); ++column) {
        if (binding.has(column)) continue;
        std::string name = std::string(binding.table->name) + "." + binding.table->columns[column].name;
        std::vector<std::string>& missing = draft.missing_columns;
        if (std::find(missing.begin(), missing.end(), name) == missing.end()) missing.push_back(std::move(name));
    }
}

}  // namespace detail

namespace {

Error unknown_table(std::string_view table) {
    return Error{ErrorCode::not_found,
                 "table",
                 std::string(table),
                 "unknown table; did you mean " + nearest_name(table, contract_tables()) + "?",
                 {}};
}

/// Tells a column that no row can be read from, which is a mistake about the column and not about its rows.
class SameRefusal {
public:
    void accepted() { is_all_ = false; }
    void refused(const Error& error, bool is_text) {
        ++rows_;
        if (rows_ == 1) first_ = error;
        is_all_ = is_all_ && !is_text && error.field == first_.field && error.rule == first_.rule;
    }
    /// Of a column that is no text, in at least two rows and all that there are.
    [[nodiscard]] std::optional<Error> whole(const std::string& file) const {
        if (!is_all_ || rows_ < 2) return std::nullopt;
        Error error = first_;
        error.rule += fmt::format(": so in every one of its {} rows", rows_);
        error.place = {file, 1, {}};
        return error;
    }

private:
    bool is_all_ = true;
    std::int64_t rows_ = 0;
    Error first_;
};

/// Whether the field's column is text, whose rows each have a spelling of their own.
bool is_text(const detail::Binding& binding, const detail::BatchView& view, const std::string& field) {
    for (std::size_t column = 0; column < binding.child.size(); ++column) {
        if (!binding.has(column) || field != binding.table->columns[column].name) continue;
        return view.column(static_cast<std::size_t>(binding.child[column])).type().kind == detail::CellKind::text;
    }
    return true;
}

Error at_file(Error error, const std::string& file) {
    if (error.place.file.empty()) error.place.file = file;
    return error;
}

}  // namespace

Result<void> decode_table(ArrowArrayStream* stream, std::string_view table, const std::string& file,
                          market::DatasetDraft& draft) {
    const std::string name(table);
    detail::StreamReader reader(stream, name);
    const detail::TableDecoder::Take take = detail::TableDecoder::take(table);
    if (take == nullptr) return unknown_table(table);
    if (auto read = reader.read_schema(); !read) return at_file(read.error(), file);
    auto names = detail::column_names(reader.schema());
    if (!names) return at_file(names.error(), file);
    const auto binding = detail::bind_columns(*detail::find_table(table), *names);
    if (!binding) return at_file(binding.error(), file);
    detail::note_missing_columns(*binding, draft);
    detail::TableDecoder::mark_present(draft, table);
    draft.files.push_back(file);
    detail::TableDecoder decoder(draft, static_cast<std::int32_t>(draft.files.size()) - 1);
    SameRefusal same;
    for (std::int64_t rows_before = 0;;) {
        auto batch = reader.next();
        if (!batch) return at_file(batch.error(), file);
        if (*batch == nullptr) break;
        const auto view = detail::BatchView::create(reader.schema(), ***batch);
        if (!view) return at_file(view.error(), file);
        detail::RowReader row_reader(*binding, *view);
        for (std::int64_t row = 0; row < view->rows(); ++row) {
            row_reader.move_to(row);
            (decoder.*take)(row_reader, rows_before + row + 1);
            if (!row_reader.failed()) {
                same.accepted();
                continue;
            }
            Error error = row_reader.take_error();
            same.refused(error, is_text(*binding, *view, error.field));
            row_reader.move_to(row);
            const std::string order = name == "fills" ? detail::parent_of_fill(row_reader) : std::string();
            error.place.file = file;
            error.place.row = rows_before + row + 1;
            draft.quality.count_read(name, 1);
            draft.quality.add({name, market::Disposition::quarantined, std::move(error), order});
        }
        rows_before += view->rows();
    }
    const auto whole = same.whole(file);
    return whole ? Result<void>(*whole) : Result<void>{};
}

}  // namespace slipcast::interchange
