#include <cstdlib>
#include <string_view>

#include "io/local_time.hpp"

// The first line is a pattern, the rest a time: parsed or refused, and an instant or refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace slipcast;
    static const auto kZone = io::detail::LocalZone::find("America/New_York").value();
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t line = text.find('\n');
    if (line == std::string_view::npos) return 0;
    const auto local = io::detail::parse_local_time(text.substr(line + 1), text.substr(0, line), "time");
    if (local) {
        if (local->since_midnight < Duration{0} || local->since_midnight >= std::chrono::hours{24}) std::abort();
        static_cast<void>(kZone.instant(local->date, local->since_midnight));
    }
    return 0;
}
