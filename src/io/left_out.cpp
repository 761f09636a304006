#include "left_out.hpp"

#include "parquet_file.hpp"
#include "slipcast/io/table_files.hpp"
#include "slipcast/market/quality_tables.hpp"

namespace slipcast::io::detail {

Result<void> write_left_out(const market::QualityReport& quality, const std::filesystem::path& folder) {
    if (quality.quarantine().empty()) return {};
    return write_parquet(market::quarantine_table(quality), folder / (std::string(kLeftOut) + ".parquet"), {});
}

Result<void> read_left_out(const std::filesystem::path& file, market::QualityReport& quality) {
    SLIPCAST_TRY(table, read_table(file));
    return market::add_left_out(table, file.filename().string(), quality);
}

}  // namespace slipcast::io::detail
