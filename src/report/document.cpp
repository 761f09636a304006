#include "slipcast/report/document.hpp"

#include <algorithm>
#include <set>

#include "html_page.hpp"
#include "masthead.hpp"
#include "number_text.hpp"
#include "parts.hpp"
#include "table_view.hpp"

namespace slipcast::report {

namespace {

Json prose_json(const Prose& prose) {
    const char* const looks[] = {"lead", "body", "note"};
    return Json{
        {"kind", "prose"}, {"look", looks[static_cast<std::size_t>(prose.kind)]}, {"paragraphs", prose.paragraphs}};
}

Json facts_part_json(const Facts& facts) {
    return Json{{"kind", "facts"},
                {"width", width_name(facts.width)},
                {"title", facts.title},
                {"facts", facts_json(facts.facts)}};
}

bool is_address(const std::string& id) {
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    return !id.empty() && id[0] >= 'a' && id[0] <= 'z' && std::all_of(id.begin(), id.end(), fits);
}

Result<Json> part_json(const Part& part, const std::string& place, const std::string& id) {
    if (const auto* figure = std::get_if<Figure>(&part)) return figure_json(*figure, place, id);
    if (const auto* table = std::get_if<ShownTable>(&part)) return table_json(*table, place, id);
    if (const auto* numbers = std::get_if<KeyNumbers>(&part)) return key_numbers_json(*numbers);
    if (const auto* facts = std::get_if<Facts>(&part)) return facts_part_json(*facts);
    return prose_json(std::get<Prose>(part));
}

Result<Json> section_json(const Section& section) {
    const std::string place = "sections[" + section.id + "]";
    Json json{{"id", section.id},
              {"title", section.title},
              {"notes", section.notes},
              {"wide", section.wide},
              {"parts", Json::array()}};
    for (std::size_t i = 0; i < section.parts.size(); ++i) {
        const std::string number = std::to_string(i + 1);
        SLIPCAST_TRY(part, part_json(section.parts[i], place + ".parts[" + number + "]", section.id + "-" + number));
        json["parts"].push_back(std::move(part));
    }
    return json;
}

Result<void> check(const Document& content) {
    if (content.sections.empty()) {
        return Error{ErrorCode::missing_field, "sections", "", "a page has at least one section", {}};
    }
    std::set<std::string> ids{"page", "main", "payload"};
    for (const Section& section : content.sections) {
        if (!is_address(section.id)) {
            return invalid_value("sections.id", section.id, "must be lower-case letters, digits and -, a letter first");
        }
        if (!ids.insert(section.id).second) {
            return invalid_value("sections.id", section.id, "must be unique and not page, main or payload");
        }
    }
    return {};
}

}  // namespace

Json key_numbers_json(const KeyNumbers& numbers) {
    Json list = Json::array();
    for (const KeyNumber& number : numbers.numbers) {
        NumberKind kind = number.kind;
        if (kind == NumberKind::automatic && number.unit == "bps") kind = NumberKind::bps;
        const auto cell = [&](const std::optional<double>& value) -> Json { return cell_json(value, kind); };
        list.push_back({{"label", number.label},
                        {"unit", number.unit},
                        {"value", cell(number.value)},
                        {"low", cell(number.low)},
                        {"high", cell(number.high)},
                        {"sign", name(number.sign)},
                        {"notes", number.notes}});
    }
    return Json{{"kind", "numbers"}, {"numbers", std::move(list)}};
}

Result<std::string> document(const Document& content) {
    SLIPCAST_CHECK(check(content));
    Json payload{{"head", head_json({.kicker = content.kicker,
                                     .title = content.title,
                                     .extent = content.extent,
                                     .facts = content.facts,
                                     .provenance = content.provenance,
                                     .closing = content.closing})},
                 {"sections", Json::array()}};
    for (const Section& section : content.sections) {
        SLIPCAST_TRY(json, section_json(section));
        payload["sections"].push_back(std::move(json));
    }
    return html_page(content.title, payload);
}

}  // namespace slipcast::report
