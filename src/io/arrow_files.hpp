#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>
#include <arrow/status.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/interchange/decode.hpp"

// Arrow's readers and its errors, in the terms of this project. The only place where files become batches.

namespace slipcast::io::detail {

/// A file's bytes do not parse: Arrow's reason as the rule.
[[nodiscard]] Error unreadable(const arrow::Status& status, const std::string& file);
/// The operating system or a library could not write.
[[nodiscard]] Error unwritable(const std::string& reason, const std::filesystem::path& file);

/// Batches of a file or of several, where each row stands there, and what was wrong with a row that is not a row: Arrow
/// reports that only as text.
struct RowStream {
    std::shared_ptr<arrow::RecordBatchReader> reader;
    std::shared_ptr<std::optional<Error>> broken_row = std::make_shared<std::optional<Error>>();
    interchange::PlaceOfRow place = {};
};

/// True for a name that `read_rows` can read: .parquet, .csv, .csv.gz.
[[nodiscard]] bool is_table_file(const std::filesystem::path& file);
/// The name without those endings: "fills" of "fills.csv.gz".
[[nodiscard]] std::string table_stem(const std::filesystem::path& file);

/// The rows of a Parquet or CSV file, by its ending, a batch at a time. Every CSV column is text, so that decimals and
/// times reach the exact parsers as written; an empty unquoted field is missing. `shown` is what errors call the file.
[[nodiscard]] Result<RowStream> read_rows(const std::filesystem::path& file, const std::string& shown,
                                          char delimiter = ',');

/// One row group of a Parquet file as one batch.
[[nodiscard]] Result<RowStream> read_row_group(const std::filesystem::path& file, const std::string& shown, int group);

/// The batches of several streams of one schema, one after the other.
[[nodiscard]] Result<RowStream> concatenated(std::vector<RowStream> streams, const std::vector<std::string>& shown);

}  // namespace slipcast::io::detail

/// Binds the value of an arrow::Result, or returns the refusal for reading `file`.
#define SLIPCAST_ARROW_TRY(name, expression, file)                                                  \
    auto name##_arrow = (expression);                                                               \
    if (!name##_arrow.ok()) return ::slipcast::io::detail::unreadable(name##_arrow.status(), file); \
    auto& name = *name##_arrow  // NOLINT(bugprone-macro-parentheses): declares a variable
