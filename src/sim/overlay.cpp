#include "overlay.hpp"

#include <algorithm>
#include <cmath>

namespace slipcast::sim {
namespace {

constexpr std::int64_t kStepsPerHalfLife = 20'000;
constexpr double kLongestSteady = 1e5;  // seconds

}  // namespace

Overlay::Overlay(const ImpactOptions& options, std::vector<double> adv, std::vector<PriceMove> ticks)
    : state_(options, std::move(adv)), targets_(ticks.size()) {
    for (std::size_t i = 0; i < ticks.size(); ++i) targets_[i].tick = ticks[i];
    resolution_ =
        std::clamp<Duration>(state_.shortest_half_life() / kStepsPerHalfLife, Duration{1}, std::chrono::seconds{1});
}

void Overlay::add(std::size_t source, double signed_quantity, Timestamp time) {
    pending_.push_back({source, signed_quantity, time});
    for (std::size_t target = 0; target < targets_.size(); ++target) {
        if (!reaches(source, target)) continue;
        Target& entry = targets_[target];
        entry.steady_until = std::min(entry.steady_until, time + Duration{1});
        entry.insert_at = std::min(entry.insert_at, time + Duration{1});
    }
}

void Overlay::set_reference(std::size_t target, Price mid) {
    Target& entry = targets_[target];
    entry.reference_ticks = static_cast<double>(mid.units()) / static_cast<double>(entry.tick.units());
    entry.steady_until = Timestamp::min();
}

void Overlay::settle(Timestamp before) {
    std::size_t done = 0;
    for (; done < pending_.size() && pending_[done].time < before; ++done) {
        state_.add(pending_[done].source, pending_[done].quantity, pending_[done].time);
    }
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(done));
}

PriceMove Overlay::shift(std::size_t target, Timestamp time) {
    Target& entry = targets_[target];
    if (time < entry.steady_until) return entry.shift;
    settle(time);
    const double ticks = state_.move(target, time) * entry.reference_ticks;
    const double rounded = std::round(ticks);
    entry.shift = entry.tick * static_cast<std::int64_t>(rounded);
    entry.steady_until = Timestamp::max();
    entry.insert_at = Timestamp::max();
    const double size = state_.size_bound(target, time) * entry.reference_ticks;
    if (rounded != 0.0 || size >= 0.5) {
        const double distance = 0.5 - std::abs(ticks - rounded);
        const double speed = state_.speed_bound(target, time) * entry.reference_ticks;
        const double seconds = speed > 0.0 ? std::min(kLongestSteady, distance / speed) : kLongestSteady;
        entry.steady_until = time + Duration{1 + static_cast<std::int64_t>(seconds * 1e9)};
        entry.insert_at = std::max(entry.steady_until, time + resolution_);
    }
    // Flow at this very instant moves what comes after it.
    for (const Flow& flow : pending_) {
        if (!reaches(flow.source, target)) continue;
        entry.steady_until = std::min(entry.steady_until, flow.time + Duration{1});
        entry.insert_at = std::min(entry.insert_at, flow.time + Duration{1});
    }
    return entry.shift;
}

}  // namespace slipcast::sim
