#include "slipcast/market/depth.hpp"

#include <charconv>

#include "slipcast/core/assert.hpp"

namespace slipcast::market {

namespace {

Error refused(Side side, bool is_size, std::size_t level, std::string value, std::string rule) {
    return Error{ErrorCode::invalid_value, level_column(side, is_size, level), std::move(value), std::move(rule), {}};
}

/// Of the level at `at` >= 1. Text is made only for a broken one: tapes ask this of every level of every row.
std::optional<Error> broken_level(Side side, std::span<const BookLevel> levels, std::size_t at, bool any_price) {
    const BookLevel& level = levels[at];
    const BookLevel& better = levels[at - 1];
    const auto refuse_size = [&](const char* rule) {
        return refused(side, true, at + 1, std::to_string(level.size.units()), rule);
    };
    const auto refuse_price = [&](std::string rule) {
        return refused(side, false, at + 1, level.price.to_string(), std::move(rule));
    };
    if (level.size < Quantity{}) return refuse_size("must be >= 0");
    if (!level.is_there()) {
        if (level.price == Price{}) return std::nullopt;
        return refuse_size("must be > 0 where the level has a price");
    }
    if (!any_price && level.price <= Price{}) return refuse_price("must be > 0 where the level has a size");
    const bool is_behind_nothing = !better.is_there() && better.price == Price{};
    if (is_behind_nothing) return refuse_price("must be absent, as " + level_column(side, false, at) + " is");
    if (side == Side::buy ? level.price < better.price : level.price > better.price) return std::nullopt;
    const char* relation = side == Side::buy ? "must be below " : "must be above ";
    return refuse_price(relation + level_column(side, false, at) + " " + better.price.to_string());
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
