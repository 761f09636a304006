#pragma once

#include <string>
#include <vector>

#include "context.hpp"
#include "slipcast/core/table.hpp"

namespace slipcast::tca::detail {

/// Texts of every instrument's currency, joined by '/': the unit of cash columns.
[[nodiscard]] std::string cash_unit(const Context& context);
/// The names of a pool in the order of its ids.
template <typename Pool, typename IdType>
[[nodiscard]] std::vector<std::string> pool_labels(const Pool& pool) {
    std::vector<std::string> labels;
    labels.reserve(static_cast<std::size_t>(pool.size()));
    for (std::int32_t i = 0; i < pool.size(); ++i) labels.emplace_back(pool.name(IdType::from_index(i)));
    return labels;
}
/// "5" for a rate of 0.05, "12.5" for 0.125: the percent in a PWP column's name.
[[nodiscard]] std::string percent_text(std::int64_t rate);

[[nodiscard]] Table orders_table(const Context& context, const Records& records);
[[nodiscard]] Table fills_table(const Context& context, const Records& records);
[[nodiscard]] Table placements_table(const Context& context, const Records& records);
/// Takes `records.markouts` over: whoever reads them comes before.
[[nodiscard]] Table markouts_table(const Context& context, Records& records);

}  // namespace slipcast::tca::detail
