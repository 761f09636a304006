#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "slipcast/core/assert.hpp"
#include "slipcast/core/table_builder.hpp"
#include "slipcast/venue/allocate.hpp"

namespace slipcast::venue {
namespace {

std::string reason(const Allocator& allocator, const Split& split, std::size_t venue) {
    const VenueTerms& terms = allocator.venues()[venue];
    const std::int64_t quantity = split.quantity[venue];
    const std::int64_t sent = std::accumulate(split.quantity.begin(), split.quantity.end(), std::int64_t{0});
    if (sent + split.outside == 0) return "there is no lot to send";
    const double next = allocator.marginal(venue, quantity + 1);
    const double reservation = allocator.options().reservation_value.value_or(0.0);
    if (quantity == 0 && terms.value < 0.0) return "a fill here is worth less than nothing";
    if (quantity == 0 && terms.min_quantity > sent + split.outside) {
        return fmt::format("left out: takes no less than {} lots, more than the order has", terms.min_quantity);
    }
    if (quantity > 0 && quantity == terms.min_quantity && terms.min_quantity > 1) {
        return "raised to the least it takes: together worth more than leaving it out";
    }
    const bool is_short_of_minimum = quantity == 0 && terms.min_quantity > 1;
    if (is_short_of_minimum && (sent == 0 ? next > reservation : next > split.threshold)) {
        std::int64_t bound = 0;  // by the minimums of the venues that are used
        for (std::size_t i = 0; i < split.quantity.size(); ++i) {
            if (split.quantity[i] > 0) bound += allocator.venues()[i].min_quantity;
        }
        if (bound > 1 && terms.min_quantity > sent + split.outside - bound) {
            return fmt::format("left out: its least of {} lots does not fit beside the least of the venues used",
                               terms.min_quantity);
        }
        return fmt::format("left out: its least of {} lots together are worth less here than where they are",
                           terms.min_quantity);
    }
    if (split.outside > 0 && next <= reservation) {
        return fmt::format("one more lot is worth {:.6g}, no more than the {:.6g} of keeping it", next, reservation);
    }
    if (next == split.threshold) {
        return fmt::format("one more lot is worth {:.6g}, the same as the last lots sent: ties are shared", next);
    }
    if (quantity == 0) {
        return fmt::format("its first lot is worth {:.6g}, less than the last lot sent, {:.6g}", next, split.threshold);
    }
    return fmt::format("its last lot is worth {:.6g}; one more is worth {:.6g}, less than the last lot sent, {:.6g}",
                       allocator.marginal(venue, quantity), next, split.threshold);
}

std::int64_t lots_beyond(const VenueTerms& terms, std::int64_t quantity) {
    return terms.largest_sent == 0 ? 0 : std::max<std::int64_t>(0, quantity - terms.largest_sent);
}

}  // namespace

std::int64_t beyond_log(const Allocator& allocator, const Split& split) {
    std::int64_t lots = 0;
    for (std::size_t i = 0; i < split.quantity.size(); ++i) {
        lots += lots_beyond(allocator.venues()[i], split.quantity[i]);
    }
    return lots;
}

Table explanation(const Allocator& allocator, const Split& split, std::span<const std::string> names) {
    SLIPCAST_ASSERT(names.size() == split.quantity.size(), "every venue has a name");
    std::vector<std::string> reasons;
    std::vector<double> fill;
    std::vector<double> value;
    std::vector<double> last;
    std::vector<double> next;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const VenueTerms& terms = allocator.venues()[i];
        const std::int64_t quantity = split.quantity[i];
        fill.push_back(terms.liquidity.expected_fill(quantity));
        value.push_back(terms.value * fill.back() -
                        terms.leakage_rate * std::pow(static_cast<double>(quantity), terms.leakage_power));
        last.push_back(quantity > 0 ? allocator.marginal(i, quantity) : std::nan(""));
        next.push_back(allocator.marginal(i, quantity + 1));
        reasons.push_back(reason(allocator, split, i));
    }
    return TableBuilder("split", names.size())
        .add(plain("venue", "Venue"), of(names, std::identity{}))
        .add(plain("quantity", "Lots sent", "lots"), split.quantity)
        .add(plain("expected_fill", "Expected lots filled", "lots"), known(std::move(fill)))
        .add(plain("expected_value", "Value of the expected fill less leakage"), known(std::move(value)))
        .add(plain("marginal_last", "Worth of the last lot sent here"), known(std::move(last)))
        .add(plain("marginal_next", "Worth of one more lot here"), known(std::move(next)))
        .add(plain("threshold", "Worth of the least valuable lot sent anywhere"),
             known([&](std::size_t) { return split.threshold; }))
        .add_unless_missing(
            plain("beyond_log", "Lots sent here beyond the largest size that the log behind the shape sent", "lots"),
            [&](std::size_t venue) -> std::optional<std::int64_t> {
                if (allocator.venues()[venue].largest_sent == 0) return std::nullopt;
                return lots_beyond(allocator.venues()[venue], split.quantity[venue]);
            })
        .add(plain("reason", "Why so many"), std::move(reasons))
        .take();
}

}  // namespace slipcast::venue
