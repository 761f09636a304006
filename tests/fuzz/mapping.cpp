#include <optional>
#include <string_view>

#include "io/mapped_value.hpp"
#include "io/mapping.hpp"

// A mapping that parses is also applied to a row whose every column holds the same awkward text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace slipcast::io::detail;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto mapping = parse_mapping(text, "fuzz.toml");
    if (!mapping) return 0;
    for (const TableRule& table : mapping->tables) {
        static_cast<void>(table.takes("fills.csv"));
        for (const auto& [column, rule] : table.columns) {
            for (const char* cell : {"1.5", "", "2024-03-05 09:30:00"}) {
                static_cast<void>(mapped_value(
                    rule, column, [&](const std::string&) { return std::optional(std::string(cell)); }, 1));
            }
        }
    }
    return 0;
}
