#include <cstdlib>
#include <string_view>

#include "slipcast/core/decimal.hpp"
#include "slipcast/core/time.hpp"

// What parses must print to text that parses to the same value.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace slipcast;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const int decimals : {0, 5, 9, 18}) {
        const auto units = parse_decimal(text, decimals);
        if (!units) continue;
        const auto again = parse_decimal(format_decimal(*units, decimals), decimals);
        if (!again || *again != *units) std::abort();
    }
    if (const auto time = Timestamp::parse(text)) {
        const auto again = Timestamp::parse(time->to_string());
        if (!again || *again != *time) std::abort();
    }
    if (const auto date = Date::parse(text)) {
        const auto again = Date::parse(date->to_string());
        if (!again || *again != *date) std::abort();
    }
    if (const auto duration = parse_duration(text)) {
        const auto again = parse_duration(to_string(*duration));
        if (!again || *again != *duration) std::abort();
    }
    return 0;
}
