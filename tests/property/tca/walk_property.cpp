#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <vector>

#include "tca/asof_index.hpp"
#include "tca/tape_walk.hpp"

// The one-pass walk against slow answers straight from the definitions, on tapes made to be awkward: many ties, gaps,
// locked, crossed and one-sided quotes, questions on and between rows, before the first and after the last.

namespace slipcast::tca::detail {
namespace {

struct Tape {
    market::MemoryTape::Series series;
    std::vector<market::Session> sessions;
};

Timestamp ns(std::int64_t t) {
    return Timestamp::from_ns(t);
}

std::vector<Timestamp> any_times(int count, std::int64_t end) {
    std::vector<Timestamp> times;
    for (int i = 0; i < count; ++i) times.push_back(ns(*rc::gen::inRange<std::int64_t>(0, end)));
    std::sort(times.begin(), times.end());
    return times;
}

constexpr std::int64_t kEnd = 120;

Tape any_tape() {
    Tape tape;
    const auto level = [] { return Price::from_units(*rc::gen::inRange<std::int64_t>(0, 6)); };
    for (const Timestamp time : any_times(*rc::gen::inRange(0, 40), kEnd)) {
        const Price bid = level();
        const Price ask = level();
        tape.series.quotes.push(time, bid, ask, Quantity::from_units(bid.units() == 0 ? 0 : 1),
                                Quantity::from_units(ask.units() == 0 ? 0 : 1));
    }
    for (const Timestamp time : any_times(*rc::gen::inRange(0, 40), kEnd)) {
        const market::TradeFlags flags{static_cast<std::uint16_t>(*rc::gen::inRange(0, 4))};
        tape.series.trades.push(time, Price::from_units(*rc::gen::inRange<std::int64_t>(1, 6)),
                                Quantity::from_units(*rc::gen::inRange<std::int64_t>(1, 5)), flags, VenueId::none());
    }
    for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
        const std::int64_t begin = *rc::gen::inRange<std::int64_t>(0, kEnd);
        tape.series.gaps.push_back({ns(begin), ns(begin + *rc::gen::inRange<std::int64_t>(0, 30))});
    }
    if (*rc::gen::inRange(0, 2) == 1) {
        for (const std::int64_t open : {10, 70}) {
            market::Session session;
            session.market = LabelId::from_index(0);
            session.date = Date::from_days(static_cast<std::int32_t>(open));
            session.open = ns(open);
            session.close = ns(open + 40);
            tape.sessions.push_back(session);
        }
    }
    return tape;
}

TapeQuestions any_questions() {
    TapeQuestions questions;
    questions.prices = {Price::from_units(2), Price::from_units(4)};
    for (int i = 0; i < 12; ++i) {
        questions.states.push_back({ns(*rc::gen::inRange<std::int64_t>(-5, kEnd + 10)), *rc::gen::inRange(-1, 2)});
        std::int64_t amount = *rc::gen::inRange<std::int64_t>(-8, 8);
        if (amount == 0) amount = 1;
        questions.reaches.push_back(
            {ns(*rc::gen::inRange<std::int64_t>(0, kEnd)), static_cast<ReachClock>(*rc::gen::inRange(0, 3)), amount});
    }
    questions.events = any_times(12, kEnd);
    questions.sent = any_times(12, kEnd);
    questions.offsets = {Duration{0}, Duration{7}, Duration{-9}, Duration{50}};
    return questions;
}

/// The definitions, each answered by looking at every row.
class Slow {
public:
    explicit Slow(const Tape& tape) : tape_(tape), blackouts_(session_blackouts(tape.sessions)) {
        for (const auto& gap : tape.series.gaps) blackouts_.push_back({gap.begin, gap});
    }
    /// The last quote before `row_end`, judged at `at`.
    QuoteAt quote(Timestamp row_end, Timestamp at) const {
        QuoteAt found;
        const auto view = tape_.series.quotes.view();
        for (std::size_t i = 0; i < view.size(); ++i) {
            if (view.time[i] < row_end) found = quote_at_row(view, i);
        }
        if (found.state != QuoteState::none && is_stale(blackouts_, found.time, at)) found.state = QuoteState::stale;
        return found;
    }
    QuoteAt quote(Timestamp at) const { return quote(at, at); }
    bool in_session(Timestamp at) const {
        return tape_.sessions.empty() ||
               std::any_of(tape_.sessions.begin(), tape_.sessions.end(),
                           [&](const market::Session& s) { return s.open <= at && at < s.close; });
    }
    /// Nanosecond by nanosecond: the quote that stands during [t, t + 1).
    TapeState state(Timestamp at, std::int64_t begin) const {
        TapeState sum;
        for (std::int64_t t = begin; t < std::min(at.ns(), kEnd); ++t) {
            const QuoteAt standing = quote(ns(t + 1), ns(t));
            if (!standing.is_usable() || !in_session(ns(t))) continue;
            sum.twice_mid_time += standing.bid.units() + standing.ask.units();
            ++sum.usable_ns;
        }
        const auto& trades = tape_.series.trades;
        for (std::size_t i = 0; i < trades.time.size() && trades.time[i] < at; ++i) {
            if (trades.flags[i].has(market::TradeFlag::in_volume)) {
                sum.volume += trades.size[i].units();
                ++sum.prints;
            }
            if (!trades.flags[i].has(market::TradeFlag::in_vwap)) continue;
            sum.vwap_volume += trades.size[i].units();
            sum.vwap_notional += static_cast<Int128>(trades.price[i].units()) * trades.size[i].units();
        }
        return sum;
    }
    Reach reach(const ReachQuestion& question) const {
        const auto& trades = tape_.series.trades;
        const auto count = [&](std::size_t i) -> std::int64_t {
            const bool counts = trades.flags[i].has(
                question.clock == ReachClock::vwap_volume ? market::TradeFlag::in_vwap : market::TradeFlag::in_volume);
            if (!counts) return 0;
            return question.clock == ReachClock::prints ? 1 : trades.size[i].units();
        };
        std::int64_t left = std::abs(question.amount);
        if (question.amount > 0) {
            for (std::size_t i = 0; i < trades.time.size(); ++i) {
                if (trades.time[i] < question.from) continue;
                left -= count(i);
                if (left <= 0 && count(i) > 0) return {true, trades.time[i], quote(trades.time[i]).mid_at(), 0};
            }
            return {};
        }
        for (std::size_t i = trades.time.size(); i-- > 0;) {
            if (trades.time[i] >= question.from) continue;
            left -= count(i);
            if (left <= 0 && count(i) > 0) return {true, trades.time[i], quote(trades.time[i]).mid_at(), 0};
        }
        return {};
    }
    std::int64_t volume(Timestamp at, Price price, int side) const {
        std::int64_t sum = 0;
        const auto& trades = tape_.series.trades;
        for (std::size_t i = 0; i < trades.time.size() && trades.time[i] < at; ++i) {
            if (!trades.flags[i].has(market::TradeFlag::in_vwap)) continue;
            if (side < 0 ? trades.price[i] < price : trades.price[i] > price) sum += trades.size[i].units();
        }
        return sum;
    }

private:
    const Tape& tape_;
    std::vector<Blackout> blackouts_;
};

TapeAnswers walked(const Tape& tape, const TapeQuestions& questions, Duration window) {
    market::MemoryTape source;
    const auto added = source.add(InstrumentId::from_index(0), tape.series);
    RC_ASSERT(added.has_value());
    TapeWalk walk;
    walk.instrument = InstrumentId::from_index(0);
    walk.range = {ns(0), ns(kEnd)};
    walk.window = window;
    walk.sessions = tape.sessions;
    return walk_tape(source, walk, questions).value();
}

TEST(TapeWalkLaws, AnswersAreThoseOfASlowReference) {
    EXPECT_TRUE(rc::check("walk = reference", [] {
        const Tape tape = any_tape();
        const TapeQuestions questions = any_questions();
        const TapeAnswers answers = walked(tape, questions, Duration{*rc::gen::inRange<std::int64_t>(1, 200)});
        const Slow slow(tape);
        for (std::size_t i = 0; i < questions.events.size(); ++i) {
            RC_ASSERT(answers.event_quotes[i] == slow.quote(questions.events[i]));
            for (std::size_t k = 0; k < questions.offsets.size(); ++k) {
                RC_ASSERT(answers.mids[i * questions.offsets.size() + k] ==
                          slow.quote(questions.events[i] + questions.offsets[k]).mid_at());
            }
        }
        for (std::size_t i = 0; i < questions.sent.size(); ++i) {
            RC_ASSERT(answers.sent_quotes[i] == slow.quote(questions.sent[i]));
        }
        for (std::size_t i = 0; i < questions.reaches.size(); ++i) {
            const Reach expected = slow.reach(questions.reaches[i]);
            RC_ASSERT(answers.reaches[i].found == expected.found);
            RC_ASSERT(answers.reaches[i].time == expected.time);
            RC_ASSERT(answers.reaches[i].mid == expected.mid);
        }
    }));
}

TEST(TapeWalkLaws, SumsAreThoseOfASlowReference) {
    EXPECT_TRUE(rc::check("sums = reference", [] {
        const Tape tape = any_tape();
        const TapeQuestions questions = any_questions();
        const TapeAnswers answers = walked(tape, questions, Duration{*rc::gen::inRange<std::int64_t>(1, 200)});
        const Slow slow(tape);
        for (std::size_t i = 0; i < questions.states.size(); ++i) {
            const StateQuestion& question = questions.states[i];
            const TapeState& state = answers.states[i];
            RC_PRE(question.time <= ns(kEnd));
            const TapeState expected = slow.state(question.time, 0);
            RC_ASSERT(state.usable_ns == expected.usable_ns);
            RC_ASSERT(state.twice_mid_time == expected.twice_mid_time);
            RC_ASSERT(state.volume == expected.volume);
            RC_ASSERT(state.prints == expected.prints);
            RC_ASSERT(state.vwap_volume == expected.vwap_volume);
            RC_ASSERT(state.vwap_notional == expected.vwap_notional);
            if (question.price < 0) continue;
            const Price price = questions.prices[static_cast<std::size_t>(question.price)];
            RC_ASSERT(state.volume_below == slow.volume(question.time, price, -1));
            RC_ASSERT(state.volume_above == slow.volume(question.time, price, +1));
        }
    }));
}

TEST(TapeWalkLaws, TheWindowDoesNotMatter) {
    EXPECT_TRUE(rc::check("any window = one window", [] {
        const Tape tape = any_tape();
        const TapeQuestions questions = any_questions();
        const TapeAnswers whole = walked(tape, questions, Duration{1'000});
        const TapeAnswers parts = walked(tape, questions, Duration{*rc::gen::inRange<std::int64_t>(1, 40)});
        RC_ASSERT(whole.event_quotes == parts.event_quotes);
        RC_ASSERT(whole.mids == parts.mids);
        RC_ASSERT(whole.sent_quotes == parts.sent_quotes);
        for (std::size_t i = 0; i < questions.states.size(); ++i) {
            RC_ASSERT(whole.states[i].quote == parts.states[i].quote);
            RC_ASSERT(whole.states[i].twice_mid_time == parts.states[i].twice_mid_time);
            RC_ASSERT(whole.states[i].usable_ns == parts.states[i].usable_ns);
            RC_ASSERT(whole.states[i].squared_returns == parts.states[i].squared_returns);
        }
        for (std::size_t i = 0; i < questions.reaches.size(); ++i) {
            RC_ASSERT(whole.reaches[i].time == parts.reaches[i].time);
            RC_ASSERT(whole.reaches[i].vwap_notional == parts.reaches[i].vwap_notional);
        }
        for (std::size_t s = 0; s < whole.sessions.size(); ++s) {
            RC_ASSERT(whole.sessions[s].open == parts.sessions[s].open);
            RC_ASSERT(whole.sessions[s].close == parts.sessions[s].close);
            RC_ASSERT(whole.sessions[s].vwap_notional == parts.sessions[s].vwap_notional);
        }
    }));
}

TEST(AsofIndexLaws, CountsTheRowsBeforeAsAPlainSearchDoes) {
    EXPECT_TRUE(rc::check("index = search", [] {
        // Bursts of rows at one instant, long silences, and as many rows as give several stretches and a broken one.
        std::vector<Timestamp> rows;
        std::int64_t now = *rc::gen::element<std::int64_t>(-1'000, 0, INT64_MIN, 1'700'000'000'000'000'000);
        const std::int64_t longest = *rc::gen::element<std::int64_t>(1, 5, 1'000, 1'000'000'000'000);
        for (int i = *rc::gen::inRange(0, 300); i > 0; --i) {
            now += *rc::gen::element(0, 0, 1, 2) * *rc::gen::inRange<std::int64_t>(0, longest);
            rows.push_back(ns(now));
        }
        if (*rc::gen::inRange(0, 4) == 0) rows.push_back(Timestamp::max());
        const AsofIndex index(rows, static_cast<std::size_t>(*rc::gen::element(0, 1, 10, 1'000)));
        std::vector<Timestamp> questions{Timestamp::min(), Timestamp::max(), ns(now), ns(0)};
        for (const Timestamp row : rows) {
            if (row != Timestamp::min()) questions.push_back(row - Duration{1});
            questions.push_back(row);
            if (row != Timestamp::max()) questions.push_back(row + Duration{1});
        }
        for (const Timestamp time : questions) {
            const auto expected = std::lower_bound(rows.begin(), rows.end(), time) - rows.begin();
            RC_ASSERT(index.rows_before(time) == static_cast<std::size_t>(expected));
        }
    }));
}

/// A source that breaks its promise of time order.
class Disordered final : public market::TapeSource {
public:
    [[nodiscard]] Result<market::TapeSlice> load(InstrumentId, TimeRange) const override {
        market::TapeSlice slice;
        slice.quotes = quotes_.view();
        return slice;
    }
    [[nodiscard]] TimeRange extent(InstrumentId) const override { return {ns(0), ns(kEnd)}; }
    Disordered() {
        for (const std::int64_t t : {5, 3}) quotes_.push(ns(t), Price::from_units(1), Price::from_units(2), {}, {});
    }

private:
    market::QuoteTable quotes_;
};

TEST(TapeWalk, RefusesRowsOutOfOrder) {
    TapeWalk walk;
    walk.instrument = InstrumentId::from_index(0);
    walk.range = {ns(0), ns(kEnd)};
    walk.window = Duration{1'000};
    const auto refused = walk_tape(Disordered{}, walk, TapeQuestions{});
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().field, "quotes.time");
    EXPECT_EQ(refused.error().code, ErrorCode::inconsistent);
}

}  // namespace
}  // namespace slipcast::tca::detail
