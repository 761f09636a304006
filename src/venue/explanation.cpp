#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "columns.hpp"
#include "slipcast/core/assert.hpp"
#include "slipcast/venue/allocate.hpp"

namespace slipcast::venue {
namespace {

using detail::column;

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

}  // namespace

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
    Table table("split");
    table.add(column("venue", "", std::vector<std::string>(names.begin(), names.end()), "Venue"));
    table.add(column("quantity", "lots", split.quantity, "Lots sent"));
    table.add(column("expected_fill", "lots", std::move(fill), "Expected lots filled"));
    table.add(column("expected_value", "", std::move(value), "Value of the expected fill less leakage"));
    table.add(column("marginal_last", "", std::move(last), "Worth of the last lot sent here"));
    table.add(column("marginal_next", "", std::move(next), "Worth of one more lot here"));
    table.add(column("threshold", "", std::vector<double>(names.size(), split.threshold),
                     "Worth of the least valuable lot sent anywhere"));
    table.add(column("reason", "", std::move(reasons), "Why so many"));
    return table;
}

}  // namespace slipcast::venue
