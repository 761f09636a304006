#include "order_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "slipcast/core/money.hpp"
#include "slipcast/core/nearest.hpp"

namespace slipcast::tca::detail {

namespace {

constexpr std::string_view kNone = "(none)";
constexpr std::size_t kQuarters = 4;
constexpr std::int64_t kHourNs = 3'600'000'000'000;

/// Every column that a group's row is made from.
constexpr std::array kNeeded{"symbol",
                             "session_date",
                             "arrival_time",
                             "included",
                             "fills",
                             "notional_cash",
                             "arrival_cost_cash",
                             "shortfall_cash",
                             "paper_notional_cash",
                             "spread_cash",
                             "fees_cash",
                             "participation",
                             "completion",
                             "outlier",
                             "size_basis"};

GroupKey none() {
    return {-1e300, std::string(kNone)};
}

bool is_flag(const Column& column) {
    return std::holds_alternative<BoolColumn>(column.data);
}
bool is_label(const Column& column) {
    return std::holds_alternative<DictionaryColumn>(column.data) ||
           std::holds_alternative<std::vector<std::string>>(column.data);
}

}  // namespace

bool is_number(const Column& column) {
    return std::holds_alternative<std::vector<double>>(column.data) ||
           std::holds_alternative<std::vector<Price>>(column.data) || std::holds_alternative<MoneyColumn>(column.data);
}

std::vector<std::optional<double>> numbers_of(const Column& column) {
    std::vector<std::optional<double>> values(column.size());
    const auto fill = [&](const auto& of) {
        for (std::size_t row = 0; row < values.size(); ++row) {
            if (column.is_valid(row)) values[row] = of(row);
        }
    };
    if (const auto* numbers = std::get_if<std::vector<double>>(&column.data)) {
        fill([&](std::size_t row) { return (*numbers)[row]; });
    } else if (const auto* counts = std::get_if<std::vector<std::int64_t>>(&column.data)) {
        fill([&](std::size_t row) { return static_cast<double>((*counts)[row]); });
    } else if (const auto* prices = std::get_if<std::vector<Price>>(&column.data)) {
        fill([&](std::size_t row) { return (*prices)[row].to_double(); });
    } else if (const auto* cash = std::get_if<MoneyColumn>(&column.data)) {
        fill([&](std::size_t row) { return Money::from_units(cash->units[row], Currency{}).to_double(); });
    }
    return values;
}

std::string_view text_of(const Column& column, std::size_t row) {
    if (!column.is_valid(row)) return {};
    if (const auto* texts = std::get_if<std::vector<std::string>>(&column.data)) return (*texts)[row];
    if (const auto* labels = std::get_if<DictionaryColumn>(&column.data)) {
        const std::int32_t code = labels->code[row];
        if (code >= 0) return labels->labels[static_cast<std::size_t>(code)];
    }
    return {};
}

Result<OrderColumns> OrderColumns::of(const Table& orders) {
    for (const char* name : kNeeded) {
        if (orders.find(name) != nullptr) continue;
        return Error{ErrorCode::missing_field, name, orders.name(), "must be the orders table of a measurement", {}};
    }
    OrderColumns columns(orders);
    const Column& included = columns.column("included");
    const auto* flags = std::get_if<BoolColumn>(&included.data);
    if (flags == nullptr) return Error{ErrorCode::invalid_value, "included", "", "must hold true or false", {}};
    for (std::size_t row = 0; row < orders.rows(); ++row) {
        if (included.is_valid(row) && flags->value[row] != 0) columns.included_.push_back(row);
    }
    return columns;
}

std::vector<std::string> OrderColumns::names() const {
    std::vector<std::string> names;
    for (const Column& column : orders_->columns()) {
        const bool is_count = std::holds_alternative<std::vector<std::int64_t>>(column.data);
        if (is_label(column) || is_flag(column) || is_count || is_number(column)) names.push_back(column.meta.name);
    }
    names.emplace_back("day");
    names.emplace_back("hour");
    return names;
}

Result<std::vector<GroupKey>> OrderColumns::keys(const std::string& name) const {
    if (name == "day") return as_they_are(column("session_date"));
    if (name == "hour") return hours();
    if (name == "size") return size_decades();
    const Column* found = orders_->find(name);
    if (found == nullptr || std::holds_alternative<std::vector<Timestamp>>(found->data)) {
        const std::vector<std::string> known = names();
        return Error{ErrorCode::not_found,
                     "by",
                     name,
                     fmt::format("must be a column that orders can be grouped by; did you mean '{}'?",
                                 nearest_name(name, known)),
                     {}};
    }
    return is_number(*found) ? quarters(*found) : as_they_are(*found);
}

std::vector<GroupKey> OrderColumns::hours() const {
    const Column& arrival = column("arrival_time");
    const auto* times = std::get_if<std::vector<Timestamp>>(&arrival.data);
    std::vector<GroupKey> keys(arrival.size(), none());
    for (std::size_t row = 0; times != nullptr && row < keys.size(); ++row) {
        if (!arrival.is_valid(row)) continue;
        const std::int64_t hours = (*times)[row].ns() / kHourNs - ((*times)[row].ns() % kHourNs < 0 ? 1 : 0);
        const std::int64_t hour = (hours % 24 + 24) % 24;
        keys[row] = {static_cast<double>(hour), fmt::format("{:02}:00 UTC", hour)};
    }
    return keys;
}

std::vector<GroupKey> OrderColumns::size_decades() const {
    const auto sizes = numbers_of(column("size"));
    const Column& basis = column("size_basis");
    std::vector<GroupKey> keys(sizes.size(), none());
    for (std::size_t row = 0; row < keys.size(); ++row) {
        if (!sizes[row] || *sizes[row] <= 0.0) continue;
        auto decade = static_cast<int>(std::floor(std::log10(*sizes[row])));
        if (*sizes[row] >= std::pow(10.0, decade + 1)) ++decade;  // the logarithm's rounding undone
        if (*sizes[row] < std::pow(10.0, decade)) --decade;
        keys[row] = {static_cast<double>(decade), fmt::format("{:g} to {:g} of {}", std::pow(10.0, decade),
                                                              std::pow(10.0, decade + 1), text_of(basis, row))};
    }
    return keys;
}

std::vector<GroupKey> OrderColumns::quarters(const Column& column) const {
    const auto values = numbers_of(column);
    std::vector<double> sorted;
    for (const std::size_t row : included_) {
        if (values[row]) sorted.push_back(*values[row]);
    }
    std::sort(sorted.begin(), sorted.end());
    std::vector<GroupKey> keys(values.size(), none());
    if (sorted.empty()) return keys;
    // Upper ends by rank; equal values stay together, so that quarters may be uneven or fewer.
    std::vector<double> ends;
    for (std::size_t quarter = 1; quarter <= kQuarters; ++quarter) {
        ends.push_back(sorted[(quarter * sorted.size() + kQuarters - 1) / kQuarters - 1]);
    }
    ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
    for (std::size_t row = 0; row < keys.size(); ++row) {
        if (!values[row]) continue;
        const auto found = std::lower_bound(ends.begin(), ends.end(), *values[row]);
        const auto quarter = static_cast<std::size_t>(std::min(found, ends.end() - 1) - ends.begin());
        const double low = quarter == 0 ? sorted.front() : ends[quarter - 1];
        keys[row] = {static_cast<double>(quarter), quarter == 0
                                                       ? fmt::format("{:.6g} to {:.6g}", low, ends[quarter])
                                                       : fmt::format("above {:.6g} to {:.6g}", low, ends[quarter])};
    }
    return keys;
}

std::vector<GroupKey> OrderColumns::as_they_are(const Column& column) const {
    std::vector<GroupKey> keys(column.size(), none());
    const auto* counts = std::get_if<std::vector<std::int64_t>>(&column.data);
    const auto* flags = std::get_if<BoolColumn>(&column.data);
    for (std::size_t row = 0; row < keys.size(); ++row) {
        if (!column.is_valid(row)) continue;
        if (counts != nullptr) {
            keys[row] = {static_cast<double>((*counts)[row]), fmt::format("{}", (*counts)[row])};
        } else if (flags != nullptr) {
            keys[row] = {static_cast<double>(flags->value[row]), flags->value[row] != 0 ? "true" : "false"};
        } else if (const std::string_view text = text_of(column, row); !text.empty()) {
            keys[row] = {0.0, std::string(text)};
        }
    }
    return keys;
}

}  // namespace slipcast::tca::detail
