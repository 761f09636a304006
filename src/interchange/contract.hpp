#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace slipcast::interchange::detail {

/// One column of a contract table.
struct ColumnSpec {
    const char* name = nullptr;
    bool required = false;
};

/// A contract table and its columns, in the order in which the decoders number them.
struct TableSpec {
    std::string_view name;
    std::span<const ColumnSpec> columns;
};

/// The tables that decode into a draft, in reading order, then quotes and trades.
[[nodiscard]] std::span<const TableSpec> contract();
/// The table called `name`, or null.
[[nodiscard]] const TableSpec* find_table(std::string_view name);

namespace instrument_column {
enum Column : std::size_t {
    symbol,
    market,
    currency,
    tick_size,
    lot_size,
    quantity_scale,
    multiplier,
    as_of,
    sector,
    market_bucket,
    liquidity_tier,
    cap_bucket,
    contract_kind,
    expiry,
    front_month,
    adv,
    daily_volatility
};
}
namespace session_column {
enum Column : std::size_t { market, date, open, close, opening_auction, closing_auction, half_day };
}
namespace order_column {
enum Column : std::size_t {
    order_id,
    symbol,
    side,
    quantity,
    basket_id,
    decision_time,
    decision_price,
    desk_arrival_time,
    arrival_time,
    broker_arrival_time,
    end_time,
    limit_price,
    benchmark,
    algo,
    tactic,
    urgency,
    broker,
    trader,
    client,
    is_private,
    kind,
    expected_alpha,
    alpha_half_life,
    critical,
    min_completion,
    max_participation,
    wheel_arm,
    assignment_probability
};
}
namespace order_event_column {
enum Column : std::size_t { order_id, time, event, quantity, limit_price, end_time };
}
namespace placement_column {
enum Column : std::size_t {
    placement_id,
    order_id,
    venue,
    quantity,
    sent_time,
    done_time,
    end,
    filled_quantity,
    venue_kind,
    order_type,
    limit_price,
    min_quantity,
    end_reason,
    cumulative_quantity
};
}
namespace fill_column {
enum Column : std::size_t {
    fill_id,
    order_id,
    time,
    price,
    quantity,
    placement_id,
    venue,
    liquidity,
    fee,
    symbol,
    side
};
}
namespace fill_event_column {
enum Column : std::size_t { fill_id, time, event, price, quantity };
}
namespace event_column {
enum Column : std::size_t { start, end, kind, symbol, market };
}
namespace fx_column {
enum Column : std::size_t { currency, time, rate };
}
namespace corporate_action_column {
enum Column : std::size_t { symbol, ex_time, kind, ratio, new_symbol };
}
namespace quote_column {
enum Column : std::size_t { symbol, time, bid, ask, bid_size, ask_size };
}
namespace trade_column {
enum Column : std::size_t { symbol, time, price, size, venue, condition, flags, aggressor };
}

}  // namespace slipcast::interchange::detail
