#include "slipcast/core/nearest.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace slipcast {

namespace {

// Levenshtein's distance by the usual dynamic program, one row at a time: row[j] is the distance between the
// part of `a` read so far and the first j characters of `b`.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (const char letter : a) {
        std::size_t diagonal = row[0]++;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (letter == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

}  // namespace

std::string nearest_name(std::string_view name, std::span<const std::string> candidates) {
    const std::string* nearest = nullptr;
    std::size_t smallest = 0;
    for (const std::string& candidate : candidates) {
        const std::size_t distance = edit_distance(name, candidate);
        if (nearest == nullptr || distance < smallest) {
            nearest = &candidate;
            smallest = distance;
        }
    }
    return nearest == nullptr ? std::string{} : *nearest;
}

}  // namespace slipcast
