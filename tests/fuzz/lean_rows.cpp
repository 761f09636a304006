#include <cstdlib>
#include <string_view>

#include "io/lean_rows.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace slipcast;
    using namespace slipcast::io::detail;
    const std::string_view line(reinterpret_cast<const char*>(data), size);
    for (const auto& trade : {parse_lean_trade(line), parse_lean_trade_bar(line)}) {
        if (trade && (trade->price <= Price{} || trade->size < Quantity{})) std::abort();
    }
    for (const auto& quote : {parse_lean_quote(line), parse_lean_quote_bar(line)}) {
        if (quote && !quote->bid.is_there() && !quote->ask.is_there()) std::abort();
    }
    return 0;
}
