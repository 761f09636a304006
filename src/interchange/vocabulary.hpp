#pragma once

// The texts of the contract's enumerations, in the order of their enumerators: read by the decoders, written by the
// encoders.

namespace slipcast::interchange::detail {

inline constexpr const char* kContractKinds[] = {"outright", "spread"};
inline constexpr const char* kOrderKinds[] = {"work", "target"};
inline constexpr const char* kOrderEvents[] = {"amend", "pause", "resume", "cancel"};
inline constexpr const char* kVenueKinds[] = {"lit", "dark", "auction", "bilateral", "unknown"};
inline constexpr const char* kPlacementEnds[] = {"filled", "cancelled", "rejected", "expired"};
inline constexpr const char* kEndReasons[] = {"market", "deadline", "discretionary", "venue", "unknown"};
inline constexpr const char* kLiquidity[] = {"added", "removed", "auction", "hidden", "unknown"};
inline constexpr const char* kFillEvents[] = {"correct", "bust"};
inline constexpr const char* kMarketEvents[] = {"news", "auction",         "volatility_interruption",
                                                "halt", "circuit_breaker", "stress"};
inline constexpr const char* kCorporateActions[] = {"split", "dividend", "symbol_change"};

}  // namespace slipcast::interchange::detail
