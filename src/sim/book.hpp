#pragma once

#include <functional>
#include <vector>

#include "book_side.hpp"
#include "child.hpp"
#include "slipcast/market/dataset.hpp"

namespace slipcast::sim {

/// An execution that the book grants.
struct Execution {
    std::size_t child = 0;
    Timestamp time;
    Price price;
    Quantity quantity;
    bool added = false;       ///< our child rested
    bool from_print = false;  ///< part of a source print; otherwise an additional one
    bool walked = false;      ///< from a level behind the touch
    bool dark = false;        ///< in a dark venue
};

/// One quote row; the levels behind the touch where the tape has them.
struct Quote {
    Timestamp time;
    Price bid;
    Price ask;
    Quantity bid_size;
    Quantity ask_size;
    std::vector<market::BookLevel> bid_depth{};
    std::vector<market::BookLevel> ask_depth{};
};

/// The venue side of one instrument: the book as everyone sees it, and our children against it.
class Book {
public:
    /// Reports an execution; the receiver updates the child (its filled quantity and state).
    using OnExecution = std::function<void(const Execution&)>;

    Book(const market::Dataset& market, InstrumentId instrument, std::vector<Child>& children,
         OnExecution on_execution);

    /// Feed gaps of the window that begins; those that are over stay in effect for quotes from before them.
    void enter_window(const std::vector<market::FeedGap>& gaps, TimeRange window);
    /// The tape shows a quote.
    void show(const Quote& quote);
    /// The tape shows a print; returns what of it was ours.
    Quantity print(Timestamp time, Price price, Quantity size, market::TradeFlags flags);
    /// A child arrives: takes what it can, queues if it rests.
    void admit(std::size_t child, Timestamp time);

    /// In a halt.
    [[nodiscard]] bool is_halted(Timestamp time) const;
    /// The quote at hand may be traded on: of the session in progress, two-sided, not crossed, outside halts and gaps.
    [[nodiscard]] bool is_tradable(Timestamp time);
    [[nodiscard]] const BookSide& near(Side side) const { return side == Side::buy ? bids_ : asks_; }
    [[nodiscard]] const BookSide& far(Side side) const { return near(opposite(side)); }
    /// The session in progress at `time` (times ascend from call to call), or null.
    [[nodiscard]] const market::Session* session_at(Timestamp time);
    [[nodiscard]] const std::vector<market::Session>& sessions() const { return sessions_; }
    /// Volume printed so far, our own takes among it; auctions and late prints apart.
    [[nodiscard]] Quantity volume() const { return volume_; }

private:
    [[nodiscard]] BookSide& far(Side side) { return side == Side::buy ? asks_ : bids_; }
    void take(std::size_t child, Timestamp time, bool came_to_us);
    void requeue(Side side);
    void offer(Side side, Timestamp time);
    Quantity fill_resting(Timestamp time, Price price, Quantity size, bool through);
    void grant(const Execution& execution);
    void drop_done();

    std::vector<Child>& children_;
    OnExecution on_execution_;
    std::vector<market::Session> sessions_;
    std::size_t session_ = 0;
    std::vector<TimeRange> halts_;
    std::vector<TimeRange> gaps_;
    std::vector<std::size_t> live_;  // in order of arrival
    BookSide bids_{Side::buy};
    BookSide asks_{Side::sell};
    Timestamp quote_time_ = Timestamp::min();
    bool was_tradable_ = false;
    Quantity volume_;
};

}  // namespace slipcast::sim
