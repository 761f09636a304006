#include "slipcast/venue/router.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reduced.hpp"
#include "refusals.hpp"
#include "slipcast/core/assert.hpp"
#include "slipcast/core/table_builder.hpp"

namespace slipcast::venue {
namespace {

constexpr double kFirstChallenge = 30.0;      ///< observations of a belief before anything can have changed
constexpr double kPromising = 0.25;           ///< of the alarm: a challenger so far ahead
constexpr double kPatienceWithPromise = 4.0;  ///< may be so many times as old
constexpr std::int64_t kLargestOrder = kLargestSize / 2;
constexpr std::int64_t kUsualLength = 10'000;
constexpr std::int64_t kLeastLongest = 10'000;  ///< of the largest liquidities thought possible
constexpr std::int64_t kLengthsAbove = 16;      ///< times the largest order
constexpr std::int64_t kLengthsBelow = 64;      ///< below it: a venue that holds less hardly matters

/// A venue that was sent nothing fills nothing.
Result<void> silent(const Observation& one, std::int64_t row) {
    const auto refused = [row](const char* field, std::int64_t value, const char* rule) {
        Error error = invalid_value(field, fmt::format("{}", value), rule);
        error.place.row = row;
        return error;
    };
    if (one.filled != 0) return refused("filled", one.filled, "must be 0 where nothing was sent");
    if (one.min_quantity < 1) return refused("min_quantity", one.min_quantity, "must be >= 1");
    return {};
}

}  // namespace

Settings RouterOptions::settings() {
    Settings settings;
    settings.choice("method", method, {"optimistic", "thompson"},
                    "splits on the optimistic end of each belief, or on a draw from it");
    settings.integer("max_liquidity", "lots", max_liquidity, 0, kLargestSize,
                     "no venue holds more; 0 = max(10,000, 16 x largest order)");
    settings.number("zero_bin_optimism", "", belief.zero_bin_optimism, {.low = 0.0, .high = 10.0},
                    "posterior deviations by which the zero bin is taken below its mean");
    settings.number("exponent_optimism", "", belief.exponent_optimism, {.low = 0.0, .high = 10.0},
                    "posterior deviations by which the exponent is taken below its mean");
    settings.number("prior_exponent", "", belief.prior_exponent, {.low = -4.0, .high = 4.0},
                    "prior mean of the exponent");
    settings.number("prior_deviation", "", belief.prior_deviation, {.low = 0.0, .high = 100.0, .low_open = true},
                    "prior standard deviation of the exponent");
    settings.integer("prior_length", "lots", belief.prior_length, 0, kLargestSize,
                     "prior median of the largest liquidity; 0 = max(10,000, 2 x largest order)");
    settings.number("prior_length_deviation", "", belief.prior_length_deviation,
                    {.low = 0.0, .high = 100.0, .low_open = true}, "prior standard deviation of its logarithm");
    settings.number("prior_misses", "", belief.prior_misses, {.low = 0.0, .high = 1e6, .low_open = true},
                    "misses that the prior of the zero bin counts");
    settings.number("prior_fills", "", belief.prior_fills, {.low = 0.0, .high = 1e6, .low_open = true},
                    "fills that the prior of the zero bin counts");
    settings.number("forgetting", "", belief.forgetting, {.low = 0.0, .high = 1.0},
                    "prior probability that zero bins drift slowly; 0 = all observations count the same");
    settings.number("alarm", "nats", alarm, {.low = 0.0, .high = 1000.0},
                    "log likelihood ratio at which a venue counts as changed; 0 = never");
    settings.number("give_up", "nats", give_up, {.low = 0.0, .high = 1000.0, .low_open = true},
                    "log likelihood ratio behind at which a challenger starts afresh");
    settings.number("patience", "observations", patience, {.low = 1.0, .high = 10'000.0},
                    "after so many a challenger with nothing to show starts afresh");
    settings.number("probe", "", probe, {.low = 0.0, .high = 0.1},
                    "share of the volume that every venue gets at least, over time");
    settings.seed("seed", seed, "of the draws of Thompson sampling; the optimistic method draws nothing");
    return settings;
}

Router::Router(std::shared_ptr<const PowerLawFamily> family, Allocator allocator, RouterOptions options)
    : family_(std::move(family)),
      options_(options),
      allocator_(std::move(allocator)),
      stream_(options.seed, "venue.router") {
    // Each made in place: a copy of a belief would not keep the room that it reserved.
    seats_.reserve(allocator_.venues().size());
    for (std::size_t i = 0; i < allocator_.venues().size(); ++i) {
        seats_.push_back({.belief = {family_, options_.belief}, .watch = {}, .recent = {}});
        if (options_.alarm > 0.0) {
            seats_.back().recent.reserve(static_cast<std::size_t>(kPatienceWithPromise * options_.patience) + 1);
        }
    }
}

Result<Router> Router::create(std::size_t venues, std::int64_t max_order, RouterOptions options) {
    SLIPCAST_CHECK(options.settings().validate());
    if (max_order < 1 || max_order > kLargestOrder) {
        return invalid_value("max_order", fmt::format("{}", max_order), "must be in 1..2^39 lots");
    }
    std::int64_t longest = options.max_liquidity;
    if (longest == 0) {
        longest = std::clamp(max_order, kLeastLongest / kLengthsAbove, kLargestSize / kLengthsAbove) * kLengthsAbove;
    }
    if (options.belief.prior_length == 0) {
        options.belief.prior_length = std::min(longest, std::max(kUsualLength, 2 * max_order));
    }
    const std::int64_t shortest = std::max<std::int64_t>(1, std::min(max_order, longest) / kLengthsBelow);
    SLIPCAST_TRY(family, PowerLawFamily::create(shortest, longest));
    SLIPCAST_TRY(unknown, Liquidity::exponential(0.0, 1.0));
    SLIPCAST_TRY(allocator, Allocator::create(std::vector<VenueTerms>(venues, VenueTerms{.liquidity = unknown})));
    Router router{std::move(family), std::move(allocator), options};
    router.max_order_ = max_order;
    return router;
}

Result<const Split*> Router::allocate(std::int64_t volume) {
    if (volume < 0 || volume > max_order_) {
        return invalid_value("volume", fmt::format("{}", volume), "must be in 0..max_order lots");
    }
    for (std::size_t i = 0; i < seats_.size(); ++i) {
        const Belief& belief = seats_[i].belief;
        const bool draws = options_.method == RouterOptions::thompson;
        allocator_.replace(i, draws ? belief.drawn(stream_) : belief.optimistic());
    }
    SLIPCAST_CHECK(allocator_.allocate(volume, split_));
    probe(volume);
    return &split_;
}

// A venue that gets nothing shows nothing: it would stay out when it changes. Whole lots are taken from the largest
// part.
void Router::probe(std::int64_t volume) {
    const double share = options_.probe * static_cast<double>(volume);
    for (std::size_t i = 0; i < seats_.size(); ++i) {
        std::int64_t& quantity = split_.quantity[i];
        seats_[i].owed = std::max(0.0, seats_[i].owed + share - static_cast<double>(quantity));
        const auto lots = static_cast<std::int64_t>(seats_[i].owed);
        if (lots == 0) continue;
        const auto largest = std::max_element(split_.quantity.begin(), split_.quantity.end());
        if (*largest <= quantity + lots) continue;
        *largest -= lots;
        quantity += lots;
        seats_[i].owed -= static_cast<double>(lots);
    }
}

Result<void> Router::observe(std::span<const std::int64_t> sent, std::span<const std::int64_t> filled,
                             std::span<const std::int64_t> min_quantity) {
    const auto as_many = [this](const char* field, std::size_t entries) -> Result<void> {
        if (entries == seats_.size()) return {};
        return invalid_value(field, fmt::format("{} entries", entries),
                             fmt::format("must have one a venue ({})", seats_.size()));
    };
    SLIPCAST_CHECK(as_many("sent", sent.size()));
    SLIPCAST_CHECK(as_many("filled", filled.size()));
    if (!min_quantity.empty()) SLIPCAST_CHECK(as_many("min_quantity", min_quantity.size()));
    const auto observation = [&](std::size_t venue) {
        return Observation{.sent = sent[venue],
                           .filled = filled[venue],
                           .min_quantity = min_quantity.empty() ? 1 : min_quantity[venue]};
    };
    // All are checked before any is learned: a refusal leaves the beliefs as they were.
    for (std::size_t i = 0; i < seats_.size(); ++i) {
        const auto row = static_cast<std::int64_t>(i) + 1;
        const Observation one = observation(i);
        if (one.sent == 0) {
            SLIPCAST_CHECK(silent(one, row));
            continue;
        }
        SLIPCAST_CHECK(one.validate(row));
        SLIPCAST_CHECK(within(one.sent, one.filled));
    }
    for (std::size_t i = 0; i < seats_.size(); ++i) {
        if (sent[i] > 0) SLIPCAST_CHECK(observe(i, observation(i)));
    }
    return {};
}

Result<void> Router::within(std::int64_t sent, std::int64_t filled) const {
    if (sent > max_order_) return invalid_value("sent", fmt::format("{}", sent), "must not exceed max_order");
    if (filled > family_->longest()) return detail::beyond_max_liquidity("filled", filled);
    return {};
}

Result<void> Router::observe(std::size_t venue, const Observation& given) {
    if (venue >= seats_.size()) {
        return invalid_value("venue", fmt::format("{}", venue), fmt::format("must be below {}", seats_.size()));
    }
    SLIPCAST_CHECK(given.validate());
    SLIPCAST_CHECK(within(given.sent, given.filled));
    const Observation observation = detail::reduced(given, family_->longest());
    Seat& seat = seats_[venue];
    SLIPCAST_CHECK(seat.belief.observe(observation));
    if (options_.alarm == 0.0) return {};
    seat.watch.observe(observation);
    if (seat.is_challenged) {
        seat.recent.push_back(observation);
        judge(seat);
    } else if (seat.belief.observations() >= kFirstChallenge) {
        seat.watch.challenge();
        seat.is_challenged = true;
    }
    return {};
}

void Router::judge(Seat& seat) {
    const double lead = seat.watch.lead();
    const auto age = static_cast<double>(seat.recent.size());
    const bool is_changed = lead > options_.alarm;
    const bool is_promising = lead >= kPromising * options_.alarm;
    const bool is_stale = age >= (is_promising ? kPatienceWithPromise : 1.0) * options_.patience;
    if (!is_changed && !is_stale && lead >= -options_.give_up) return;
    if (is_changed) {
        // What the challenger has seen is all that is known of the venue now.
        ++seat.changes;
        seat.belief.forget();
        seat.watch.forget();
        for (const Observation& one : seat.recent) {
            static_cast<void>(seat.belief.observe(one));
            seat.watch.observe(one);
        }
    }
    seat.recent.clear();
    seat.watch.challenge();
}

Table Router::beliefs() const {
    const auto posterior = [](double Belief::Summary::* part) {
        return known([part](const Seat& seat) { return seat.belief.summary().*part; });
    };
    return TableBuilder("beliefs", seats_.size())
        .add(plain("venue", "Position of the venue, from 0"),
             [](std::size_t row) { return static_cast<std::int64_t>(row); })
        .add(plain("observations", "Observations since the venue last changed"),
             of(seats_, known([](const Seat& seat) { return seat.belief.observations(); })))
        .add(plain("zero_bin", "Posterior mean of P(nothing there)"), of(seats_, posterior(&Belief::Summary::zero_bin)))
        .add(plain("zero_bin_deviation", "Posterior standard deviation"),
             of(seats_, posterior(&Belief::Summary::zero_bin_deviation)))
        .add(plain("exponent", "Posterior mean of the power law's exponent"),
             of(seats_, posterior(&Belief::Summary::exponent)))
        .add(plain("exponent_deviation", "Posterior standard deviation"),
             of(seats_, posterior(&Belief::Summary::exponent_deviation)))
        .add(plain("max_liquidity", "Posterior median of the largest liquidity", "lots"),
             of(seats_, posterior(&Belief::Summary::max_liquidity)))
        .add(plain("changes", "How often the venue was found changed"), of(seats_, &Seat::changes))
        .take();
}

}  // namespace slipcast::venue
