#include "venue_logs.hpp"

#include "slipcast/io/dataset_files.hpp"
#include "slipcast/io/route_files.hpp"

namespace slipcast::app {

Result<VenueLogs> read_venue_logs(const std::filesystem::path& source, const venue::LogOptions& options,
                                  const Progress& progress) {
    std::error_code failed;
    if (std::filesystem::is_directory(source, failed)) {
        SLIPCAST_TRY(dataset, io::open_dataset(source, progress));
        SLIPCAST_TRY(logs, venue::pair_logs(dataset, options));
        return VenueLogs{.logs = std::move(logs), .quality = std::move(dataset.quality)};
    }
    SLIPCAST_TRY(table, io::read_routes(source));
    return VenueLogs{.logs = venue::pair_logs(table.rows), .quality = std::move(table.quality)};
}

}  // namespace slipcast::app
