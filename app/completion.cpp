#include <fmt/format.h>

#include "help.hpp"

namespace slipcast::app {
namespace {

/// Commands and flags that may follow the command, space-separated.
std::string words_after(const CLI::App& command) {
    std::string words;
    const HelpPage page = help_page(command);
    for (const HelpLine& child : page.commands) words += child.name + ' ';
    for (const CLI::Option* option : command.get_options([](const CLI::Option*) { return true; })) {
        for (const std::string& name : option->get_lnames()) words += "--" + name + ' ';
    }
    if (!words.empty()) words.pop_back();
    return words;
}

}  // namespace

std::string bash_completion(const CLI::App& root) {
    std::string groups;
    std::string cases;
    for (const CLI::App* command : command_tree(root)) {
        const HelpPage page = help_page(*command);
        cases += fmt::format("    '{}') words='{}' ;;\n", page.path, words_after(*command));
        if (command != &root) groups += fmt::format("    '{}') path=$next ;;\n", page.path);
    }
    return fmt::format(R"(# bash completion for slipcast: source <(slipcast completion bash)
_slipcast() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} path=slipcast next index words=
  for ((index = 1; index < COMP_CWORD; index++)); do
    next="$path ${{COMP_WORDS[index]}}"
    case $next in
{}    esac
  done
  case $path in
{}  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  # Whatever is not a flag may be a file or a folder.
  [[ $current == -* ]] || COMPREPLY+=($(compgen -f -- "$current"))
}}
complete -o filenames -F _slipcast slipcast
)",
                       groups, cases);
}

}  // namespace slipcast::app
