#include "lean_conditions.hpp"

#include <algorithm>
#include <array>

namespace slipcast::io::detail {

namespace {

using market::TradeFlag;

constexpr std::uint16_t flag(TradeFlag f) {
    return static_cast<std::uint16_t>(f);
}

// Bit meanings as the source declares them; volume and last-sale eligibility as the consolidated tape plans define it
// for the condition of that name. Official open and close repeat a price that already printed: they are no trades.
constexpr std::array<SaleCondition, 32> kConditions{{
    {0, "regular"},
    {1, "cash settlement", true, false},
    {2, "next day settlement", true, false},
    {3, "seller's option", true, false},
    {4, "yellow flag"},
    {5, "intermarket sweep"},
    {6, "opening print", true, true, flag(TradeFlag::opening_auction)},
    {7, "closing print", true, true, flag(TradeFlag::closing_auction)},
    {8, "reopening print"},
    {9, "derivatively priced", true, false},
    {10, "form T", true, false},
    {11, "sold, reported late", true, false, flag(TradeFlag::out_of_sequence)},
    {12, "stopped"},
    {13, "extended hours", true, false},
    {14, "out of sequence", true, false, flag(TradeFlag::out_of_sequence)},
    {15, "split"},
    {16, "acquisition"},
    {17, "bunched"},
    {18, "stock-option, contingent", true, false},
    {19, "distribution"},
    {20, "average price", true, false},
    {21, "cross"},
    {22, "price variation", true, false},
    {23, "rule 155"},
    {24, "official close", false, false},
    {25, "prior reference price", true, false, flag(TradeFlag::out_of_sequence)},
    {26, "official open", false, false},
    {27, "cap election"},
    {28, "automatic execution"},
    {29, "trade-through exempt"},
    {30, "not documented", true, false},
    {31, "odd lot", true, false, flag(TradeFlag::odd_lot)},
}};

struct Exchange {
    char letter;
    std::string_view mic;
};
constexpr std::array<Exchange, 20> kExchanges{
    {{'A', "XASE"}, {'B', "XBOS"}, {'C', "XCIS"}, {'D', "FINR"}, {'H', "EPRL"}, {'I', "XISE"}, {'J', "EDGA"},
     {'K', "EDGX"}, {'L', "LTSE"}, {'M', "XCHI"}, {'N', "XNYS"}, {'P', "ARCX"}, {'Q', "XNAS"}, {'T', "XNAS"},
     {'U', "MEMX"}, {'V', "IEXG"}, {'W', "XCBO"}, {'X', "XPSX"}, {'Y', "BATY"}, {'Z', "BATS"}}};

constexpr std::uint64_t kOrdinaryQuote = 0x1 | 0x8 | 0x800;

}  // namespace

std::span<const SaleCondition> sale_conditions() {
    return kConditions;
}

std::optional<market::TradeFlags> trade_flags(std::uint64_t conditions, char exchange) {
    if (conditions >> kConditions.size() != 0) return std::nullopt;
    bool in_volume = true, in_vwap = true;
    market::TradeFlags flags;
    for (const SaleCondition& condition : kConditions) {
        if ((conditions >> condition.bit & 1) == 0) continue;
        in_volume = in_volume && condition.in_volume;
        in_vwap = in_vwap && condition.in_vwap;
        flags.bits = static_cast<std::uint16_t>(flags.bits | condition.adds);
    }
    if (in_volume) flags.set(TradeFlag::in_volume);
    if (in_vwap) flags.set(TradeFlag::in_vwap);
    if (exchange == 'D') flags.set(TradeFlag::off_exchange);
    return flags;
}

std::string_view mic_of(char exchange) {
    const auto found =
        std::find_if(kExchanges.begin(), kExchanges.end(), [&](const Exchange& e) { return e.letter == exchange; });
    return found == kExchanges.end() ? std::string_view{} : found->mic;
}

bool is_ordinary_quote(std::uint64_t conditions) {
    return (conditions & ~kOrdinaryQuote) == 0;
}

}  // namespace slipcast::io::detail
