#include <arrow/array.h>
#include <arrow/type.h>
#include <arrow/util/decimal.h>
#include <arrow/util/key_value_metadata.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "arrow_files.hpp"
#include "slipcast/core/money.hpp"
#include "slipcast/io/table_files.hpp"

namespace slipcast::io {

namespace {

using detail::unreadable;

std::string metadata_value(const std::shared_ptr<const arrow::KeyValueMetadata>& metadata, const std::string& key) {
    if (metadata == nullptr) return {};
    return metadata->Get(key).ValueOr(std::string{});
}

ColumnMeta meta_of(const arrow::Field& field) {
    const auto& metadata = field.metadata();
    ColumnMeta meta;
    meta.name = field.name();
    meta.unit = metadata_value(metadata, "unit");
    for (const SignTag tag : {SignTag::cost, SignTag::gain, SignTag::direction}) {
        if (metadata_value(metadata, "sign") == name(tag)) meta.sign = tag;
    }
    meta.benchmark = metadata_value(metadata, "benchmark");
    const std::string version = metadata_value(metadata, "definition_version");
    std::from_chars(version.data(), version.data() + version.size(), meta.definition_version);
    meta.weighting = metadata_value(metadata, "weighting");
    meta.meaning = metadata_value(metadata, "meaning");
    return meta;
}

template <typename Out, typename ArrayType, typename Get>
void append(ColumnData& data, const arrow::Array& array, Get get) {
    auto& out = std::get<std::vector<Out>>(data);
    const auto& typed = static_cast<const ArrayType&>(array);
    for (std::int64_t i = 0; i < typed.length(); ++i) out.push_back(typed.IsNull(i) ? Out{} : get(typed, i));
}

Int128 units_of(const arrow::Decimal128Array& array, std::int64_t row) {
    const arrow::Decimal128 value(array.GetValue(row));
    return (static_cast<Int128>(value.high_bits()) << 64) | static_cast<Int128>(value.low_bits());
}

bool nanoseconds(const arrow::DataType& type) {
    const auto& timestamp = static_cast<const arrow::TimestampType&>(type);
    return timestamp.unit() == arrow::TimeUnit::NANO && !timestamp.timezone().empty();
}

/// An empty column for values of `type`, or nothing when result tables hold no such type.
std::optional<ColumnData> column_of(const arrow::DataType& type) {
    switch (type.id()) {
        case arrow::Type::INT64:
            return std::vector<std::int64_t>{};
        case arrow::Type::DOUBLE:
            return std::vector<double>{};
        case arrow::Type::STRING:
            return std::vector<std::string>{};
        case arrow::Type::TIMESTAMP:
            return nanoseconds(type) ? std::optional<ColumnData>(std::vector<Timestamp>{}) : std::nullopt;
        case arrow::Type::BOOL:
            return BoolColumn{};
        case arrow::Type::DICTIONARY:
            return static_cast<const arrow::DictionaryType&>(type).value_type()->id() == arrow::Type::STRING
                       ? std::optional<ColumnData>(DictionaryColumn{})
                       : std::nullopt;
        case arrow::Type::DECIMAL128: {
            const int scale = static_cast<const arrow::Decimal128Type&>(type).scale();
            if (scale == kPriceDecimals) return std::vector<Price>{};
            if (scale == kMoneyDecimals) return MoneyColumn{};
            return std::nullopt;
        }
        default:
            return std::nullopt;
    }
}

/// The labels of one column over all batches. Each batch may come with the dictionary of its whole row group: only the
/// labels that its rows use are looked up, so that reading takes time in proportion to rows.
class LabelCodes {
public:
    void append(DictionaryColumn& column, const arrow::DictionaryArray& array) {
        const auto& labels = static_cast<const arrow::StringArray&>(*array.dictionary());
        code_of_.assign(static_cast<std::size_t>(labels.length()), -1);
        for (std::int64_t i = 0; i < array.length(); ++i) {
            if (array.IsNull(i)) {
                column.code.push_back(-1);
                continue;
            }
            const std::int64_t place = array.GetValueIndex(i);
            std::int32_t& code = code_of_[static_cast<std::size_t>(place)];
            if (code < 0) code = known(column, labels.GetString(place));
            column.code.push_back(code);
        }
    }

private:
    std::int32_t known(DictionaryColumn& column, std::string label) {
        const auto [found, is_new] = codes_.emplace(std::move(label), static_cast<std::int32_t>(column.labels.size()));
        if (is_new) column.labels.push_back(found->first);
        return found->second;
    }

    std::unordered_map<std::string, std::int32_t> codes_;
    std::vector<std::int32_t> code_of_;  // by place in the batch's dictionary; -1 = not met yet
};

/// False when a price is past 64 bits.
bool append_decimals(Column& column, const arrow::Decimal128Array& values) {
    for (std::int64_t i = 0; i < values.length(); ++i) {
        const Int128 units = values.IsNull(i) ? Int128{0} : units_of(values, i);
        if (auto* money = std::get_if<MoneyColumn>(&column.data)) {
            money->units.push_back(units);
            continue;
        }
        if (units < INT64_MIN || units > INT64_MAX) return false;
        std::get<std::vector<Price>>(column.data).push_back(Price::from_units(narrow(units)));
    }
    return true;
}

bool append_array(Column& column, LabelCodes& codes, const arrow::Array& array) {
    switch (array.type_id()) {
        case arrow::Type::INT64:
            append<std::int64_t, arrow::Int64Array>(column.data, array, [](auto& a, auto i) { return a.Value(i); });
            break;
        case arrow::Type::DOUBLE:
            append<double, arrow::DoubleArray>(column.data, array, [](auto& a, auto i) { return a.Value(i); });
            break;
        case arrow::Type::STRING:
            append<std::string, arrow::StringArray>(column.data, array, [](auto& a, auto i) { return a.GetString(i); });
            break;
        case arrow::Type::TIMESTAMP:
            append<Timestamp, arrow::TimestampArray>(column.data, array,
                                                     [](auto& a, auto i) { return Timestamp::from_ns(a.Value(i)); });
            break;
        case arrow::Type::BOOL:
            for (std::int64_t i = 0; i < array.length(); ++i) {
                const auto& values = static_cast<const arrow::BooleanArray&>(array);
                std::get<BoolColumn>(column.data).value.push_back(!values.IsNull(i) && values.Value(i));
            }
            break;
        case arrow::Type::DICTIONARY:
            codes.append(std::get<DictionaryColumn>(column.data), static_cast<const arrow::DictionaryArray&>(array));
            break;
        default:
            if (!append_decimals(column, static_cast<const arrow::Decimal128Array&>(array))) return false;
    }
    const bool is_dictionary = array.type_id() == arrow::Type::DICTIONARY;
    for (std::int64_t i = 0; i < array.length(); ++i) {
        column.valid.push_back(static_cast<std::uint8_t>(is_dictionary || array.IsValid(i)));
    }
    return true;
}

}  // namespace

Result<Table> read_table(const std::filesystem::path& file) {
    const std::string shown = file.filename().string();
    SLIPCAST_TRY(rows, detail::read_rows(file, shown));
    const auto schema = rows.reader->schema();
    std::vector<Column> columns;
    for (const auto& field : schema->fields()) {
        if (schema->GetAllFieldIndices(field->name()).size() > 1) {
            return Error{ErrorCode::malformed, field->name(), "", "a column name must not occur twice", {shown, 0, {}}};
        }
        auto data = column_of(*field->type());
        if (!data) {
            return Error{ErrorCode::malformed,
                         field->name(),
                         field->type()->ToString(),
                         "must have a type that result tables use",
                         {shown, 0, {}}};
        }
        columns.push_back({meta_of(*field), std::move(*data), {}});
    }
    std::vector<LabelCodes> codes(columns.size());
    for (;;) {
        std::shared_ptr<arrow::RecordBatch> batch;
        if (const arrow::Status read = rows.reader->ReadNext(&batch); !read.ok()) return unreadable(read, shown);
        if (batch == nullptr) break;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (append_array(columns[i], codes[i], *batch->column(static_cast<int>(i)))) continue;
            return Error{
                ErrorCode::out_of_range, columns[i].meta.name, "", "a price must fit 64 bits of 1e-9", {shown, 0, {}}};
        }
    }
    const std::string stored = metadata_value(schema->metadata(), "name");
    Table table(stored.empty() ? detail::table_stem(file) : stored);
    for (Column& column : columns) {
        const bool all_there = std::find(column.valid.begin(), column.valid.end(), 0) == column.valid.end();
        if (all_there) column.valid.clear();
        table.add(std::move(column));
    }
    return table;
}

}  // namespace slipcast::io
