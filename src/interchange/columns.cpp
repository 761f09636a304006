#include "slipcast/interchange/columns.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <unordered_map>

#include "arrow_owner.hpp"
#include "column_view.hpp"

namespace slipcast::interchange {

namespace {

using detail::Cell;
using detail::CellKind;
using detail::ColumnView;

/// One column as it grows batch by batch.
struct Growing {
    std::string name;
    ColumnData data;
    std::vector<std::uint8_t> valid;
    std::unordered_map<std::string, std::int32_t> codes;
};

/// An empty column for cells of this kind; nothing for kinds that are left out.
std::optional<ColumnData> column_for(CellKind kind) {
    switch (kind) {
        case CellKind::integer:
            return std::vector<std::int64_t>{};
        case CellKind::real:
        case CellKind::decimal:
        case CellKind::duration:
        case CellKind::null:
            return std::vector<double>{};
        case CellKind::boolean:
            return BoolColumn{};
        case CellKind::text:
            return DictionaryColumn{};
        case CellKind::timestamp:
            return std::vector<Timestamp>{};
        case CellKind::date:
            return std::nullopt;
    }
    return std::nullopt;
}

double number_of(const Cell& cell) {
    switch (cell.kind) {
        case CellKind::real:
            return cell.real;
        case CellKind::decimal:
            return static_cast<double>(cell.decimal) / std::pow(10.0, cell.type->scale);
        case CellKind::duration:
            return static_cast<double>(cell.integer) * static_cast<double>(cell.type->ns_per_unit) / 1e9;
        default:
            return static_cast<double>(cell.integer);
    }
}

struct AppendCell {
    const Cell& cell;
    Growing& column;

    void operator()(std::vector<std::int64_t>& to) const {
        // A whole number past 63 bits is told apart by its kind; it is no count that a model reads.
        if (cell.kind == CellKind::decimal) column.valid.back() = 0;
        to.push_back(cell.kind == CellKind::integer ? cell.integer : 0);
    }
    void operator()(std::vector<double>& to) const {
        const double value = cell.kind == CellKind::null ? 0.0 : number_of(cell);
        if (std::isnan(value)) column.valid.back() = 0;
        to.push_back(value);
    }
    void operator()(BoolColumn& to) const { to.value.push_back(cell.integer != 0 ? 1 : 0); }
    void operator()(DictionaryColumn& to) const {
        if (cell.kind == CellKind::null) {
            to.code.push_back(-1);
            return;
        }
        const auto [found, is_new] =
            column.codes.emplace(std::string(cell.text), static_cast<std::int32_t>(to.labels.size()));
        if (is_new) to.labels.emplace_back(cell.text);
        to.code.push_back(found->second);
    }
    void operator()(std::vector<Timestamp>& to) const {
        const bool is_there = cell.kind != CellKind::null;
        to.push_back(Timestamp::from_ns(is_there ? cell.integer * cell.type->ns_per_unit : 0));
    }
    template <typename Other>
    void operator()(Other&) const {}
};

void append(const ColumnView& view, Growing& column) {
    for (std::int64_t row = 0; row < view.length(); ++row) {
        const Cell cell = view.cell(row);
        column.valid.push_back(cell.kind == CellKind::null ? 0 : 1);
        std::visit(AppendCell{cell, column}, column.data);
    }
}

bool is_nested(const ArrowSchema& schema) {
    return !detail::column_type(schema).has_value();
}

Result<std::vector<std::optional<Growing>>> columns_of(const ArrowSchema& schema) {
    SLIPCAST_TRY(names, detail::column_names(schema));
    std::vector<std::optional<Growing>> columns;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (std::count(names.begin(), names.end(), names[i]) > 1) {
            return Error{ErrorCode::malformed, names[i], "", "a column name must not occur twice", {}};
        }
        const ArrowSchema& child = *schema.children[i];
        columns.emplace_back();
        if (is_nested(child)) continue;
        const ArrowSchema& values = child.dictionary == nullptr ? child : *child.dictionary;
        auto type = detail::column_type(values);
        if (!type) continue;
        if (type->kind == CellKind::timestamp && !type->has_zone) {
            return invalid_value(names[i], "", "must be times with a zone: a time without a zone is a guess");
        }
        auto data = column_for(type->kind);
        if (data) columns.back() = Growing{names[i], std::move(*data), {}, {}};
    }
    return columns;
}

}  // namespace

Result<Table> decode_columns(ArrowArrayStream* stream, const std::string& name) {
    detail::StreamReader reader(stream, name);
    SLIPCAST_CHECK(reader.read_schema());
    SLIPCAST_TRY(columns, columns_of(reader.schema()));
    for (;;) {
        SLIPCAST_TRY(batch, reader.next());
        if (batch == nullptr) break;
        const ArrowArray& array = **batch;
        if (array.n_children != static_cast<std::int64_t>(columns.size()) || array.length < 0 || array.offset < 0) {
            return Error{ErrorCode::malformed, name, "", "a batch must have the columns of its schema", {}};
        }
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (!columns[i]) continue;
            SLIPCAST_TRY(
                view, ColumnView::create(*reader.schema().children[i], array.children[i], array.offset, array.length));
            append(view, *columns[i]);
        }
    }
    Table table(name);
    for (std::optional<Growing>& column : columns) {
        if (!column) continue;
        Column made;
        made.meta.name = std::move(column->name);
        made.data = std::move(column->data);
        const bool all_there = std::find(column->valid.begin(), column->valid.end(), 0) == column->valid.end();
        if (!all_there) made.valid = std::move(column->valid);
        table.add(std::move(made));
    }
    return table;
}

}  // namespace slipcast::interchange
