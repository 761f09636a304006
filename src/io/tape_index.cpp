#include "tape_index.hpp"

#include <arrow/util/key_value_metadata.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/schema.h>
#include <parquet/statistics.h>

#include "arrow_files.hpp"
#include "parquet_file.hpp"

namespace slipcast::io::detail {

namespace {

std::map<std::string, std::string> own_metadata(const parquet::FileMetaData& footer) {
    std::map<std::string, std::string> own;
    const auto& pairs = footer.key_value_metadata();
    if (pairs == nullptr) return own;
    for (std::int64_t i = 0; i < pairs->size(); ++i) {
        const std::string& key = pairs->key(i);
        if (key.starts_with(kMetadataPrefix)) own[key.substr(kMetadataPrefix.size())] = pairs->value(i);
    }
    return own;
}

Error malformed(const std::string& shown, const char* field, const char* rule) {
    return Error{ErrorCode::malformed, field, "", rule, {shown, 0, {}}};
}

/// The times of row group `group`, or nothing when the file does not say.
std::optional<TimeRange> time_range(const parquet::FileMetaData& footer, int column, int group) {
    const auto statistics = footer.RowGroup(group)->ColumnChunk(column)->statistics();
    if (statistics == nullptr || !statistics->HasMinMax()) return std::nullopt;
    if (statistics->physical_type() != parquet::Type::INT64) return std::nullopt;
    const auto& times = static_cast<const parquet::Int64Statistics&>(*statistics);
    return TimeRange{Timestamp::from_ns(times.min()), Timestamp::from_ns(times.max())};
}

Result<TapeFileIndex> index_of(const parquet::FileMetaData& footer, const std::filesystem::path& file,
                               const std::string& shown) {
    TapeFileIndex index;
    index.file = file;
    index.shown = shown;
    auto metadata = TapeMetadata::from_map(own_metadata(footer));
    if (!metadata) {
        Error error = metadata.error();
        error.place.file = shown;
        return error;
    }
    index.metadata = *std::move(metadata);
    index.rows = footer.num_rows();
    const int column = footer.schema()->ColumnIndex("time");
    if (column < 0) return malformed(shown, "time", "a tape file has this column");
    for (int group = 0; group < footer.num_row_groups(); ++group) {
        if (footer.RowGroup(group)->num_rows() == 0) {
            index.groups.push_back(index.groups.empty() ? TimeRange{Timestamp::min(), Timestamp::min()}
                                                        : TimeRange{index.groups.back().end, index.groups.back().end});
            continue;
        }
        const auto range = time_range(footer, column, group);
        if (!range) return malformed(shown, "time", "each row group must carry its first and last time");
        if (!index.groups.empty() && range->begin < index.groups.back().end)
            return malformed(shown, "time", "row groups must be in time order");
        index.groups.push_back(*range);
    }
    return index;
}

}  // namespace

bool is_tape_file(const std::filesystem::path& file) {
    try {
        const auto reader = parquet::ParquetFileReader::OpenFile(file.string(), false);
        return own_metadata(*reader->metadata()).contains(std::string(kTapeFormatKey));
    } catch (const std::exception&) {
        return false;  // whoever reads it as a table says what is wrong with it
    }
}

Result<TapeFileIndex> read_tape_index(const std::filesystem::path& file, const std::string& shown) {
    try {
        const auto reader = parquet::ParquetFileReader::OpenFile(file.string(), false);
        SLIPCAST_TRY(index, index_of(*reader->metadata(), file, shown));
        index.footer = reader->metadata();
        return std::move(index);
    } catch (const std::exception& damage) {
        return unreadable(arrow::Status::Invalid(damage.what()), shown);
    }
}

}  // namespace slipcast::io::detail
