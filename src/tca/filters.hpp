#pragma once

#include "context.hpp"

namespace slipcast::tca::detail {

/// Why an order does not count whose executions are not all there, whatever the options say.
inline constexpr const char* kFillsQuarantined = "fills quarantined";

/// Says of every order whether it counts in the aggregates, and of an excluded one why: quarantined fills, a split in
/// its life, the options' filters; a derived order's missing times are no reason. When orders trade in several
/// currencies, only those in the one with the most orders count (ties: the first code): cash of two currencies is not
/// summed.
void apply_filters(const Context& context, Records& records);

/// What the filters and currencies took away, for the degradations table.
void note_filters(const Records& records, market::QualityReport& quality);

}  // namespace slipcast::tca::detail
