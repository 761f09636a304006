#include "slipcast/market/depth.hpp"

#include <charconv>

#include "slipcast/core/assert.hpp"

namespace slipcast::market {

namespace {

std::optional<Error> broken_level(Side side, std::span<const BookLevel> levels, std::size_t at, bool any_price) {
    const BookLevel& level = levels[at];
    const BookLevel& better = levels[at - 1];
    const auto refuse = [&](bool is_size, std::string value, std::string rule) {
        const ErrorCode code = ErrorCode::invalid_value;
        return Error{code, level_column(side, is_size, at + 1), std::move(value), std::move(rule), {}};
    };
    const std::string size = std::to_string(level.size.units());
    if (level.size < Quantity{}) return refuse(true, size, "must be >= 0");
    if (!level.is_there()) {
        if (level.price == Price{}) return std::nullopt;
        return refuse(true, size, "must be > 0 where the level has a price");
    }
    const std::string price = level.price.to_string();
    if (!any_price && level.price <= Price{}) return refuse(false, price, "must be > 0 where the level has a size");
    const std::string better_name = level_column(side, false, at);
    const bool is_behind_nothing = !better.is_there() && better.price == Price{};
    if (is_behind_nothing) return refuse(false, price, "must be absent, as " + better_name + " is");
    if (side == Side::buy ? level.price < better.price : level.price > better.price) return std::nullopt;
    const char* relation = side == Side::buy ? "must be below " : "must be above ";
    return refuse(false, price, relation + better_name + " " + better.price.to_string());
}

}  // namespace

std::string level_column(Side side, bool is_size, std::size_t level) {
    SLIPCAST_ASSERT(level >= 1, "levels count from the touch");
    std::string name = side == Side::buy ? "bid" : "ask";
    if (is_size) name += "_size";
    return level == 1 ? name : name + "_" + std::to_string(level);
}

std::optional<std::size_t> depth_level(std::string_view column) {
    for (const std::string_view prefix : {"bid_size_", "ask_size_", "bid_", "ask_"}) {
        if (!column.starts_with(prefix)) continue;
        const std::string_view digits = column.substr(prefix.size());
        std::size_t level = 0;
        const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), level);
        if (failed != std::errc{} || end != digits.data() + digits.size() || digits.front() == '0') return std::nullopt;
        return level >= 2 && level <= kMaxLevels ? std::optional(level) : std::nullopt;
    }
    return std::nullopt;
}

std::optional<Error> broken_levels(Side side, std::span<const BookLevel> levels, bool any_price) {
    for (std::size_t at = 1; at < levels.size(); ++at) {
        if (auto broken = broken_level(side, levels, at, any_price)) return broken;
    }
    return std::nullopt;
}

}  // namespace slipcast::market
