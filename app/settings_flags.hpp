#pragma once

#include <CLI/CLI.hpp>
#include <vector>

#include "slipcast/core/settings.hpp"

namespace slipcast::app {

/// Gives `command` one flag a setting, with its meaning, unit, range and default in the help. Structs that share a
/// setting's name (a seed) share its flag. The options structs behind `settings` must outlive the parse. A value
/// that breaks the setting's rule is wrong usage: CLI::ValidationError.
void add_settings(CLI::App& command, const std::vector<Settings>& settings);

}  // namespace slipcast::app
