#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace slipcast::app {

/// One flag or argument as help shows it.
struct HelpLine {
    std::string name;  ///< "--confidence VALUE" or "DIR"
    std::string text;
};

/// What help says of one command. Every form of help (terminal, man page, Markdown) is drawn from it.
struct HelpPage {
    std::string path = {};         ///< "slipcast tca measure"
    std::string usage = {};        ///< "slipcast tca measure DIR [OPTIONS]"
    std::string summary = {};      ///< one line
    std::string explanation = {};  ///< may be empty
    std::vector<HelpLine> commands = {};
    std::vector<HelpLine> arguments = {};
    std::vector<HelpLine> options = {};
    std::string examples = {};  ///< lines that work as written
};

[[nodiscard]] HelpPage help_page(const CLI::App& command);

/// The command and, below it, every command of its groups, in the order in which they were added.
[[nodiscard]] std::vector<const CLI::App*> command_tree(const CLI::App& root);

/// Help for a terminal, 100 columns wide.
[[nodiscard]] std::string terminal_help(const CLI::App& command);
/// The whole tree as a man page (troff, section 1).
[[nodiscard]] std::string manual(const CLI::App& root);
/// The whole tree as Markdown: docs/reference/cli.md.
[[nodiscard]] std::string markdown_reference(const CLI::App& root);
/// Completion for bash: commands, flags, and files where a command takes them.
[[nodiscard]] std::string bash_completion(const CLI::App& root);

}  // namespace slipcast::app
