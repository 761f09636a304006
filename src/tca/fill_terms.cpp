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

RatioOf FillTerms::fill_anchored(std::size_t horizon) const {
    return [this, horizon](std::size_t row) -> std::optional<RatioTerm> {
        const MarkoutRecord& record = records_.markouts[row * context_.horizons.size() + horizon];
        if (!record.observed) return std::nullopt;
        return term(row, fill(row).price, record.mid, fill(row).price);
    };
}

RatioOf FillTerms::mid_anchored(std::size_t horizon) const {
    return [this, horizon](std::size_t row) -> std::optional<RatioTerm> {
        const MarkoutRecord& record = records_.markouts[row * context_.horizons.size() + horizon];
        const auto before = mid(row);
        if (!record.observed || !before) return std::nullopt;
        return term(row, *before, record.mid, *before);
    };
}

}  // namespace slipcast::tca::detail
