#include "slipcast/io/table_files.hpp"

#include <arrow/csv/writer.h>
#include <arrow/io/file.h>
#include <arrow/record_batch.h>

#include "arrow_files.hpp"
#include "parquet_file.hpp"

namespace slipcast::io {

namespace {

Result<void> write_csv(std::shared_ptr<const Table> table, const std::filesystem::path& target) {
    SLIPCAST_TRY(file, detail::WholeFile::create(target));
    SLIPCAST_TRY(batch, detail::to_batch(std::move(table)));
    auto sink = arrow::io::FileOutputStream::Open(file.temporary().string());
    if (!sink.ok()) return detail::unwritable(sink.status().message(), target);
    arrow::Status status = arrow::csv::WriteCSV(*batch, arrow::csv::WriteOptions::Defaults(), sink->get());
    if (status.ok()) status = (*sink)->Close();
    if (!status.ok()) return detail::unwritable(status.message(), target);
    return file.publish();
}

Result<void> write_parquet(std::shared_ptr<const Table> table, const std::filesystem::path& target,
                           const std::map<std::string, std::string>& provenance) {
    SLIPCAST_TRY(file, detail::ParquetFile::create(target));
    SLIPCAST_CHECK(file.write(std::move(table)));
    SLIPCAST_CHECK(file.close(provenance));
    return file.publish();
}

}  // namespace

Result<void> write_tables(const std::vector<Table>& tables, const std::filesystem::path& folder, bool csv,
                          const std::map<std::string, std::string>& provenance) {
    for (const Table& table : tables) {
        SLIPCAST_ASSERT(!table.columns().empty(), "a result table has columns");
        const std::string name = detail::file_name(table.name());
        // Borrowed, not copied: what is made from it is gone when the writers return.
        const std::shared_ptr<const Table> borrowed(std::shared_ptr<const Table>{}, &table);
        SLIPCAST_CHECK(write_parquet(borrowed, folder / (name + ".parquet"), provenance));
        if (csv) SLIPCAST_CHECK(write_csv(borrowed, folder / (name + ".csv")));
    }
    return {};
}

Result<void> write_table(const Table& table, const std::filesystem::path& file,
                         const std::map<std::string, std::string>& provenance) {
    SLIPCAST_ASSERT(!table.columns().empty(), "a result table has columns");
    const std::shared_ptr<const Table> borrowed(std::shared_ptr<const Table>{}, &table);
    if (file.extension() == ".parquet") return write_parquet(borrowed, file, provenance);
    if (file.extension() == ".csv") return write_csv(borrowed, file);
    return invalid_value("file", file.string(), "must end in .parquet or .csv");
}

}  // namespace slipcast::io
