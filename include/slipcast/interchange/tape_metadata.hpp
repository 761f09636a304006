#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/market/tape.hpp"

namespace slipcast::interchange {

/// The key whose presence says that a file is a tape file: one symbol, the contract's own types, in order.
inline constexpr std::string_view kTapeFormatKey = "tape_format";
inline constexpr std::string_view kTapeFormat = "1";

/// What a tape file says about itself beside its rows, as file metadata.
struct TapeMetadata {
    std::string symbol;
    bool indicative = false;
    std::vector<market::FeedGap> gaps;
    std::vector<std::string> venues;
    std::int64_t crossed = 0;  ///< quotes with bid > ask
    std::int64_t locked = 0;   ///< quotes with bid = ask
    std::string digest;        ///< of the rows, column by column

    [[nodiscard]] std::map<std::string, std::string> to_map() const;
    /// Refuses what `to_map` did not write, naming the key.
    [[nodiscard]] static Result<TapeMetadata> from_map(const std::map<std::string, std::string>& metadata);
};

}  // namespace slipcast::interchange
