// Arbitrary bytes where the interface lets a reader check them: views, dictionary indices, validity, values. The
// sanitized build makes a wrong step visible; here every row must be accounted for.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "slipcast/interchange/decode.hpp"
#include "support/arrow_builder.hpp"

namespace slipcast::interchange {
namespace {

using test::ArrowColumn;
using test::ArrowStreamBuilder;
using Integers = std::vector<std::optional<std::int64_t>>;

void scramble(std::optional<std::vector<std::uint8_t>>& buffer, bool wide) {
    if (!buffer || buffer->empty()) return;
    const int pokes = *rc::gen::inRange(0, 4);
    for (int i = 0; i < pokes; ++i) {
        const auto at = *rc::gen::inRange<std::size_t>(0, buffer->size());
        (*buffer)[at] = wide ? *rc::gen::arbitrary<std::uint8_t>() : static_cast<std::uint8_t>(*rc::gen::inRange(0, 3));
    }
}

TEST(MalformedProperty, ArbitraryBytesAreRefusedOrEveryRowIsAccountedFor) {
    EXPECT_TRUE(rc::check("fx rows with scrambled buffers", [] {
        const auto rows = *rc::gen::inRange<std::size_t>(1, 20);
        std::vector<std::optional<std::string>> views;
        std::vector<std::optional<std::int16_t>> codes;
        Integers times;
        for (std::size_t i = 0; i < rows; ++i) {
            views.push_back(*rc::gen::element<std::optional<std::string>>(std::nullopt, "1.25",
                                                                          "a text of more than twelve bytes"));
            codes.push_back(
                *rc::gen::element<std::optional<std::int16_t>>(std::nullopt, std::int16_t{0}, std::int16_t{1}));
            times.push_back(*rc::gen::arbitrary<std::int64_t>());
        }
        ArrowStreamBuilder builder(
            {ArrowColumn::labels<std::int16_t>("currency", "s", codes, {"EUR", "GBP"}),
             ArrowColumn::fixed<std::int64_t>("time", *rc::gen::element<std::string>("tss:UTC", "tsn:Z", "l"), times),
             ArrowColumn::text("rate", "vu", views)});
        std::vector<ArrowColumn>& columns = builder.batches[0].columns;
        for (std::size_t c = 0; c < columns.size(); ++c) {
            for (std::size_t b = 0; b < 2; ++b) scramble(columns[c].buffers[b], *rc::gen::arbitrary<bool>());
        }
        const auto live = std::make_shared<int>(0);
        ArrowArrayStream stream{};
        builder.produce(&stream, live);
        market::DatasetDraft draft;
        if (decode_table(&stream, "fx", "fx", draft)) {
            RC_ASSERT(draft.fx.rows.size() + draft.quality.quarantine().size() == rows);
        } else {
            RC_ASSERT(draft.fx.rows.empty());
        }
        RC_ASSERT(*live == 0);
    }));
}

}  // namespace
}  // namespace slipcast::interchange
