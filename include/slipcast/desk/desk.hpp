#pragma once

// Everything of module desk, and the desk itself: one decision a step.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "slipcast/control/rule.hpp"
#include "slipcast/core/result.hpp"
#include "slipcast/cost/online.hpp"
#include "slipcast/desk/guards.hpp"    // IWYU pragma: export
#include "slipcast/desk/journal.hpp"   // IWYU pragma: export
#include "slipcast/desk/ladder.hpp"    // IWYU pragma: export
#include "slipcast/desk/learning.hpp"  // IWYU pragma: export
#include "slipcast/desk/options.hpp"   // IWYU pragma: export
#include "slipcast/desk/records.hpp"   // IWYU pragma: export
#include "slipcast/desk/tactics.hpp"   // IWYU pragma: export
#include "slipcast/venue/allocate.hpp"
#include "slipcast/venue/router.hpp"

namespace slipcast::desk {

/// What a desk is made of.
struct DeskSetup {
    DeskOptions options;
    std::optional<cost::Model> champion = {};    ///< none = the fallback policy decides every step
    std::optional<cost::Model> challenger = {};  ///< in shadow; only beside a champion
    cost::OnlineOptions online = {};
    std::vector<control::Rule> rules = {};     ///< of target orders, by Context::rule
    std::optional<venue::Router> router = {};  ///< of dark venues; none = everything goes lit
};

/// Of everything in a setup that is neither options nor a cost model.
[[nodiscard]] std::uint64_t setup_digest(const DeskSetup& setup);

/// Decides one step at a time: forecast, ladder, candidates by score, size, guards, split over dark and lit. It reads
/// no clock and no global randomness: the same setup and the same sequence of calls make the same decisions bit for
/// bit. Sizes and intervals are drawn from (seed, "desk.child", order, 2 x step). A step allocates nothing.
class Desk {
public:
    /// Refused: options out of range, a challenger without a champion or of other inputs, more than kMaxVenues venues,
    /// more than kMaxInputs inputs, more than kMaxSignals signals.
    [[nodiscard]] static Result<Desk> create(DeskSetup setup);

    /// What to do for one order now. Counts what it sends as sent. A context that contradicts itself sends nothing
    /// (Reason::bad_context, Decision::field); neither may an order change its kind, or a work order its side.
    [[nodiscard]] Decision step(const Context& context);
    /// Takes up what happened. A finished parent scores the forecasts that were made at its first step and teaches the
    /// models. Refused, with nothing counted, learned or closed: an order that never had a step or is finished, a venue
    /// that the router does not have, impossible fills (filled above sent, less than none), a finished order's weight
    /// outside 0 to 1 or cost above kMaxCostBps either way. Refused too: what the router or a model does not take, such
    /// as inputs that are missing; a finished order's place is free then. `lesson` is told in each case.
    Result<void> record(const Outcome& outcome, Lesson* lesson = nullptr);

    void kill() { guards_.kill(); }
    void release() { guards_.release(); }
    [[nodiscard]] bool is_killed() const { return guards_.is_killed(); }
    Result<void> promote();
    /// What was learned returns to that of a saved state, of the models and of the dark venues; orders and guards stay
    /// as they are. Refused, with nothing changed: a state of another setup, a desk that learns nothing.
    Result<void> roll_back(std::string_view state);

    /// The whole state. A desk of the same setup, restored, goes on bit for bit.
    [[nodiscard]] std::string save() const;
    Result<void> restore(std::string_view state);

    [[nodiscard]] const DeskOptions& options() const { return setup_.options; }
    /// Null without a model.
    [[nodiscard]] const Models* models() const { return models_ ? &*models_ : nullptr; }
    [[nodiscard]] std::size_t open_orders() const;

private:
    struct Slot {
        std::uint64_t order = 0;
        std::uint64_t steps = 0;
        std::int64_t lot = 1;
        market::OrderKind kind = market::OrderKind::work;
        Side side = Side::buy;  ///< target: of the last child
        Price outermost;        ///< of what may still work: bought at most, sold at least; zero = nothing
        bool is_used = false;
        bool is_stressed = false;
        bool has_forecast = false;
        Few<double, kMaxInputs> inputs;  ///< of the first forecast
        Models::Quantiles made{};        ///< first forecasts
    };

    explicit Desk(DeskSetup setup);
    Result<void> use_models(Models models);
    Result<void> make_split_ready();
    void refresh_split(std::size_t venue);
    Result<void> observe(const Outcome& outcome, std::int64_t lot);
    void swap_forecasts();
    Result<void> take_learned(std::string_view models, std::string_view router);
    [[nodiscard]] Slot* find(std::uint64_t order);
    [[nodiscard]] Slot* open(const Context& context);
    [[nodiscard]] ContextField fault_of(const Context& context, const Slot* slot) const;
    [[nodiscard]] bool must_cancel(const Context& context, const Slot& slot, const Decision& decision) const;
    [[nodiscard]] Need need_of(const Context& context, Decision& decision) const;
    void decide(const Context& context, Slot& slot, const Need& need, Decision& decision);
    double choose(const Context& context, const Slot& slot, const Need& need, Decision& decision);
    void size(const Context& context, const Need& need, double wish, Decision& decision) const;
    void guard(const Context& context, const Need& need, Decision& decision);
    void split(const Context& context, Decision& decision);
    void probe(const Context& context, std::size_t venues, Decision& decision) const;
    void keep_forecast(const Context& context, const Need& need, const Decision& decision, Slot& slot);

    DeskSetup setup_;
    Guards guards_;
    std::optional<Models> models_;
    CandidateInputs where_;
    std::optional<venue::Allocator> allocator_;
    venue::Split split_;
    Plan plan_;
    std::vector<Slot> slots_;
};

}  // namespace slipcast::desk
