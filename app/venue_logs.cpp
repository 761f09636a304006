#include "venue_logs.hpp"

#include <fmt/format.h>

#include "slipcast/io/dataset_files.hpp"
#include "slipcast/io/route_files.hpp"
#include "slipcast/market/quality_tables.hpp"
#include "surface.hpp"

namespace slipcast::app {

std::vector<Table> with_quarantine(std::vector<Table> made, const VenueLogs& read) {
    made.push_back(market::quarantine_table(read.quality));
    return made;
}

void print_quarantine(const VenueLogs& read) {
    if (read.quality.quarantined() > 0) fmt::print("data quality\n{}", to_text(read.quality));
}

void print_caveat(const VenueLogs& read) {
    if (const std::string caveat = read.logs.caveat(); !caveat.empty()) fmt::print("\n{}\n", caveat);
}

std::string described(const std::filesystem::path& source, const VenueLogs& read) {
    const std::string caveat = read.logs.caveat();
    return caveat.empty() ? source.string() : fmt::format("{}. {}", source.string(), caveat);
}

Result<VenueLogs> read_venue_logs(const std::filesystem::path& source, const venue::LogOptions& options,
                                  const Progress& progress) {
    std::error_code failed;
    if (std::filesystem::is_directory(source, failed)) {
        SLIPCAST_TRY(dataset, io::open_dataset(source, progress));
        SLIPCAST_TRY(logs, venue::pair_logs(dataset, options));
        return VenueLogs{.logs = std::move(logs), .quality = std::move(dataset.quality)};
    }
    SLIPCAST_TRY(table, io::read_routes(source));
    return VenueLogs{.logs = venue::pair_logs(table), .quality = std::move(table.quality)};
}

}  // namespace slipcast::app
