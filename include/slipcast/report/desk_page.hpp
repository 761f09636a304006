#pragma once

#include <map>
#include <string>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/core/table.hpp"

namespace slipcast::report {

/// What a desk did and how it fared, as tables.
struct DeskStory {
    std::vector<Table> journal{};  ///< as desk::journal_tables makes them; empty = the page is of the evaluation alone
    /// trial_policies, trial_pairs and trial_orders of a paired evaluation; empty = the page is of the journal alone.
    std::vector<Table> trial{};
    std::string source{};  ///< where the journal came from, as the page says it
    std::map<std::string, std::string> provenance{};
};

/// One page: the desk against its baselines with intervals and a sentence on each comparison (with trial tables), what
/// the desk did, decisions over time, rungs and guards with their reasons, forecast against outcome, single orders step
/// by step, and what else the journal holds. Numbers are the tables' own.
/// Refused: neither tables, a table missing or without a column that the page shows.
[[nodiscard]] Result<std::string> desk_page(const DeskStory& story);

}  // namespace slipcast::report
