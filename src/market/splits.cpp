#include "slipcast/market/splits.hpp"

#include <algorithm>
#include <iterator>

namespace slipcast::market {

std::vector<CorporateAction> splits_of(const Dataset& dataset, InstrumentId instrument) {
    std::vector<CorporateAction> splits;
    std::ranges::copy_if(dataset.corporate_actions, std::back_inserter(splits), [&](const CorporateAction& action) {
        return action.instrument == instrument && action.kind == CorporateActionKind::split;
    });
    std::ranges::stable_sort(splits, {}, &CorporateAction::ex_time);
    return splits;
}

}  // namespace slipcast::market
