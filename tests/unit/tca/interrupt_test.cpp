#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "slipcast/tca/tca.hpp"
#include "support/cost_book.hpp"
#include "tca/tape_walk.hpp"

// A request to stop ends a measurement inside an instrument: no clock here, the tape itself waits for the request.

namespace slipcast::tca {
namespace {

using test::CostBook;

/// A tape that, from its third window on, gives nothing before somebody has asked to stop.
class WaitingTape final : public market::TapeSource {
public:
    explicit WaitingTape(std::shared_ptr<const market::TapeSource> tape) : tape_(std::move(tape)) {}
    Result<market::TapeSlice> load(InstrumentId instrument, TimeRange window) const override {
        std::unique_lock lock(mutex_);
        if (++loads_ >= 3) {
            is_waiting_ = true;
            const bool asked = asked_.wait_for(lock, std::chrono::seconds{20}, [&] { return is_asked_; });
            was_asked_ = was_asked_ || asked;
        }
        const bool dawdles = is_asked_;
        lock.unlock();
        if (dawdles) std::this_thread::sleep_for(std::chrono::milliseconds{1});  // so that few windows slip through
        return tape_->load(instrument, window);
    }
    TimeRange extent(InstrumentId instrument) const override { return tape_->extent(instrument); }

    /// Of a progress callback: asks to stop once the tape waits.
    bool goes_on() const {
        const std::lock_guard lock(mutex_);
        if (!is_waiting_) return true;
        is_asked_ = true;
        asked_.notify_all();
        return false;
    }
    int loads() const {
        const std::lock_guard lock(mutex_);
        return loads_;
    }
    bool was_asked() const {
        const std::lock_guard lock(mutex_);
        return was_asked_;
    }

private:
    std::shared_ptr<const market::TapeSource> tape_;
    mutable std::mutex mutex_;
    mutable std::condition_variable asked_;
    mutable bool is_waiting_ = false;
    mutable bool is_asked_ = false;
    mutable bool was_asked_ = false;
    mutable int loads_ = 0;
};

CostBook day_long_book() {
    CostBook book;
    book.quote("13:30:00", "99.99", "100.01");
    book.quote("19:59:59", "99.99", "100.01");
    book.order("O1", Side::buy, 100, "13:31:00");
    book.fill("O1", "19:50:00", "100.01", 100);
    return book;
}

TEST(Interrupt, StopsInsideAnInstrument) {
    market::Dataset dataset = day_long_book().made();
    const auto tape = std::make_shared<WaitingTape>(dataset.tape);
    dataset.tape = tape;
    MeasureOptions options;
    options.window = std::chrono::seconds{1};  // the walk would load 23,400 windows
    const auto result =
        measure(dataset, options, [&](std::string_view, std::int64_t, std::int64_t) { return tape->goes_on(); });
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, ErrorCode::interrupted);
    EXPECT_TRUE(tape->was_asked()) << "progress is asked while an instrument is walked";
    // The sign is up just after the callback returns; a few more of the thousands of windows may slip through.
    EXPECT_LT(tape->loads(), 2'000);
}

TEST(Interrupt, StopsInsideOneWindow) {
    const market::Dataset dataset = day_long_book().made();
    detail::StopSign stop;
    stop.raise();
    detail::TapeWalk walk;
    walk.instrument = InstrumentId::from_index(0);
    walk.range = dataset.tape->extent(walk.instrument);
    walk.window = std::chrono::hours{24};
    walk.stop = &stop;
    detail::TapeQuestions questions;
    questions.states.push_back({CostBook::at("15:00:00"), -1});
    const auto walked = detail::walk_tape(*dataset.tape, walk, questions);
    ASSERT_FALSE(walked.has_value());
    EXPECT_EQ(walked.error().code, ErrorCode::interrupted);
}

TEST(Interrupt, AnyCallThatSaysStopGivesTheRefusalAndNeverHalfAResult) {
    const market::Dataset dataset = day_long_book().made();
    int calls = 0;
    const auto whole = measure(dataset, {}, [&](std::string_view, std::int64_t, std::int64_t) {
        ++calls;
        return true;
    });
    ASSERT_TRUE(whole.has_value());
    ASSERT_GT(calls, 5);
    for (int stop_at = 1; stop_at <= 5; ++stop_at) {
        int call = 0;
        const auto result =
            measure(dataset, {}, [&](std::string_view, std::int64_t, std::int64_t) { return ++call < stop_at; });
        ASSERT_FALSE(result.has_value()) << "stopped at call " << stop_at;
        EXPECT_EQ(result.error().code, ErrorCode::interrupted);
    }
}

}  // namespace
}  // namespace slipcast::tca
