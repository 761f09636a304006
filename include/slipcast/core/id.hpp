#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace slipcast {

/// A handle without arithmetic: equality, order and hash only. `Tag` keeps kinds apart.
template <typename Tag>
class Id {
public:
    constexpr Id() = default;
    [[nodiscard]] static constexpr Id from_index(std::int32_t index) {
        Id id;
        id.index_ = index;
        return id;
    }
    /// "Not known"; also what a default-made id is.
    [[nodiscard]] static constexpr Id none() { return Id{}; }
    [[nodiscard]] constexpr bool is_none() const { return index_ < 0; }
    /// Position in the pool or table that issued it.
    [[nodiscard]] constexpr std::int32_t index() const { return index_; }
    friend constexpr auto operator<=>(Id, Id) = default;

private:
    std::int32_t index_ = -1;
};

using InstrumentId = Id<struct InstrumentTag>;
using OrderId = Id<struct OrderTag>;
using PlacementId = Id<struct PlacementTag>;
using FillId = Id<struct FillTag>;
using VenueId = Id<struct VenueTag>;
using LabelId = Id<struct LabelTag>;  ///< broker, algo, trader, client, sector: interned labels

}  // namespace slipcast

template <typename Tag>
struct std::hash<slipcast::Id<Tag>> {
    std::size_t operator()(slipcast::Id<Tag> id) const noexcept { return std::hash<std::int32_t>{}(id.index()); }
};
