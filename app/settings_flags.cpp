#include "settings_flags.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace slipcast::app {
namespace {

std::string flag_name(const Setting& setting) {
    std::string flag = "--" + setting.name;
    std::replace(flag.begin(), flag.end(), '_', '-');
    return flag;
}

std::string flag_text(const Setting& setting) {
    std::string facts;
    const auto add = [&facts](const std::string& fact) {
        if (!fact.empty()) facts += (facts.empty() ? "" : "; ") + fact;
    };
    add(setting.unit);
    if (!setting.is_flag) add(setting.range);
    if (!setting.is_flag) add("default " + (setting.get().empty() ? "none" : setting.get()));
    return facts.empty() ? setting.meaning : fmt::format("{} ({})", setting.meaning, facts);
}

void set_or_throw(const std::vector<Setting>& same_name, const std::string& text) {
    for (const Setting& setting : same_name) {
        if (const auto done = setting.set(text); !done) {
            throw CLI::ValidationError{flag_name(setting), fmt::format("{}: {}", text, done.error().rule)};
        }
    }
}

}  // namespace

void add_settings(CLI::App& command, const std::vector<Settings>& settings) {
    std::vector<std::vector<Setting>> by_name;
    for (const Settings& group : settings) {
        for (const Setting& setting : group.all()) {
            const auto same = std::find_if(by_name.begin(), by_name.end(),
                                           [&](const auto& known) { return known.front().name == setting.name; });
            if (same == by_name.end()) {
                by_name.push_back({setting});
            } else {
                same->push_back(setting);
            }
        }
    }
    for (const std::vector<Setting>& same_name : by_name) {
        const Setting& first = same_name.front();
        if (first.is_flag) {
            command.add_flag_callback(
                flag_name(first), [same_name] { set_or_throw(same_name, "true"); }, flag_text(first));
        } else {
            command
                .add_option_function<std::string>(
                    flag_name(first), [same_name](const std::string& text) { set_or_throw(same_name, text); },
                    flag_text(first))
                ->type_name("VALUE");
        }
    }
}

}  // namespace slipcast::app
