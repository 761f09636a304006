#include "slipcast/io/dataset_files.hpp"

#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "decode_file.hpp"
#include "folder.hpp"
#include "left_out.hpp"
#include "parquet_file.hpp"
#include "slipcast/core/nearest.hpp"
#include "slipcast/interchange/data_digest.hpp"
#include "slipcast/interchange/decode.hpp"
#include "slipcast/interchange/encode.hpp"
#include "slipcast/io/tape_files.hpp"
#include "slipcast/market/quality_tables.hpp"
#include "tape_index.hpp"

namespace slipcast::io {

namespace {

using std::filesystem::path;

/// The names that a dataset folder may hold: the contract's, and what write_quality leaves.
bool is_report(const std::string& stem) {
    return stem == "quality" || stem == "quality_rules" || stem == "degradations" || stem == "quarantine";
}

std::vector<std::string> known_tables() {
    std::vector<std::string> names = interchange::contract_tables();
    names.insert(names.end(), {"quotes", "trades"});
    return names;
}

class DatasetReader {
public:
    DatasetReader(path folder, const Progress& progress) : folder_(std::move(folder)), progress_(progress) {}

    Result<market::Dataset> read() {
        SLIPCAST_CHECK(find_files());
        std::int64_t done = 0;
        for (const std::string& table : interchange::contract_tables()) {
            SLIPCAST_CHECK(report(table, done++));
            for (const path& file : files_[table]) SLIPCAST_CHECK(read_file(table, file));
        }
        SLIPCAST_CHECK(report("tape", done++));
        SLIPCAST_CHECK(read_tape());
        SLIPCAST_CHECK(read_left_out());
        draft_.provenance["data_digest"] = digest_.hex();
        SLIPCAST_CHECK(report("validation", done));
        return market::assemble(std::move(draft_));
    }

private:
    Result<void> report(std::string_view stage, std::int64_t done) const {
        const auto total = static_cast<std::int64_t>(interchange::contract_tables().size()) + 2;
        if (!progress_ || progress_(stage, done, total)) return {};
        return Error{ErrorCode::interrupted, std::string(stage), "", "the caller asked to stop", {}};
    }

    /// Sorts the folder's entries into tables. A table's file or folder under an unknown name is refused; other files
    /// (notes, pages, workbooks) are not ours.
    Result<void> find_files() {
        SLIPCAST_TRY(found, detail::entries(folder_));
        for (const path& entry : found) {
            std::error_code failed;
            const bool is_folder = std::filesystem::is_directory(entry, failed);
            SLIPCAST_TRY(inside, detail::table_files_in(entry));
            if (is_folder ? inside.empty() : !detail::is_table_file(entry)) continue;
            const std::string stem = is_folder ? entry.filename().string() : detail::table_stem(entry);
            if (is_report(stem)) continue;
            if (stem == detail::kLeftOut && !is_folder) {
                left_out_ = entry;
                continue;
            }
            const std::vector<std::string> names = known_tables();
            if (std::find(names.begin(), names.end(), stem) == names.end()) {
                return Error{ErrorCode::unknown_field,
                             "table",
                             entry.filename().string(),
                             "unknown table; did you mean " + nearest_name(stem, names) + "?",
                             {entry.filename().string(), 0, {}}};
            }
            std::vector<path>& files = files_[stem];
            if (!files.empty()) {
                return Error{ErrorCode::inconsistent,
                             "table",
                             stem,
                             "is given twice: " + shown(files.front()) + " and " + entry.filename().string(),
                             {entry.filename().string(), 0, {}}};
            }
            files = is_folder ? std::move(inside) : std::vector<path>{entry};
        }
        return {};
    }

    /// Rows that were left out when this folder was written belong to its quality report as if read today.
    Result<void> read_left_out() {
        if (left_out_.empty()) return {};
        SLIPCAST_CHECK(add_to_digest(left_out_));
        return detail::read_left_out(left_out_, draft_.quality);
    }

    [[nodiscard]] std::string shown(const path& file) const {
        return file.lexically_relative(folder_).generic_string();
    }

    Result<void> read_file(const std::string& table, const path& file) {
        SLIPCAST_TRY(rows, detail::read_rows(file, shown(file)));
        SLIPCAST_CHECK(add_to_digest(file));
        if (const auto& metadata = rows.reader->schema()->metadata(); metadata != nullptr) {
            for (std::int64_t i = 0; i < metadata->size(); ++i) {
                const std::string_view key = metadata->key(i);
                if (!key.starts_with(detail::kMetadataPrefix)) continue;
                draft_.provenance.emplace(key.substr(detail::kMetadataPrefix.size()), metadata->value(i));
            }
        }
        return detail::decode_rows(rows, table, shown(file), draft_);
    }

    Result<void> add_to_digest(const path& file) {
        digest_.add(shown(file));
        return digest_.add_file(file);
    }

    Result<void> read_tape() {
        std::vector<path> all = files_["quotes"];
        all.insert(all.end(), files_["trades"].begin(), files_["trades"].end());
        if (all.empty()) {
            draft_.missing_columns.insert(draft_.missing_columns.end(), {"quotes", "trades"});
            return {};
        }
        const bool streams = std::all_of(all.begin(), all.end(), [&](const path& file) {
            return file.parent_path() != folder_ && detail::is_tape_file(file);
        });
        return streams ? open_streaming_tape(all) : read_tape_in_memory(all);
    }

    /// The rows stay on disk: what was counted when they were written stands for them in the quality report.
    Result<void> open_streaming_tape(const std::vector<path>& files) {
        SLIPCAST_TRY(tape, open_tape(folder_, draft_.names));
        draft_.tape = tape;
        for (const path& file : files) {
            SLIPCAST_TRY(index, detail::read_tape_index(file, shown(file)));
            digest_.add(index.shown);
            digest_.add(index.metadata.digest);
            const std::string table = file.parent_path().filename().string();
            draft_.quality.count_read(table, index.rows);
            flag(index, index.metadata.crossed, "crossed: bid above ask (kept)");
            flag(index, index.metadata.locked, "locked: bid equals ask (kept)");
        }
        for (const char* table : {"quotes", "trades"}) {
            if (files_[table].empty()) draft_.missing_columns.emplace_back(table);
        }
        return {};
    }

    void flag(const detail::TapeFileIndex& index, std::int64_t rows, const char* rule) {
        if (rows == 0) return;
        draft_.quality.add_flagged(
            {"quotes", market::Disposition::flagged, {ErrorCode::inconsistent, "bid", "", rule, {index.shown, 0, {}}}},
            rows);
    }

    Result<void> read_tape_in_memory(const std::vector<path>& files) {
        for (const path& file : files) SLIPCAST_CHECK(add_to_digest(file));
        detail::RowStream streams[2];
        for (const bool is_quotes : {true, false}) {
            std::vector<detail::RowStream> parts;
            std::vector<std::string> names;
            for (const path& file : files_[is_quotes ? "quotes" : "trades"]) {
                SLIPCAST_TRY(rows, detail::read_rows(file, shown(file)));
                parts.push_back(std::move(rows));
                names.push_back(shown(file));
            }
            if (parts.empty()) continue;
            SLIPCAST_TRY(joined, detail::concatenated(std::move(parts), names));
            streams[is_quotes ? 0 : 1] = std::move(joined);
        }
        SLIPCAST_TRY(tape, detail::decode_tape_rows(streams[0], streams[1], draft_));
        draft_.tape = tape;
        return {};
    }

    path folder_;
    const Progress& progress_;
    std::map<std::string, std::vector<path>> files_;
    path left_out_;
    interchange::DataDigest digest_;
    market::DatasetDraft draft_;
};

}  // namespace

Result<market::Dataset> open_dataset(const path& folder, const Progress& progress) {
    return DatasetReader(folder, progress).read();
}

Result<void> write_dataset(const market::Dataset& dataset, const path& folder) {
    for (Table& table : interchange::contract_tables_of(dataset)) {
        const path target = folder / (table.name() + ".parquet");
        SLIPCAST_CHECK(detail::write_parquet(std::move(table), target, dataset.provenance));
    }
    return detail::write_left_out(dataset.quality, folder);
}

Result<void> write_quality(const market::QualityReport& quality, const path& folder) {
    std::vector<Table> tables = market::quality_tables(quality);
    tables.push_back(market::quarantine_table(quality));
    for (Table& table : tables) {
        const path target = folder / (table.name() + ".parquet");
        SLIPCAST_CHECK(detail::write_parquet(std::move(table), target, {}));
    }
    return {};
}

}  // namespace slipcast::io
