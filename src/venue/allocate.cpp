#include "slipcast/venue/allocate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

#include "slipcast/core/assert.hpp"

namespace slipcast::venue {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr int kNewtonSteps = 40;

/// Doubles in their order as whole numbers, so that a bisection ends at two neighbors.
std::int64_t ordered(double value) {
    const auto bits = std::bit_cast<std::int64_t>(value);
    return bits >= 0 ? bits : std::numeric_limits<std::int64_t>::min() - bits;
}
double from_ordered(std::int64_t rank) {
    return std::bit_cast<double>(rank >= 0 ? rank : std::numeric_limits<std::int64_t>::min() - rank);
}

Result<void> terms_valid(const VenueTerms& terms, const AllocationOptions& options, std::int64_t row) {
    const auto refused = [row](const char* field, double value, const char* rule) {
        Error error = invalid_value(field, fmt::format("{}", value), rule);
        error.place.row = row;
        return error;
    };
    if (!std::isfinite(terms.value)) return refused("value", terms.value, "must be finite");
    if (terms.value < 0.0 && !(options.reservation_value.value_or(-1.0) >= 0.0)) {
        return refused("value", terms.value,
                       "below 0 the marginal value of a lot increases: needs a reservation value >= 0");
    }
    if (!(terms.leakage_rate >= 0.0 && std::isfinite(terms.leakage_rate))) {
        return refused("leakage_rate", terms.leakage_rate, "must be finite and >= 0: else marginal values increase");
    }
    if (!(terms.leakage_power >= 1.0 && terms.leakage_power <= 4.0)) {
        return refused("leakage_power", terms.leakage_power, "must be in [1, 4]: below 1 marginal values increase");
    }
    if (terms.min_quantity < 1 || terms.min_quantity > kLargestSize) {
        return refused("min_quantity", static_cast<double>(terms.min_quantity), "must be in 1..2^40");
    }
    return {};
}

}  // namespace

Settings AllocationOptions::settings() {
    Settings settings;
    settings.integer("max_nodes", "", max_nodes, 1, 1'000'000'000,
                     "venue choices that the search over minimum sizes looks at, at most; what it may miss is the gap");
    return settings;
}

Result<Allocator> Allocator::create(std::vector<VenueTerms> venues, AllocationOptions options) {
    if (venues.empty()) return invalid_value("venues", "0", "must be at least one");
    if (options.reservation_value && !std::isfinite(*options.reservation_value)) {
        return invalid_value("reservation_value", fmt::format("{}", *options.reservation_value), "must be finite");
    }
    SLIPCAST_CHECK(options.settings().validate());
    Allocator allocator;
    for (std::size_t i = 0; i < venues.size(); ++i) {
        SLIPCAST_CHECK(terms_valid(venues[i], options, static_cast<std::int64_t>(i) + 1));
        allocator.has_minimums_ |= venues[i].min_quantity > 1;
        allocator.is_plain_ &= venues[i].value > 0.0 && venues[i].leakage_rate == 0.0;
    }
    allocator.seats_.resize(venues.size());
    allocator.room_.resize(venues.size());
    allocator.venues_ = std::move(venues);
    allocator.options_ = options;
    return allocator;
}

void Allocator::replace(std::size_t venue, Liquidity liquidity) {
    SLIPCAST_ASSERT(venue < venues_.size(), "replaced venues exist");
    venues_[venue].liquidity = std::move(liquidity);
}

double Allocator::marginal(std::size_t venue, std::int64_t lot) const {
    const VenueTerms& terms = venues_[venue];
    const double gain = terms.value * terms.liquidity.prob_at_least(lot);
    if (terms.leakage_rate == 0.0) return gain;
    if (terms.leakage_power == 1.0) return gain - terms.leakage_rate;
    const auto s = static_cast<double>(lot);
    if (terms.leakage_power == 2.0) return gain - terms.leakage_rate * (2.0 * s - 1.0);
    // s^p - (s - 1)^p without cancellation.
    const double p = terms.leakage_power;
    const double rise = lot == 1 ? 1.0 : std::pow(s, p) * -std::expm1(p * std::log1p(-1.0 / s));
    return gain - terms.leakage_rate * rise;
}

std::int64_t Allocator::lots_above(std::size_t venue, double threshold) const {
    const VenueTerms& terms = venues_[venue];
    const std::int64_t most = seats_[venue].most;
    if (terms.leakage_rate > 0.0 || terms.value <= 0.0) {
        std::int64_t low = 0;
        std::int64_t high = most + 1;
        while (high - low > 1) {
            const std::int64_t middle = low + (high - low) / 2;
            (marginal(venue, middle) > threshold ? low : high) = middle;
        }
        return low;
    }
    double tail = threshold / terms.value;
    std::int64_t lots = terms.liquidity.sizes_above(tail, most);
    if (terms.value == 1.0) return lots;
    // The quotient is rounded; the products decide.
    while (lots < most && marginal(venue, lots + 1) > threshold) {
        tail = std::nextafter(tail, -kInfinity);
        lots = terms.liquidity.sizes_above(tail, most);
    }
    while (lots > 0 && !(marginal(venue, lots) > threshold)) {
        tail = std::nextafter(tail, kInfinity);
        lots = terms.liquidity.sizes_above(tail, most);
    }
    return lots;
}

Result<void> Allocator::allocate(std::int64_t volume, Split& split) {
    if (volume < 0 || volume > kLargestSize) {
        return invalid_value("volume", fmt::format("{}", volume), "must be in 0..2^40 lots");
    }
    split.gap = 0.0;
    split.quantity.resize(venues_.size());
    if (has_minimums_) {
        solve_minimums(volume, split);
    } else {
        seat(volume);
        solve(volume, split);
    }
    return {};
}

void Allocator::seat(std::int64_t volume) {
    for (std::size_t i = 0; i < venues_.size(); ++i) {
        // A negative value comes with a better place for every lot.
        seats_[i].least = 0;
        seats_[i].most = venues_[i].value < 0.0 ? 0 : volume;
    }
}

void Allocator::solve(std::int64_t volume, Split& split) {
    split.threshold = std::numeric_limits<double>::quiet_NaN();
    std::int64_t inside = volume;
    if (options_.reservation_value) {
        const double reservation = *options_.reservation_value;
        std::int64_t worthy = 0;
        for (std::size_t i = 0; i < seats_.size(); ++i) {
            seats_[i].quantity = std::max(seats_[i].least, lots_above(i, reservation));
            worthy += seats_[i].quantity;
        }
        if (worthy <= volume) {
            for (std::size_t i = 0; i < seats_.size(); ++i) weigh(i);
            inside = worthy;
        } else {
            place(volume);
        }
    } else {
        place(volume);
    }
    split.outside = volume - inside;
    double threshold = kInfinity;
    for (std::size_t i = 0; i < seats_.size(); ++i) {
        split.quantity[i] = seats_[i].quantity;
        if (seats_[i].quantity > 0) threshold = std::min(threshold, marginal(i, seats_[i].quantity));
    }
    if (inside > 0) split.threshold = threshold;
}

void Allocator::place(std::int64_t volume) {
    if (volume == 0) {
        for (Seat& seat : seats_) seat.quantity = 0;
        return;
    }
    if (!is_plain_ || !approach(volume) || !settle(volume)) {
        share(volume, exact_threshold(volume));
        return;
    }
    // Equal values on both sides of the threshold: shared, not first come.
    double last = kInfinity;
    double next = -kInfinity;
    for (const Seat& seat : seats_) {
        last = std::min(last, seat.last);
        next = std::max(next, seat.next);
    }
    if (last == next) share(volume, last);
}

double Allocator::first_guess(std::int64_t volume) const {
    const std::int64_t equal = std::max<std::int64_t>(1, volume / static_cast<std::int64_t>(venues_.size()));
    double sum = 0.0;
    for (std::size_t i = 0; i < venues_.size(); ++i) sum += marginal(i, equal);
    return sum / static_cast<double>(venues_.size());
}

// Newton's method for ln(sum of sizes) as a function of ln(threshold), which is nearly a line for long tails; kept in a
// bracket. Leaves whole quantities whose sum may miss the volume by a few lots.
bool Allocator::approach(std::int64_t volume) {
    std::int64_t capacity = 0;
    for (std::size_t i = 0; i < seats_.size(); ++i) {
        capacity += std::max(seats_[i].least, std::min(seats_[i].most, venues_[i].liquidity.max_liquidity()));
    }
    const double guess = first_guess(volume);
    if (capacity <= volume || !(guess > 1e-290)) return false;
    const auto target = static_cast<double>(volume);
    double at = std::log(guess);
    double low = -kInfinity;
    double high = kInfinity;
    for (int step = 0; step < kNewtonSteps; ++step) {
        double sum = 0.0;
        double slope = 0.0;
        const double threshold = std::exp(at);
        for (std::size_t i = 0; i < seats_.size(); ++i) {
            Seat& seat = seats_[i];
            const Liquidity::Crossing crossing = venues_[i].liquidity.crossing(threshold / venues_[i].value);
            const double size = crossing.size - 0.5;
            const auto least = static_cast<double>(seat.least);
            const auto most = static_cast<double>(seat.most);
            if (size > least && size < most) slope += crossing.per_log_threshold;
            const double held = std::clamp(size, least, most);
            seat.quantity = static_cast<std::int64_t>(std::floor(held + 0.5));
            sum += held;
        }
        if (std::abs(sum - target) < 0.75) return true;
        (sum > target ? low : high) = at;
        double next = at + std::log(target / std::max(sum, 0.5)) * sum / slope;
        if (!(next > low && next < high && std::abs(next - at) < 30.0)) {
            const double away = sum > target ? 2.0 : -2.0;
            next = std::isinf(low) || std::isinf(high) ? at + away : 0.5 * (low + high);
        }
        if (!(std::abs(next - at) > 1e-15 * std::abs(at)) || next < -690.0) return true;
        at = next;
    }
    return true;
}

void Allocator::weigh(std::size_t venue) {
    Seat& seat = seats_[venue];
    seat.last = seat.quantity > seat.least ? marginal(venue, seat.quantity) : kInfinity;
    seat.next = seat.quantity < seat.most ? marginal(venue, seat.quantity + 1) : -kInfinity;
}

bool Allocator::settle(std::int64_t volume) {
    std::int64_t missing = volume;
    for (std::size_t i = 0; i < seats_.size(); ++i) {
        weigh(i);
        missing -= seats_[i].quantity;
    }
    for (std::size_t budget = 4 * seats_.size() + 16; budget > 0; --budget) {
        std::size_t best = 0;
        std::size_t worst = 0;
        for (std::size_t i = 1; i < seats_.size(); ++i) {
            if (seats_[i].next > seats_[best].next) best = i;
            if (seats_[i].last < seats_[worst].last) worst = i;
        }
        const bool improves = seats_[best].next > seats_[worst].last;
        if (missing == 0 && !improves) return true;
        if (missing >= 0) {
            Seat& seat = seats_[best];
            if (std::isinf(seat.next)) return false;
            ++seat.quantity;
            --missing;
            seat.last = seat.next;
            seat.next = seat.quantity < seat.most ? marginal(best, seat.quantity + 1) : -kInfinity;
        } else {
            Seat& seat = seats_[worst];
            if (std::isinf(seat.last)) return false;
            --seat.quantity;
            ++missing;
            seat.next = seat.last;
            seat.last = seat.quantity > seat.least ? marginal(worst, seat.quantity) : kInfinity;
        }
    }
    return false;
}

// The volume-th largest marginal value: the largest number that enough lots reach.
double Allocator::exact_threshold(std::int64_t volume) const {
    double largest = -kInfinity;
    double smallest = kInfinity;
    for (std::size_t i = 0; i < seats_.size(); ++i) {
        if (seats_[i].most == 0) continue;
        largest = std::max(largest, marginal(i, 1));
        smallest = std::min(smallest, marginal(i, seats_[i].most));
    }
    std::int64_t low = ordered(smallest) - 1;  // more lots are worth more than this
    std::int64_t high = ordered(largest);      // no more than the volume are worth more than this
    while (low + 1 < high) {
        const std::int64_t middle = std::midpoint(low, high);
        std::int64_t above = 0;
        for (std::size_t i = 0; i < seats_.size(); ++i) {
            above += std::max(seats_[i].least, lots_above(i, from_ordered(middle)));
        }
        (above >= volume ? low : high) = middle;
    }
    return from_ordered(high);
}

void Allocator::share(std::int64_t volume, double threshold) {
    std::int64_t left = volume;
    const double below = from_ordered(ordered(threshold) - 1);
    for (std::size_t i = 0; i < seats_.size(); ++i) {
        seats_[i].quantity = std::max(seats_[i].least, lots_above(i, threshold));
        room_[i] = std::max(seats_[i].least, lots_above(i, below)) - seats_[i].quantity;
        left -= seats_[i].quantity;
    }
    while (left > 0) {
        const auto open = static_cast<std::int64_t>(
            std::count_if(room_.begin(), room_.end(), [](std::int64_t room) { return room > 0; }));
        SLIPCAST_ASSERT(open > 0, "enough lots reach the threshold");
        const std::int64_t each = std::max<std::int64_t>(1, left / open);
        for (std::size_t i = 0; i < seats_.size() && left > 0; ++i) {
            const std::int64_t given = std::min({each, room_[i], left});
            seats_[i].quantity += given;
            room_[i] -= given;
            left -= given;
        }
    }
    for (std::size_t i = 0; i < seats_.size(); ++i) weigh(i);
}

double Allocator::expected_fill(std::span<const std::int64_t> quantity) const {
    double sum = 0.0;
    for (std::size_t i = 0; i < venues_.size(); ++i) sum += venues_[i].liquidity.expected_fill(quantity[i]);
    return sum;
}

double Allocator::expected_value(const Split& split) const {
    double sum = options_.reservation_value.value_or(0.0) * static_cast<double>(split.outside);
    for (std::size_t i = 0; i < venues_.size(); ++i) {
        const VenueTerms& terms = venues_[i];
        sum += terms.value * terms.liquidity.expected_fill(split.quantity[i]);
        if (terms.leakage_rate > 0.0) {
            sum -= terms.leakage_rate * std::pow(static_cast<double>(split.quantity[i]), terms.leakage_power);
        }
    }
    return sum;
}

Result<Split> allocation(std::int64_t volume, std::vector<VenueTerms> venues, AllocationOptions options) {
    SLIPCAST_TRY(allocator, Allocator::create(std::move(venues), options));
    Split split;
    SLIPCAST_CHECK(allocator.allocate(volume, split));
    return split;
}

}  // namespace slipcast::venue
