#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "slipcast/core/table.hpp"

namespace slipcast {

/// Text with few distinct values as it comes: labels are in the order of their first appearance, the empty text is
/// missing (code -1).
class Words {
public:
    void add(std::string_view word) {
        if (word.empty()) {
            made_.code.push_back(-1);
            return;
        }
        auto at = codes_.find(word);
        if (at == codes_.end()) {
            at = codes_.emplace(word, static_cast<std::int32_t>(made_.labels.size())).first;
            made_.labels.emplace_back(word);
        }
        made_.code.push_back(at->second);
    }
    [[nodiscard]] const DictionaryColumn& column() const { return made_; }
    [[nodiscard]] DictionaryColumn take() { return std::move(made_); }

private:
    struct Hash {
        using is_transparent = void;  // a word is looked up as it comes, without a string of its own
        std::size_t operator()(std::string_view word) const { return std::hash<std::string_view>{}(word); }
    };

    DictionaryColumn made_;
    std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>> codes_;
};

/// label(row) of rows 0, 1, ... as words.
template <typename Label>
[[nodiscard]] DictionaryColumn words(std::size_t rows, const Label& label) {
    Words made;
    for (std::size_t row = 0; row < rows; ++row) made.add(label(row));
    return made.take();
}

}  // namespace slipcast
