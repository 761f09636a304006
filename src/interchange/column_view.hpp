#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "slipcast/core/int128.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/interchange/arrow_abi.hpp"

// Reading one column of an Arrow batch. The C data interface carries no buffer lengths, so what can be checked is
// checked before a byte is read: numbers of buffers and children, null buffers, offsets, indices, view bounds.

namespace slipcast::interchange::detail {

/// What the cells of a column are, whatever their physical layout.
enum class CellKind : std::uint8_t { null, boolean, integer, real, decimal, text, timestamp, date, duration };

/// A column's type as its schema states it.
struct ColumnType {
    CellKind kind = CellKind::null;
    int width = 0;  ///< bytes of one fixed-width value; for text: 4 or 8 = offsets, 16 = views
    bool is_unsigned = false;
    int scale = 0;                 ///< of decimals: value = integer x 10^-scale
    std::int64_t ns_per_unit = 1;  ///< of times and durations
    bool has_zone = false;         ///< of timestamps: they are instants in UTC
    bool states_unit = false;      ///< its metadata names a unit
};

/// The type that `schema` states; refuses layouts that no contract column may have.
[[nodiscard]] Result<ColumnType> column_type(const ArrowSchema& schema);

/// One value. `kind` null is missing.
struct Cell {
    CellKind kind = CellKind::null;
    std::int64_t integer = 0;  ///< integer, boolean; counts of timestamp, date (days), duration
    double real = 0.0;
    Int128 decimal = 0;
    std::string_view text;
    const ColumnType* type = nullptr;
};

/// A checked view of `length` rows of a column. Valid as long as the batch is.
class ColumnView {
public:
    /// Rows [offset, offset + length) of `array`. Refused when the array contradicts its schema.
    [[nodiscard]] static Result<ColumnView> create(const ArrowSchema& schema, const ArrowArray* array,
                                                   std::int64_t offset, std::int64_t length);

    [[nodiscard]] std::int64_t length() const { return length_; }
    [[nodiscard]] const ColumnType& type() const { return dictionary_ ? dictionary_->type() : type_; }
    [[nodiscard]] bool is_null(std::int64_t row) const;
    [[nodiscard]] Cell cell(std::int64_t row) const;

    /// The values as they lie in memory, when the column is plain fixed-width without nulls or dictionary; else null.
    [[nodiscard]] const void* plain_values() const;
    /// A dictionary column's distinct values and a row's position in them.
    [[nodiscard]] const ColumnView* dictionary() const { return dictionary_.get(); }
    [[nodiscard]] std::int64_t index(std::int64_t row) const { return integer_at(row); }

private:
    ColumnView() = default;
    [[nodiscard]] Result<void> check_buffers(std::string_view name) const;
    [[nodiscard]] Result<void> check_text(std::string_view name) const;
    [[nodiscard]] Result<void> check_indices(std::string_view name) const;
    [[nodiscard]] std::int64_t integer_at(std::int64_t row) const;
    [[nodiscard]] std::string_view text_at(std::int64_t row) const;
    [[nodiscard]] Int128 decimal_at(std::int64_t row) const;
    [[nodiscard]] double real_at(std::int64_t row) const;

    ColumnType type_;
    const ArrowArray* array_ = nullptr;
    std::int64_t first_ = 0;  ///< array offset + offset of the view
    std::int64_t length_ = 0;
    bool may_have_nulls_ = false;
    std::shared_ptr<const ColumnView> dictionary_;
};

/// The columns of one batch.
class BatchView {
public:
    /// Refused when the batch is not a struct array that fits `schema`, or holds null rows.
    [[nodiscard]] static Result<BatchView> create(const ArrowSchema& schema, const ArrowArray& batch);
    [[nodiscard]] std::int64_t rows() const { return rows_; }
    [[nodiscard]] const ColumnView& column(std::size_t child) const { return columns_[child]; }

private:
    std::int64_t rows_ = 0;
    std::vector<ColumnView> columns_;
};

/// A schema that is a struct of named columns; refused otherwise.
[[nodiscard]] Result<std::vector<std::string>> column_names(const ArrowSchema& schema);

}  // namespace slipcast::interchange::detail
