#include "slipcast/report/desk_page.hpp"

#include <fmt/format.h>

#include <span>
#include <string_view>

#include "desk_sections.hpp"
#include "number_text.hpp"

namespace slipcast::report {
namespace {

Result<void> check(const std::vector<Table>& tables, std::string_view field, std::span<const std::string_view> names) {
    const DeskTables named(tables);
    for (const std::string_view each : names) {
        if (named.table(each).columns().empty()) {
            return Error{ErrorCode::missing_field, std::string(field), std::string(each), "must hold this table", {}};
        }
    }
    return {};
}

Result<void> check(const DeskStory& story) {
    constexpr std::string_view kJournal[] = {
        "desk_state",   "desk_orders",      "desk_decisions",     "desk_guards", "desk_rungs",     "desk_reasons",
        "desk_tactics", "desk_calibration", "desk_quantile_bins", "desk_bias",   "desk_miss_risk", "desk_scorecards",
        "desk_scores",  "desk_commands",    "desk_beginnings",    "desk_models", "desk_records"};
    constexpr std::string_view kTrial[] = {"trial_policies", "trial_pairs", "trial_orders"};
    if (story.journal.empty() && story.trial.empty()) {
        return Error{ErrorCode::missing_field, "journal", "", "a desk's page needs a journal or an evaluation", {}};
    }
    if (!story.journal.empty()) SLIPCAST_CHECK(check(story.journal, "journal", kJournal));
    if (!story.trial.empty()) SLIPCAST_CHECK(check(story.trial, "trial", kTrial));
    return {};
}

std::string day_text(Timestamp first, Timestamp last) {
    const std::string from = Date::of_utc(first).to_string();
    const std::string to = Date::of_utc(last).to_string();
    return from == to ? from : range_text(from, to);
}

void add_head(Document& page, const Journal& journal) {
    const TableView state = journal.tables.view("desk_state");
    if (!journal.steps.empty()) {
        page.extent.push_back(day_text(journal.steps.front().time, journal.steps.back().time));
    }
    page.extent.push_back(counted(state.number(0, "orders").value_or(0.0), "order", "orders"));
    page.extent.push_back(counted(static_cast<double>(journal.steps.size()), "decision", "decisions"));
    page.facts.push_back({"kill switch", state.flag(0, "kill_switch", false) ? "on" : "off"});
    page.facts.push_back(
        {"open orders", count_text(static_cast<std::int64_t>(state.number(0, "open_orders").value_or(0.0)))});
    const std::string champion = state.label(0, "champion");
    page.facts.push_back({"model", champion.empty() ? "none" : champion});
    const TableView begins = journal.tables.view("desk_beginnings");
    if (begins.rows() == 0) {
        page.facts.push_back({"beginning", "none"});
        return;
    }
    const std::size_t last = begins.rows() - 1;
    page.facts.push_back({"seed", begins.label(last, "seed")});
    page.provenance.emplace("desk options", begins.label(last, "options"));
    page.provenance.emplace("desk options digest", begins.label(last, "options_digest"));
    page.provenance.emplace("desk setup digest", begins.label(last, "setup_digest"));
    page.provenance.emplace("engine of the journal", begins.label(last, "engine_version"));
}

}  // namespace

Result<std::string> desk_page(const DeskStory& story) {
    SLIPCAST_CHECK(check(story));
    Document page;
    page.title = "How the desk decided";
    page.kicker = "decision desk";
    page.provenance = story.provenance;
    if (!story.source.empty()) page.facts.push_back({"journal", story.source});
    if (!story.trial.empty()) page.sections.push_back(comparison_section(DeskTables(story.trial)));
    if (!story.journal.empty()) {
        const Journal journal = read_journal(story.journal);
        add_head(page, journal);
        for (auto* make :
             {summary_section, timeline_section, rungs_section, forecast_section, lives_section, journal_section}) {
            page.sections.push_back(make(journal));
        }
    }
    page.closing = "Times are UTC. Costs are in basis points of the benchmark notional; positive hurts.";
    return document(page);
}

}  // namespace slipcast::report
