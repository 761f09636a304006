#include "slipcast/control/parameters.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <string>

namespace slipcast::control {
namespace {

Result<void> positive(const char* field, double value) {
    if (std::isfinite(value) && value > 0.0) return {};
    return invalid_value(field, fmt::format("{}", value), "must be finite and > 0");
}

Result<void> not_negative(const std::string& field, double value) {
    if (std::isfinite(value) && value >= 0.0) return {};
    return invalid_value(field, fmt::format("{}", value), "must be finite and >= 0");
}

Result<void> valid_signal(const Signal& signal, std::size_t index) {
    SLIPCAST_CHECK(not_negative(fmt::format("signal_decay[{}]", index), signal.decay));
    SLIPCAST_CHECK(not_negative(fmt::format("signal_variance[{}]", index), signal.variance));
    if (std::isfinite(signal.loading)) return {};
    return invalid_value(fmt::format("loading[{}]", index), fmt::format("{}", signal.loading), "must be finite");
}

}  // namespace

Result<void> Parameters::validate() const {
    SLIPCAST_CHECK(positive("trading_cost", trading_cost));
    SLIPCAST_CHECK(not_negative("impact", impact));
    SLIPCAST_CHECK(not_negative("impact_decay", impact_decay));
    SLIPCAST_CHECK(positive("risk_aversion", risk_aversion));
    SLIPCAST_CHECK(positive("discount", discount));
    if (signals.empty()) return Error{ErrorCode::missing_field, "signals", "", "give at least one signal", {}};
    for (std::size_t j = 0; j < signals.size(); ++j) SLIPCAST_CHECK(valid_signal(signals[j], j));
    return stable();
}

Result<void> Parameters::stable() const {
    SLIPCAST_CHECK(positive("variance", variance));
    const double pull = risk_aversion * variance * (discount + impact_decay);
    const double push = impact * discount * discount;
    if (pull > push) return {};
    return invalid_value("stability", fmt::format("{:.12g} <= {:.12g}", pull, push),
                         "no stable solution: risk_aversion variance (discount + impact_decay) must exceed "
                         "impact discount^2");
}

}  // namespace slipcast::control
