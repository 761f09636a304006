#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "contract.hpp"
#include "values.hpp"

namespace slipcast::interchange::detail {

/// Where each column of a contract table is among a stream's columns, -1 when absent.
struct Binding {
    const TableSpec* table = nullptr;
    std::vector<std::int64_t> child;
    [[nodiscard]] bool has(std::size_t column) const { return child[column] >= 0; }
};

/// Matches column names with the table's; refuses a missing required column, a repeated one, and an unknown one with
/// the nearest valid name.
[[nodiscard]] Result<Binding> bind_columns(const TableSpec& table, const std::vector<std::string>& names);

/// Takes the cells of one row at a time. The first field that does not decode is kept as the row's error and the row's
/// further values mean nothing; a required field that is missing is such an error.
class RowReader {
public:
    RowReader(const Binding& binding, const BatchView& batch) : binding_(&binding), batch_(&batch) {}

    void move_to(std::int64_t row) {
        row_ = row;
        error_.reset();
    }
    [[nodiscard]] bool failed() const { return error_.has_value(); }
    [[nodiscard]] Error take_error() { return std::move(*error_); }
    void fail(Error error) {
        if (!error_) error_ = std::move(error);
    }
    [[nodiscard]] const char* name(std::size_t column) const { return binding_->table->columns[column].name; }

    /// The field through `convert(cell, field name)`, or nothing when it is missing or does not decode.
    template <typename Convert>
    auto optional(std::size_t column, const Convert& convert)
        -> std::optional<std::decay_t<decltype(*convert(std::declval<const Cell&>(), std::string_view{}))>> {
        if (error_ || !binding_->has(column)) return std::nullopt;
        const Cell cell = batch_->column(static_cast<std::size_t>(binding_->child[column])).cell(row_);
        if (cell.kind == CellKind::null) return std::nullopt;
        auto value = convert(cell, name(column));
        if (!value) {
            fail(value.error());
            return std::nullopt;
        }
        return *std::move(value);
    }

    /// The field, which must be there; a default-made value once the row has failed.
    template <typename Convert>
    auto required(std::size_t column, const Convert& convert) {
        auto value = optional(column, convert);
        if (!value) fail(Error{ErrorCode::missing_field, name(column), "", "must not be empty", {}});
        using Value = typename decltype(value)::value_type;
        return value ? *std::move(value) : Value{};
    }

    /// One of `names` as the enumerator at its position.
    template <typename Enumeration, std::size_t kCount>
    std::optional<Enumeration> choice(std::size_t column, const char* const (&names)[kCount]) {
        return optional(column, [&](const Cell& cell, std::string_view field) -> Result<Enumeration> {
            for (std::size_t i = 0; i < kCount; ++i) {
                if (cell.kind == CellKind::text && cell.text == names[i]) return static_cast<Enumeration>(i);
            }
            return invalid_value(std::string(field), shown(cell), choice_rule(names, kCount));
        });
    }
    template <typename Enumeration, std::size_t kCount>
    Enumeration required_choice(std::size_t column, const char* const (&names)[kCount]) {
        const std::optional<Enumeration> value = choice<Enumeration>(column, names);
        if (!value) fail(Error{ErrorCode::missing_field, name(column), "", "must not be empty", {}});
        return value.value_or(Enumeration{});
    }

private:
    static std::string choice_rule(const char* const* names, std::size_t count);

    const Binding* binding_;
    const BatchView* batch_;
    std::int64_t row_ = 0;
    std::optional<Error> error_;
};

}  // namespace slipcast::interchange::detail
