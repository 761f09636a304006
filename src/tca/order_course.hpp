#pragma once

#include <optional>
#include <vector>

#include "slipcast/market/dataset.hpp"

namespace slipcast::tca::detail {

/// A change of quantity or deadline while the order was worked.
struct Amend {
    Timestamp time;
    Quantity change;  ///< of the quantity in force: > 0 a tranche decided then, < 0 shares taken back then
    std::optional<Timestamp> end_time;
};

/// What an order's events made of it. Its row stays as it was first given: that is what was known at the decision.
struct OrderCourse {
    Quantity ordered;    ///< as given and every increase since
    Quantity withdrawn;  ///< taken back by amends
    std::optional<Timestamp> end_time;
    bool has_limit = false;  ///< at any time
    std::vector<Amend> amends;
};

/// The course of each order, parallel to dataset.orders.
[[nodiscard]] std::vector<OrderCourse> order_courses(const market::Dataset& dataset);

}  // namespace slipcast::tca::detail
