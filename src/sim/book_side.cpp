#include "book_side.hpp"

#include <algorithm>

namespace slipcast::sim {

const Level* find_level(std::span<const Level> levels, Price price) {
    const auto found = std::find_if(levels.begin(), levels.end(), [&](const Level& l) { return l.price == price; });
    return found == levels.end() ? nullptr : &*found;
}

void BookSide::show(const market::BookLevel& touch, std::span<const market::BookLevel> behind) {
    std::swap(levels_, before_);
    levels_.clear();
    const auto add = [this](const market::BookLevel& shown) {
        const Level* known = find_level(before_, shown.price);
        levels_.push_back(known != nullptr ? *known : Level{shown.price, Quantity{}, Quantity{}, Quantity{}});
        levels_.back().show(shown.size);
    };
    add(touch);
    for (const market::BookLevel& level : behind) {
        if (level.is_there()) add(level);
    }
}

void BookSide::print(Price price, Quantity size) {
    const auto reached = [&](const Level& level) {
        return side_ == Side::buy ? price <= level.price : price >= level.price;
    };
    const auto beyond = std::find_if_not(levels_.begin(), levels_.end(), reached);
    if (beyond != levels_.begin()) std::prev(beyond)->print(size);
}

bool BookSide::has_changed() const {
    return !std::equal(levels_.begin(), levels_.end(), before_.begin(), before_.end(),
                       [](const Level& a, const Level& b) { return a.price == b.price && a.displayed == b.displayed; });
}

bool BookSide::has_left() const {
    return std::any_of(levels_.begin(), levels_.end(), [](const Level& level) { return level.left() > Quantity{}; });
}

bool BookSide::shows_beyond(Price price) const {
    if (touch().price <= Price{}) return true;
    const Price last = levels_.back().price;
    return side_ == Side::buy ? last < price : last > price;
}

}  // namespace slipcast::sim
