#include "arrow_files.hpp"

#include <arrow/csv/options.h>
#include <arrow/csv/reader.h>
#include <arrow/io/compressed.h>
#include <arrow/io/file.h>
#include <arrow/type.h>
#include <arrow/util/compression.h>
#include <parquet/arrow/reader.h>
#include <parquet/exception.h>

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace slipcast::io::detail {

namespace {

constexpr std::int32_t kCsvBlockBytes = 4 << 20;  // a row must fit; also what one batch holds
constexpr std::int64_t kBatchRows = 64 << 10;

bool ends_with(const std::filesystem::path& file, std::string_view ending) {
    return file.filename().string().ends_with(ending);
}

// The batches must not outlive the file's reader.
class ParquetRows final : public arrow::RecordBatchReader {
public:
    ParquetRows(std::unique_ptr<parquet::arrow::FileReader> file, std::shared_ptr<arrow::RecordBatchReader> rows)
        : file_(std::move(file)), rows_(std::move(rows)) {}
    [[nodiscard]] std::shared_ptr<arrow::Schema> schema() const override { return rows_->schema(); }
    arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
        // Parquet's own exceptions stop here: a damaged page is an outcome.
        try {
            return rows_->ReadNext(batch);
        } catch (const std::exception& damage) {
            return arrow::Status::Invalid(damage.what());
        }
    }

private:
    std::unique_ptr<parquet::arrow::FileReader> file_;
    std::shared_ptr<arrow::RecordBatchReader> rows_;
};

class ConcatenatedRows final : public arrow::RecordBatchReader {
public:
    ConcatenatedRows(std::vector<RowStream> parts, std::shared_ptr<std::optional<Error>> broken_row)
        : parts_(std::move(parts)), rows_(parts_.size(), 0), broken_row_(std::move(broken_row)) {}
    [[nodiscard]] std::shared_ptr<arrow::Schema> schema() const override { return parts_.front().reader->schema(); }
    arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
        for (*batch = nullptr; at_ < parts_.size(); ++at_) {
            if (const arrow::Status read = parts_[at_].reader->ReadNext(batch); !read.ok()) {
                *broken_row_ = *parts_[at_].broken_row;
                return read;
            }
            if (*batch == nullptr) continue;
            rows_[at_] += (*batch)->num_rows();
            break;
        }
        return arrow::Status::OK();
    }
    [[nodiscard]] Place place(std::int64_t row) const {
        std::size_t part = 0;
        for (; part + 1 < parts_.size() && row > rows_[part]; ++part) row -= rows_[part];
        return parts_[part].place(row);
    }

private:
    std::vector<RowStream> parts_;
    std::vector<std::int64_t> rows_;  ///< given so far, of each part
    std::shared_ptr<std::optional<Error>> broken_row_;
    std::size_t at_ = 0;
};

interchange::PlaceOfRow place_in(const std::string& shown) {
    return [shown](std::int64_t row) { return Place{shown, row, {}}; };
}

Result<RowStream> read_parquet(const std::filesystem::path& file, const std::string& shown, std::optional<int> group,
                               std::int64_t batch_rows) {
    try {
        SLIPCAST_ARROW_TRY(input, arrow::io::ReadableFile::Open(file.string()), shown);
        parquet::arrow::FileReaderBuilder builder;
        if (const arrow::Status opened = builder.Open(input); !opened.ok()) return unreadable(opened, shown);
        parquet::ArrowReaderProperties properties(false);
        properties.set_batch_size(batch_rows);
        std::unique_ptr<parquet::arrow::FileReader> reader;
        const arrow::Status built =
            builder.memory_pool(arrow::default_memory_pool())->properties(properties)->Build(&reader);
        if (!built.ok()) return unreadable(built, shown);
        SLIPCAST_ARROW_TRY(
            rows, group ? reader->GetRecordBatchReader(std::vector<int>{*group}) : reader->GetRecordBatchReader(),
            shown);
        RowStream stream;
        stream.reader = std::make_shared<ParquetRows>(std::move(reader), std::move(rows));
        stream.place = place_in(shown);
        return stream;
    } catch (const std::exception& damage) {
        return unreadable(arrow::Status::Invalid(damage.what()), shown);
    }
}

Result<std::vector<std::string>> csv_header(const std::shared_ptr<arrow::csv::StreamingReader>& reader,
                                            const std::string& shown) {
    std::vector<std::string> names = reader->schema()->field_names();
    std::vector<std::string> sorted = names;
    std::sort(sorted.begin(), sorted.end());
    if (const auto twice = std::adjacent_find(sorted.begin(), sorted.end()); twice != sorted.end()) {
        return Error{ErrorCode::malformed, *twice, *twice, "a column name must not occur twice", {shown, 0, {}}};
    }
    return names;
}

Result<std::shared_ptr<arrow::io::InputStream>> open_text(const std::filesystem::path& file, const std::string& shown) {
    SLIPCAST_ARROW_TRY(plain, arrow::io::ReadableFile::Open(file.string()), shown);
    if (!ends_with(file, ".gz")) return std::shared_ptr<arrow::io::InputStream>(plain);
    SLIPCAST_ARROW_TRY(codec, arrow::util::Codec::Create(arrow::Compression::GZIP), shown);
    std::shared_ptr<arrow::util::Codec> shared_codec = std::move(codec);
    SLIPCAST_ARROW_TRY(unpacked, arrow::io::CompressedInputStream::Make(shared_codec.get(), plain), shown);
    // The stream borrows the codec.
    auto* keep = new std::pair(shared_codec, unpacked);
    return std::shared_ptr<arrow::io::InputStream>(unpacked.get(), [keep](arrow::io::InputStream*) { delete keep; });
}

Result<RowStream> read_csv(const std::filesystem::path& file, const std::string& shown, char delimiter) {
    SLIPCAST_TRY(input, open_text(file, shown));
    RowStream stream;
    auto read_options = arrow::csv::ReadOptions::Defaults();
    read_options.use_threads = false;
    read_options.block_size = kCsvBlockBytes;
    auto parse_options = arrow::csv::ParseOptions::Defaults();
    parse_options.delimiter = delimiter;
    parse_options.ignore_empty_lines = true;
    parse_options.invalid_row_handler = [broken = stream.broken_row, shown](const arrow::csv::InvalidRow& row) {
        // Arrow counts the header as row 1; here the first row of data is row 1.
        *broken = Error{ErrorCode::malformed,
                        "row",
                        std::string(row.text.substr(0, 80)),
                        fmt::format("must have {} fields, has {}", row.expected_columns, row.actual_columns),
                        {shown, std::max<std::int64_t>(row.number - 1, 0), {}}};
        return arrow::csv::InvalidRowResult::Error;
    };
    auto convert_options = arrow::csv::ConvertOptions::Defaults();
    convert_options.default_column_type = arrow::utf8();
    convert_options.null_values = {""};
    convert_options.strings_can_be_null = true;
    convert_options.quoted_strings_can_be_null = false;
    auto reader = arrow::csv::StreamingReader::Make(arrow::io::default_io_context(), input, read_options, parse_options,
                                                    convert_options);
    if (!reader.ok()) return stream.broken_row->value_or(unreadable(reader.status(), shown));
    SLIPCAST_CHECK(csv_header(*reader, shown));
    stream.reader = *reader;
    stream.place = place_in(shown);
    return stream;
}

}  // namespace

Error unreadable(const arrow::Status& status, const std::string& file) {
    std::string reason = status.message();
    reason = reason.substr(0, std::min<std::size_t>(reason.find('\n'), 300));
    return Error{ErrorCode::malformed, "file", file, "must be readable: " + reason, {file, 0, {}}};
}

Error unwritable(const std::string& reason, const std::filesystem::path& file) {
    return Error{ErrorCode::io_failure, "file", file.string(), "must be writable: " + reason, {file.string(), 0, {}}};
}

bool is_table_file(const std::filesystem::path& file) {
    return ends_with(file, ".parquet") || ends_with(file, ".csv") || ends_with(file, ".csv.gz");
}

std::string table_stem(const std::filesystem::path& file) {
    std::string name = file.filename().string();
    for (const std::string_view ending : {".parquet", ".csv.gz", ".csv"}) {
        if (name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
    }
    return name;
}

Result<RowStream> read_rows(const std::filesystem::path& file, const std::string& shown, char delimiter) {
    std::error_code failed;
    if (!std::filesystem::is_regular_file(file, failed)) {
        return Error{ErrorCode::not_found, "file", shown, "must be a file", {shown, 0, {}}};
    }
    if (ends_with(file, ".parquet")) return read_parquet(file, shown, std::nullopt, kBatchRows);
    if (is_table_file(file)) return read_csv(file, shown, delimiter);
    return Error{ErrorCode::invalid_value, "file", shown, "must end in .parquet, .csv or .csv.gz", {shown, 0, {}}};
}

Result<RowStream> read_row_group(const std::filesystem::path& file, const std::string& shown, int group) {
    return read_parquet(file, shown, group, INT64_MAX);
}

Result<RowStream> concatenated(std::vector<RowStream> streams, const std::vector<std::string>& shown) {
    SLIPCAST_ASSERT(!streams.empty() && streams.size() == shown.size(), "one name a stream, at least one");
    for (std::size_t i = 0; i < streams.size(); ++i) {
        if (!streams[i].reader->schema()->Equals(*streams.front().reader->schema(), false)) {
            return Error{ErrorCode::inconsistent,
                         "columns",
                         shown[i],
                         "must have the same columns and types as " + shown.front(),
                         {shown[i], 0, {}}};
        }
    }
    RowStream all;
    const auto rows = std::make_shared<ConcatenatedRows>(std::move(streams), all.broken_row);
    all.reader = rows;
    all.place = [rows](std::int64_t row) { return rows->place(row); };
    return all;
}

}  // namespace slipcast::io::detail
