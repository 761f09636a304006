#include "mapping.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <utility>

#include "slipcast/core/decimal.hpp"
#include "slipcast/core/nearest.hpp"
#include "slipcast/interchange/decode.hpp"
#include "slipcast/market/depth.hpp"

namespace slipcast::io::detail {

namespace {

using Names = std::vector<std::string>;

class MappingParser {
public:
    explicit MappingParser(std::string shown) : shown_(std::move(shown)) {}

    Result<Mapping> parse(const toml::table& root) const {
        SLIPCAST_CHECK(known_keys(root, {"delimiter", "table"}, "key"));
        Mapping mapping;
        if (const toml::node* node = root.get("delimiter")) {
            SLIPCAST_TRY(text, text_of(*node, "delimiter"));
            if (text.size() != 1)
                return refused(*node, ErrorCode::invalid_value, "delimiter", text, "must be one character");
            mapping.delimiter = text.front();
        }
        const toml::node* tables = root.get("table");
        if (tables == nullptr || !tables->is_array() || tables->as_array()->empty())
            return refused(root, ErrorCode::missing_field, "table", "", "must have at least one [[table]]");
        for (const toml::node& node : *tables->as_array()) {
            if (!node.is_table()) return refused(node, ErrorCode::malformed, "table", "", "must be [[table]]");
            SLIPCAST_TRY(rule, table_rule(*node.as_table()));
            mapping.tables.push_back(std::move(rule));
        }
        return mapping;
    }

    [[nodiscard]] Error refused(const toml::node& node, ErrorCode code, std::string field, std::string value,
                                std::string rule) const {
        return Error{code,
                     std::move(field),
                     std::move(value),
                     std::move(rule),
                     {shown_, static_cast<std::int64_t>(node.source().begin.line), {}}};
    }

private:
    Result<void> known_keys(const toml::table& table, const Names& valid, const char* what) const {
        for (const auto& [key, node] : table) {
            const std::string name(key.str());
            if (std::find(valid.begin(), valid.end(), name) != valid.end()) continue;
            return refused(node, ErrorCode::unknown_field, name, "",
                           std::string("unknown ") + what + "; did you mean " + nearest_name(name, valid) + "?");
        }
        return {};
    }

    Result<std::string> text_of(const toml::node& node, const std::string& field) const {
        if (const auto* text = node.as_string()) return text->get();
        return refused(node, ErrorCode::invalid_value, field, "", "must be text in quotes");
    }

    Result<Names> texts_of(const toml::node& node, const std::string& field) const {
        if (!node.is_array() || node.as_array()->empty())
            return refused(node, ErrorCode::invalid_value, field, "", "must be a list of texts");
        Names texts;
        for (const toml::node& element : *node.as_array()) {
            SLIPCAST_TRY(text, text_of(element, field));
            texts.push_back(text);
        }
        return texts;
    }

    Result<TableRule> table_rule(const toml::table& node) const {
        SLIPCAST_CHECK(known_keys(node, {"name", "sources", "distinct", "columns"}, "key of [[table]]"));
        TableRule rule;
        const toml::node* name = node.get("name");
        if (name == nullptr) return refused(node, ErrorCode::missing_field, "name", "", "must name a contract table");
        SLIPCAST_TRY(name_text, text_of(*name, "name"));
        rule.name = name_text;
        Names tables = interchange::contract_tables();
        tables.insert(tables.end(), {"quotes", "trades"});
        if (std::find(tables.begin(), tables.end(), rule.name) == tables.end()) {
            return refused(*name, ErrorCode::unknown_field, "name", rule.name,
                           "unknown table; did you mean " + nearest_name(rule.name, tables) + "?");
        }
        if (const toml::node* sources = node.get("sources")) {
            SLIPCAST_TRY(texts, texts_of(*sources, "sources"));
            rule.sources = texts;
        }
        const toml::node* columns = node.get("columns");
        if (columns == nullptr || !columns->is_table())
            return refused(node, ErrorCode::missing_field, "columns", "", "must have [table.columns]");
        SLIPCAST_CHECK(add_columns(*columns->as_table(), rule));
        if (const toml::node* distinct = node.get("distinct")) {
            SLIPCAST_TRY(texts, texts_of(*distinct, "distinct"));
            for (const std::string& text : texts) {
                if (rule.columns.contains(text)) continue;
                return refused(*distinct, ErrorCode::unknown_field, "distinct", text, "must be a column of this table");
            }
            rule.distinct = texts;
        }
        return rule;
    }

    Result<void> add_columns(const toml::table& node, TableRule& rule) const {
        Names valid, required;
        for (std::string column : interchange::contract_columns(rule.name)) {
            if (column.ends_with('?')) {
                column.pop_back();
            } else {
                required.push_back(column);
            }
            valid.push_back(std::move(column));
        }
        for (const auto& [key, value] : node) {
            const std::string name(key.str());
            if (rule.name == "quotes" && market::depth_level(name)) valid.push_back(name);
        }
        SLIPCAST_CHECK(known_keys(node, valid, ("column of " + rule.name).c_str()));
        for (const auto& [key, value] : node) {
            SLIPCAST_TRY(parsed, value_rule(value, std::string(key.str())));
            rule.columns.emplace(key.str(), std::move(parsed));
        }
        for (const std::string& column : required) {
            if (rule.columns.contains(column)) continue;
            return refused(node, ErrorCode::missing_field, column, "", "is a required column of " + rule.name);
        }
        return {};
    }

    Result<ValueRule> value_rule(const toml::node& node, const std::string& field) const {
        ValueRule rule;
        if (const auto* text = node.as_string()) {
            rule.column = text->get();
            return rule;
        }
        if (!node.is_table())
            return refused(node, ErrorCode::invalid_value, field, "", "must be a source column or a rule in braces");
        const toml::table& table = *node.as_table();
        SLIPCAST_CHECK(known_keys(table,
                                  {"column", "constant", "join", "quotient", "row", "separator", "words", "pattern",
                                   "time_zone", "scale", "precision", "otherwise"},
                                  "rule"));
        SLIPCAST_CHECK(read_origin(table, field, rule));
        SLIPCAST_CHECK(read_changes(table, field, rule));
        if (const toml::node* otherwise = table.get("otherwise")) {
            SLIPCAST_TRY(other, value_rule(*otherwise, field));
            rule.otherwise = std::make_shared<ValueRule>(std::move(other));
        }
        return rule;
    }

    Result<void> read_origin(const toml::table& table, const std::string& field, ValueRule& rule) const {
        int origins = 0;
        const auto text_key = [&](const char* key, std::optional<std::string>& target) -> Result<void> {
            const toml::node* node = table.get(key);
            if (node == nullptr) return {};
            ++origins;
            SLIPCAST_TRY(text, text_of(*node, field));
            target = text;
            return {};
        };
        SLIPCAST_CHECK(text_key("column", rule.column));
        SLIPCAST_CHECK(text_key("constant", rule.constant));
        SLIPCAST_CHECK(text_key("row", rule.row));
        for (const auto& [key, target] : {std::pair{"join", &rule.join}, {"quotient", &rule.quotient}}) {
            const toml::node* node = table.get(key);
            if (node == nullptr) continue;
            ++origins;
            SLIPCAST_TRY(texts, texts_of(*node, field));
            *target = texts;
        }
        if (origins != 1) {
            return refused(table, ErrorCode::inconsistent, field, "",
                           "must have exactly one of column, constant, join, quotient, row");
        }
        if (!rule.quotient.empty() && rule.quotient.size() != 2)
            return refused(table, ErrorCode::invalid_value, field, "", "quotient takes two columns");
        return {};
    }

    Result<void> read_changes(const toml::table& table, const std::string& field, ValueRule& rule) const {
        for (const auto& [key, target] : {std::pair{"separator", &rule.separator}, {"precision", &rule.precision}}) {
            const toml::node* node = table.get(key);
            if (node == nullptr) continue;
            SLIPCAST_TRY(text, text_of(*node, field));
            *target = text;
        }
        if (const toml::node* pattern = table.get("pattern")) {
            if (const auto* text = pattern->as_string()) {
                rule.patterns = {text->get()};
            } else {
                SLIPCAST_TRY(texts, texts_of(*pattern, field));
                rule.patterns = texts;
            }
        }
        for (const std::string& pattern : rule.patterns) {
            if (is_time_pattern(pattern)) continue;
            return refused(table, ErrorCode::invalid_value, "pattern", pattern,
                           "must consist of %Y %m %d %H %M %S %y %b %e %I %p and plain characters");
        }
        if (const toml::node* zone = table.get("time_zone")) {
            SLIPCAST_TRY(name, text_of(*zone, field));
            auto found = LocalZone::find(name);
            if (!found) return refused(*zone, ErrorCode::invalid_value, "time_zone", name, found.error().rule);
            rule.time_zone = *found;
        }
        if (rule.time_zone.has_value() == rule.patterns.empty()) {
            return refused(table, ErrorCode::inconsistent, field, "",
                           "a local time needs both pattern and time_zone: without a zone it would be a guess");
        }
        if (const toml::node* scale = table.get("scale")) {
            SLIPCAST_TRY(text, text_of(*scale, field));
            const auto factor = parse_decimal(text, kFactorDecimals, "scale");
            if (!factor || *factor <= 0)
                return refused(*scale, ErrorCode::invalid_value, "scale", text,
                               "must be a decimal > 0, at most 9 digits after the point");
            rule.scale = text;
        }
        if (!rule.precision.empty() && !parse_duration(rule.precision))
            return refused(table, ErrorCode::invalid_value, "precision", rule.precision,
                           "must be a duration like 1min");
        if (const toml::node* words = table.get("words")) {
            if (!words->is_table())
                return refused(*words, ErrorCode::invalid_value, field, "", "words must be in braces");
            for (const auto& [key, value] : *words->as_table()) {
                SLIPCAST_TRY(text, text_of(value, field));
                rule.words.emplace(key.str(), text);
            }
        }
        return {};
    }

    static constexpr int kFactorDecimals = 9;
    std::string shown_;
};

/// Whether `text` matches `glob`, where * stands for any text.
bool matches(std::string_view glob, std::string_view text) {
    const std::size_t star = glob.find('*');
    if (star == std::string_view::npos) return glob == text;
    if (text.substr(0, star) != glob.substr(0, star)) return false;
    for (std::size_t skip = star; skip <= text.size(); ++skip) {
        if (matches(glob.substr(star + 1), text.substr(skip))) return true;
    }
    return false;
}

}  // namespace

std::vector<std::string> ValueRule::source_columns() const {
    std::vector<std::string> columns = join;
    columns.insert(columns.end(), quotient.begin(), quotient.end());
    if (column) columns.push_back(*column);
    return columns;
}

bool TableRule::takes(const std::string& file_name) const {
    return sources.empty() || std::any_of(sources.begin(), sources.end(),
                                          [&](const std::string& glob) { return matches(glob, file_name); });
}

Result<Mapping> parse_mapping(std::string_view text, const std::string& shown) {
    try {
        const toml::table root = toml::parse(text, shown);
        return MappingParser(shown).parse(root);
    } catch (const toml::parse_error& error) {
        return Error{ErrorCode::malformed,
                     "mapping",
                     shown,
                     "must be TOML: " + std::string(error.description()),
                     {shown, static_cast<std::int64_t>(error.source().begin.line), {}}};
    }
}

}  // namespace slipcast::io::detail
