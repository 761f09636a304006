#include <fmt/format.h>
#include <spdlog/version.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "help.hpp"
#include "program.hpp"
#include "slipcast/core/version.hpp"
#include "slipcast/io/libraries.hpp"
#include "slipcast/storage/sqlite_journal.hpp"

namespace slipcast::app {
namespace {

std::string compiler() {
#if defined(__clang__)
    return fmt::format("clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
    return fmt::format("gcc {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
}

/// The first line that `command` prints; empty when it fails.
std::string first_line_of(const char* command) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe{popen(command, "r"), pclose};
    std::array<char, 256> line{};
    if (!pipe || std::fgets(line.data(), static_cast<int>(line.size()), pipe.get()) == nullptr) return {};
    std::string text{line.data()};
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

void show(const std::string& what, const std::string& found) {
    fmt::print("  {:<18}{}\n", what, found);
}

Exit doctor() {
    fmt::print("slipcast {}\n\nbuilt with\n", version());
    show("compiler", compiler());
    show("fmt", fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100));
    show("CLI11", CLI11_VERSION);
    show("spdlog", fmt::format("{}.{}.{}", SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH));
    show("nlohmann-json", fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR,
                                      NLOHMANN_JSON_VERSION_PATCH));
    fmt::print("\nfound on this machine\n");
    Exit health = Exit::done;
    for (const io::Library& library : io::libraries()) {
        const bool usable = library.problem.empty();
        show(library.name, usable ? library.version : "MISSING: " + library.problem);
        if (!usable) health = Exit::refused;
    }
    show("SQLite", storage::sqlite_version());
    show("cores", fmt::format("{}", std::thread::hardware_concurrency()));
    fmt::print("\noptional\n");
    const std::string package = first_line_of("python3 -c 'import slipcast; print(slipcast.__version__)' 2>/dev/null");
    show("Python package", package.empty() ? "not found by python3 (docs/how-to/use-from-python.md)" : package);
    fmt::print("\n{}\n", health == Exit::done ? "Everything that slipcast needs is here."
                                              : "Something that slipcast needs is missing, see above.");
    return health;
}

}  // namespace

void add_help_commands(Program& program) {
    CLI::App& root = program.root();
    program.command(root,
                    {.name = "doctor",
                     .summary = "what is installed and what is missing",
                     .explanation = "Exit status 1 when something that slipcast needs is missing.",
                     .examples = {{"slipcast doctor", ""}}},
                    doctor);

    auto shell = std::make_shared<std::string>();
    CLI::App& completion = program.command(root,
                                           {.name = "completion",
                                            .summary = "a completion script for the shell",
                                            .examples = {{"source <(slipcast completion bash)", "in this shell"}}},
                                           [&root, shell] {
                                               fmt::print("{}", bash_completion(root));
                                               return Exit::done;
                                           });
    completion.add_option("SHELL", *shell, "bash")->required()->check(CLI::IsMember({"bash"}));

    auto markdown = std::make_shared<bool>(false);
    CLI::App& man = program.command(
        root,
        {.name = "man",
         .summary = "the manual, made from this help",
         .examples = {{"slipcast man | man -l -", "read it"}, {"slipcast man --markdown", "as docs/reference/cli.md"}}},
        [&root, markdown] {
            fmt::print("{}", *markdown ? markdown_reference(root) : manual(root));
            return Exit::done;
        });
    man.add_flag("--markdown", *markdown, "Markdown instead of a man page");
}

}  // namespace slipcast::app
