#include "parquet_file.hpp"

#include <arrow/array/array_dict.h>
#include <arrow/c/bridge.h>
#include <arrow/io/file.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <arrow/util/key_value_metadata.h>

#include <utility>
#include <vector>

#include "arrow_files.hpp"
#include "slipcast/interchange/encode.hpp"

namespace slipcast::io::detail {

Result<ParquetFile> ParquetFile::create(const std::filesystem::path& target) {
    SLIPCAST_TRY(file, WholeFile::create(target));
    return ParquetFile(std::move(file));
}

namespace {

/// Columns of text with one label throughout: their codes are one run, which compression only makes slower to read.
std::vector<std::string> constant_columns(const arrow::RecordBatch& batch) {
    std::vector<std::string> names;
    for (int i = 0; i < batch.num_columns(); ++i) {
        if (batch.column(i)->type_id() != arrow::Type::DICTIONARY) continue;
        const auto& labels = static_cast<const arrow::DictionaryArray&>(*batch.column(i)).dictionary();
        if (labels->length() == 1) names.push_back(batch.column_name(i));
    }
    return names;
}

}  // namespace

Result<void> ParquetFile::open(const arrow::RecordBatch& first) {
    const std::shared_ptr<arrow::Schema>& schema = first.schema();
    auto sink = arrow::io::FileOutputStream::Open(file_.temporary().string());
    if (!sink.ok()) return unwritable(sink.status().message(), file_.target());
    parquet::WriterProperties::Builder properties;
    properties.compression(arrow::Compression::ZSTD);
    // Times hardly repeat: a dictionary would only grow until it is given up.
    if (const auto time = schema->GetFieldByName("time");
        time != nullptr && time->type()->id() == arrow::Type::TIMESTAMP)
        properties.disable_dictionary("time")->encoding("time", parquet::Encoding::DELTA_BINARY_PACKED);
    for (const std::string& name : constant_columns(first))
        properties.compression(name, arrow::Compression::UNCOMPRESSED);
    const auto stored = parquet::ArrowWriterProperties::Builder().store_schema()->build();
    auto writer =
        parquet::arrow::FileWriter::Open(*schema, arrow::default_memory_pool(), *sink, properties.build(), stored);
    if (!writer.ok()) return unwritable(writer.status().message(), file_.target());
    writer_ = std::move(*writer);
    return {};
}

Result<void> ParquetFile::write(std::shared_ptr<const Table> rows) {
    SLIPCAST_TRY(batch, to_batch(std::move(rows)));
    if (writer_ == nullptr) SLIPCAST_CHECK(open(*batch));
    // Labels may grow from one row group to the next; the Parquet schema does not depend on them.
    const auto table = arrow::Table::Make(writer_->schema(), batch->columns(), batch->num_rows());
    const arrow::Status written = writer_->WriteTable(*table, std::max<std::int64_t>(batch->num_rows(), 1));
    if (!written.ok()) return unwritable(written.message(), file_.target());
    return {};
}

Result<void> ParquetFile::close(const std::map<std::string, std::string>& metadata) {
    SLIPCAST_ASSERT(writer_ != nullptr, "a file has at least one row group, which gives it its columns");
    std::vector<std::string> keys, values;
    for (const auto& [key, value] : metadata) {
        keys.push_back(std::string(kMetadataPrefix) + key);
        values.push_back(value);
    }
    arrow::Status status = writer_->AddKeyValueMetadata(arrow::key_value_metadata(std::move(keys), std::move(values)));
    if (status.ok()) status = writer_->Close();
    writer_.reset();
    if (!status.ok()) return unwritable(status.message(), file_.target());
    return {};
}

Result<std::shared_ptr<arrow::RecordBatch>> to_batch(std::shared_ptr<const Table> table) {
    const std::string name = table->name();
    ArrowArrayStream stream{};
    interchange::encode_table(std::move(table), &stream);
    SLIPCAST_ARROW_TRY(reader, arrow::ImportRecordBatchReader(&stream), name);
    std::shared_ptr<arrow::RecordBatch> batch;
    if (const arrow::Status read = reader->ReadNext(&batch); !read.ok()) return unreadable(read, name);
    SLIPCAST_ASSERT(batch != nullptr, "an encoded table is one batch");
    return batch;
}

Result<void> write_parquet(Table table, const std::filesystem::path& target,
                           const std::map<std::string, std::string>& metadata) {
    SLIPCAST_TRY(file, ParquetFile::create(target));
    SLIPCAST_CHECK(file.write(std::make_shared<const Table>(std::move(table))));
    SLIPCAST_CHECK(file.close(metadata));
    return file.publish();
}

}  // namespace slipcast::io::detail
