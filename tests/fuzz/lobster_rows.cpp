#include <cstdlib>
#include <string_view>

#include "io/lobster_files.hpp"
#include "io/lobster_rows.hpp"

// The first byte chooses how many levels an orderbook line has; the rest is a line, read as each kind, and a file name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace slipcast;
    using namespace slipcast::io::detail;
    if (size == 0) return 0;
    const std::string_view line(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto message = parse_lobster_message(line);
    if (message && (message->since_midnight < Duration{} || message->size < Quantity{} || message->price < Price{}))
        std::abort();
    LobsterBook book;
    const bool is_read = static_cast<bool>(LobsterBookReader(1 + data[0] % 4).read(line, book));
    for (const Side side : {Side::buy, Side::sell}) {
        if (is_read && market::broken_levels(side, book.of(side), false)) std::abort();
    }
    if (is_read && message) static_cast<void>(follows(*message, book, book));
    const auto name = parse_lobster_name(line);
    if (name && (name->symbol.empty() || name->levels == 0)) std::abort();
    return 0;
}
