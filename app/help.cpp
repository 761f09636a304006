#include "help.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace slipcast::app {
namespace {

constexpr std::size_t kColumns = 100;
constexpr std::size_t kTextAt = 32;

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

std::string path_of(const CLI::App& command) {
    const CLI::App* parent = command.get_parent();
    return parent == nullptr ? command.get_name() : path_of(*parent) + ' ' + command.get_name();
}

HelpLine help_line(const CLI::Option& option) {
    HelpLine line{.name = option.get_name(option.get_positional(), true), .text = option.get_description()};
    std::replace(line.name.begin(), line.name.end(), ',', ' ');
    if (!option.get_positional() && option.get_items_expected_max() > 0 && !option.get_type_name().empty()) {
        line.name += ' ' + option.get_type_name();
    }
    return line;
}

/// `text` in lines of at most `width` characters, every line after the first indented by `indent`.
std::string wrapped(const std::string& text, std::size_t width, std::size_t indent) {
    std::string lines;
    std::size_t used = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find_first_of(" \n", begin), text.size());
        const std::string word = text.substr(begin, end - begin);
        if (used > 0 && used + 1 + word.size() > width) {
            lines += '\n' + std::string(indent, ' ');
            used = 0;
        } else if (used > 0) {
            lines += ' ';
            ++used;
        }
        lines += word;
        used += word.size();
        if (end < text.size() && text[end] == '\n') {
            lines += '\n' + std::string(indent, ' ');
            used = 0;
        }
        begin = end + 1;
    }
    return lines;
}

std::string section(const std::string& title, const std::vector<HelpLine>& lines) {
    if (lines.empty()) return {};
    std::string text = fmt::format("\n{}:\n", title);
    for (const HelpLine& line : lines) {
        const bool fits = line.name.size() + 4 <= kTextAt;
        text += fits ? fmt::format("  {:<{}}", line.name, kTextAt - 2)
                     : fmt::format("  {}\n{}", line.name, std::string(kTextAt, ' '));
        text += wrapped(line.text, kColumns - kTextAt, kTextAt) + '\n';
    }
    return text;
}

}  // namespace

HelpPage help_page(const CLI::App& command) {
    HelpPage page{.path = path_of(command), .usage = path_of(command), .examples = command.get_footer()};
    const std::string description = command.get_description();
    page.summary = first_line(description);
    if (page.summary.size() + 1 < description.size()) page.explanation = description.substr(page.summary.size() + 1);
    for (const CLI::App* child : command.get_subcommands([](const CLI::App*) { return true; })) {
        if (child->get_group().empty()) continue;
        page.commands.push_back({child->get_name(), first_line(child->get_description())});
    }
    if (!page.commands.empty()) page.usage += " COMMAND";
    for (const CLI::Option* option : command.get_options([](const CLI::Option*) { return true; })) {
        if (option->get_group().empty()) continue;
        HelpLine line = help_line(*option);
        if (option->get_positional()) {
            const bool many = option->get_items_expected_max() > 1;
            page.usage += (option->get_required() ? " " + line.name : " [" + line.name + ']') + (many ? "..." : "");
            page.arguments.push_back(std::move(line));
        } else {
            page.options.push_back(std::move(line));
        }
    }
    if (!page.options.empty()) page.usage += " [OPTIONS]";
    return page;
}

std::vector<const CLI::App*> command_tree(const CLI::App& root) {
    std::vector<const CLI::App*> tree{&root};
    for (const CLI::App* child : root.get_subcommands([](const CLI::App*) { return true; })) {
        if (child->get_group().empty()) continue;
        const auto below = command_tree(*child);
        tree.insert(tree.end(), below.begin(), below.end());
    }
    return tree;
}

std::string terminal_help(const CLI::App& command) {
    const HelpPage page = help_page(command);
    std::string text = fmt::format("{}\n\nUsage: {}\n", page.summary, page.usage);
    if (!page.explanation.empty()) text += '\n' + wrapped(page.explanation, kColumns, 0) + '\n';
    text +=
        section("Commands", page.commands) + section("Arguments", page.arguments) + section("Options", page.options);
    if (!page.examples.empty()) text += fmt::format("\nExamples:\n{}\n", page.examples);
    return text;
}

}  // namespace slipcast::app
