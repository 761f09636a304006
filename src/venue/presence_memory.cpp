#include "slipcast/venue/presence_memory.hpp"

#include <algorithm>
#include <cmath>

#include "slipcast/math/sampling.hpp"

namespace slipcast::venue {
namespace {

constexpr double kShared = 1e-3;       ///< of the weight, after every answer
constexpr double kShareOfLong = 0.75;  ///< of the two that forget, the one that forgets slowly

}  // namespace

PresenceMemory::PresenceMemory(double fills, double misses, double forgetting)
    : fills_(fills),
      misses_(misses),
      prior_{1.0 - forgetting, kShareOfLong * forgetting, (1.0 - kShareOfLong) * forgetting} {
    forget();
}

void PresenceMemory::forget() {
    for (std::size_t i = 0; i < kMemories; ++i) memories_[i] = {fills_, misses_, prior_[i]};
}

void PresenceMemory::observe(bool is_filled) {
    double sum = 0.0;
    for (Memory& one : memories_) {
        one.weight *= (is_filled ? one.fills : one.misses) / (one.fills + one.misses);
        sum += one.weight;
    }
    const double scale = (1.0 - kShared) / sum;
    for (std::size_t i = 0; i < kMemories; ++i) {
        Memory& one = memories_[i];
        one.weight = one.weight * scale + kShared * prior_[i];
        one.fills = fills_ + kKeeps[i] * (one.fills - fills_) + (is_filled ? 1.0 : 0.0);
        one.misses = misses_ + kKeeps[i] * (one.misses - misses_) + (is_filled ? 0.0 : 1.0);
    }
}

PresenceMemory::Moments PresenceMemory::moments() const {
    double mean = 0.0;
    double second = 0.0;
    for (const Memory& one : memories_) {
        const double total = one.fills + one.misses;
        const double at = one.fills / total;
        mean += one.weight * at;
        second += one.weight * (at * at + at * (1.0 - at) / (total + 1.0));
    }
    return {.mean = mean, .deviation = std::sqrt(std::max(0.0, second - mean * mean))};
}

double PresenceMemory::drawn(RandomStream& stream) const {
    std::size_t chosen = 0;
    if (prior_[0] < 1.0) {
        double left = stream.next_uniform() - memories_[0].weight;
        while (left > 0.0 && chosen + 1 < kMemories) left -= memories_[++chosen].weight;
    }
    const double present = math::draw_gamma(stream, memories_[chosen].fills, 1.0);
    const double absent = math::draw_gamma(stream, memories_[chosen].misses, 1.0);
    return present / (present + absent);
}

std::array<double, PresenceMemory::kNumbers> PresenceMemory::state() const {
    std::array<double, kNumbers> state{};
    auto at = state.begin();
    for (const Memory& one : memories_) {
        for (const double number : {one.fills, one.misses, one.weight}) *at++ = number;
    }
    return state;
}

bool PresenceMemory::restore(std::span<const double, kNumbers> state) {
    for (std::size_t i = 0; i < kMemories; ++i) {
        const Memory one{.fills = state[3 * i], .misses = state[3 * i + 1], .weight = state[3 * i + 2]};
        if (!(one.fills > 0.0 && one.misses > 0.0 && one.weight >= 0.0 && one.weight <= 1.0)) return false;
        memories_[i] = one;
    }
    return true;
}

}  // namespace slipcast::venue
