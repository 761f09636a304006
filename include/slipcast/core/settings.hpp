#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "slipcast/core/price.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/core/time.hpp"

namespace slipcast {

/// One setting of an options struct, as the CLI, Python and the reference page see it.
struct Setting {
    std::string name;                                        ///< snake_case; the CLI shows it with dashes
    std::string unit;                                        ///< "bps", "s", "" ...
    std::string range;                                       ///< the rule as people read it: "in (0, 1]"
    std::string meaning;                                     ///< one sentence
    std::string source;                                      ///< where the default comes from; may be empty
    bool is_flag = false;                                    ///< true/false
    std::function<Result<void>(std::string_view text)> set;  ///< parses and checks the range
    std::function<std::string()> get;                        ///< the current value as text that `set` accepts
    std::function<Result<void>()> check;                     ///< refuses the current value when out of its range
};

/// The settings of one options struct, each declared once and bound to its member. The struct offers
/// `Settings settings()` and validates itself with `settings().validate()`.
class Settings {
public:
    /// Bounds of a number; an open end excludes its value.
    struct Range {
        double low = 0.0;
        double high = 0.0;
        bool low_open = false;
        bool high_open = false;
    };
    Settings& integer(std::string name, std::string unit, std::int64_t& target, std::int64_t low, std::int64_t high,
                      std::string meaning, std::string source = {});
    Settings& integer(std::string name, std::string unit, int& target, int low, int high, std::string meaning,
                      std::string source = {});
    Settings& seed(std::string name, std::uint64_t& target, std::string meaning);
    Settings& number(std::string name, std::string unit, double& target, Range range, std::string meaning,
                     std::string source = {});
    Settings& flag(std::string name, bool& target, std::string meaning);
    Settings& duration(std::string name, Duration& target, Duration low, Duration high, std::string meaning,
                       std::string source = {});
    Settings& date(std::string name, Date& target, std::string meaning);
    Settings& text(std::string name, std::string& target, std::string meaning);
    /// One of `choices`; the target holds the index.
    Settings& choice(std::string name, int& target, const std::vector<std::string>& choices, std::string meaning);
    /// Comma-separated texts; `check` refuses an element.
    Settings& list(std::string name, std::string unit, std::vector<std::string>& target, std::string meaning,
                   std::function<Result<void>(const std::string&)> check = {});

    [[nodiscard]] const std::vector<Setting>& all() const& { return settings_; }
    /// Of a temporary by value, so that `for (... : options.settings().all())` does not dangle.
    [[nodiscard]] std::vector<Setting> all() && { return std::move(settings_); }
    /// Sets one by name ('-' and '_' are the same); an unknown name is refused with the nearest valid one.
    Result<void> set(std::string_view name, std::string_view text);
    /// Refuses the first value outside its range, naming the setting, the value and the rule.
    [[nodiscard]] Result<void> validate() const;
    /// "name=value;..." in declaration order: what the options digest of a result is made from.
    [[nodiscard]] std::string canonical_text() const;

private:
    Settings& add(Setting setting);

    std::vector<Setting> settings_;
};

}  // namespace slipcast
