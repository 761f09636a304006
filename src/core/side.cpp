#include "slipcast/core/side.hpp"

namespace slipcast {

Result<Side> parse_side(std::string_view text, std::string_view field) {
    std::string lower(text);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    if (lower == "buy" || lower == "b" || lower == "+1" || lower == "1") return Side::buy;
    if (lower == "sell" || lower == "s" || lower == "-1") return Side::sell;
    return invalid_value(std::string(field), std::string(text), "must be buy, sell, b, s, +1, 1 or -1");
}

std::string_view name(SignTag tag) {
    switch (tag) {
        case SignTag::cost:
            return "cost";
        case SignTag::gain:
            return "gain";
        case SignTag::direction:
            return "direction";
        case SignTag::none:
            return "none";
    }
    SLIPCAST_ASSERT(false, "a SignTag outside its enumerators");
}

}  // namespace slipcast
