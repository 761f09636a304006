#include "column_view.hpp"

#include <cstring>
#include <string>

#include "slipcast/core/assert.hpp"

namespace slipcast::interchange::detail {

namespace {

constexpr std::int64_t kMaxRows = std::int64_t{1} << 40U;

template <typename T>
T load(const void* buffer, std::int64_t position) {
    T value;  // memcpy: a producer may hand over buffers that are not aligned
    std::memcpy(&value, static_cast<const char*>(buffer) + position * static_cast<std::int64_t>(sizeof(T)), sizeof(T));
    return value;
}

bool bit(const void* buffer, std::int64_t position) {
    const unsigned byte = load<std::uint8_t>(buffer, position / 8);
    return ((byte >> static_cast<unsigned>(position % 8)) & 1U) != 0;
}

Error malformed(std::string_view name, const char* rule) {
    return Error{ErrorCode::malformed, std::string(name), "", rule, {}};
}

std::int64_t expected_buffers(const ColumnType& type) {
    if (type.kind == CellKind::null) return 0;
    return type.kind == CellKind::text ? 3 : 2;
}

std::string_view name_of(const ArrowSchema& schema) {
    return schema.name == nullptr ? std::string_view{} : std::string_view{schema.name};
}

Result<void> check_extent(std::string_view name, const ArrowArray* array, std::int64_t offset, std::int64_t length) {
    if (array == nullptr) return malformed(name, "an Arrow struct must have its children");
    const bool in_range =
        array->length >= 0 && array->length < kMaxRows && array->offset >= 0 && array->offset < kMaxRows;
    if (!in_range) return malformed(name, "an Arrow array must have a sensible length and offset");
    if (offset + length > array->length) return malformed(name, "an Arrow column must be as long as its batch");
    return {};
}

}  // namespace

Result<void> ColumnView::check_buffers(std::string_view name) const {
    const std::int64_t expected = expected_buffers(type_);
    const bool is_view = type_.kind == CellKind::text && type_.width == 16;
    if (is_view ? array_->n_buffers < expected : array_->n_buffers != expected) {
        return malformed(name, "an Arrow array must have the buffers of its type");
    }
    if (array_->n_children != 0) return malformed(name, "an Arrow column of a contract table has no children");
    if (expected == 0 || length_ == 0) return {};
    if (array_->buffers == nullptr || array_->buffers[1] == nullptr) {
        return malformed(name, "an Arrow array must not lack its values");
    }
    return {};
}

Result<void> ColumnView::check_text(std::string_view name) const {
    const void* offsets = length_ == 0 ? nullptr : array_->buffers[1];
    if (type_.width == 16) {
        const std::int64_t data_buffers = array_->n_buffers - 3;
        const void* sizes = length_ == 0 ? nullptr : array_->buffers[array_->n_buffers - 1];
        for (std::int64_t row = 0; row < length_; ++row) {
            if (is_null(row)) continue;
            const auto size = load<std::int32_t>(offsets, (first_ + row) * 4);
            if (size < 0) return malformed(name, "a text view must not have a negative length");
            if (size <= 12) continue;
            const auto buffer = load<std::int32_t>(offsets, (first_ + row) * 4 + 2);
            const auto begin = load<std::int32_t>(offsets, (first_ + row) * 4 + 3);
            if (buffer < 0 || buffer >= data_buffers || begin < 0 || sizes == nullptr ||
                array_->buffers[2 + buffer] == nullptr ||
                static_cast<std::int64_t>(begin) + size > load<std::int64_t>(sizes, buffer)) {
                return malformed(name, "a text view must lie inside its data buffer");
            }
        }
        return {};
    }
    std::int64_t last = 0;
    for (std::int64_t row = 0; row <= length_ && length_ > 0; ++row) {
        const std::int64_t at =
            type_.width == 4 ? load<std::int32_t>(offsets, first_ + row) : load<std::int64_t>(offsets, first_ + row);
        if (at < last) return malformed(name, "text offsets must not run backwards");
        last = at;
    }
    if (last > 0 && array_->buffers[2] == nullptr) return malformed(name, "an Arrow array must not lack its values");
    return {};
}

Result<void> ColumnView::check_indices(std::string_view name) const {
    for (std::int64_t row = 0; row < length_; ++row) {
        if (is_null(row)) continue;
        const std::int64_t at = integer_at(row);
        if (at < 0 || at >= dictionary_->length())
            return malformed(name, "a dictionary index must lie inside its dictionary");
    }
    return {};
}

Result<ColumnView> ColumnView::create(const ArrowSchema& schema, const ArrowArray* array, std::int64_t offset,
                                      std::int64_t length) {
    const std::string_view name = name_of(schema);
    ColumnView view;
    SLIPCAST_TRY(type, column_type(schema));
    SLIPCAST_CHECK(check_extent(name, array, offset, length));
    view.type_ = type;
    view.array_ = array;
    view.first_ = array->offset + offset;
    view.length_ = length;
    SLIPCAST_CHECK(view.check_buffers(name));
    view.may_have_nulls_ =
        type.kind == CellKind::null || (length > 0 && array->null_count != 0 && array->buffers[0] != nullptr);
    if (array->null_count > 0 && length > 0 && !view.may_have_nulls_) {
        return malformed(name, "an Arrow array with nulls must have a validity buffer");
    }
    if (type.kind == CellKind::text) SLIPCAST_CHECK(view.check_text(name));
    if (schema.dictionary == nullptr) return view;
    if (type.kind != CellKind::integer || array->dictionary == nullptr || schema.dictionary->dictionary != nullptr) {
        return malformed(name, "a dictionary column must have integer indices and one dictionary");
    }
    SLIPCAST_TRY(values, create(*schema.dictionary, array->dictionary, 0, array->dictionary->length));
    view.dictionary_ = std::make_shared<const ColumnView>(std::move(values));
    SLIPCAST_CHECK(view.check_indices(name));
    return view;
}

bool ColumnView::is_null(std::int64_t row) const {
    if (!may_have_nulls_) return false;
    if (type_.kind == CellKind::null) return true;
    return !bit(array_->buffers[0], first_ + row);
}

std::int64_t ColumnView::integer_at(std::int64_t row) const {
    const void* values = array_->buffers[1];
    const std::int64_t at = first_ + row;
    switch (type_.width) {
        case 1:
            return type_.is_unsigned ? std::int64_t{load<std::uint8_t>(values, at)}
                                     : std::int64_t{load<std::int8_t>(values, at)};
        case 2:
            return type_.is_unsigned ? std::int64_t{load<std::uint16_t>(values, at)}
                                     : std::int64_t{load<std::int16_t>(values, at)};
        case 4:
            return type_.is_unsigned ? std::int64_t{load<std::uint32_t>(values, at)}
                                     : std::int64_t{load<std::int32_t>(values, at)};
        default:
            return load<std::int64_t>(values, at);
    }
}

Int128 ColumnView::decimal_at(std::int64_t row) const {
    const void* values = array_->buffers[1];
    if (type_.width == 4) return load<std::int32_t>(values, first_ + row);
    if (type_.width == 8) return load<std::int64_t>(values, first_ + row);
    return load<Int128>(values, first_ + row);
}

double ColumnView::real_at(std::int64_t row) const {
    const void* values = array_->buffers[1];
    if (type_.width == 4) return static_cast<double>(load<float>(values, first_ + row));
    return load<double>(values, first_ + row);
}

std::string_view ColumnView::text_at(std::int64_t row) const {
    const std::int64_t at = first_ + row;
    const void* positions = array_->buffers[1];
    const auto piece = [](const void* data, std::int64_t begin, std::int64_t size) {
        return size == 0 ? std::string_view{}
                         : std::string_view{static_cast<const char*>(data) + begin, static_cast<std::size_t>(size)};
    };
    if (type_.width == 16) {
        const auto size = load<std::int32_t>(positions, at * 4);
        if (size <= 12) return piece(static_cast<const char*>(positions), at * 16 + 4, size);
        const auto buffer = load<std::int32_t>(positions, at * 4 + 2);
        return piece(array_->buffers[2 + buffer], load<std::int32_t>(positions, at * 4 + 3), size);
    }
    if (type_.width == 8) {
        const auto begin = load<std::int64_t>(positions, at);
        return piece(array_->buffers[2], begin, load<std::int64_t>(positions, at + 1) - begin);
    }
    const auto begin = load<std::int32_t>(positions, at);
    return piece(array_->buffers[2], begin, load<std::int32_t>(positions, at + 1) - begin);
}

Cell ColumnView::cell(std::int64_t row) const {
    SLIPCAST_ASSERT(row >= 0 && row < length_, "a row of the column");
    if (is_null(row)) return {};
    if (dictionary_) return dictionary_->cell(integer_at(row));
    Cell cell;
    cell.kind = type_.kind;
    cell.type = &type_;
    switch (type_.kind) {
        case CellKind::null:
            break;
        case CellKind::boolean:
            cell.integer = bit(array_->buffers[1], first_ + row) ? 1 : 0;
            break;
        case CellKind::real:
            cell.real = real_at(row);
            break;
        case CellKind::decimal:
            cell.decimal = decimal_at(row);
            break;
        case CellKind::text:
            cell.text = text_at(row);
            break;
        case CellKind::integer:
        case CellKind::timestamp:
        case CellKind::date:
        case CellKind::duration:
            cell.integer = integer_at(row);
            if (type_.is_unsigned && type_.width == 8 && cell.integer < 0) {
                cell.kind = CellKind::decimal;  // past 63 bits: a whole number that no 64-bit field will hold
                cell.decimal = static_cast<Int128>(static_cast<std::uint64_t>(cell.integer));
            }
            break;
    }
    // An empty text is how CSV writes "missing".
    if (cell.kind == CellKind::text && cell.text.empty()) cell.kind = CellKind::null;
    return cell;
}

const void* ColumnView::plain_values() const {
    if (dictionary_ || type_.width == 0 || type_.kind == CellKind::text || length_ == 0) return nullptr;
    if (may_have_nulls_) {
        for (std::int64_t row = 0; row < length_; ++row) {
            if (is_null(row)) return nullptr;
        }
    }
    const char* values = static_cast<const char*>(array_->buffers[1]) + first_ * type_.width;
    const bool is_aligned = reinterpret_cast<std::uintptr_t>(values) % static_cast<std::uintptr_t>(type_.width) == 0;
    return is_aligned ? values : nullptr;
}

Result<BatchView> BatchView::create(const ArrowSchema& schema, const ArrowArray& batch) {
    BatchView view;
    SLIPCAST_CHECK(check_extent("batch", &batch, 0, 0));
    view.rows_ = batch.length;
    if (batch.n_children != schema.n_children || (batch.n_children > 0 && batch.children == nullptr)) {
        return malformed("batch", "a batch must have the columns of its schema");
    }
    if (batch.n_buffers != 1) return malformed("batch", "a struct batch must have one buffer");
    if (batch.null_count != 0 && batch.buffers != nullptr && batch.buffers[0] != nullptr) {
        for (std::int64_t row = 0; row < batch.length; ++row) {
            if (!bit(batch.buffers[0], batch.offset + row))
                return malformed("batch", "a batch must not hold null rows");
        }
    }
    view.columns_.reserve(static_cast<std::size_t>(batch.n_children));
    for (std::int64_t child = 0; child < batch.n_children; ++child) {
        SLIPCAST_TRY(column,
                     ColumnView::create(*schema.children[child], batch.children[child], batch.offset, batch.length));
        view.columns_.push_back(std::move(column));
    }
    return view;
}

}  // namespace slipcast::interchange::detail
