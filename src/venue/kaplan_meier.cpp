#include "slipcast/venue/kaplan_meier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "refusals.hpp"
#include "size_counts.hpp"
#include "slipcast/core/assert.hpp"
#include "slipcast/math/normal.hpp"

namespace slipcast::venue {
namespace {

/// The largest size at which the observation could still have stopped: what it is at risk up to.
std::int64_t reach_of(const Observation& observation) {
    return std::min(observation.filled, observation.sent - 1);
}

/// Whether a curve up to max_liquidity can take the observation; `check` says why not.
bool is_fit(const Observation& observation, std::int64_t max_liquidity) {
    return observation.is_possible() && observation.sent <= max_liquidity &&
           (observation.filled > 0 || observation.min_quantity == 1);
}

Result<void> check(const Observation& observation, std::int64_t max_liquidity, std::int64_t row) {
    SLIPCAST_CHECK(observation.validate(row));
    Error error;
    if (observation.filled == 0 && observation.min_quantity > 1) {
        error =
            invalid_value("min_quantity", fmt::format("{}", observation.min_quantity),
                          "a miss with a minimum is interval censored: read it with Turnbull's estimate or a shape");
    } else if (observation.sent > max_liquidity) {
        error = detail::beyond_max_liquidity("sent", observation.sent);
    } else {
        return {};
    }
    error.place.row = row;
    return error;
}

}  // namespace

Result<KaplanMeier> KaplanMeier::estimate(std::span<const Observation> observations,
                                          std::optional<std::int64_t> max_liquidity) {
    if (observations.empty()) return detail::no_observations();
    const std::int64_t largest = max_liquidity.value_or(INT64_MAX);
    KaplanMeier made;
    for (const Observation& one : observations) made.max_liquidity_ = std::max(made.max_liquidity_, one.sent);
    const std::int64_t end = std::max<std::int64_t>(0, std::min(made.max_liquidity_, largest));
    detail::SizeCounter reaches(end, observations.size());
    detail::SizeCounter deaths(end, observations.size());
    for (const Observation& one : observations) {
        if (!is_fit(one, largest)) return check(one, largest, &one - observations.data() + 1).error();
        reaches.add(reach_of(one));
        if (!one.is_censored()) deaths.add(one.filled);
    }
    made.max_liquidity_ = max_liquidity.value_or(made.max_liquidity_);
    made.observations_ = static_cast<std::int64_t>(observations.size());
    const std::vector<detail::SizeCount> reached = reaches.counts();
    made.informed_to_ = reached.back().size + 1;
    std::int64_t reaching = made.observations_;
    for (const auto& [reach, count] : reached) {
        made.reach_.push_back(reach);
        made.reached_by_.push_back(reaching);
        reaching -= count;
    }
    double tail = 1.0;
    double variance = 0.0;
    std::size_t reach = 0;
    for (const auto& [size, count] : deaths.counts()) {
        while (made.reach_[reach] < size) ++reach;  // a death is among those that reach its size
        const auto at_risk = static_cast<double>(made.reached_by_[reach]);
        const auto died = static_cast<double>(count);
        tail *= 1.0 - died / at_risk;
        variance += died / (at_risk * (at_risk - died));
        made.event_sizes_.push_back(size);
        made.event_counts_.push_back(count);
        made.tails_.push_back(tail);
        made.variances_.push_back(variance);
    }
    if (tail == 0.0) {
        const std::int64_t last = made.event_sizes_.back();
        made.sent_past_events_ = std::count_if(observations.begin(), observations.end(),
                                               [last](const Observation& one) { return one.sent > last; });
    }
    return made;
}

std::size_t KaplanMeier::events_below(std::int64_t size) const {
    return static_cast<std::size_t>(std::lower_bound(event_sizes_.begin(), event_sizes_.end(), size) -
                                    event_sizes_.begin());
}

double KaplanMeier::prob_at_least(std::int64_t size) const {
    const std::size_t below = events_below(size);
    return below == 0 ? 1.0 : tails_[below - 1];
}

std::int64_t KaplanMeier::at_risk(std::int64_t size) const {
    const auto found = std::lower_bound(reach_.begin(), reach_.end(), size - 1);
    return found == reach_.end() ? 0 : reached_by_[static_cast<std::size_t>(found - reach_.begin())];
}

std::int64_t KaplanMeier::events(std::int64_t size) const {
    const std::size_t at = events_below(size - 1);
    return at < event_sizes_.size() && event_sizes_[at] == size - 1 ? event_counts_[at] : 0;
}

KaplanMeier::Curve KaplanMeier::curve() const {
    const auto count = static_cast<std::size_t>(max_liquidity_);
    Curve made{std::vector<double>(count), std::vector<std::int64_t>(count), std::vector<std::int64_t>(count)};
    std::size_t event = 0;
    std::size_t reach = 0;
    double tail = 1.0;
    for (std::size_t i = 0; i < count; ++i) {
        // Position i is size i + 1.
        const auto before = static_cast<std::int64_t>(i);
        if (event < event_sizes_.size() && event_sizes_[event] == before) {
            tail = tails_[event];
            made.events[i] = event_counts_[event++];
        }
        made.prob_at_least[i] = tail;
        while (reach < reach_.size() && reach_[reach] < before) ++reach;
        made.at_risk[i] = reach < reach_.size() ? reached_by_[reach] : 0;
    }
    return made;
}

ProbabilityBand KaplanMeier::band(std::int64_t size, double level) const {
    SLIPCAST_ASSERT(level > 0.0 && level < 1.0, "a level is in (0, 1)");
    const double outside = 0.5 * (1.0 - level);
    const std::size_t below = events_below(size);
    if (below == 0) {
        const std::int64_t reached = at_risk(std::max<std::int64_t>(size, 1));
        if (reached == 0) return {};
        return {.low = std::pow(outside, 1.0 / static_cast<double>(reached)), .high = 1.0};
    }
    const double tail = tails_[below - 1];
    if (tail == 0.0) {
        // Every one of those that were sent past the last event fell short of T's zero, whatever they were censored by.
        const double exact = -std::expm1(std::log(outside) / static_cast<double>(sent_past_events_));
        const ProbabilityBand before = below == 1 ? ProbabilityBand{} : band(event_sizes_[below - 1], level);
        return {.low = 0.0, .high = std::min(exact, before.high.value_or(1.0))};
    }
    const double power = -math::normal_quantile(outside) * std::sqrt(variances_[below - 1]) / std::log(tail);
    return {.low = std::pow(tail, std::exp(-power)), .high = std::pow(tail, std::exp(power))};
}

Result<Liquidity> KaplanMeier::liquidity() const {
    std::vector<std::int64_t> sizes;
    std::vector<double> tails;
    for (const std::int64_t size : event_sizes_) {
        if (size == 0) continue;
        sizes.push_back(size);
        tails.push_back(prob_at_least(size));
    }
    if (sizes.empty() || sizes.back() < max_liquidity_) {
        sizes.push_back(max_liquidity_);
        tails.push_back(prob_at_least(max_liquidity_));
    }
    return Liquidity::empirical(std::move(sizes), std::move(tails));
}

RunningKaplanMeier::RunningKaplanMeier(std::int64_t max_liquidity)
    : max_liquidity_(max_liquidity), reach_counts_(static_cast<std::size_t>(max_liquidity) + 1, 0) {
    SLIPCAST_ASSERT(max_liquidity >= 1 && max_liquidity <= (std::int64_t{1} << 30), "one counter a size");
}

std::int64_t RunningKaplanMeier::reaching(std::int64_t size) const {
    // Those in the tree minus the ones that stop below `size` >= 1.
    std::int64_t below = 0;
    for (std::int64_t at = size - 1; at > 0; at -= at & -at) below += reach_counts_[static_cast<std::size_t>(at)];
    return reached_ - below;
}

Result<void> RunningKaplanMeier::observe(const Observation& observation) {
    SLIPCAST_CHECK(check(observation, max_liquidity_, 0));
    ++observations_;
    if (observation.filled == 0) {
        ++misses_;
        return {};
    }
    const std::int64_t reach = reach_of(observation);
    if (reach == 0) return {};
    ++reached_;
    for (std::int64_t at = reach; at <= max_liquidity_; at += at & -at) ++reach_counts_[static_cast<std::size_t>(at)];
    const auto place = std::lower_bound(sizes_.begin(), sizes_.end(), reach);
    auto index = static_cast<std::size_t>(place - sizes_.begin());
    const bool is_known = index < sizes_.size() && sizes_[index] == reach;
    for (std::size_t i = 0; i < index; ++i) ++at_risk_[i];
    if (is_known) {
        ++at_risk_[index];
    } else if (!observation.is_censored()) {
        const auto offset = static_cast<std::ptrdiff_t>(index);
        sizes_.insert(place, reach);
        events_.insert(events_.begin() + offset, 0);
        at_risk_.insert(at_risk_.begin() + offset, reaching(reach));
    }
    if (!observation.is_censored()) ++events_[index];
    tails_.resize(sizes_.size());
    double tail = 1.0;
    for (std::size_t i = 0; i < sizes_.size(); ++i) {
        tail *= 1.0 - static_cast<double>(events_[i]) / static_cast<double>(at_risk_[i]);
        tails_[i] = tail;
    }
    return {};
}

double RunningKaplanMeier::prob_at_least(std::int64_t size) const {
    if (size <= 0 || observations_ == 0) return 1.0;
    const double any = 1.0 - static_cast<double>(misses_) / static_cast<double>(observations_);
    const auto place = std::lower_bound(sizes_.begin(), sizes_.end(), size);
    return place == sizes_.begin() ? any : any * tails_[static_cast<std::size_t>(place - sizes_.begin()) - 1];
}

std::int64_t RunningKaplanMeier::at_risk(std::int64_t size) const {
    SLIPCAST_ASSERT(size >= 1, "sizes at risk are positive");
    return size == 1 ? observations_ : reaching(size - 1);
}

Liquidity RunningKaplanMeier::liquidity(std::int64_t probe) const {
    SLIPCAST_ASSERT(0 <= probe && probe <= max_liquidity_, "what is raised was sent");
    std::vector<std::int64_t> ends;
    std::vector<double> tails;
    const auto end_at = [&](std::int64_t size) {
        ends.push_back(size);
        tails.push_back(prob_at_least(size == probe ? size - 1 : size));
    };
    bool is_probed = probe == 0;
    for (const std::int64_t size : sizes_) {
        if (!is_probed && size >= probe) {
            end_at(probe);
            is_probed = true;
        }
        if (size != probe && size < max_liquidity_) end_at(size);
    }
    if (!is_probed && probe < max_liquidity_) end_at(probe);
    if (ends.empty() || ends.back() < max_liquidity_) end_at(max_liquidity_);
    return *Liquidity::empirical(std::move(ends), std::move(tails));
}

Result<OptimisticKaplanMeier> OptimisticKaplanMeier::estimate(std::span<const Observation> observations,
                                                              const OptimisticOptions& options) {
    const auto refused = [](const char* field, double value, const char* rule) {
        return invalid_value(field, fmt::format("{}", value), rule);
    };
    const auto volume = static_cast<double>(options.volume);
    if (options.volume < 1) return refused("volume", volume, "must be >= 1 lot");
    if (!(options.epsilon > 0.0 && std::isfinite(options.epsilon))) {
        return refused("epsilon", options.epsilon, "must be > 0 lots and finite");
    }
    if (!(options.delta > 0.0 && options.delta < 1.0)) return refused("delta", options.delta, "must be in (0, 1)");
    if (!(options.constant > 0.0 && std::isfinite(options.constant))) {
        return refused("constant", options.constant, "must be > 0 and finite");
    }
    SLIPCAST_TRY(plain, KaplanMeier::estimate(observations, options.volume));
    OptimisticKaplanMeier made{std::move(plain)};
    made.volume_ = options.volume;
    const double unit = options.constant * std::log(2.0 * volume / options.delta);
    // N falls and the bar rises with s, so the sizes that pass are 0..c.
    std::int64_t low = 0;
    std::int64_t high = options.volume;
    while (low < high) {
        const std::int64_t middle = low + (high - low + 1) / 2;
        const double relative = static_cast<double>(middle) * volume / options.epsilon;
        const bool passes = static_cast<double>(made.plain_.at_risk(middle)) >= unit * relative * relative;
        (passes ? low : high) = passes ? middle : middle - 1;
    }
    made.cut_ = low;
    return made;
}

double OptimisticKaplanMeier::prob_at_least(std::int64_t size) const {
    const bool is_probe = size == cut_ + 1 && cut_ < volume_;
    return plain_.prob_at_least(is_probe ? cut_ : size);
}

}  // namespace slipcast::venue
