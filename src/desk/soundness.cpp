#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "slipcast/desk/desk.hpp"

// Which field of a context is outside its meaning.

namespace slipcast::desk {

namespace {

/// Two such times or prices have a difference and a sum.
bool is_near(std::int64_t value) {
    constexpr std::int64_t kFar = std::int64_t{1} << 62;  // ns: the year 2116; a price of 4.6e9
    return value > -kFar && value < kFar;
}
bool is_positive(double value) {
    return std::isfinite(value) && value > 0.0;
}
bool is_not_negative(double value) {
    return std::isfinite(value) && value >= 0.0;
}

/// The first of the rules that does not hold names the field.
class Fault {
public:
    Fault& unless(bool holds, ContextField field) {
        if (!holds && field_ == ContextField::none) field_ = field;
        return *this;
    }
    [[nodiscard]] ContextField field() const { return field_; }

private:
    ContextField field_ = ContextField::none;
};

void check_common(const Context& c, Fault& fault) {
    fault.unless(is_near(c.time.ns()), ContextField::time)
        .unless(is_near(c.deadline.ns()), ContextField::deadline)
        .unless(is_near(c.quote_time.ns()), ContextField::quote_time)
        .unless(is_near(c.bid.units()), ContextField::bid)
        .unless(is_near(c.ask.units()), ContextField::ask)
        .unless(is_near(c.reference.units()), ContextField::reference)
        .unless(is_near(c.limit_price.units()), ContextField::limit_price)
        .unless(c.lot > 0 && c.lot <= kMaxQuantity, ContextField::lot)
        .unless(is_positive(c.volume_rate), ContextField::volume_rate)
        .unless(is_positive(c.unit_value), ContextField::unit_value)
        .unless(is_not_negative(c.own_volume), ContextField::own_volume)
        .unless(is_not_negative(c.market_volume), ContextField::market_volume)
        .unless(c.inputs.size <= kMaxInputs, ContextField::inputs)
        .unless(c.signals.size <= kMaxSignals, ContextField::signals);
}

void check_work(const Context& c, Fault& fault) {
    fault.unless(c.quantity > 0 && c.quantity <= kMaxQuantity, ContextField::quantity)
        .unless(c.filled >= 0 && c.filled <= c.quantity, ContextField::filled);
    if (fault.field() == ContextField::none) {
        fault.unless(c.working >= 0 && c.working <= c.quantity - c.filled, ContextField::working);
    }
}

void check_target(const Context& c, std::size_t signals, Fault& fault) {
    const auto* first = c.signals.values.data();
    fault
        .unless(c.signals.size == signals && std::all_of(first, first + std::min(signals, kMaxSignals),
                                                         [](double each) { return std::isfinite(each); }),
                ContextField::signals)
        .unless(std::isfinite(c.position), ContextField::position)
        .unless(std::isfinite(c.impact_level), ContextField::impact_level)
        .unless(is_positive(c.position_units), ContextField::position_units)
        .unless(is_positive(c.day_seconds), ContextField::day_seconds)
        .unless(c.working >= -kMaxQuantity && c.working <= kMaxQuantity &&
                    std::isfinite(c.position + static_cast<double>(c.working) / c.position_units),
                ContextField::working);
}

}  // namespace

ContextField Desk::fault_of(const Context& context, const Slot* slot) const {
    Fault fault;
    if (slot != nullptr) {
        fault.unless(slot->kind == context.kind, ContextField::kind)
            .unless(context.kind == market::OrderKind::target || slot->side == context.side, ContextField::side);
    }
    check_common(context, fault);
    if (context.kind == market::OrderKind::work) {
        check_work(context, fault);
        return fault.field();
    }
    const bool has_rule = context.rule >= 0 && static_cast<std::size_t>(context.rule) < setup_.rules.size();
    if (!has_rule) return fault.unless(false, ContextField::rule).field();
    check_target(context, setup_.rules[static_cast<std::size_t>(context.rule)].coefficients().Aqx.size(), fault);
    return fault.field();
}

}  // namespace slipcast::desk
