#include "slipcast/tca/horizon.hpp"

#include <array>

#include "slipcast/core/decimal.hpp"

namespace slipcast::tca {

namespace {

constexpr Duration kLongestHorizon = std::chrono::hours{24 * 31};

struct Suffix {
    std::string_view text;
    MarkoutClock clock;
};
constexpr std::array<Suffix, 3> kSuffixes{
    {{"trades", MarkoutClock::trades}, {"shares", MarkoutClock::volume}, {"units", MarkoutClock::volume}}};

}  // namespace

std::string_view name(MarkoutClock clock) {
    constexpr std::array<std::string_view, 3> kNames{"wall", "trades", "volume"};
    return kNames[static_cast<std::size_t>(clock)];
}

Result<Horizon> parse_horizon(std::string_view text, std::string_view field) {
    Horizon horizon;
    horizon.text = std::string(text);
    for (const Suffix& suffix : kSuffixes) {
        if (!text.ends_with(suffix.text)) continue;
        const auto amount = parse_decimal(text.substr(0, text.size() - suffix.text.size()), 0, field);
        if (!amount) {
            Error error = amount.error();
            error.value = std::string(text);
            return error;
        }
        if (*amount == 0) {
            return invalid_value(std::string(field), std::string(text),
                                 "must not be zero: the mid at the fill is the horizon 0s");
        }
        horizon.clock = suffix.clock;
        horizon.amount = *amount;
        return horizon;
    }
    SLIPCAST_TRY(wall, parse_duration(text, field));
    if (wall > kLongestHorizon || wall < -kLongestHorizon) {
        return invalid_value(std::string(field), std::string(text), "must be at most 31 days");
    }
    horizon.wall = wall;
    return horizon;
}

}  // namespace slipcast::tca
