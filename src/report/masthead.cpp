#include "masthead.hpp"

#include <algorithm>

#include "slipcast/core/version.hpp"

namespace slipcast::report {

Json facts_json(const std::vector<Fact>& facts) {
    Json list = Json::array();
    for (const Fact& fact : facts) list.push_back({{"name", fact.name}, {"value", fact.value}});
    return list;
}

Json head_json(const Masthead& masthead) {
    std::vector<Fact> facts = masthead.facts;
    if (std::none_of(facts.begin(), facts.end(), [](const Fact& fact) { return fact.name == "Version"; })) {
        facts.push_back({"Version", std::string(version())});
    }
    Json provenance = Json::array();
    for (const auto& [name, value] : masthead.provenance) provenance.push_back({{"name", name}, {"value", value}});
    return Json{{"kicker", masthead.kicker},           {"title", masthead.title},
                {"extent", masthead.extent},           {"facts", facts_json(facts)},
                {"provenance", std::move(provenance)}, {"closing", masthead.closing}};
}

}  // namespace slipcast::report
