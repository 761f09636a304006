#include <fmt/format.h>

#include <memory>

#include "output.hpp"
#include "program.hpp"
#include "slipcast/core/table_builder.hpp"
#include "slipcast/core/version.hpp"
#include "slipcast/desk/replay.hpp"
#include "slipcast/storage/sqlite_journal.hpp"

namespace slipcast::app {
namespace {

std::int64_t whole(std::uint64_t value) {
    return static_cast<std::int64_t>(value);
}

/// One row: what was replayed, and whether it came out the same.
Table summary_of(const desk::Replay& replay) {
    std::string beginning;
    for (const std::string& each : replay.different_beginning) beginning += (beginning.empty() ? "" : ", ") + each;
    return TableBuilder("desk_replay", 1)
        .add(plain("records", "records read"), std::vector{whole(replay.records)})
        .add(plain("decisions", "decisions compared"), std::vector{whole(replay.decisions)})
        .add(plain("is_identical", "every decision bit for bit, by a desk that began the same"),
             BoolColumn{{static_cast<std::uint8_t>(replay.is_identical)}})
        .add(plain("engine_then", "version that wrote the journal"), std::vector{replay.beginning.engine_version})
        .add(plain("engine_now", "version that replayed it"), std::vector{std::string{version()}})
        .add(plain("different_beginning", "what differs in how the desk began"), std::vector{beginning})
        .take();
}

/// At most one row.
Table difference_of(const desk::Replay& replay) {
    using desk::Difference;
    std::vector<Difference> rows;
    if (replay.first_difference) rows.push_back(*replay.first_difference);
    return TableBuilder("desk_first_difference", rows.size())
        .add(plain("sequence", "number of the record"), of(rows, [](const Difference& d) { return whole(d.sequence); }))
        .add(plain("order", "key of the parent order"),
             of(rows, [](const Difference& d) { return fmt::format("{}", d.order); }))
        .add(plain("step", "of this order, from 0"), of(rows, [](const Difference& d) { return whole(d.step); }))
        .add(plain("field", "first field of the decision that differs"), of(rows, &Difference::field))
        .add(plain("journaled", "its value in the journal"), of(rows, &Difference::journaled_text))
        .add(plain("replayed", "its value now"), of(rows, &Difference::replayed_text))
        .take();
}

struct ReplayCommand {
    OutputOptions output;
    std::filesystem::path journal;

    Exit run() const {
        start_log(output);
        auto reader = storage::SqliteJournalReader::open(journal);
        if (!reader) return refuse(reader.error());
        const Result<desk::Replay> replay = desk::replay(**reader);
        if (!replay) return refuse(in_journal(replay.error()));
        if (output.json) {
            print({summary_of(*replay), difference_of(*replay)}, output);
        } else {
            say(*replay);
        }
        return replay->is_identical ? Exit::done : Exit::refused;
    }

private:
    /// Records know their number, not their file.
    [[nodiscard]] Error in_journal(Error error) const {
        if (error.place.file.empty() || error.place.file == "journal") error.place.file = journal.string();
        return error;
    }
    static void say(const desk::Replay& replay) {
        fmt::print("{} records, {} decisions compared\n", replay.records, replay.decisions);
        if (replay.is_identical) {
            fmt::print("identical: every decision bit for bit\n");
            return;
        }
        fmt::print("NOT identical\n");
        for (const std::string& each : replay.different_beginning) {
            fmt::print("  the beginning differs in {}", each);
            if (each == "engine_version") fmt::print(": {} then, {} now", replay.beginning.engine_version, version());
            fmt::print("\n");
        }
        if (const auto& first = replay.first_difference) {
            fmt::print("  first difference: record {}, order {}, step {}, {}: {} then, {} now\n", first->sequence,
                       first->order, first->step, first->field, first->journaled_text, first->replayed_text);
        } else {
            fmt::print("  every decision is the same\n");
        }
    }
};

void add_replay(Program& program, CLI::App& group) {
    auto command = std::make_shared<ReplayCommand>();
    CLI::App& app = program.command(
        group,
        {.name = "replay",
         .summary = "run a journal again and compare every decision bit for bit",
         .explanation =
             "The journal is enough: options, models, rules and dark venues are in it. Names the first record "
             "and field that differ, and what differs in how the desk began. Exit status 0 when identical, "
             "else 1.",
         .examples = {{"slipcast desk replay desk.sqlite", ""},
                      {"slipcast desk replay desk.sqlite --json", "desk_replay and desk_first_difference"}}},
        [command] { return command->run(); });
    app.add_option("JOURNAL", command->journal, "file that a desk wrote")->required();
    app.add_flag("--json", command->output.json, "tables as JSON on standard output");
    app.add_flag("-q,--quiet", command->output.quiet, "no progress and no log");
}

}  // namespace

void add_desk_commands(Program& program) {
    CLI::App& group = program.group({.name = "desk",
                                     .summary = "what to send now, step by step, journaled and replayed",
                                     .explanation = "docs/explain/desk.md says how it decides."});
    add_replay(program, group);
}

}  // namespace slipcast::app
