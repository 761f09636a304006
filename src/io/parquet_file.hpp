#pragma once

#include <parquet/arrow/writer.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "slipcast/core/table.hpp"
#include "whole_file.hpp"

namespace slipcast::io::detail {

/// File metadata that this module writes carries this prefix.
inline constexpr std::string_view kMetadataPrefix = "slipcast.";

/// Writes core tables of one schema as the row groups of one Parquet file (zstd; times as deltas).
class ParquetFile {
public:
    [[nodiscard]] static Result<ParquetFile> create(const std::filesystem::path& target);

    /// Appends a row group.
    Result<void> write(std::shared_ptr<const Table> rows);
    /// Adds `metadata` under its prefixed names and completes the temporary file.
    Result<void> close(const std::map<std::string, std::string>& metadata);
    Result<void> publish() { return file_.publish(); }

private:
    explicit ParquetFile(WholeFile file) : file_(std::move(file)) {}
    Result<void> open(const arrow::RecordBatch& first);

    WholeFile file_;
    std::unique_ptr<parquet::arrow::FileWriter> writer_;
};

/// The table as one Arrow record batch that shares its memory.
[[nodiscard]] Result<std::shared_ptr<arrow::RecordBatch>> to_batch(std::shared_ptr<const Table> table);

/// One table as one published file.
Result<void> write_parquet(Table table, const std::filesystem::path& target,
                           const std::map<std::string, std::string>& metadata);

}  // namespace slipcast::io::detail
