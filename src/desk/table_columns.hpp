#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "slipcast/core/table.hpp"

namespace slipcast::desk::detail {

/// Names with few distinct values, in the order of their first appearance; the empty one is missing.
class Words {
public:
    void add(std::string_view word) {
        if (word.empty()) {
            made_.code.push_back(-1);
            return;
        }
        const auto [at, is_new] = code_.try_emplace(std::string(word), static_cast<std::int32_t>(made_.labels.size()));
        if (is_new) made_.labels.push_back(at->first);
        made_.code.push_back(at->second);
    }
    [[nodiscard]] const DictionaryColumn& column() const { return made_; }

private:
    DictionaryColumn made_;
    std::map<std::string, std::int32_t, std::less<>> code_;
};

/// A column of a result; a number that is not finite is missing, and so is a price of zero.
template <typename T>
[[nodiscard]] Column column(std::string name, std::string unit, std::vector<T> values, std::string meaning,
                            SignTag sign = SignTag::none) {
    Column column;
    column.meta.name = std::move(name);
    column.meta.unit = std::move(unit);
    column.meta.sign = sign;
    column.meta.meaning = std::move(meaning);
    if constexpr (std::is_same_v<T, double> || std::is_same_v<T, Price>) {
        const auto is_there = [](const T& value) {
            if constexpr (std::is_same_v<T, double>)
                return std::isfinite(value);
            else
                return value > Price{};
        };
        if (!std::all_of(values.begin(), values.end(), is_there)) {
            for (T& value : values) {
                column.valid.push_back(is_there(value) ? 1 : 0);
                if (!is_there(value)) value = T{};
            }
        }
    }
    column.data = std::move(values);
    return column;
}

[[nodiscard]] inline Column words(std::string name, const Words& values, std::string meaning) {
    Column column;
    column.meta.name = std::move(name);
    column.meta.meaning = std::move(meaning);
    column.data = values.column();
    return column;
}

/// A column of one property of each row.
template <typename Row, typename Value>
[[nodiscard]] Column column_of_rows(std::string name, const std::string& unit, const std::vector<Row>& rows,
                                    Value value, std::string meaning, SignTag sign = SignTag::none) {
    using T = std::decay_t<decltype(value(rows.front()))>;
    if constexpr (std::is_same_v<T, bool>) {
        BoolColumn flags;
        for (const Row& row : rows) flags.value.push_back(value(row) ? 1 : 0);
        Column made;
        made.meta.name = std::move(name);
        made.meta.meaning = std::move(meaning);
        made.data = std::move(flags);
        return made;
    } else if constexpr (std::is_same_v<T, std::string_view>) {
        Words made;
        for (const Row& row : rows) made.add(value(row));
        return words(std::move(name), made, std::move(meaning));
    } else {
        std::vector<T> values;
        values.reserve(rows.size());
        for (const Row& row : rows) values.push_back(value(row));
        return column(std::move(name), unit, std::move(values), std::move(meaning), sign);
    }
}

}  // namespace slipcast::desk::detail
