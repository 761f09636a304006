#include <cstdlib>

#include "files.hpp"
#include "slipcast/io/route_files.hpp"

// Tables of routes as CSV: whatever is read must be a possible fill, and every row is kept or quarantined.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace slipcast;
    const auto table = io::read_routes(fuzz::file_with("routes.csv", data, size));
    if (!table) return 0;
    for (const market::Route& route : table->rows) {
        const bool is_possible = route.sent > 0 && route.filled >= 0 && route.filled <= route.sent &&
                                 route.min_quantity >= 1 && route.min_quantity <= route.sent &&
                                 (route.filled == 0 || route.filled >= route.min_quantity);
        if (!is_possible) std::abort();
    }
    return 0;
}
