#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/core/time.hpp"
#include "slipcast/market/depth.hpp"

// One line of a LOBSTER message or orderbook file each. Prices are whole numbers of 1e-4 dollars, times seconds after
// midnight on the exchange's wall clock; refusals name the source's field. Nothing here knows about days or zones.

namespace slipcast::io::detail {

enum class LobsterEvent : std::uint8_t {
    submission = 1,
    partial_cancel = 2,
    deletion = 3,
    visible_execution = 4,
    hidden_execution = 5,
    cross = 6,
    halt = 7,
};

/// What a halt message says through its price.
enum class LobsterHalt : std::uint8_t { stop, quotes_resume, trades_resume };

/// time, type, order id, size, price, direction; a seventh field (the participant) may follow and is not read.
struct LobsterMessage {
    Duration since_midnight{};
    LobsterEvent event = LobsterEvent::submission;
    Quantity size;
    Price price;        ///< 0 for halts
    int direction = 0;  ///< of the RESTING order: +1 buy, -1 sell; 0 where the event has none
    LobsterHalt halt = LobsterHalt::stop;
};
[[nodiscard]] Result<LobsterMessage> parse_lobster_message(std::string_view line);

/// Both sides of the book, best first, with absent levels at the end.
struct LobsterBook {
    std::vector<market::BookLevel> bids, asks;
    [[nodiscard]] const std::vector<market::BookLevel>& of(Side side) const { return side == Side::buy ? bids : asks; }
    friend bool operator==(const LobsterBook&, const LobsterBook&) = default;
};

/// Reads orderbook lines of a given number of levels: ask price, ask size, bid price, bid size of each. A level at
/// +-9999999999 with size 0 is absent.
class LobsterBookReader {
public:
    explicit LobsterBookReader(std::size_t levels) : levels_(levels) {}
    /// Refuses another number of fields, half an absent level, and levels out of order (market::broken_levels).
    Result<void> read(std::string_view line, LobsterBook& book);

private:
    std::size_t levels_;
    std::vector<std::string_view> fields_;
};

/// Whether `after` can be what `message` made of `before`: the size at its price grew or shrank by its size, the rest
/// being free where levels enter or leave the window. True also where the price is outside what both rows show, and for
/// crosses; executions of hidden orders and halts leave the book as it was.
[[nodiscard]] bool follows(const LobsterMessage& message, const LobsterBook& before, const LobsterBook& after);

}  // namespace slipcast::io::detail
