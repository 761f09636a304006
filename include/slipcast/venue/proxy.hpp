#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/core/settings.hpp"
#include "slipcast/core/table.hpp"
#include "slipcast/market/dataset.hpp"
#include "slipcast/market/tape.hpp"
#include "slipcast/venue/observation.hpp"

namespace slipcast::venue {

/// Routes that nobody sent: sizes and a resting time, declared here and printed with every use.
struct ProxyOptions {
    std::vector<std::string> sizes{"100", "200", "500", "1000", "2000", "5000"};  ///< units of the instrument
    Duration window = std::chrono::seconds{10};
    std::uint64_t seed = 1;

    [[nodiscard]] Settings settings();
};

/// A stand-in for a venue log from a public tape, one instrument at a time: its time is cut into windows; in each, the
/// prints against hidden liquidity inside the spread (off-exchange reports, `off_exchange`; executions flagged
/// `hidden`) add up to S, and a route of a size drawn from the declared ones "fills" min(sent, S). Windows without a
/// quote do not count. What it can say: how clustered and how long-tailed hidden volume inside the spread is, and
/// which model describes that. What it cannot: what a route would have filled. Others had sent the orders behind these
/// prints, nobody's queue is known, one pool's prints cannot be told from another's or from an internalizer's, and a
/// route of ours would have changed what followed.
struct ProxyLogs {
    std::vector<PairLog> pairs;  ///< venue "off_exchange" or "hidden"; pairs without a single such print are left out
    std::vector<std::vector<Timestamp>> times;  ///< begin of each observation's window, by pair
    std::string declared;                       ///< the hypothetical sizes, window and seed
    /// A row an observation, as `fit` and `compare-models` read routes: symbol, venue, sent, filled, time, and in
    /// `hypothetical` what was declared, so that whatever is fitted to them says so.
    [[nodiscard]] Table routes() const;
};
/// Refused: options out of range, a dataset without a tape, a tape without such prints (not_identified).
[[nodiscard]] Result<ProxyLogs> proxy_logs(const market::Dataset& dataset, const ProxyOptions& options = {});

}  // namespace slipcast::venue
