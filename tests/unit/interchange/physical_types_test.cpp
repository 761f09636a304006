// Every physical type that other libraries hand over, and what each is refused for.

#include <gtest/gtest.h>

#include "slipcast/interchange/decode.hpp"
#include "support/arrow_builder.hpp"

namespace slipcast::interchange {
namespace {

using test::ArrowColumn;
using test::ArrowStreamBuilder;
using Texts = std::vector<std::optional<std::string>>;
using Integers = std::vector<std::optional<std::int64_t>>;
using Reals = std::vector<std::optional<double>>;

constexpr std::int64_t kTime = 1'381'152'600'000'000'000;  // 2013-10-07 13:30 UTC

Result<void> decode(const std::vector<ArrowColumn>& columns, std::string_view table, market::DatasetDraft& draft) {
    ArrowArrayStream stream{};
    const auto live = std::make_shared<int>(0);
    ArrowStreamBuilder(columns).produce(&stream, live);
    Result<void> result = decode_table(&stream, table, std::string(table) + ".arrow", draft);
    EXPECT_EQ(*live, 0) << "every structure was released once";
    return result;
}

/// fx has one column of each kind that matters: text, time, price.
std::vector<ArrowColumn> fx(ArrowColumn time, ArrowColumn rate) {
    time.name = "time";
    rate.name = "rate";
    return {ArrowColumn::text("currency", "u", Texts(static_cast<std::size_t>(rate.length), "EUR")), std::move(time),
            std::move(rate)};
}

market::DatasetDraft decoded_fx(ArrowColumn time, ArrowColumn rate) {
    market::DatasetDraft draft;
    const Result<void> result = decode(fx(std::move(time), std::move(rate)), "fx", draft);
    EXPECT_TRUE(result) << result.error().message();
    return draft;
}

ArrowColumn one_time() {
    return ArrowColumn::fixed<std::int64_t>("time", "tsn:UTC", Integers{kTime});
}
ArrowColumn one_rate() {
    return ArrowColumn::fixed<std::int64_t>("rate", "l", Integers{1'350'000'000});
}

/// The rule that quarantined the only row, or "" when it was taken.
std::string rule_of(const market::DatasetDraft& draft) {
    return draft.quality.rules().empty() ? "" : draft.quality.rules()[0].rule;
}

TEST(PhysicalTypes, TimesOfEveryUnitAndZoneAreOneInstant) {
    const struct {
        const char* format;
        std::int64_t value;
    } cases[] = {{"tss:UTC", kTime / 1'000'000'000},
                 {"tsm:Europe/Berlin", kTime / 1'000'000},  // a zone is how to show the instant, not another one
                 {"tsu:+02:00", kTime / 1'000},
                 {"tsn:UTC", kTime},
                 {"l", kTime}};
    for (const auto& c : cases) {
        const auto draft =
            decoded_fx(ArrowColumn::fixed<std::int64_t>("time", c.format, Integers{c.value}), one_rate());
        ASSERT_EQ(draft.fx.rows.size(), 1U) << c.format;
        EXPECT_EQ(draft.fx.rows[0].time.ns(), kTime) << c.format;
    }
    const auto text = decoded_fx(ArrowColumn::text("time", "U", Texts{"2013-10-07T13:30:00Z"}), one_rate());
    EXPECT_EQ(text.fx.rows.at(0).time.ns(), kTime);
}

TEST(PhysicalTypes, ATimeWithoutAZoneIsAGuessAndIsRefused) {
    const auto draft = decoded_fx(ArrowColumn::fixed<std::int64_t>("time", "tsn:", Integers{kTime}), one_rate());
    EXPECT_TRUE(draft.fx.rows.empty());
    EXPECT_EQ(rule_of(draft), "must be a timestamp with a zone: a time without a zone is a guess");
    EXPECT_EQ(draft.quality.rules()[0].examples[0].error.place, (Place{"fx.arrow", 1, {}}));
}

TEST(PhysicalTypes, ATimeThatOverflowsNanosecondsIsRefused) {
    const auto draft =
        decoded_fx(ArrowColumn::fixed<std::int64_t>("time", "tss:UTC", Integers{INT64_MAX / 2}), one_rate());
    EXPECT_EQ(rule_of(draft), "must fit 64 bits of nanoseconds");
}

TEST(PhysicalTypes, PricesOfEveryTypeAreExact) {
    const std::vector<ArrowColumn> rates = {
        one_rate(),
        ArrowColumn::fixed<double>("rate", "g", Reals{1.35}),
        ArrowColumn::fixed<float>("rate", "f", std::vector<std::optional<float>>{1.25F}),
        ArrowColumn::text("rate", "vu", Texts{"1.35"}),
        ArrowColumn::fixed<Int128>("rate", "d:38,18",
                                   std::vector<std::optional<Int128>>{Int128{135} * 10'000'000'000'000'000}),
        ArrowColumn::fixed<std::int64_t>("rate", "d:18,4,64", Integers{13'500}),
        ArrowColumn::fixed<std::int32_t>("rate", "d:9,2,32", std::vector<std::optional<std::int32_t>>{135}),
        ArrowColumn::labels<std::int8_t>("rate", "c", std::vector<std::optional<std::int8_t>>{1}, Texts{"9", "1.35"})};
    for (const ArrowColumn& rate : rates) {
        const auto draft = decoded_fx(one_time(), rate);
        ASSERT_EQ(draft.fx.rows.size(), 1U) << rate.format << " " << rule_of(draft);
        EXPECT_EQ(draft.fx.rows[0].rate.to_string(), rate.format == "f" ? "1.25" : "1.35") << rate.format;
    }
}

TEST(PhysicalTypes, AFloatThatLostItsDigitsIsRefusedNotRounded) {
    const auto narrow =
        decoded_fx(one_time(), ArrowColumn::fixed<float>("rate", "f", std::vector<std::optional<float>>{1.35F}));
    EXPECT_TRUE(narrow.fx.rows.empty()) << "1.35 as float32 is 1.35000002384";
    const auto deep = decoded_fx(one_time(), ArrowColumn::fixed<double>("rate", "g", Reals{1.0 / 3.0}));
    EXPECT_NE(rule_of(deep).find("does not round-trip"), std::string::npos);
    const auto digits =
        decoded_fx(one_time(), ArrowColumn::fixed<Int128>("rate", "d:38,18", std::vector<std::optional<Int128>>{1}));
    EXPECT_EQ(rule_of(digits), "must have at most 9 digits after the point");
}

TEST(PhysicalTypes, NullsOffsetsAndSlicesAreRespected) {
    ArrowColumn rate =
        ArrowColumn::fixed<std::int64_t>("rate", "l", Integers{1'000, 2'000, 3'000, std::nullopt, 5'000, 6'000});
    ArrowColumn time = ArrowColumn::fixed<std::int64_t>("time", "tsn:UTC", Integers{10, 20, 30, 40, 50, 60});
    rate.offset = 1;
    rate.length = 5;
    time.length = 5;
    market::DatasetDraft draft;
    std::vector<ArrowColumn> columns = fx(time, rate);
    ArrowStreamBuilder builder(std::move(columns));
    builder.batches[0].offset = 1;  // a sliced struct: rows 1..4 of its children
    builder.batches[0].length = 3;
    ArrowArrayStream stream{};
    builder.produce(&stream);
    ASSERT_TRUE(decode_table(&stream, "fx", "fx", draft));
    ASSERT_EQ(draft.fx.rows.size(), 2U) << "the null in the middle is quarantined";
    EXPECT_EQ(draft.fx.rows[0].rate.units(), 3'000);
    EXPECT_EQ(draft.fx.rows[0].time.ns(), 20);
    EXPECT_EQ(draft.fx.rows[1].rate.units(), 5'000);
    EXPECT_EQ(draft.fx.rows[1].time.ns(), 40);
    EXPECT_EQ(draft.fx.source_row[1], 3);
    EXPECT_EQ(rule_of(draft), "must not be empty");
}

TEST(PhysicalTypes, TextViewsLongAndShortLabelsAndNumericIds) {
    const auto instrument = [](market::DatasetDraft& draft, ArrowColumn symbol) {
        symbol.name = "symbol";
        return decode(
            {std::move(symbol), ArrowColumn::text("market", "u", Texts{"XNYS"}),
             ArrowColumn::text("currency", "u", Texts{"USD"}), ArrowColumn::text("tick_size", "u", Texts{"0.01"}),
             ArrowColumn::text("lot_size", "u", Texts{"100"}),
             ArrowColumn::fixed<std::uint8_t>("quantity_scale", "C", std::vector<std::optional<std::uint8_t>>{0}),
             ArrowColumn::fixed<double>("multiplier", "g", Reals{2.5}),
             ArrowColumn::fixed<std::int32_t>("as_of", "tdD", std::vector<std::optional<std::int32_t>>{15'985}),
             ArrowColumn::nulls("expiry", 1), ArrowColumn::boolean("front_month", {true}),
             ArrowColumn::fixed<std::int32_t>("adv", "i", std::vector<std::optional<std::int32_t>>{4'000'000})},
            "instruments", draft);
    };
    market::DatasetDraft draft;
    ASSERT_TRUE(instrument(draft, ArrowColumn::text("", "vu", Texts{"a symbol longer than twelve bytes"})));
    ASSERT_TRUE(instrument(draft, ArrowColumn::text("", "vu", Texts{"IBM"})));
    ASSERT_TRUE(instrument(
        draft, ArrowColumn::fixed<std::uint64_t>("", "L", std::vector<std::optional<std::uint64_t>>{UINT64_MAX})));
    ASSERT_EQ(draft.instruments.rows.size(), 3U) << rule_of(draft);
    EXPECT_EQ(draft.names.symbols.name(draft.instruments.rows[0].id), "a symbol longer than twelve bytes");
    EXPECT_EQ(draft.names.symbols.name(draft.instruments.rows[1].id), "IBM");
    EXPECT_EQ(draft.names.symbols.name(draft.instruments.rows[2].id), "18446744073709551615");
    const market::Instrument& row = draft.instruments.rows[0];
    EXPECT_EQ(row.as_of.to_string(), "2013-10-07");
    EXPECT_EQ(row.tick_size.units(), 10'000'000);
    EXPECT_EQ(row.value.factor(), 2'500'000'000);
    EXPECT_EQ(row.front_month, true);
    EXPECT_EQ(row.adv, 4e6);
    EXPECT_FALSE(row.expiry);
}

TEST(PhysicalTypes, TextThatIsNotUtf8IsRefused) {
    market::DatasetDraft draft;
    std::vector<ArrowColumn> columns = fx(one_time(), one_rate());
    columns[0] = ArrowColumn::text("currency", "u", Texts{"EUR"});
    ASSERT_TRUE(decode(columns, "fx", draft));
    for (const char* bad : {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "caf\xc3"}) {
        market::DatasetDraft session;
        ASSERT_TRUE(
            decode({ArrowColumn::text("market", "u", Texts{bad}), ArrowColumn::text("date", "u", Texts{"2013-10-07"}),
                    ArrowColumn::fixed<std::int64_t>("open", "l", Integers{1}),
                    ArrowColumn::fixed<std::int64_t>("close", "l", Integers{2})},
                   "sessions", session));
        EXPECT_EQ(rule_of(session), "text must be UTF-8");
    }
}

TEST(PhysicalTypes, AnIntegerFeeIsRefusedBecauseItsScaleIsAGuess) {
    market::DatasetDraft draft;
    ASSERT_TRUE(decode(
        {ArrowColumn::text("fill_id", "u", Texts{"f"}), ArrowColumn::text("order_id", "u", Texts{"A"}),
         ArrowColumn::fixed<std::int64_t>("time", "l", Integers{kTime}), ArrowColumn::text("price", "u", Texts{"1"}),
         ArrowColumn::fixed<std::int64_t>("quantity", "l", Integers{1}),
         ArrowColumn::fixed<std::int64_t>("fee", "l", Integers{1})},
        "fills", draft));
    EXPECT_EQ(rule_of(draft), "must be a decimal, a float or text: an integer amount would need a guessed scale");
}

TEST(Columns, AnUnknownColumnNamesTheNearestOne) {
    std::vector<ArrowColumn> columns = fx(one_time(), one_rate());
    columns.push_back(ArrowColumn::text("rates", "u", Texts{"1"}));
    market::DatasetDraft draft;
    const Result<void> refused = decode(columns, "fx", draft);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unknown_field);
    EXPECT_EQ(refused.error().message(), "fx.arrow: fx = rates: unknown column; did you mean rate? (unknown_field)");
}

TEST(Columns, AMissingRequiredColumnAndARepeatedOneAreRefused) {
    market::DatasetDraft draft;
    std::vector<ArrowColumn> columns = fx(one_time(), one_rate());
    columns.pop_back();
    EXPECT_EQ(decode(columns, "fx", draft).error().code, ErrorCode::missing_field);
    columns = fx(one_time(), one_rate());
    columns.push_back(columns.back());
    EXPECT_EQ(decode(columns, "fx", draft).error().rule, "the column appears twice");
    EXPECT_EQ(decode(columns, "fill", draft).error().rule, "unknown table; did you mean fills?");
}

TEST(Columns, AMissingOptionalColumnIsNoted) {
    market::DatasetDraft draft;
    ASSERT_TRUE(
        decode({ArrowColumn::text("fill_id", "u", Texts{}), ArrowColumn::text("order_id", "u", Texts{}),
                ArrowColumn::fixed<std::int64_t>("time", "l", Integers{}), ArrowColumn::text("price", "u", Texts{}),
                ArrowColumn::fixed<std::int64_t>("quantity", "l", Integers{})},
               "fills", draft));
    EXPECT_TRUE(draft.fills.present);
    EXPECT_NE(std::find(draft.missing_columns.begin(), draft.missing_columns.end(), "fills.fee"),
              draft.missing_columns.end());
}

TEST(Streams, AFailingOrReleasedStreamIsRefusedWithItsReason) {
    market::DatasetDraft draft;
    ArrowStreamBuilder builder(fx(one_time(), one_rate()));
    builder.fail_at = 1;
    ArrowArrayStream stream{};
    builder.produce(&stream);
    const Result<void> failed = decode_table(&stream, "fx", "fx", draft);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, ErrorCode::io_failure);
    EXPECT_EQ(failed.error().value, "the wire broke");
    EXPECT_FALSE(decode_table(&stream, "fx", "fx", draft)) << "already released";
    EXPECT_FALSE(decode_table(nullptr, "fx", "fx", draft));
}

}  // namespace
}  // namespace slipcast::interchange
