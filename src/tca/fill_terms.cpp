#include "fill_terms.hpp"

namespace slipcast::tca::detail {

FillTerms::FillTerms(const Context& context, const Records& records)
    : context_(context), records_(records), order_of_fill_(context.dataset.fills.size()) {
    for (std::size_t order = 0; order < context.dataset.orders.size(); ++order) {
        for (const std::size_t row : context.fills_of(order)) {
            order_of_fill_[row] = order;
            if (records.orders[order].included) fills_.push_back(row);
        }
    }
}

std::optional<Price> FillTerms::mid(std::size_t row) const {
    const MidAt before = records_.fills[row].quote.mid_at();
    return before.is_usable() ? std::optional<Price>(before.mid) : std::nullopt;
}

std::optional<RatioTerm> FillTerms::term(std::size_t row, Price from, Price to, Price reference) const {
    if (reference.units() <= 0) return std::nullopt;
    const ContractValue& value = context_.dataset.instrument(order(row).instrument).value;
    return RatioTerm{value.cash(signed_move(order(row).side, to - from), fill(row).quantity).to_double(),
                     value.notional(reference, fill(row).quantity).to_double()};
}

RatioOf FillTerms::arrival_cost() const {
    return [this](std::size_t row) -> std::optional<RatioTerm> {
        const auto& price = arrival(row);
        return price ? term(row, *price, fill(row).price, *price) : std::nullopt;
    };
}

RatioOf FillTerms::half_spread() const {
    return [this](std::size_t row) -> std::optional<RatioTerm> {
        const auto price = mid(row);
        return price ? term(row, *price, fill(row).price, *price) : std::nullopt;
    };
}

RatioOf FillTerms::fees() const {
    return [this](std::size_t row) -> std::optional<RatioTerm> {
        const auto& price = arrival(row);
        if (!price || price->units() <= 0) return std::nullopt;
        const ContractValue& value = context_.dataset.instrument(order(row).instrument).value;
        return RatioTerm{fill(row).fee.to_double(), value.notional(*price, fill(row).quantity).to_double()};
    };
}

RatioOf FillTerms::price_improvement() const {
    return [this](std::size_t row) -> std::optional<RatioTerm> {
        const QuoteAt& quote = records_.fills[row].quote;
        if (!quote.is_usable()) return std::nullopt;
        const Price far = order(row).side == Side::buy ? quote.ask : quote.bid;
        return term(row, fill(row).price, far, far);
    };
}

RatioOf FillTerms::markout_1min() const {
    return [this](std::size_t row) -> std::optional<RatioTerm> {
        const FillRecord& record = records_.fills[row];
        if (!record.observed_1min) return std::nullopt;
        return term(row, fill(row).price, record.mid_1min.mid, fill(row).price);
    };
}

void FillTerms::markouts(std::size_t row, std::span<std::optional<RatioTerm>> out) const {
    const ContractValue& value = context_.dataset.instrument(order(row).instrument).value;
    const std::size_t horizons = context_.horizons.size();
    const std::optional<Price> anchors[] = {fill(row).price, mid(row)};
    for (std::size_t anchor = 0; anchor < std::size(anchors); ++anchor) {
        const auto& from = anchors[anchor];
        const bool is_reference = from && from->units() > 0;
        const double notional = is_reference ? value.notional(*from, fill(row).quantity).to_double() : 0.0;
        for (std::size_t h = 0; h < horizons; ++h) {
            std::optional<RatioTerm>& term = out[2 * h + anchor];
            term.reset();
            const MarkoutRecord record = records_.markouts[row * horizons + h];
            if (!record.observed || !is_reference) continue;
            const PriceMove move = signed_move(order(row).side, record.mid - *from);
            term = RatioTerm{value.cash(move, fill(row).quantity).to_double(), notional};
        }
    }
}

}  // namespace slipcast::tca::detail
