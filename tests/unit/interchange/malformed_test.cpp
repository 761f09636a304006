// Arrow input that contradicts itself is refused with a reason, never followed into memory.

#include <gtest/gtest.h>

#include <functional>

#include "slipcast/interchange/decode.hpp"
#include "support/arrow_builder.hpp"

namespace slipcast::interchange {
namespace {

using test::ArrowColumn;
using test::ArrowStreamBuilder;
using Integers = std::vector<std::optional<std::int64_t>>;

/// Two rows of table events, with a plain, a dictionary, a view and an offset column.
ArrowStreamBuilder sound_events() {
    return ArrowStreamBuilder({ArrowColumn::fixed<std::int64_t>("start", "tsn:UTC", Integers{1, 2}),
                               ArrowColumn::fixed<std::int64_t>("end", "l", Integers{3, 4}),
                               ArrowColumn::labels<std::int32_t>("kind", "i", {0, 1}, {"halt", "news"}),
                               ArrowColumn::text("symbol", "vu", {"a symbol of more than twelve bytes", "B"}),
                               ArrowColumn::text("market", "u", {"XNYS", "XNAS"})});
}

Result<void> decode(const ArrowStreamBuilder& builder, const std::shared_ptr<int>& live) {
    ArrowArrayStream stream{};
    builder.produce(&stream, live);
    market::DatasetDraft draft;
    return decode_table(&stream, "events", "events", draft);
}

TEST(Malformed, TheSoundStreamDecodes) {
    EXPECT_TRUE(decode(sound_events(), std::make_shared<int>(0)));
}

struct Defect {
    const char* name;
    std::function<void(ArrowStreamBuilder&)> make;
};

ArrowColumn& column(ArrowStreamBuilder& builder, std::size_t index) {
    return builder.batches[0].columns[index];
}

template <typename T>
void poke(ArrowColumn& column, std::size_t buffer, std::size_t byte, T value) {
    std::memcpy(column.buffers[buffer]->data() + byte, &value, sizeof value);
}

const std::vector<Defect>& defects() {
    static const std::vector<Defect> kDefects = {
        {"not a struct", [](auto& b) { b.format = "l"; }},
        {"no type", [](auto& b) { column(b, 1).format = ""; }},
        {"an unknown type", [](auto& b) { column(b, 1).format = "x"; }},
        {"a list", [](auto& b) { column(b, 1).format = "+l"; }},
        {"binary", [](auto& b) { column(b, 4).format = "z"; }},
        {"half floats", [](auto& b) { column(b, 1).format = "e"; }},
        {"a time of an unknown unit", [](auto& b) { column(b, 0).format = "tsx:UTC"; }},
        {"a decimal without a scale", [](auto& b) { column(b, 1).format = "d:18"; }},
        {"a decimal of 256 bits", [](auto& b) { column(b, 1).format = "d:50,9,256"; }},
        {"too few children", [](auto& b) { b.batches[0].n_children = 4; }},
        {"too many buffers of the struct", [](auto& b) { b.batches[0].n_buffers = 2; }},
        {"a null row in the struct",
         [](auto& b) {
             b.batches[0].validity = std::vector<std::uint8_t>{1};
             b.batches[0].null_count = 1;
         }},
        {"a negative batch length", [](auto& b) { b.batches[0].length = -1; }},
        {"a negative batch offset", [](auto& b) { b.batches[0].offset = -1; }},
        {"a huge batch length", [](auto& b) { b.batches[0].length = INT64_MAX; }},
        {"a huge batch offset", [](auto& b) { b.batches[0].offset = INT64_MAX; }},
        {"a short child", [](auto& b) { column(b, 1).length = 1; }},
        {"a negative child length", [](auto& b) { column(b, 1).length = -2; }},
        {"a negative child offset", [](auto& b) { column(b, 1).offset = -1; }},
        {"a missing buffer", [](auto& b) { column(b, 1).buffers.pop_back(); }},
        {"null values", [](auto& b) { column(b, 1).buffers[1].reset(); }},
        {"nulls without validity", [](auto& b) { column(b, 1).null_count = 1; }},
        {"null offsets", [](auto& b) { column(b, 4).buffers[1].reset(); }},
        {"null text", [](auto& b) { column(b, 4).buffers[2].reset(); }},
        {"offsets that run backwards", [](auto& b) { poke<std::int32_t>(column(b, 4), 1, 4, -7); }},
        {"an offset past the next", [](auto& b) { poke<std::int32_t>(column(b, 4), 1, 4, 99); }},
        {"a negative view length", [](auto& b) { poke<std::int32_t>(column(b, 3), 1, 0, -1); }},
        {"a view past its buffer", [](auto& b) { poke<std::int32_t>(column(b, 3), 1, 0, 4000); }},
        {"a view into no buffer", [](auto& b) { poke<std::int32_t>(column(b, 3), 1, 8, 3); }},
        {"a view before its buffer", [](auto& b) { poke<std::int32_t>(column(b, 3), 1, 12, -9); }},
        {"a dictionary index past the end", [](auto& b) { poke<std::int32_t>(column(b, 2), 1, 4, 2); }},
        {"a negative dictionary index", [](auto& b) { poke<std::int32_t>(column(b, 2), 1, 4, -1); }},
        {"a dictionary without values", [](auto& b) { column(b, 2).dictionary->length = -1; }},
        {"a dictionary of dictionaries",
         [](auto& b) {
             column(b, 2).dictionary->dictionary = column(b, 4).dictionary =
                 std::make_shared<ArrowColumn>(column(b, 4));
         }},
    };
    return kDefects;
}

TEST(Malformed, EveryDefectIsRefusedWithARuleAndEverythingIsReleased) {
    for (const Defect& defect : defects()) {
        ArrowStreamBuilder builder = sound_events();
        defect.make(builder);
        const auto live = std::make_shared<int>(0);
        const Result<void> result = decode(builder, live);
        ASSERT_FALSE(result) << defect.name;
        EXPECT_EQ(result.error().code, ErrorCode::malformed) << defect.name << ": " << result.error().message();
        EXPECT_FALSE(result.error().rule.empty()) << defect.name;
        EXPECT_EQ(result.error().place.file, "events") << defect.name;
        EXPECT_EQ(*live, 0) << defect.name;
    }
}

TEST(Malformed, ATapeIsCheckedInTheSameWay) {
    ArrowStreamBuilder builder({ArrowColumn::text("symbol", "u", {"A"}),
                                ArrowColumn::fixed<std::int64_t>("time", "l", Integers{1}),
                                ArrowColumn::fixed<std::int64_t>("bid", "l", Integers{1}),
                                ArrowColumn::fixed<std::int64_t>("ask", "l", Integers{2})});
    column(builder, 3).buffers[1].reset();
    ArrowArrayStream stream{};
    builder.produce(&stream);
    market::DatasetDraft draft;
    EXPECT_EQ(decode_tape({&stream}, {}, draft).error().code, ErrorCode::malformed);
    EXPECT_EQ(stream.release, nullptr);
}

}  // namespace
}  // namespace slipcast::interchange
