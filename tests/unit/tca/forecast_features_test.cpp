#include <gtest/gtest.h>

#include "slipcast/forecast/forecast.hpp"
#include "support/measured.hpp"
#include "support/session_tape.hpp"

namespace slipcast::tca {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using test::Measured;
using test::SessionTape;

/// Three one-hour sessions with a print every minute, and an order of 100 decided in the middle of the second.
market::Dataset lived_until(Timestamp end) {
    SessionTape tape(3);
    for (int day = 0; day < 3; ++day) {
        tape.quote(SessionTape::at(day, minutes{0}), 9999, 10001);
        for (int minute = 0; minute < 60; ++minute) {
            tape.trade(SessionTape::at(day, minutes{minute}), 10 * (day + 1) + minute);
        }
    }
    market::Order order;
    order.id = tape.dataset.names.orders.intern("O1");
    order.instrument = SessionTape::stock();
    order.quantity = Quantity::from_units(100);
    order.decision_time = order.arrival_time = SessionTape::at(1, minutes{30});
    order.end_time = end;
    tape.dataset.orders.push_back(order);
    return tape.made();
}

TEST(ForecastFeatures, ParticipationIsOverTheVolumeOfEverySessionOfTheLife) {
    for (const Timestamp end : {SessionTape::at(1, minutes{37}), SessionTape::at(1, minutes{60}),
                                SessionTape::at(1, hours{3}), SessionTape::at(2, minutes{20})}) {
        const market::Dataset dataset = lived_until(end);
        const forecast::Forecaster forecaster(forecast::collect(dataset).value());
        const auto volume = forecaster.window_volume(SessionTape::stock(), {SessionTape::at(1, minutes{30}), end});
        ASSERT_TRUE(volume);
        EXPECT_DOUBLE_EQ(Measured(dataset).number("orders", "forecast_participation"), 100.0 / volume->median);
    }
    const double today =
        Measured(lived_until(SessionTape::at(1, minutes{60}))).number("orders", "forecast_participation");
    const double overnight =
        Measured(lived_until(SessionTape::at(2, minutes{20}))).number("orders", "forecast_participation");
    EXPECT_LT(overnight, 0.85 * today) << "the first third of the next session is to come as well";
}

}  // namespace
}  // namespace slipcast::tca
