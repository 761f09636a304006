#include "program.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "help.hpp"
#include "slipcast/core/nearest.hpp"
#include "slipcast/core/version.hpp"

namespace slipcast::app {
namespace {

class HouseHelp final : public CLI::FormatterBase {
public:
    std::string make_help(const CLI::App* command, std::string /*name*/, CLI::AppFormatMode /*mode*/) const override {
        return terminal_help(*command);
    }
};

/// Throws out of the parse when seen, so that --version works beside a missing command.
struct VersionAsked {};

std::string footer(const std::vector<Example>& examples) {
    std::size_t widest = 0;
    for (const Example& example : examples) widest = std::max(widest, example.line.size());
    std::string text;
    for (const Example& example : examples) {
        text += text.empty() ? "" : "\n";
        text += example.effect.empty() ? fmt::format("  {}", example.line)
                                       : fmt::format("  {:<{}}  # {}", example.line, widest, example.effect);
    }
    return text;
}

std::vector<std::string> long_flags(const CLI::App& command) {
    std::vector<std::string> names;
    for (const CLI::Option* option : command.get_options([](const CLI::Option*) { return true; })) {
        for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
    return names;
}

/// The deepest command that parsing entered.
const CLI::App* deepest(const CLI::App* command) {
    while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
    return command;
}

std::string unexpected(const CLI::App& at) {
    const std::vector<std::string> extra = at.remaining(true);
    const std::string word = extra.empty() ? std::string{} : extra.front();
    if (word.rfind('-', 0) != 0) return fmt::format("unexpected argument '{}'", word);
    const std::string flag = word.substr(0, word.find('='));
    return fmt::format("unknown option '{}'; did you mean '{}'?", flag, nearest_name(flag, long_flags(at)));
}

}  // namespace

Program::Program() : root_{"", "slipcast"} {
    describe(root_, {.name = "slipcast",
                     .summary = "what trading cost, measured from orders, fills and the tape",
                     .explanation =
                         "A command is a noun and a verb. Tables go to standard output (--json for programs), progress "
                         "and the log to standard error, files to --out.\n"
                         "Exit status: 0 done, 1 refused or failed, 2 wrong usage, 3 done with rows in quarantine "
                         "(--strict makes that 1), 130 stopped by Ctrl-C.",
                     .examples = {{"slipcast quickstart DIR", "your own folder in, one report out"},
                                  {"slipcast tca measure DIR --out RESULT --report tca.html", "tables and page"},
                                  {"slipcast tca measure --help", "flags and examples of one command"},
                                  {"source <(slipcast completion bash)", "completion in this shell"}}});
    root_.add_flag_callback("--version", [] { throw VersionAsked{}; }, "print the version");
    root_.require_subcommand(1);
}

void Program::describe(CLI::App& command, const CommandText& text) {
    command.description(text.explanation.empty() ? text.summary : text.summary + '\n' + text.explanation);
    command.footer(footer(text.examples));
    command.formatter(std::make_shared<HouseHelp>());
    command.set_help_flag("-h,--help", "this help");
}

CLI::App& Program::group(const CommandText& text) {
    CLI::App& added = *root_.add_subcommand(text.name);
    describe(added, text);
    added.require_subcommand(1);
    return added;
}

CLI::App& Program::command(CLI::App& parent, const CommandText& text, std::function<Exit()> run) {
    CLI::App& added = *parent.add_subcommand(text.name);
    describe(added, text);
    added.callback([this, run = std::move(run)] { chosen_ = run; });
    return added;
}

Exit Program::wrong_usage(const CLI::App& at, const std::string& message) const {
    const std::string path = help_page(at).path;
    fmt::print(stderr, "slipcast: {}\nTry '{} --help'.\n", message, path);
    return Exit::usage;
}

Exit Program::parse(int argc, const char* const* argv) {
    // CLI11 reports a misspelled command as a missing one, so walk the nouns and verbs first.
    const CLI::App* at = &root_;
    for (int i = 1; i < argc && argv[i][0] != '-'; ++i) {
        std::vector<std::string> names;
        const CLI::App* next = nullptr;
        for (const CLI::App* child : at->get_subcommands([](const CLI::App*) { return true; })) {
            if (!child->get_group().empty()) names.push_back(child->get_name());
            if (child->get_name() == argv[i]) next = child;
        }
        if (names.empty()) break;
        if (next == nullptr) {
            return wrong_usage(
                *at, fmt::format("unknown command '{}'; did you mean '{}'?", argv[i], nearest_name(argv[i], names)));
        }
        at = next;
    }
    try {
        root_.parse(argc, argv);
    } catch (const VersionAsked&) {
        fmt::print("slipcast {}\n", version());
        return Exit::done;
    } catch (const CLI::CallForHelp&) {
        fmt::print("{}", terminal_help(*deepest(&root_)));
        return Exit::done;
    } catch (const CLI::ExtrasError&) {
        const CLI::App& last = *deepest(&root_);
        return wrong_usage(last, unexpected(last));
    } catch (const CLI::ParseError& error) {
        const CLI::App& last = *deepest(&root_);
        const bool bare_group = !help_page(last).commands.empty();
        return wrong_usage(last, bare_group ? "a command is missing" : error.what());
    }
    return Exit::done;
}

Exit Program::run(int argc, const char* const* argv) {
    const Exit parsed = parse(argc, argv);
    if (parsed != Exit::done || !chosen_) return parsed;
    return chosen_();
}

void add_output_options(CLI::App& command, OutputOptions& options) {
    command.add_flag("--json", options.json, "tables as JSON on standard output");
    command.add_flag("--strict", options.strict, "rows in quarantine make the exit status 1 instead of 3");
    command.add_flag("-q,--quiet", options.quiet, "no progress and no log");
}

}  // namespace slipcast::app
