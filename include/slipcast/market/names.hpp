#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "slipcast/core/id.hpp"

namespace slipcast::market {

/// Interned names: each distinct text gets the next index, in order of first appearance (so iteration
/// over ids is deterministic). The empty text is never stored: `intern("")` is `none()`.
template <typename IdType>
class NamePool {
public:
    /// The id of `name`, issued now if it is new.
    IdType intern(std::string_view name) {
        if (name.empty()) return IdType::none();
        if (const auto found = index_.find(name); found != index_.end()) return IdType::from_index(found->second);
        const auto index = static_cast<std::int32_t>(names_.size());
        names_.emplace_back(name);
        index_.emplace(names_.back(), index);
        return IdType::from_index(index);
    }
    /// The id of `name`, or none() if it was never interned.
    [[nodiscard]] IdType find(std::string_view name) const {
        const auto found = index_.find(name);
        return found == index_.end() ? IdType::none() : IdType::from_index(found->second);
    }
    /// The text of `id`; empty for none().
    [[nodiscard]] std::string_view name(IdType id) const {
        return id.is_none() ? std::string_view{} : std::string_view{names_[static_cast<std::size_t>(id.index())]};
    }
    [[nodiscard]] std::int32_t size() const { return static_cast<std::int32_t>(names_.size()); }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
    };
    std::vector<std::string> names_;
    std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>> index_;
};

/// Every name that a dataset's rows refer to by handle.
struct Names {
    NamePool<InstrumentId> symbols;
    NamePool<OrderId> orders;
    NamePool<PlacementId> placements;
    NamePool<FillId> fills;
    NamePool<VenueId> venues;
    NamePool<LabelId> labels;  ///< brokers, algos, tactics, traders, clients, sectors, baskets, wheel arms
};

}  // namespace slipcast::market
