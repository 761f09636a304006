#pragma once

#include <cstdint>
#include <memory>
#include <queue>
#include <vector>

#include "book.hpp"
#include "dark_pools.hpp"
#include "feed.hpp"
#include "overlay.hpp"
#include "recent_volume.hpp"
#include "slipcast/sim/replay.hpp"

namespace slipcast::sim {

/// One parent while it is worked.
struct Work {
    const Parent* parent = nullptr;
    Timestamp start;
    Timestamp end;
    VolumeCurve curve;  ///< VWAP only
    Quantity filled;
    Quantity volume_at_start;       ///< of the instrument, for POV
    std::size_t children = 0;       ///< sent so far
    std::vector<std::size_t> open;  ///< children that are not done
    bool started = false;
    bool finished = false;
    bool cancelling = false;
    std::optional<Timestamp> cancelled;
    double spent = 0.0;          ///< price x quantity in whole units
    std::size_t unreported = 0;  ///< children that ended and the policy does not know of
    bool is_due = false;         ///< the policy is asked once everything open has ended
    bool is_reported = false;    ///< the policy knows that it is done

    [[nodiscard]] Quantity remaining() const { return parent->order.quantity - filled; }
};

/// Where a child was sent.
[[nodiscard]] inline const std::string& venue_name(const ReplayOptions& options, const Child& child) {
    return child.dark ? options.dark_venues[child.venue].name : options.venues[child.venue].name;
}

/// What a parent wants at the venues now, beyond what is filled.
struct Goal {
    Quantity cross;      ///< to take
    Quantity rest;       ///< to queue at the near touch
    bool final = false;  ///< nothing rests any more
};

/// The event loop of a replay: rows of all instruments and messages of all parents in time order. Desk decisions stand
/// in run_desk.cpp, those of a policy in run_policy.cpp, what venues do in run_venue.cpp.
class Run {
public:
    Run(const market::Dataset& market, const std::vector<Parent>& parents, const ReplayOptions& options,
        TapeSink* sink);

    /// adv in whole units by instrument; needed with impact.
    Result<void> play(std::vector<double> adv, const Progress& progress);

    [[nodiscard]] const std::vector<Child>& children() const { return children_; }
    [[nodiscard]] const std::vector<Execution>& executions() const { return executions_; }
    [[nodiscard]] const std::vector<Work>& works() const { return works_; }
    [[nodiscard]] const ReplayCounts& counts() const { return counts_; }
    /// Most levels of a side that the tape showed of each instrument.
    [[nodiscard]] std::vector<std::size_t> levels() const;

private:
    enum class Kind : std::uint8_t { step, decide, arrive, cancel, expire, desk_cancel, report, report_done };
    struct Action {
        Timestamp time;
        std::uint64_t sequence = 0;
        Kind kind = Kind::step;
        std::size_t index = 0;  // of the parent or the child
        friend bool operator>(const Action& a, const Action& b) {
            return a.time != b.time ? a.time > b.time : a.sequence > b.sequence;
        }
    };
    struct Stage {
        Stage(const market::Dataset& market, InstrumentId id, std::vector<Child>& children, Book::OnExecution granted,
              Duration window, Duration recent)
            : instrument(id),
              feed(*market.tape, id, window),
              book(market, id, children, std::move(granted)),
              market_volume(recent),
              own_volume(recent) {}
        InstrumentId instrument;
        Feed feed;
        Book book;
        Quote source;            // last quote of the tape, unshifted
        Quote shown;             // and as everyone saw it
        std::size_t levels = 1;  // most that the tape has shown of a side
        bool has_quote = false;
        bool has_sizes = true;
        PriceMove shift;  // in the last quote shown
        const market::Session* referenced = nullptr;
        std::size_t windows = 0;
        std::vector<market::FeedGap> gaps;  // not yet given to the sink
        TapeChunk chunk;
        RecentVolume market_volume;  // kept for a policy only
        RecentVolume own_volume;
    };

    // run.cpp
    void prepare_works();
    Result<void> loop(const Progress& progress);
    Result<void> enter_windows(Stage& stage);
    [[nodiscard]] Timestamp next_row(std::size_t stage) const;
    Result<void> play_row(std::size_t index);
    void play_quote(std::size_t index);
    void read_quote(Stage& stage);
    void play_trade(std::size_t index);
    void insert_quote(std::size_t index, Timestamp time);
    void show(Stage& stage, Timestamp time, PriceMove shift);
    void shift_prices(Stage& stage, PriceMove shift);
    Result<void> flush(Stage& stage, bool at_end);
    void act(const Action& action);
    void push(Timestamp time, Kind kind, std::size_t index) { actions_.push({time, sequence_++, kind, index}); }
    [[nodiscard]] Stage& stage_of(const Work& work) {
        return *stages_[static_cast<std::size_t>(work.parent->order.instrument.index())];
    }

    // run_venue.cpp
    void arrive(std::size_t child, Timestamp time);
    void cancel(std::size_t child, Timestamp time);
    void expire(std::size_t work, Timestamp time);
    void execute(const Execution& execution);
    void finish(std::size_t child, Timestamp time, market::PlacementEnd end, market::EndReason reason);
    void settle_cancel(Work& work, Timestamp time);
    void cross_dark(std::size_t child, Timestamp time);
    void show_own_print(Stage& stage, const Execution& execution, const Child& child);

    // run_desk.cpp
    void step(std::size_t work, Timestamp time);
    void decide(std::size_t work, Timestamp time, bool is_step);
    void desk_cancel(std::size_t work, Timestamp time);
    void request_cancel(std::size_t child, Timestamp time);
    void send(std::size_t work, Timestamp time, Quantity quantity, bool rests);
    /// The child with the number, the draws and the delays that are its own.
    [[nodiscard]] Child drawn_child(std::size_t work, Timestamp time);
    void dispatch(const Child& child);
    [[nodiscard]] Goal goal(const Work& work, Timestamp time);
    [[nodiscard]] Quantity planned(const Work& work, Timestamp time);
    [[nodiscard]] std::optional<Price> resting_price(const Work& work);
    [[nodiscard]] std::optional<Timestamp> next_step(const Work& work, Timestamp time) const;
    [[nodiscard]] Duration slice_length(const Work& work) const;
    [[nodiscard]] Timestamp crossing_time(const Work& work) const;

    // run_policy.cpp
    [[nodiscard]] static bool is_guided(const Work& work) { return work.parent->style == Style::policy; }
    void ask_when_free(std::size_t work, Timestamp time);
    void ask(std::size_t work, Timestamp time);
    void send(std::size_t work, Timestamp time, const PolicyChild& wanted);
    void report(std::size_t child, Timestamp time);
    void report_done(std::size_t work, Timestamp time);
    void take_up(Result<void> outcome);

    const market::Dataset& market_;
    const std::vector<Parent>& parents_;
    const ReplayOptions& options_;
    TapeSink* sink_;
    std::unique_ptr<Overlay> overlay_;
    std::vector<std::unique_ptr<Stage>> stages_;  // by instrument; null when it has no row
    std::vector<Work> works_;
    std::vector<Child> children_;
    std::vector<Execution> executions_;
    std::priority_queue<Action, std::vector<Action>, std::greater<>> actions_;
    std::uint64_t sequence_ = 0;
    std::vector<double> venue_shares_;  // cumulative, last = 1
    DarkPools dark_pools_;
    std::optional<Error> failure_;  // of the policy
    PolicyPlan plan_;
    ReplayCounts counts_;
};

}  // namespace slipcast::sim
