#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "slipcast/core/table.hpp"

namespace slipcast::interchange::detail {

/// Writes rows of one type as a contract table, one column a call. A column whose every value is missing is left out
/// when it is optional, so that reading it back finds the same absence.
template <typename Rows>
class TableBuilder {
public:
    TableBuilder(std::string name, const Rows& rows) : table_(std::move(name)), rows_(&rows) {}

    enum class Presence : std::uint8_t { required, optional };

    /// `get(row)` gives std::optional<value>.
    template <typename Value, typename Get>
    TableBuilder& values(ColumnMeta meta, Presence presence, const Get& get) {
        std::vector<Value> values;
        std::vector<std::uint8_t> valid;
        for (const auto& row : *rows_) {
            const std::optional<Value> value = get(row);
            valid.push_back(value ? 1 : 0);
            values.push_back(value.value_or(Value{}));
        }
        add(std::move(meta), presence, std::move(values), std::move(valid));
        return *this;
    }
    template <typename Get>
    TableBuilder& integers(const char* name, const char* unit, Presence presence, const Get& get) {
        return values<std::int64_t>(meta_of(name, unit), presence, get);
    }
    template <typename Get>
    TableBuilder& times(const char* name, Presence presence, const Get& get) {
        return values<Timestamp>(meta_of(name, "ns"), presence, get);
    }
    template <typename Get>
    TableBuilder& reals(const char* name, const char* unit, const Get& get) {
        return values<double>(meta_of(name, unit), Presence::optional, get);
    }
    /// `get(row)` gives text, "" when missing; every row its own text.
    template <typename Get>
    TableBuilder& texts(const char* name, Presence presence, const Get& get) {
        return values<std::string>(meta_of(name, ""), presence, [&](const auto& row) -> std::optional<std::string> {
            std::string text(get(row));
            return text.empty() ? std::nullopt : std::optional<std::string>(std::move(text));
        });
    }
    /// `get(row)` gives text, "" when missing; few distinct texts.
    template <typename Get>
    TableBuilder& labels(const char* name, Presence presence, const Get& get) {
        DictionaryColumn column;
        std::unordered_map<std::string, std::int32_t> codes;
        bool any = false;
        for (const auto& row : *rows_) {
            const std::string text(get(row));
            if (text.empty()) {
                column.code.push_back(-1);
                continue;
            }
            const auto [found, is_new] = codes.emplace(text, static_cast<std::int32_t>(column.labels.size()));
            if (is_new) column.labels.push_back(text);
            column.code.push_back(found->second);
            any = true;
        }
        if (any || presence == Presence::required) table_.add(Column{meta_of(name, ""), std::move(column), {}});
        return *this;
    }
    template <typename Get>
    TableBuilder& flags(const char* name, const Get& get) {
        BoolColumn column;
        for (const auto& row : *rows_) column.value.push_back(get(row) ? 1 : 0);
        table_.add(Column{meta_of(name, ""), std::move(column), {}});
        return *this;
    }
    template <typename Get>
    TableBuilder& money(const char* name, const char* unit, const Get& get) {
        MoneyColumn column;
        for (const auto& row : *rows_) column.units.push_back(get(row));
        table_.add(Column{meta_of(name, unit), std::move(column), {}});
        return *this;
    }
    [[nodiscard]] Table take() { return std::move(table_); }

private:
    static ColumnMeta meta_of(const char* name, const char* unit) {
        ColumnMeta meta;
        meta.name = name;
        meta.unit = unit;
        return meta;
    }
    template <typename Values>
    void add(ColumnMeta meta, Presence presence, Values values, std::vector<std::uint8_t> valid) {
        std::size_t present = 0;
        for (const std::uint8_t v : valid) present += v;
        if (present == 0 && presence == Presence::optional) return;
        if (present == valid.size()) valid.clear();
        table_.add(Column{std::move(meta), std::move(values), std::move(valid)});
    }

    Table table_;
    const Rows* rows_;
};

}  // namespace slipcast::interchange::detail
