#include "journal_counts.hpp"

#include <fmt/format.h>

#include "table_columns.hpp"

namespace slipcast::desk::detail {
namespace {

std::string hex(std::uint64_t digest) {
    return digest == 0 ? std::string{} : fmt::format("{:016x}", digest);
}

std::string_view unit_of(Guard guard) {
    switch (guard) {
        case Guard::stale_data:
            return "s";
        case Guard::price_band:
            return "bps";
        case Guard::participation:
            return "share";
        case Guard::reject_storm:
            return "rejects";
        case Guard::message_rate:
            return "messages";
        case Guard::order_notional:
        case Guard::day_notional:
            return "cash";
        case Guard::kill_switch:
        case Guard::no_market:
        case Guard::none:
            break;
    }
    return "";
}

}  // namespace

/// Steps by one or two names, with their share among all of them and what they sent.
Table steps_table(const std::string& name, const std::vector<StepCount>& rows, const char* first, const char* second,
                  const char* meaning) {
    Table table(name);
    table.add(column_of_rows(first, "", rows, [](const StepCount& r) { return r.first; }, meaning));
    if (second != nullptr) {
        table.add(column_of_rows(second, "", rows, [](const StepCount& r) { return r.second; }, "in words"));
    }
    std::int64_t all = 0;
    for (const StepCount& each : rows) all += each.steps;
    const auto add = [&](const char* what, const char* unit, auto value, const char* says) {
        table.add(column_of_rows(what, unit, rows, value, says));
    };
    add("steps", "", [](const StepCount& r) { return r.steps; }, "decisions");
    add(
        "share", "", [all](const StepCount& r) { return static_cast<double>(r.steps) / static_cast<double>(all); },
        "of the steps in this table");
    add("traded", "", [](const StepCount& r) { return r.traded; }, "steps that sent something");
    add("quantity", "units", [](const StepCount& r) { return r.quantity; }, "sent: lit and dark");
    add("dark", "units", [](const StepCount& r) { return r.dark; }, "sent to dark venues");
    add(
        "mean_participation", "", [](const StepCount& r) { return r.participation / static_cast<double>(r.steps); },
        "mean share of the market's volume aimed at");
    return table;
}

Table state_table(const State& state) {
    const std::vector<State> rows{state};
    Table table("desk_state");
    const auto add = [&](const char* name, const char* unit, auto value, const char* meaning) {
        table.add(column_of_rows(name, unit, rows, value, meaning));
    };
    add("records", "", [](const State& s) { return s.records; }, "in the journal");
    add("first_time", "ns", [](const State& s) { return s.first; }, "of the first record");
    add("last_time", "ns", [](const State& s) { return s.last; }, "latest of a record");
    add("kill_switch", "", [](const State& s) { return s.is_killed; }, "is on: nothing is sent until it is released");
    add("orders", "", [](const State& s) { return s.orders; }, "parents that had a step");
    add("open_orders", "", [](const State& s) { return s.open; }, "of them without an end");
    add("finished_orders", "", [](const State& s) { return s.finished; }, "of them with one");
    add("champion", "", [](const State& s) { return hex(s.champion.digest); }, "digest of the model that forecasts");
    add(
        "champion_updates", "", [](const State& s) { return s.champion.updates; },
        "outcomes it had learned from at the last step");
    add("challenger", "", [](const State& s) { return hex(s.challenger.digest); }, "digest of the model in shadow");
    add("engine_version", "", [](const State& s) { return s.engine; }, "that wrote the last beginning");
    return table;
}

Table guards_table(const std::vector<GuardCount>& rows) {
    Table table("desk_guards");
    const auto add = [&](const char* name, auto value, const char* meaning) {
        table.add(column_of_rows(name, "", rows, value, meaning));
    };
    add("guard", [](const GuardCount& g) { return name(g.guard); }, "in the order in which they act");
    add("meaning", [](const GuardCount& g) { return text(g.guard); }, "what it says when it is passed");
    add("unit", [](const GuardCount& g) { return unit_of(g.guard); }, "of limit and largest");
    add("limit", [](const GuardCount& g) { return g.limit; }, "of the last reading; at it is allowed");
    add("readings", [](const GuardCount& g) { return g.readings; }, "steps at which it was read");
    add("passed", [](const GuardCount& g) { return g.passed; }, "readings above the limit, in observe mode too");
    add("acted", [](const GuardCount& g) { return g.acted; }, "readings at which it stopped or cut the child");
    add("binding", [](const GuardCount& g) { return g.first; }, "readings at which it was the first that acted");
    add("largest", [](const GuardCount& g) { return g.largest; }, "largest finite reading");
    return table;
}

Table commands_table(const std::vector<CommandRow>& rows) {
    Table table("desk_commands");
    const auto add = [&](const char* name, const char* unit, auto value, const char* meaning) {
        table.add(column_of_rows(name, unit, rows, value, meaning));
    };
    add("time", "ns", [](const CommandRow& r) { return r.command.time; }, "of the command");
    add("sequence", "", [](const CommandRow& r) { return static_cast<std::int64_t>(r.sequence); }, "of its record");
    add("command", "", [](const CommandRow& r) { return name(r.command.kind); }, "kill, release, promote or roll_back");
    add(
        "snapshot", "",
        [](const CommandRow& r) {
            return r.command.kind == CommandKind::roll_back ? std::to_string(r.command.argument) : std::string{};
        },
        "record rolled back to");
    return table;
}

Table beginnings_table(const std::vector<BeginRow>& rows) {
    Table table("desk_beginnings");
    const auto add = [&](const char* name, const char* unit, auto value, const char* meaning) {
        table.add(column_of_rows(name, unit, rows, value, meaning));
    };
    using Row = const BeginRow&;
    add("time", "ns", [](Row r) { return r.begin.time; }, "of the beginning");
    add("sequence", "", [](Row r) { return static_cast<std::int64_t>(r.sequence); }, "of its record");
    add("engine_version", "", [](Row r) { return r.begin.engine_version; }, "that wrote it");
    add(
        "encoding_version", "", [](Row r) { return static_cast<std::int64_t>(r.begin.encoding_version); },
        "of the records");
    add("seed", "", [](Row r) { return std::to_string(r.begin.seed); }, "of the desk's draws");
    add("options_digest", "", [](Row r) { return hex(r.begin.options_digest); }, "of the options");
    add("setup_digest", "", [](Row r) { return hex(r.begin.setup_digest); }, "of rules and dark venues");
    add("champion", "", [](Row r) { return hex(r.begin.champion.digest); }, "model that forecasts");
    add("champion_updates", "", [](Row r) { return r.begin.champion.updates; }, "outcomes it had learned from");
    add("challenger", "", [](Row r) { return hex(r.begin.challenger.digest); }, "model in shadow");
    add("options", "", [](Row r) { return r.begin.options; }, "canonical text");
    return table;
}

Table models_table(const std::vector<ModelRow>& rows) {
    Table table("desk_models");
    const auto add = [&](const char* name, const char* unit, auto value, const char* meaning) {
        table.add(column_of_rows(name, unit, rows, value, meaning));
    };
    add("time", "ns", [](const ModelRow& r) { return r.time; }, "from which it is in use");
    add("sequence", "", [](const ModelRow& r) { return static_cast<std::int64_t>(r.sequence); }, "of its record");
    add("role", "", [](const ModelRow& r) { return r.role; }, "champion or challenger");
    add("digest", "", [](const ModelRow& r) { return hex(r.digest); }, "of the model's file");
    return table;
}

Table records_table(const std::vector<RecordCount>& rows) {
    Table table("desk_records");
    const auto add = [&](const char* name, const char* unit, auto value, const char* meaning) {
        table.add(column_of_rows(name, unit, rows, value, meaning));
    };
    add("kind", "", [](const RecordCount& r) { return r.kind; }, "of record");
    add("records", "", [](const RecordCount& r) { return r.records; }, "of this kind");
    add("first_time", "ns", [](const RecordCount& r) { return r.first; }, "of the first");
    add("last_time", "ns", [](const RecordCount& r) { return r.last; }, "latest");
    return table;
}

}  // namespace slipcast::desk::detail
