#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "slipcast/core/table.hpp"
#include "slipcast/desk/journal.hpp"

namespace slipcast::desk::detail {

/// What one guard measured over the journal.
struct GuardCount {
    Guard guard = Guard::none;
    double limit = std::numeric_limits<double>::quiet_NaN();  ///< of the last reading
    std::int64_t readings = 0, passed = 0, acted = 0, first = 0;
    double largest = std::numeric_limits<double>::quiet_NaN();  ///< finite
};

/// Steps that share something, and what they sent.
struct StepCount {
    std::string_view first{}, second{};
    std::int64_t steps = 0, traded = 0, quantity = 0, dark = 0;
    double participation = 0.0;  ///< sum
    /// Of the tail that the ladder read over the tier's median, where both are known.
    double least_multiple = std::numeric_limits<double>::quiet_NaN();
    double largest_multiple = std::numeric_limits<double>::quiet_NaN();
};

struct CommandRow {
    std::uint64_t sequence = 0;
    Command command;
};
struct ModelRow {
    std::uint64_t sequence = 0;
    Timestamp time;
    std::string role;
    std::uint64_t digest = 0;
};
struct BeginRow {
    std::uint64_t sequence = 0;
    Begin begin;
};
struct RecordCount {
    std::string_view kind{};
    std::int64_t records = 0;
    Timestamp first, last;
};

/// Where the journal stands at its end.
struct State {
    std::int64_t records = 0;
    Timestamp first, last;
    std::int64_t orders = 0, open = 0, finished = 0;
    std::int64_t refused = 0;  ///< outcomes
    bool is_killed = false;
    std::string engine;
    ModelVersion champion, challenger;
    bool has_updates = false;  // of the champion as it is now: a promotion or a rollback hides them until the next step
};

// Each makes the table of that name; a table of steps has one or two columns that name its rows.
[[nodiscard]] Table state_table(const State& state);
[[nodiscard]] Table guards_table(const std::vector<GuardCount>& rows);
[[nodiscard]] Table steps_table(const std::string& name, const std::vector<StepCount>& rows, const char* first,
                                const char* second, const char* meaning);
/// The table of rungs, which also says what tails led to them.
[[nodiscard]] Table rungs_table(const std::vector<StepCount>& rows);
[[nodiscard]] Table commands_table(const std::vector<CommandRow>& rows);
[[nodiscard]] Table models_table(const std::vector<ModelRow>& rows);
[[nodiscard]] Table beginnings_table(const std::vector<BeginRow>& rows);
[[nodiscard]] Table records_table(const std::vector<RecordCount>& rows);

}  // namespace slipcast::desk::detail
