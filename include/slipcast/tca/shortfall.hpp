#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "slipcast/core/money.hpp"
#include "slipcast/core/side.hpp"

// The ledger of one order: cash parts that add up to the implementation shortfall without a tolerance.

namespace slipcast::tca {

/// One fill as the ledger needs it.
struct LedgerFill {
    Price price;
    Quantity quantity;         ///< > 0
    std::optional<Price> mid;  ///< strictly before the fill; absent = none that is usable
    Money fee;                 ///< a rebate is negative
};

/// A change of the quantity while the order was worked. An increase is a tranche that was decided, and arrived, at its
/// own instant; a decrease is a cancel of that many shares. Executions take the earliest shares still wanted, a
/// decrease takes back the latest.
struct LedgerAmend {
    Quantity change;             ///< not zero; a decrease is at most what is open (asserted)
    std::optional<Price> price;  ///< the mid strictly before it: decides a tranche, judges what was taken back
};

/// One parent order as the ledger needs it. An absent price is missing, never replaced by another.
struct LedgerOrder {
    Side side = Side::buy;
    Quantity quantity;               ///< as first given, > 0
    std::optional<Price> decision;   ///< decision price
    std::optional<Price> arrival;    ///< arrival price
    std::optional<Price> end_price;  ///< what the unfilled remainder is judged at
    ContractValue value;
    std::vector<LedgerAmend> amends = {};  ///< in time order
    bool is_partly_quarantined = false;    ///< some of its fills were left out: what it executed is not known
};

/// What the ledger could not know. The parts that need it, and the total, are missing.
enum class LedgerGap : std::uint8_t {
    none,
    no_decision_price,  ///< the total is the market-activity shortfall: everything but delay
    no_arrival_price,   ///< delay, drift, unmarked, opportunity and total are missing
    no_end_price,       ///< something is unfilled and nothing says what it missed: opportunity and total are missing
    fills_quarantined,  ///< what was executed is not known: opportunity, total and the executed basis are missing
    no_amend_price,     ///< a tranche was added and nothing says at what: drift, unmarked, opportunity and total are
                        ///< missing
};
/// "" or the sentence that results print beside the shortfall.
[[nodiscard]] std::string_view describe(LedgerGap gap);

/// Implementation shortfall and its parts in cash, all `cost`: positive hurts. With s = +1 buy, -1 sell; Q ordered;
/// q_j, p_j, m_j fills and their mids; q = sum q_j; Pd decision, P0 arrival, Pn end price; F fees:
///   total       = s (sum q_j p_j + (Q - q) Pn - Q Pd) + F                 (Perold 1988)
///   delay       = s Q (P0 - Pd)           executed basis: s q (P0 - Pd)   (Wagner)
///   spread      = sum s q_j (p_j - m_j)   over fills with a mid
///   drift       = sum s q_j (m_j - P0)    over the same fills
///   unmarked    = sum s q_j (p_j - P0)    over the fills without one
///   opportunity = s (Q - q) (Pn - P0)     executed basis: s (Q - q) (Pn - Pd)
/// delay + spread + drift + unmarked + opportunity + fees = total on both bases, bit for bit (asserted against the
/// first line). Without Pd, P0 stands for it in the total and there is no delay: the market-activity shortfall.
/// With amends, Q is everything that was ever ordered: each tranche brings its own Pd = P0, the mid at its amend, so
/// that nothing is charged on shares before somebody wanted them, and shares taken back have their own Pn, the mid
/// then.
struct Shortfall {
    std::optional<Money> delay;
    std::optional<Money> delay_executed;
    Money spread;
    std::optional<Money> drift;
    std::optional<Money> opportunity;
    std::optional<Money> opportunity_executed;
    Money fees;
    std::optional<Money> unmarked;
    std::optional<Money> total;
    std::optional<Money> paper_notional;  ///< Q Pd by tranche, or Q P0 without a Pd: the denominator of the bps
    Quantity filled;
    std::int64_t unmarked_fills = 0;
    LedgerGap gap = LedgerGap::none;
};

/// The ledger of `order`. Fees must be in the currency of `order.value` (asserted). Source: Perold
/// (1988), "The implementation shortfall: paper versus reality", and Wagner's split.
[[nodiscard]] Shortfall shortfall(const LedgerOrder& order, std::span<const LedgerFill> fills);

/// part / whole x 1e4; missing without a part or a positive whole.
[[nodiscard]] std::optional<double> bps_of(const std::optional<Money>& part, const std::optional<Money>& whole);

}  // namespace slipcast::tca
