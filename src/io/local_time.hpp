#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "slipcast/core/result.hpp"
#include "slipcast/core/time.hpp"

namespace slipcast::io::detail {

/// Wall-clock times of one time zone, with its daylight saving, as instants.
class LocalZone {
public:
    /// Refuses a name that the time zone database does not hold ("Europe/Reykjavik", "UTC").
    [[nodiscard]] static Result<LocalZone> find(std::string_view name);
    /// The instant of `since_midnight` on the wall clock of `date`. Refused when the clock skipped or repeated it: such
    /// a time is not one instant.
    [[nodiscard]] Result<Timestamp> instant(Date date, Duration since_midnight) const;
    [[nodiscard]] const std::string& name() const { return name_; }

private:
    std::string name_;
    const void* zone_ = nullptr;  ///< date::time_zone, whose headers stay out of here
};

/// A date and a time of day by a pattern of %Y %m %d %H %M %S (with fractions), %y, %b, %e, %I, %p and literals, as
/// strftime writes them; the whole text must match.
struct LocalTime {
    Date date;
    Duration since_midnight{};
};
[[nodiscard]] bool is_time_pattern(std::string_view pattern);
[[nodiscard]] Result<LocalTime> parse_local_time(std::string_view text, std::string_view pattern,
                                                 std::string_view field);

}  // namespace slipcast::io::detail
