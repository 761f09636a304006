#include "slipcast/sim/impact.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "slipcast/core/assert.hpp"

namespace slipcast::sim {
namespace {

constexpr double kWeightTolerance = 1e-9;

Result<void> check_decays(const std::vector<ImpactDecay>& decays) {
    if (decays.empty()) return invalid_value("impact.decays", "0 decays", "needs at least one");
    double total = 0.0;
    for (const ImpactDecay& decay : decays) {
        if (decay.half_life <= Duration{}) {
            return invalid_value("impact.half_life", to_string(decay.half_life), "must be > 0s");
        }
        if (!std::isfinite(decay.weight) || decay.weight < 0.0) {
            return invalid_value("impact.weight", fmt::format("{}", decay.weight), "must be finite and >= 0");
        }
        total += decay.weight;
    }
    if (std::abs(total - 1.0) > kWeightTolerance) {
        return invalid_value("impact.weight", fmt::format("{}", total), "weights must sum to 1");
    }
    return {};
}

bool is_fraction(double value) {
    return value >= -1.0 && value <= 1.0;
}

}  // namespace

Result<void> ImpactOptions::validate() const {
    if (!std::isfinite(own_bps) || own_bps < 0.0) {
        return invalid_value("impact.own_bps", fmt::format("{}", own_bps), "must be finite and >= 0");
    }
    if (!(gamma >= 0.5 && gamma <= 1.0)) {
        return invalid_value("impact.gamma", fmt::format("{}", gamma), "must be in [0.5, 1]");
    }
    SLIPCAST_CHECK(check_decays(decays));
    if (!is_fraction(cross_fraction)) {
        return invalid_value("impact.cross_fraction", fmt::format("{}", cross_fraction), "must be in [-1, 1]");
    }
    for (const CrossImpact& entry : cross) {
        if (entry.source == entry.target) {
            return invalid_value("impact.cross", fmt::format("{} -> {}", entry.source, entry.target),
                                 "source and target must differ");
        }
        if (!is_fraction(entry.fraction)) {
            return invalid_value("impact.cross.fraction", fmt::format("{}", entry.fraction), "must be in [-1, 1]");
        }
    }
    return {};
}

std::string describe(const ImpactOptions& options) {
    if (!options.enabled) return "no own impact";
    std::string memory;
    for (const ImpactDecay& decay : options.decays) {
        if (!memory.empty()) memory += ", ";
        memory += fmt::format("{} at {}", decay.weight, to_string(decay.half_life));
    }
    std::string text =
        fmt::format("own impact {} bps x (quantity / ADV)^{}, half-life {}", options.own_bps, options.gamma,
                    options.decays.size() == 1 ? to_string(options.decays.front().half_life) : memory);
    text += fmt::format(", cross fraction {}", options.cross_fraction);
    for (const CrossImpact& entry : options.cross) {
        text += fmt::format(", instrument {} -> {} fraction {}", entry.source, entry.target, entry.fraction);
    }
    return text;
}

ImpactState::ImpactState(const ImpactOptions& options, std::vector<double> adv)
    : options_(options),
      adv_(std::move(adv)),
      memory_(adv_.size() * options_.decays.size()),
      fraction_(adv_.size() * adv_.size(), options_.cross_fraction) {
    const std::size_t count = adv_.size();
    for (std::size_t i = 0; i < count; ++i) {
        SLIPCAST_ASSERT(adv_[i] > 0.0, "impact is measured in average daily volumes");
        fraction_[i * count + i] = 1.0;
    }
    for (const CrossImpact& entry : options_.cross) {
        SLIPCAST_ASSERT(entry.source < count && entry.target < count, "cross impact names instruments of the run");
        fraction_[entry.target * count + entry.source] = entry.fraction;
    }
    shortest_ = options_.decays.front().half_life;
    for (const ImpactDecay& decay : options_.decays) shortest_ = std::min(shortest_, decay.half_life);
}

void ImpactState::add(std::size_t source, double signed_quantity, Timestamp time) {
    const std::size_t decays = options_.decays.size();
    for (std::size_t k = 0; k < decays; ++k) {
        Memory& memory = memory_[source * decays + k];
        const double age = static_cast<double>((time - memory.time).count());
        SLIPCAST_ASSERT(memory.flow == 0.0 || age >= 0.0, "own flow comes in time order");
        const double half_life = static_cast<double>(options_.decays[k].half_life.count());
        const double kept = memory.flow == 0.0 ? 0.0 : memory.flow * std::exp2(-age / half_life);
        memory = {kept + signed_quantity / adv_[source], time};
    }
}

double ImpactState::term(std::size_t source, std::size_t decay, Timestamp time) const {
    const Memory& memory = memory_[source * options_.decays.size() + decay];
    if (memory.flow == 0.0) return 0.0;
    const double age = static_cast<double>((time - memory.time).count());
    const double flow = memory.flow * std::exp2(-age / static_cast<double>(options_.decays[decay].half_life.count()));
    const double size = std::pow(std::abs(flow), options_.gamma);
    return options_.decays[decay].weight * std::copysign(size, flow);
}

double ImpactState::move(std::size_t target, Timestamp time) const {
    double sum = 0.0;
    for (std::size_t source = 0; source < adv_.size(); ++source) {
        if (!reaches(source, target)) continue;
        double own = 0.0;
        for (std::size_t k = 0; k < options_.decays.size(); ++k) own += term(source, k, time);
        sum += fraction_[target * adv_.size() + source] * own;
    }
    return options_.own_bps * 1e-4 * sum;
}

double ImpactState::speed_bound(std::size_t target, Timestamp time) const {
    // |J|^gamma fades like exp(-gamma ln 2 t / half-life): its slope is largest now.
    double sum = 0.0;
    for (std::size_t source = 0; source < adv_.size(); ++source) {
        if (!reaches(source, target)) continue;
        for (std::size_t k = 0; k < options_.decays.size(); ++k) {
            const double seconds = static_cast<double>(options_.decays[k].half_life.count()) / 1e9;
            const double rate = options_.gamma * std::log(2.0) / seconds;
            sum += std::abs(fraction_[target * adv_.size() + source] * term(source, k, time)) * rate;
        }
    }
    return options_.own_bps * 1e-4 * sum;
}

double ImpactState::size_bound(std::size_t target, Timestamp time) const {
    double sum = 0.0;
    for (std::size_t source = 0; source < adv_.size(); ++source) {
        if (!reaches(source, target)) continue;
        for (std::size_t k = 0; k < options_.decays.size(); ++k) {
            sum += std::abs(fraction_[target * adv_.size() + source] * term(source, k, time));
        }
    }
    return options_.own_bps * 1e-4 * sum;
}

bool ImpactState::reaches(std::size_t source, std::size_t target) const {
    return fraction_[target * adv_.size() + source] != 0.0;
}

}  // namespace slipcast::sim
