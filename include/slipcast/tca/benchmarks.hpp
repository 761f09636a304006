#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "slipcast/core/money.hpp"
#include "slipcast/core/side.hpp"

namespace slipcast::tca {

/// Prices that an execution is compared with. One that the data cannot supply is missing, never replaced by another.
enum class Benchmark : std::uint8_t {
    decision,
    arrival,
    desk_arrival,
    broker_arrival,
    interval_vwap,
    interval_vwap_ex_own,
    day_vwap,
    interval_twap,
    open,
    close,
    prev_close,
    near_touch,
    far_touch,
};
inline constexpr std::size_t kBenchmarks = 13;

/// What stands behind a benchmark's name; results print the version with every number.
struct BenchmarkDefinition {
    std::string_view name;          ///< prefix of the cost columns: "arrival"
    std::string_view price_column;  ///< "arrival_price"
    int version = 1;
    std::string_view meaning;
};
[[nodiscard]] const BenchmarkDefinition& definition(Benchmark benchmark);
/// Of the participation-weighted prices pwp_x, whose rates are an option.
inline constexpr int kPwpVersion = 1;

/// An average price as the sum of price x quantity (in 1e-9 x quantity units) over the quantity, rounded half to even
/// at 1e-9, once; missing without a positive quantity.
[[nodiscard]] std::optional<Price> average_price(Int128 price_times_quantity, std::int64_t quantity);

/// What was executed: sum of quantities and of price x quantity, exact.
struct Executed {
    Int128 price_times_quantity = 0;
    Quantity quantity;
    void add(Price price, Quantity amount) {
        price_times_quantity += static_cast<Int128>(price.units()) * amount.units();
        quantity += amount;
    }
};

/// Slippage of an execution against one benchmark price, `cost`: positive is bad on either side.
struct Slippage {
    Money cash;                 ///< s (sum q p - q B), exact
    std::optional<double> bps;  ///< of the benchmark notional q B; missing unless B > 0
    double ticks = 0.0;         ///< s (average price - B) / tick size
};
/// Missing when nothing was executed. tick_size > 0 (asserted).
[[nodiscard]] std::optional<Slippage> slippage(Side side, const Executed& executed, Price benchmark,
                                               const ContractValue& value, PriceMove tick_size);

}  // namespace slipcast::tca
