#include "contract.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "slipcast/interchange/decode.hpp"

namespace slipcast::interchange {

namespace detail {

namespace {

// The order of each list is that of the enumerators in contract.hpp.
constexpr ColumnSpec kInstruments[] = {{"symbol", true},     {"market", true},
                                       {"currency", true},   {"tick_size", true},
                                       {"lot_size", true},   {"quantity_scale", true},
                                       {"multiplier", true}, {"as_of", true},
                                       {"sector"},           {"market_bucket"},
                                       {"liquidity_tier"},   {"cap_bucket"},
                                       {"contract_kind"},    {"expiry"},
                                       {"front_month"},      {"adv"},
                                       {"daily_volatility"}};
constexpr ColumnSpec kSessions[] = {{"market", true},    {"date", true},      {"open", true}, {"close", true},
                                    {"opening_auction"}, {"closing_auction"}, {"half_day"}};
constexpr ColumnSpec kOrders[] = {{"order_id", true},
                                  {"symbol", true},
                                  {"side", true},
                                  {"quantity", true},
                                  {"basket_id"},
                                  {"decision_time"},
                                  {"decision_price"},
                                  {"desk_arrival_time"},
                                  {"arrival_time"},
                                  {"broker_arrival_time"},
                                  {"end_time"},
                                  {"limit_price"},
                                  {"benchmark"},
                                  {"algo"},
                                  {"tactic"},
                                  {"urgency"},
                                  {"broker"},
                                  {"trader"},
                                  {"client"},
                                  {"private"},
                                  {"kind"},
                                  {"expected_alpha"},
                                  {"alpha_half_life"},
                                  {"critical"},
                                  {"min_completion"},
                                  {"max_participation"},
                                  {"wheel_arm"},
                                  {"assignment_probability"}};
constexpr ColumnSpec kOrderEvents[] = {{"order_id", true}, {"time", true},  {"event", true},
                                       {"quantity"},       {"limit_price"}, {"end_time"}};
constexpr ColumnSpec kPlacements[] = {{"placement_id", true}, {"order_id", true},        {"venue", true},
                                      {"quantity", true},     {"sent_time", true},       {"done_time", true},
                                      {"end", true},          {"filled_quantity", true}, {"venue_kind"},
                                      {"order_type"},         {"limit_price"},           {"min_quantity"},
                                      {"end_reason"},         {"cumulative_quantity"}};
constexpr ColumnSpec kFills[] = {
    {"fill_id", true}, {"order_id", true}, {"time", true}, {"price", true}, {"quantity", true},
    {"placement_id"},  {"venue"},          {"liquidity"},  {"fee"},         {"symbol"},
    {"side"}};
constexpr ColumnSpec kFillEvents[] = {{"fill_id", true}, {"time", true}, {"event", true}, {"price"}, {"quantity"}};
constexpr ColumnSpec kEvents[] = {{"start", true}, {"end", true}, {"kind", true}, {"symbol"}, {"market"}};
constexpr ColumnSpec kFx[] = {{"currency", true}, {"time", true}, {"rate", true}};
constexpr ColumnSpec kCorporateActions[] = {
    {"symbol", true}, {"ex_time", true}, {"kind", true}, {"ratio"}, {"new_symbol"}};
constexpr ColumnSpec kQuotes[] = {{"symbol", true}, {"time", true}, {"bid", true},
                                  {"ask", true},    {"bid_size"},   {"ask_size"}};
constexpr ColumnSpec kTrades[] = {{"symbol", true}, {"time", true}, {"price", true}, {"size", true},
                                  {"venue"},        {"condition"},  {"flags"},       {"aggressor"}};

constexpr std::array<TableSpec, 12> kContract{{{"instruments", kInstruments},
                                               {"sessions", kSessions},
                                               {"orders", kOrders},
                                               {"order_events", kOrderEvents},
                                               {"placements", kPlacements},
                                               {"fills", kFills},
                                               {"fill_events", kFillEvents},
                                               {"events", kEvents},
                                               {"fx", kFx},
                                               {"corporate_actions", kCorporateActions},
                                               {"quotes", kQuotes},
                                               {"trades", kTrades}}};

}  // namespace

std::span<const TableSpec> contract() {
    return kContract;
}

const TableSpec* find_table(std::string_view name) {
    const auto found =
        std::find_if(kContract.begin(), kContract.end(), [&](const TableSpec& t) { return t.name == name; });
    return found == kContract.end() ? nullptr : &*found;
}

}  // namespace detail

const std::vector<std::string>& contract_tables() {
    static const std::vector<std::string> kNames = [] {
        std::vector<std::string> names;
        for (const detail::TableSpec& table : detail::contract()) {
            if (table.name != "quotes" && table.name != "trades") names.emplace_back(table.name);
        }
        return names;
    }();
    return kNames;
}

std::vector<std::string> contract_columns(std::string_view table) {
    std::vector<std::string> names;
    const detail::TableSpec* spec = detail::find_table(table);
    if (spec == nullptr) return names;
    for (const detail::ColumnSpec& column : spec->columns) {
        names.push_back(column.required ? column.name : std::string(column.name) + "?");
    }
    return names;
}

}  // namespace slipcast::interchange
