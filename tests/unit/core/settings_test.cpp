#include "slipcast/core/settings.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "slipcast/core/nearest.hpp"

using namespace slipcast;
using namespace std::chrono_literals;

namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Options {
    std::int64_t orders = 5000;
    int days = 3;
    std::uint64_t seed = 1;
    double confidence = 0.95;
    double floor = 0.0;
    bool strict = false;
    Duration window = 30min;
    Date first_day = Date::from_days(0);
    std::string label;
    int style = 1;
    std::vector<std::string> horizons{"1s", "5min"};

    Settings settings() {
        Settings all;
        all.integer("orders", "", orders, 1, 1'000'000, "how many orders", "measured")
            .integer("trading_days", "", days, 1, std::numeric_limits<int>::max(), "how many days")
            .seed("seed", seed, "the seed")
            .number("confidence", "", confidence, {.low = 0.5, .high = 1, .high_open = true}, "of intervals")
            .number("floor", "bps", floor, {.low = 0, .high = kInfinity}, "smallest cost")
            .flag("strict", strict, "refuse more")
            .duration("window", window, 1s, 24h, "tape in memory")
            .date("first_day", first_day, "the first day")
            .text("label", label, "any text")
            .choice("style", style, {"twap", "vwap", "pov"}, "how to work")
            .list("horizons", "", horizons, "mark-outs", [](const std::string& text) -> Result<void> {
                SLIPCAST_TRY(horizon, parse_duration(text, "horizons"));
                static_cast<void>(horizon);
                return {};
            });
        return all;
    }
};

Error refusal(Options& options, std::string_view name, std::string_view text) {
    const std::string before = options.settings().canonical_text();
    const auto result = options.settings().set(name, text);
    EXPECT_FALSE(result) << name << '=' << text;
    EXPECT_EQ(options.settings().canonical_text(), before) << "a refusal changes nothing";
    return result ? Error{} : result.error();
}

}  // namespace

TEST(Settings, SetTheMembersTheyAreBoundTo) {
    Options options;
    Settings settings = options.settings();
    for (const auto& [name, text] : std::vector<std::pair<const char*, const char*>>{{"orders", "1e3"},
                                                                                     {"trading-days", "7"},
                                                                                     {"seed", "18446744073709551615"},
                                                                                     {"confidence", "0.9"},
                                                                                     {"floor", "1e-3"},
                                                                                     {"strict", "true"},
                                                                                     {"window", "90s"},
                                                                                     {"first-day", "2013-10-07"},
                                                                                     {"label", "a;b=c\\"},
                                                                                     {"style", "pov"},
                                                                                     {"horizons", "2s"}}) {
        const auto done = settings.set(name, text);
        ASSERT_TRUE(done) << done.error().message();
    }
    EXPECT_EQ(options.orders, 1000);
    EXPECT_EQ(options.days, 7);
    EXPECT_EQ(options.seed, std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(options.confidence, 0.9);
    EXPECT_EQ(options.floor, 0.001);
    EXPECT_TRUE(options.strict);
    EXPECT_EQ(options.window, 90s);
    EXPECT_EQ(options.first_day.to_string(), "2013-10-07");
    EXPECT_EQ(options.label, "a;b=c\\");
    EXPECT_EQ(options.style, 2);
    EXPECT_EQ(options.horizons, std::vector<std::string>{"2s"});
    EXPECT_TRUE(settings.validate());
}

TEST(Settings, EachGetsWhatItsSetAccepts) {
    Options options;
    options.confidence = 0.1 + 0.2 + 0.4;  // no short decimal
    const double before = options.confidence;
    for (const Setting& setting : options.settings().all()) {
        const auto done = setting.set(setting.get());
        EXPECT_TRUE(done) << setting.name;
    }
    EXPECT_EQ(options.confidence, before);
}

TEST(Settings, RefuseByNameWithTheValueAndTheRule) {
    Options options;
    EXPECT_EQ(refusal(options, "orders", "0").message(), "orders = 0: must be in [1, 1000000] (invalid_value)");
    EXPECT_EQ(refusal(options, "orders", "1.5").code, ErrorCode::invalid_value);
    EXPECT_EQ(refusal(options, "orders", "many").code, ErrorCode::malformed);
    EXPECT_EQ(refusal(options, "orders", "1e99").code, ErrorCode::out_of_range);
    EXPECT_EQ(refusal(options, "trading_days", "4294967297").rule, "must be >= 1") << "no wrap around 32 bits";
    EXPECT_EQ(refusal(options, "seed", "-1").code, ErrorCode::malformed);
    EXPECT_EQ(refusal(options, "seed", "18446744073709551616").code, ErrorCode::malformed);
    EXPECT_EQ(refusal(options, "confidence", "1").rule, "must be in [0.5, 1)");
    EXPECT_EQ(refusal(options, "confidence", "nan").code, ErrorCode::invalid_value);
    EXPECT_EQ(refusal(options, "confidence", "0.9x").code, ErrorCode::malformed);
    EXPECT_EQ(refusal(options, "confidence", "").code, ErrorCode::malformed);
    EXPECT_EQ(refusal(options, "floor", "inf").rule, "must be >= 0");
    EXPECT_EQ(refusal(options, "floor", "1e999").code, ErrorCode::out_of_range);
    EXPECT_EQ(refusal(options, "strict", "yes").rule, "must be true or false");
    EXPECT_EQ(refusal(options, "window", "2d").rule, "must be in [1s, 1d]");
    EXPECT_EQ(refusal(options, "window", "60").field, "window");
    EXPECT_EQ(refusal(options, "first_day", "7.10.2013").field, "first_day");
    EXPECT_EQ(refusal(options, "style", "twop").rule, "must be one of twap, vwap, pov; did you mean 'twap'?");
    EXPECT_EQ(refusal(options, "horizons", "1s,,2s").field, "horizons");
    EXPECT_EQ(refusal(options, "horizons", "1s,").field, "horizons");
    EXPECT_EQ(refusal(options, "horizons", "1s,soon").value, "soon");
}

TEST(Settings, AnUnknownNameIsRefusedWithTheNearest) {
    Options options;
    const Error error = refusal(options, "tradingdays", "3");
    EXPECT_EQ(error.code, ErrorCode::unknown_field);
    EXPECT_EQ(error.field, "tradingdays");
    EXPECT_EQ(error.rule, "is not a setting; did you mean 'trading_days'?");
}

TEST(Settings, ValidateJudgesWhatWasAssignedDirectly) {
    Options options;
    options.confidence = kNotANumber;
    EXPECT_EQ(options.settings().validate().error().field, "confidence");
    options = Options{};
    options.style = 3;
    EXPECT_EQ(options.settings().validate().error().field, "style");
    options = Options{};
    options.horizons = {"1s,2s"};
    EXPECT_EQ(options.settings().validate().error().field, "horizons");
    options = Options{};
    options.orders = -4;
    options.window = Duration{};
    EXPECT_EQ(options.settings().validate().error().field, "orders") << "the first in declaration order";
}

TEST(Settings, CanonicalTextTellsOptionsApart) {
    Options options;
    options.label = "x;style=pov";
    EXPECT_EQ(options.settings().canonical_text(),
              "orders=5000;trading_days=3;seed=1;confidence=0.95;floor=0;strict=false;window=30min;"
              "first_day=1970-01-01;label=x\\;style=pov;style=vwap;horizons=1s,5min;");
}

TEST(Settings, DescribeThemselves) {
    Options options;
    const Settings settings = options.settings();
    EXPECT_EQ(settings.all().front().range, "in [1, 1000000]");
    EXPECT_EQ(settings.all().front().source, "measured");
    EXPECT_EQ(settings.all()[1].range, ">= 1");
    EXPECT_EQ(settings.all()[4].unit, "bps");
    EXPECT_TRUE(settings.all()[5].is_flag);
    Settings twice;
    twice.seed("seed", options.seed, "one");
    EXPECT_DEATH(twice.seed("seed", options.seed, "again"), "distinct");
}

TEST(NearestName, HasTheSmallestEditDistance) {
    const std::vector<std::string> names{"arrival_price", "arrival_time", "end_time", "price"};
    EXPECT_EQ(nearest_name("arival_time", names), "arrival_time");
    EXPECT_EQ(nearest_name("prise", names), "price");
    EXPECT_EQ(nearest_name("endtime", names), "end_time");
    EXPECT_EQ(nearest_name("price", names), "price");
    EXPECT_EQ(nearest_name("", {}), "");
    const std::vector<std::string> equals{"ab", "ac"};
    EXPECT_EQ(nearest_name("ad", equals), "ab") << "the first of equals";
}
