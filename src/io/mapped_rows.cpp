#include "mapped_rows.hpp"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/scalar.h>
#include <arrow/type.h>

#include <algorithm>
#include <utility>

#include "mapped_value.hpp"
#include "slipcast/core/nearest.hpp"

namespace slipcast::io::detail {

namespace {

bool has_exact_text(const arrow::DataType& type) {
    switch (type.id()) {
        case arrow::Type::STRING:
        case arrow::Type::LARGE_STRING:
        case arrow::Type::INT8:
        case arrow::Type::INT16:
        case arrow::Type::INT32:
        case arrow::Type::INT64:
        case arrow::Type::DECIMAL128:
            return true;
        case arrow::Type::DICTIONARY:
            return static_cast<const arrow::DictionaryType&>(type).value_type()->id() == arrow::Type::STRING;
        default:
            return false;
    }
}

std::optional<std::string> text_of(const arrow::Array& array, std::int64_t row) {
    if (array.IsNull(row)) return std::nullopt;
    if (array.type_id() == arrow::Type::STRING) return static_cast<const arrow::StringArray&>(array).GetString(row);
    if (array.type_id() == arrow::Type::DICTIONARY) {
        const auto& coded = static_cast<const arrow::DictionaryArray&>(array);
        return text_of(*coded.dictionary(), coded.GetValueIndex(row));
    }
    const auto scalar = array.GetScalar(row);
    return scalar.ok() ? std::optional((*scalar)->ToString()) : std::nullopt;
}

std::vector<std::string> all_columns(const ValueRule& rule) {
    std::vector<std::string> columns = rule.source_columns();
    if (rule.otherwise) {
        const std::vector<std::string> more = all_columns(*rule.otherwise);
        columns.insert(columns.end(), more.begin(), more.end());
    }
    return columns;
}

Result<void> check_columns(const arrow::Schema& schema, const TableRule& rule, const std::string& shown) {
    for (const auto& [target, value] : rule.columns) {
        for (const std::string& column : all_columns(value)) {
            const auto field = schema.GetFieldByName(column);
            if (field == nullptr) {
                return Error{ErrorCode::missing_field,
                             column,
                             "",
                             "is not a column; did you mean " + nearest_name(column, schema.field_names()) + "?",
                             {shown, 0, {}}};
            }
            if (!has_exact_text(*field->type())) {
                return Error{ErrorCode::invalid_value,
                             column,
                             field->type()->ToString(),
                             "must be text, whole numbers or decimals to be mapped",
                             {shown, 0, {}}};
            }
        }
    }
    return {};
}

class MappedRows final : public arrow::RecordBatchReader {
public:
    MappedRows(RowStream source, const TableRule& rule, std::set<std::vector<std::string>>& seen, MappedPlaces& places)
        : source_(std::move(source)), rule_(&rule), seen_(&seen), places_(&places) {
        arrow::FieldVector fields;
        for (const auto& [column, value] : rule.columns) fields.push_back(arrow::field(column, arrow::utf8()));
        schema_ = arrow::schema(std::move(fields));
    }
    [[nodiscard]] std::shared_ptr<arrow::Schema> schema() const override { return schema_; }

    arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* out) override {
        std::shared_ptr<arrow::RecordBatch> in;
        ARROW_RETURN_NOT_OK(source_.reader->ReadNext(&in));
        *out = nullptr;
        if (in == nullptr) return arrow::Status::OK();
        std::vector<arrow::StringBuilder> builders(rule_->columns.size());
        std::int64_t kept = 0;
        for (std::int64_t at = 0; at < in->num_rows(); ++at) {
            ++row_;
            if (!map_row(*in, at) || !is_new()) continue;
            places_->source_row.push_back(row_);
            ++kept;
            for (std::size_t i = 0; i < builders.size(); ++i) {
                ARROW_RETURN_NOT_OK(cells_[i] ? builders[i].Append(*cells_[i]) : builders[i].AppendNull());
            }
        }
        arrow::ArrayVector columns(builders.size());
        for (std::size_t i = 0; i < builders.size(); ++i) ARROW_RETURN_NOT_OK(builders[i].Finish(&columns[i]));
        *out = arrow::RecordBatch::Make(schema_, kept, std::move(columns));
        return arrow::Status::OK();
    }

private:
    /// Fills `cells_`; false when a rule refused the row.
    bool map_row(const arrow::RecordBatch& in, std::int64_t at) {
        const auto source = [&](const std::string& column) { return text_of(*in.GetColumnByName(column), at); };
        cells_.clear();
        for (const auto& [column, value] : rule_->columns) {
            auto cell = mapped_value(value, column, source, row_);
            if (!cell) {
                Error error = cell.error();
                error.place.row = row_;
                places_->refused.push_back(std::move(error));
                return false;
            }
            cells_.push_back(*std::move(cell));
        }
        return true;
    }
    bool is_new() {
        if (rule_->distinct.empty()) return true;
        std::vector<std::string> key;
        std::size_t at = 0;
        for (const auto& [column, value] : rule_->columns) {
            const auto& cell = cells_[at++];
            if (std::find(rule_->distinct.begin(), rule_->distinct.end(), column) != rule_->distinct.end())
                key.push_back(cell.value_or(std::string{}));
        }
        return seen_->insert(std::move(key)).second;
    }

    RowStream source_;
    const TableRule* rule_;
    std::set<std::vector<std::string>>* seen_;
    MappedPlaces* places_;
    std::shared_ptr<arrow::Schema> schema_;
    std::int64_t row_ = 0;
    std::vector<std::optional<std::string>> cells_;
};

}  // namespace

Result<RowStream> mapped_rows(const RowStream& source, const TableRule& rule, const std::string& shown,
                              std::set<std::vector<std::string>>& seen, MappedPlaces& places) {
    SLIPCAST_CHECK(check_columns(*source.reader->schema(), rule, shown));
    RowStream mapped = source;
    mapped.reader = std::make_shared<MappedRows>(source, rule, seen, places);
    return mapped;
}

}  // namespace slipcast::io::detail
