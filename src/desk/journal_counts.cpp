#include "journal_counts.hpp"

#include <fmt/format.h>

#include <optional>

#include "slipcast/core/table_builder.hpp"

namespace slipcast::desk::detail {
namespace {

std::optional<std::string> hex(std::uint64_t digest) {
    return digest == 0 ? std::nullopt : std::optional(fmt::format("{:016x}", digest));
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
    TableBuilder table(name, rows.size());
    table.add(plain(first, meaning), words(rows.size(), of(rows, &StepCount::first)));
    if (second != nullptr) table.add(plain(second, "in words"), words(rows.size(), of(rows, &StepCount::second)));
    std::int64_t all = 0;
    for (const StepCount& each : rows) all += each.steps;
    const auto share = [all](const StepCount& r) { return static_cast<double>(r.steps) / static_cast<double>(all); };
    const auto participation = [](const StepCount& r) { return r.participation / static_cast<double>(r.steps); };
    table.add(plain("steps", "decisions"), of(rows, &StepCount::steps))
        .add(plain("share", "of the steps in this table"), of(rows, finite(share)))
        .add(plain("traded", "steps that sent something"), of(rows, &StepCount::traded))
        .add(plain("quantity", "sent: lit and dark", "units"), of(rows, &StepCount::quantity))
        .add(plain("dark", "sent to dark venues", "units"), of(rows, &StepCount::dark))
        .add(plain("mean_participation", "mean share of the market's volume aimed at"),
             of(rows, finite(participation)));
    return table.take();
}

Table rungs_table(const std::vector<StepCount>& rows) {
    const Table steps = steps_table("desk_rungs", rows, "rung", "reason", "how careful the desk was");
    TableBuilder table(steps.name(), rows.size());
    for (const Column& column : steps.columns()) table.add(column);
    return table
        .add(plain("least_tail_multiple", "smallest predicted p95 that was read, over the tier's median"),
             of(rows, finite(&StepCount::least_multiple)))
        .add(plain("largest_tail_multiple", "largest one"), of(rows, finite(&StepCount::largest_multiple)))
        .take();
}

Table state_table(const State& state) {
    const std::vector<State> rows{state};
    TableBuilder table("desk_state", rows.size());
    const auto add = [&](const char* name, const char* unit, auto value, const char* meaning) {
        table.add(plain(name, meaning, unit), of(rows, value));
    };
    add("records", "", [](const State& s) { return s.records; }, "in the journal");
    const auto when = [](Timestamp State::* part) {
        return [part](const State& s) { return s.records > 0 ? std::optional(s.*part) : std::nullopt; };
    };
    add("first_time", "ns", when(&State::first), "of the first record");
    add("last_time", "ns", when(&State::last), "latest of a record");
    add("kill_switch", "", [](const State& s) { return s.is_killed; }, "is on: nothing is sent until it is released");
    add("orders", "", [](const State& s) { return s.orders; }, "parents that had a step");
    add("open_orders", "", [](const State& s) { return s.open; }, "of them without an end");
    add("finished_orders", "", [](const State& s) { return s.finished; }, "of them with one");
    add(
        "refused_outcomes", "", [](const State& s) { return s.refused; },
        "that cannot have been: they changed nothing, and no other table counts them");
    add("champion", "", [](const State& s) { return hex(s.champion.digest); }, "digest of the model that forecasts");
    add(
        "champion_updates", "",
        [](const State& s) { return s.has_updates ? std::optional(s.champion.updates) : std::nullopt; },
        "costs and completions it had learned from at the last step; missing from a promotion or rollback until the "
        "next");
    add("challenger", "", [](const State& s) { return hex(s.challenger.digest); }, "digest of the model in shadow");
    add(
        "engine_version", "", [](const State& s) { return s.engine.empty() ? std::nullopt : std::optional(s.engine); },
        "that wrote the last beginning");
    return table.take();
}

Table guards_table(const std::vector<GuardCount>& rows) {
    const auto guard = [&](auto value) {
        return words(rows.size(), of(rows, [value](const GuardCount& g) { return value(g.guard); }));
    };
    TableBuilder table("desk_guards", rows.size());
    table.add(plain("guard", "in the order in which they act"), guard([](Guard g) { return name(g); }))
        .add(plain("meaning", "what it says when it is passed"), guard([](Guard g) { return text(g); }))
        .add(plain("unit", "of limit and largest"), guard(unit_of))
        .add(plain("limit", "of the last reading; at it is allowed"), of(rows, finite(&GuardCount::limit)))
        .add(plain("readings", "steps at which it was read"), of(rows, &GuardCount::readings))
        .add(plain("passed", "readings above the limit, in observe mode too"), of(rows, &GuardCount::passed))
        .add(plain("acted", "readings at which it stopped or cut the child"), of(rows, &GuardCount::acted))
        .add(plain("binding", "readings at which it was the first that acted"), of(rows, &GuardCount::first))
        .add(plain("largest", "largest finite reading"), of(rows, finite(&GuardCount::largest)));
    return table.take();
}

Table commands_table(const std::vector<CommandRow>& rows) {
    TableBuilder table("desk_commands", rows.size());
    const auto add = [&](const char* name, const char* unit, auto value, const char* meaning) {
        table.add(plain(name, meaning, unit), of(rows, value));
    };
    add("time", "ns", [](const CommandRow& r) { return r.command.time; }, "of the command");
    add("sequence", "", [](const CommandRow& r) { return static_cast<std::int64_t>(r.sequence); }, "of its record");
    table.add(plain("command", "kill, release, promote or roll_back"),
              words(rows.size(), of(rows, [](const CommandRow& r) { return name(r.command.kind); })));
    add(
        "snapshot", "",
        [](const CommandRow& r) {
            return r.command.kind == CommandKind::roll_back ? std::optional(std::to_string(r.command.argument))
                                                            : std::nullopt;
        },
        "record rolled back to");
    add(
        "request", "",
        [](const CommandRow& r) {
            return r.command.request == 0 ? std::nullopt : std::optional(static_cast<std::int64_t>(r.command.request));
        },
        "of another process that it answers; missing when the desk's own caller gave it");
    add(
        "asked_time", "ns",
        [](const CommandRow& r) { return r.command.request == 0 ? std::nullopt : std::optional(r.command.asked); },
        "when that was asked");
    return table.take();
}

Table beginnings_table(const std::vector<BeginRow>& rows) {
    TableBuilder table("desk_beginnings", rows.size());
    const auto add = [&](const char* name, const char* unit, auto value, const char* meaning) {
        table.add(plain(name, meaning, unit), of(rows, value));
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
    add(
        "champion_updates", "", [](Row r) { return r.begin.champion.updates; },
        "costs and completions it had learned from");
    add("challenger", "", [](Row r) { return hex(r.begin.challenger.digest); }, "model in shadow");
    add("options", "", [](Row r) { return r.begin.options; }, "canonical text");
    return table.take();
}

Table models_table(const std::vector<ModelRow>& rows) {
    TableBuilder table("desk_models", rows.size());
    const auto add = [&](const char* name, const char* unit, auto value, const char* meaning) {
        table.add(plain(name, meaning, unit), of(rows, value));
    };
    add("time", "ns", [](const ModelRow& r) { return r.time; }, "from which it is in use");
    add("sequence", "", [](const ModelRow& r) { return static_cast<std::int64_t>(r.sequence); }, "of its record");
    add("role", "", [](const ModelRow& r) { return r.role; }, "champion or challenger");
    add("digest", "", [](const ModelRow& r) { return hex(r.digest); }, "of the model's file");
    return table.take();
}

Table records_table(const std::vector<RecordCount>& rows) {
    TableBuilder table("desk_records", rows.size());
    const auto add = [&](const char* name, const char* unit, auto value, const char* meaning) {
        table.add(plain(name, meaning, unit), of(rows, value));
    };
    table.add(plain("kind", "of record"), words(rows.size(), of(rows, &RecordCount::kind)));
    add("records", "", [](const RecordCount& r) { return r.records; }, "of this kind");
    add("first_time", "ns", [](const RecordCount& r) { return r.first; }, "of the first");
    add("last_time", "ns", [](const RecordCount& r) { return r.last; }, "latest");
    return table.take();
}

}  // namespace slipcast::desk::detail
