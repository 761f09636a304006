#include <fmt/format.h>

#include <chrono>
#include <memory>

#include "output.hpp"
#include "program.hpp"
#include "slipcast/storage/kill_file.hpp"

namespace slipcast::app {
namespace {

Timestamp wall_time() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return Timestamp::from_ns(std::chrono::duration_cast<std::chrono::nanoseconds>(since).count());
}

struct AskCommand {
    desk::CommandKind kind = desk::CommandKind::kill;
    OutputOptions output;
    std::filesystem::path journal;
    std::string wait = "5s";

    Exit run() const {
        start_log(output);
        const auto asked = ask();
        if (!asked) return refuse(asked.error());
        if (output.json) {
            print({storage::requests_table({*asked})}, output);
        } else {
            say(*asked);
        }
        return Exit::done;
    }

private:
    [[nodiscard]] Result<storage::Asked> ask() const {
        SLIPCAST_TRY(patience, parse_duration(wait, "wait"));
        if (patience < Duration{}) return invalid_value("wait", wait, "must be >= 0");
        return storage::ask(journal, kind, wall_time(), patience);
    }
    void say(const storage::Asked& asked) const {
        const bool is_kill = kind == desk::CommandKind::kill;
        fmt::print("{} {}: on disk\n", name(kind), asked.request.number);
        if (asked.reach == storage::Reach::next) {
            fmt::print("no desk is running: the next one takes it up before its first decision\n");
        } else if (asked.record == 0) {
            fmt::print("a desk is running: it takes it up before its next decision, and has made none in {}\n", wait);
        } else {
            fmt::print("the desk took it up, record {} of its journal: {}\n", asked.record,
                       is_kill ? "nothing is sent until it is released" : "it goes on");
        }
    }
};

void add(Program& program, desk::CommandKind kind, const CommandText& text) {
    CLI::App& desk = *program.root().get_subcommand("desk");
    auto command = std::make_shared<AskCommand>();
    command->kind = kind;
    CLI::App& app = program.command(desk, text, [command] { return command->run(); });
    app.add_option("JOURNAL", command->journal, "file that the desk writes")->required();
    app.add_option("--wait", command->wait, "how long to wait for a running desk's answer (default 5s)")
        ->type_name("DURATION");
    app.add_flag("--json", command->output.json, "tables as JSON on standard output");
    app.add_flag("-q,--quiet", command->output.quiet, "no progress and no log");
}

}  // namespace

void add_desk_kill(Program& program) {
    add(program, desk::CommandKind::kill,
        {.name = "kill",
         .summary = "stop a desk, whatever process it runs in: no decision after this sends anything",
         .explanation =
             "The request is on disk beside the journal when this returns, and the desk makes no decision without it: "
             "it "
             "sends nothing, and says to cancel what works, until it is released, also across a restart. It enters the "
             "journal before the decision that it stops, so a replay stops there too. Exit status 1 when the desk "
             "cannot "
             "be reached.",
         .examples = {{"slipcast desk kill desk.sqlite", ""},
                      {"slipcast desk kill desk.sqlite --wait 1min", "waits for its next decision, or any other call"},
                      {"slipcast desk status desk.sqlite", "what it was asked, and whether it took it up"}}});
    add(program, desk::CommandKind::release,
        {.name = "release",
         .summary = "let a desk that was killed go on, whoever killed it",
         .explanation = "The kill switch is one: the desk's own caller and every other process throw and release it.",
         .examples = {{"slipcast desk release desk.sqlite", ""}}});
}

}  // namespace slipcast::app
