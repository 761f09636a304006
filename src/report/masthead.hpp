#pragma once

#include <map>
#include <string>
#include <vector>

#include "json.hpp"
#include "slipcast/report/document.hpp"

namespace slipcast::report {

/// What stands at the head and the end of every page.
struct Masthead {
    std::string kicker{};
    std::string title{};
    std::vector<std::string> extent{};
    std::vector<Fact> facts{};
    std::map<std::string, std::string> provenance{};
    std::string closing{};
};

[[nodiscard]] Json facts_json(const std::vector<Fact>& facts);
/// With the version among the facts when none of them is called so.
[[nodiscard]] Json head_json(const Masthead& masthead);

}  // namespace slipcast::report
