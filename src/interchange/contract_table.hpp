#pragma once

#include <optional>
#include <string>
#include <utility>

#include "slipcast/core/table_builder.hpp"

namespace slipcast::interchange::detail {

/// Writes rows of one type as a contract table, one column a call. A column whose every value is missing is left out
/// when it is optional, so that reading it back finds the same absence.
template <typename Rows>
class ContractTable {
public:
    ContractTable(std::string name, const Rows& rows) : table_(std::move(name), rows.size()), rows_(&rows) {}

    enum class Presence : std::uint8_t { required, optional };

    /// `get(row)` gives std::optional<std::int64_t>.
    template <typename Get>
    ContractTable& integers(const char* name, const char* unit, Presence presence, const Get& get) {
        return add(plain(name, {}, unit), presence, get);
    }
    /// `get(row)` gives std::optional<Timestamp>.
    template <typename Get>
    ContractTable& times(const char* name, Presence presence, const Get& get) {
        return add(plain(name, {}, "ns"), presence, get);
    }
    /// `get(row)` gives std::optional<double>.
    template <typename Get>
    ContractTable& reals(const char* name, const char* unit, const Get& get) {
        return add(plain(name, {}, unit), Presence::optional, get);
    }
    /// `get(row)` gives text, "" when missing; every row its own text.
    template <typename Get>
    ContractTable& texts(const char* name, Presence presence, const Get& get) {
        return add(plain(name, {}), presence, [&](const auto& row) {
            std::string text(get(row));
            return text.empty() ? std::nullopt : std::optional(std::move(text));
        });
    }
    /// `get(row)` gives text, "" when missing; few distinct texts.
    template <typename Get>
    ContractTable& labels(const char* name, Presence presence, const Get& get) {
        DictionaryColumn column = words(rows_->size(), of(*rows_, get));
        if (column.labels.empty() && presence == Presence::optional) return *this;
        table_.add(plain(name, {}), std::move(column));
        return *this;
    }
    /// `get(row)` gives a bool or Money.
    template <typename Get>
    ContractTable& values(const char* name, const char* unit, const Get& get) {
        return add(plain(name, {}, unit), Presence::required, get);
    }
    [[nodiscard]] Table take() { return table_.take(); }

private:
    template <typename Get>
    ContractTable& add(ColumnMeta meta, Presence presence, const Get& get) {
        if (presence == Presence::required) {
            table_.add(std::move(meta), of(*rows_, get));
        } else {
            table_.add_unless_missing(std::move(meta), of(*rows_, get));
        }
        return *this;
    }

    TableBuilder table_;
    const Rows* rows_;
};

}  // namespace slipcast::interchange::detail
