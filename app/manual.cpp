#include <fmt/format.h>

#include <algorithm>

#include "help.hpp"
#include "slipcast/core/version.hpp"

namespace slipcast::app {
namespace {

/// Text as troff prints it literally: backslashes doubled, hyphens kept hyphens, no line read as a request.
std::string escaped(const std::string& text) {
    std::string out;
    bool at_start = true;
    for (const char c : text) {
        if (at_start && (c == '.' || c == '\'')) out += "\\&";
        if (c == '\\') {
            out += "\\\\";
        } else if (c == '-') {
            out += "\\-";
        } else {
            out += c;
        }
        at_start = c == '\n';
    }
    return out;
}

std::string man_lines(const std::vector<HelpLine>& lines) {
    std::string text;
    for (const HelpLine& line : lines)
        text += fmt::format(".TP\n\\fB{}\\fR\n{}\n", escaped(line.name), escaped(line.text));
    return text;
}

/// A table cell: a bar would end it.
std::string cell(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    std::string out;
    for (const char c : text) out += c == '|' ? std::string{"\\|"} : std::string{c};
    return out;
}

std::string markdown_lines(const char* head, const std::vector<HelpLine>& lines) {
    if (lines.empty()) return {};
    std::string text = fmt::format("| {} | |\n|---|---|\n", head);
    for (const HelpLine& line : lines) text += fmt::format("| `{}` | {} |\n", cell(line.name), cell(line.text));
    return text + '\n';
}

}  // namespace

std::string manual(const CLI::App& root) {
    const HelpPage top = help_page(root);
    std::string text = fmt::format(".TH SLIPCAST 1 \"\" \"slipcast {}\" \"User Commands\"\n", version());
    text +=
        fmt::format(".SH NAME\nslipcast \\- {}\n.SH SYNOPSIS\n\\fB{}\\fR\n", escaped(top.summary), escaped(top.usage));
    text += fmt::format(".SH DESCRIPTION\n{}\n", escaped(top.explanation));
    text += ".SH COMMANDS\n";
    for (const CLI::App* command : command_tree(root)) {
        const HelpPage page = help_page(*command);
        if (command == &root || !page.commands.empty()) continue;
        text += fmt::format(".SS {}\n{}\n", escaped(page.usage), escaped(page.summary));
        if (!page.explanation.empty()) text += fmt::format(".PP\n{}\n", escaped(page.explanation));
        text += man_lines(page.arguments) + man_lines(page.options);
        if (!page.examples.empty()) text += fmt::format(".PP\n.nf\n{}\n.fi\n", escaped(page.examples));
    }
    return text;
}

std::string markdown_reference(const CLI::App& root) {
    std::string text =
        "# Command line\n\nMade from the program's own help: `tools/cli_reference` writes this file, and a test "
        "refuses a stale one.\n\n";
    for (const CLI::App* command : command_tree(root)) {
        const HelpPage page = help_page(*command);
        text += fmt::format("## {}\n\n{}\n\n", page.path, page.summary);
        text += fmt::format("    {}\n\n", page.usage);
        if (!page.explanation.empty()) text += page.explanation + "\n\n";
        text += markdown_lines("command", page.commands) + markdown_lines("argument", page.arguments) +
                markdown_lines("option", page.options);
        if (!page.examples.empty()) text += fmt::format("Examples:\n\n```\n{}\n```\n\n", page.examples);
    }
    text.pop_back();
    return text;
}

}  // namespace slipcast::app
