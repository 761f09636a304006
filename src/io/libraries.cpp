#include "slipcast/io/libraries.hpp"

#include <arrow/config.h>
#include <arrow/memory_pool.h>
#include <date/tz.h>
#include <xlsxwriter.h>
#include <zip.h>

#include <exception>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace slipcast::io {
namespace {

Library time_zones() {
    Library zones{.name = "time zones", .version = {}, .problem = {}};
    try {
        static_cast<void>(date::locate_zone("America/New_York"));
        // A system database carries no version of its own.
        const std::string version = date::get_tzdb().version;
        zones.version = version == "unknown" ? "of the system" : version;
    } catch (const std::exception& error) {
        zones.problem = error.what();
    }
    return zones;
}

}  // namespace

std::vector<Library> libraries() {
    return {{.name = "Arrow", .version = arrow::GetBuildInfo().version_string, .problem = {}},
            {.name = "libzip", .version = zip_libzip_version(), .problem = {}},
            {.name = "libxlsxwriter", .version = lxw_version(), .problem = {}},
            time_zones()};
}

void release_memory() {
    arrow::default_memory_pool()->ReleaseUnused();
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

void keep_no_large_blocks() {
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 4 << 20);
#endif
}

}  // namespace slipcast::io
