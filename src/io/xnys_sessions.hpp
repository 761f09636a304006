#pragma once

#include <optional>

#include "local_time.hpp"
#include "slipcast/market/session.hpp"

namespace slipcast::io::detail {

/// The session of US exchanges on `date`, or nothing on a weekend or holiday. Refused outside the years that the
/// shipped closures cover.
[[nodiscard]] Result<std::optional<market::Session>> xnys_session(const LocalZone& new_york, Date date, LabelId market);

}  // namespace slipcast::io::detail
