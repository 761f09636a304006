#pragma once

#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/core/table.hpp"
#include "slipcast/desk/journal.hpp"

namespace slipcast::desk {

/// What a journal says, in one pass from where the source stands to its end. Nothing is decided again: every number is
/// a record's own, or counts records. Outcomes that the desk refused count nowhere but in desk_state. Quantities are
/// units, costs bps (positive hurts). Each column carries its unit and its meaning.
///   desk_state        one row: how far the journal goes, kill switch, open orders, the models in use
///   desk_orders       one row a parent: its life, its first forecast, what it cost
///   desk_decisions    one row a step
///   desk_guards       one row a guard, in the order in which they act: readings, passed, acted
///   desk_rungs        one row a rung and reason that was taken
///   desk_reasons      one row an action and its reason
///   desk_tactics      one row a tactic that was chosen
///   desk_calibration  one row a quantile level: costs at or below the first forecast's quantile, with exact intervals
///   desk_quantile_bins  one row a gap between levels: how many costs fell into it, and how many should
///   desk_bias         one row: mean cost against mean forecast; the interval resamples whole blocks, the orders that
///                     began on one UTC day (from 20 days on), in one UTC hour (from 10 hours on) or half hour, and is
///                     missing below 10 blocks
///   desk_miss_risk    one row a range of first miss risks: misses of the deadline among them
///   desk_scorecards   one row a model that was scored: its card after its last finished parent
///   desk_scores       one row a finished parent and model, champion and the challenger in its shadow
///   desk_commands, desk_models, desk_beginnings, desk_records   what else is in the journal
/// The first forecast is that of the candidate chosen at the first step with a confident one: what the desk itself
/// scores and learns from. Calibration takes finished orders whose cost is known; miss risk leaves out orders that were
/// canceled at will and those that follow a target.
/// An empty journal makes empty tables. Refused: what the source refuses, records that cannot be read.
[[nodiscard]] Result<std::vector<Table>> journal_tables(JournalSource& journal);

}  // namespace slipcast::desk
