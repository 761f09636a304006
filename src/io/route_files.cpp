#include "slipcast/io/route_files.hpp"

#include <arrow/c/bridge.h>

#include "arrow_files.hpp"
#include "slipcast/interchange/routes.hpp"

namespace slipcast::io {

Result<market::RouteTable> read_routes(const std::filesystem::path& file) {
    const std::string shown = file.filename().string();
    SLIPCAST_TRY(rows, detail::read_rows(file, shown));
    ArrowArrayStream exported{};
    if (const auto status = arrow::ExportRecordBatchReader(rows.reader, &exported); !status.ok()) {
        return detail::unreadable(status, shown);
    }
    auto decoded = interchange::decode_routes(&exported, shown);
    if (!decoded && rows.broken_row->has_value()) return **rows.broken_row;
    return decoded;
}

}  // namespace slipcast::io
