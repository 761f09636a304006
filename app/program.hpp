#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "surface.hpp"

namespace slipcast::app {

/// One line that works as written, and what it does.
struct Example {
    std::string line;
    std::string effect;
};

/// What help says of a command.
struct CommandText {
    std::string name;
    std::string summary;           ///< one line, no full stop
    std::string explanation = {};  ///< sentences; may be empty
    std::vector<Example> examples = {};
};

/// The tree of commands. Parsing chooses one; `run` then does its work.
class Program {
public:
    Program();
    /// A noun that holds commands.
    CLI::App& group(const CommandText& text);
    /// Gives a command its texts, help flag and the house's help.
    static void describe(CLI::App& command, const CommandText& text);
    /// A command below `parent`; `run` is what it does after its flags were read.
    CLI::App& command(CLI::App& parent, const CommandText& text, std::function<Exit()> run);
    [[nodiscard]] CLI::App& root() { return root_; }
    /// Parses and runs: the program's exit status.
    [[nodiscard]] Exit run(int argc, const char* const* argv);

private:
    Exit wrong_usage(const CLI::App& at, const std::string& message) const;
    Exit parse(int argc, const char* const* argv);

    CLI::App root_;
    std::function<Exit()> chosen_;
};

/// The output flags of a command that makes tables: --json --quiet --strict.
void add_output_options(CLI::App& command, OutputOptions& options);

// One function a command group; each adds its commands.
void add_data_commands(Program& program);
void add_sim_commands(Program& program);
void add_tca_commands(Program& program);
void add_cost_commands(Program& program);
void add_venue_commands(Program& program);
void add_venue_routing_commands(Program& program);  ///< allocate, values: after the group
void add_venue_simulate(Program& program);          ///< after the group
void add_control_commands(Program& program);        ///< the group, solve and decide
void add_control_study_commands(Program& program);  ///< simulate, compare, calibrate: after the group
void add_desk_commands(Program& program);           ///< the group and replay
void add_desk_status(Program& program);             ///< after the group
void add_desk_run(Program& program);
void add_desk_kill(Program& program);  ///< after the group
void add_quickstart(Program& program);
void add_help_commands(Program& program);  ///< doctor, completion, man

}  // namespace slipcast::app
