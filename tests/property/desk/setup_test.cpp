#include "slipcast/desk/setup.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "slipcast/core/random.hpp"
#include "slipcast/math/sampling.hpp"

// Any setup comes back from its journal bit for bit, and no bytes in a setup record do harm.

namespace slipcast::desk {
namespace {

double any_number(RandomStream& stream) {
    while (true) {
        const auto value = std::bit_cast<double>(stream.next_bits());
        if (std::isfinite(value)) return value;
    }
}

std::vector<double> numbers(RandomStream& stream, std::size_t count) {
    std::vector<double> values(count);
    for (double& each : values) each = any_number(stream);
    return values;
}

control::Rule any_rule(RandomStream& stream) {
    const std::size_t signals = 1 + static_cast<std::size_t>(math::draw_index(stream, kMaxSignals));
    control::Parameters p{any_number(stream),
                          any_number(stream),
                          any_number(stream),
                          any_number(stream),
                          any_number(stream),
                          any_number(stream),
                          {}};
    for (std::size_t j = 0; j < signals; ++j) {
        p.signals.push_back({any_number(stream), any_number(stream), any_number(stream)});
    }
    control::Solution s;
    s.gains = {any_number(stream), any_number(stream), numbers(stream, signals), any_number(stream)};
    s.coefficients = {any_number(stream),       any_number(stream),       any_number(stream),
                      numbers(stream, signals), numbers(stream, signals), numbers(stream, signals * signals),
                      any_number(stream)};
    return control::Rule(p, s);
}

DeskSetup any_setup(std::uint64_t seed) {
    RandomStream stream(seed, "test.desk.setup");
    DeskSetup setup;
    setup.options.objective.tail_weight = std::abs(any_number(stream));
    setup.options.objective.tail_quantile = 0.5 + 0.49 * stream.next_uniform() + 1e-9;
    setup.options.ladder.stress_enter = any_number(stream);
    setup.options.sizing.interval = Duration{1'000'000 + static_cast<std::int64_t>(math::draw_index(stream, 1 << 30))};
    setup.options.sizing.red_pause = stream.next_uniform() < 0.5;
    setup.options.guards.price_band_mode = static_cast<int>(math::draw_index(stream, 2));
    setup.options.guards.messages = 1 + static_cast<int>(math::draw_index(stream, 1'000'000));
    setup.options.seed = stream.next_bits();
    setup.online.half_life = 1e6 * stream.next_uniform();
    const auto rules = math::draw_index(stream, 4);
    for (std::uint64_t i = 0; i < rules; ++i) setup.rules.push_back(any_rule(stream));
    const auto venues = static_cast<std::size_t>(math::draw_index(stream, 4));
    if (venues == 0) return setup;
    setup.router = venue::Router::create(venues, 500).value();
    for (int i = 0; i < 30; ++i) {
        const auto at = static_cast<std::size_t>(math::draw_index(stream, venues));
        const auto sent = 1 + static_cast<std::int64_t>(math::draw_index(stream, 400));
        const auto filled = static_cast<std::int64_t>(math::draw_index(stream, static_cast<std::uint64_t>(sent) + 1));
        EXPECT_TRUE(setup.router->observe(at, {.sent = sent, .filled = filled}));
    }
    return setup;
}

Begin beginning_of(DeskSetup setup) {
    Begin begin;
    begin.options = setup.options.settings().canonical_text();
    begin.options_digest = setup.options.digest();
    begin.setup_digest = setup_digest(setup);
    return begin;
}

void append(MemoryJournal& journal, RecordKind kind, const std::string& text) {
    const auto* bytes = reinterpret_cast<const std::byte*>(text.data());
    ASSERT_TRUE(journal.append(kind, {}, {bytes, text.size()}));
}

void begin_with(MemoryJournal& journal, const Begin& begin, const std::string& setup) {
    std::vector<std::byte> bytes;
    encode(begin, bytes);
    ASSERT_TRUE(journal.append(RecordKind::begin, {}, bytes));
    append(journal, RecordKind::setup, setup);
}

TEST(DeskSetupProperty, ComesBackBitForBit) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        DeskSetup setup = any_setup(seed);
        MemoryJournal journal;
        begin_with(journal, beginning_of(setup), encoded_setup(setup));
        Result<DeskSetup> back = journaled_setup(journal);
        ASSERT_TRUE(back) << seed << ": " << back.error().message();
        EXPECT_EQ(encoded_setup(*back), encoded_setup(setup)) << seed;
        EXPECT_EQ(setup_digest(*back), setup_digest(setup)) << seed;
        EXPECT_EQ(back->options.settings().canonical_text(), setup.options.settings().canonical_text()) << seed;
        EXPECT_EQ(std::bit_cast<std::uint64_t>(back->options.objective.tail_weight),
                  std::bit_cast<std::uint64_t>(setup.options.objective.tail_weight))
            << seed;
    }
}

// What is not whole is refused, also where its digest fits.
TEST(DeskSetupProperty, ArbitraryBytesDoNoHarm) {
    const DeskSetup setup = any_setup(2);
    const std::string whole = encoded_setup(setup);
    RandomStream stream(9, "test.desk.setup.bytes");
    for (int round = 0; round < 2'000; ++round) {
        std::string bytes = whole.substr(0, round % 2 == 0 ? whole.size() : math::draw_index(stream, whole.size()));
        for (int k = 0; k < 3 && !bytes.empty(); ++k) {
            bytes[math::draw_index(stream, bytes.size())] = static_cast<char>(stream.next_bits());
        }
        Begin begin = beginning_of(setup);
        begin.setup_digest = digest64(bytes);
        MemoryJournal journal;
        begin_with(journal, begin, bytes);
        const Result<DeskSetup> back = journaled_setup(journal);
        if (back) {
            EXPECT_EQ(encoded_setup(*back).size(), bytes.size());
        } else {
            EXPECT_EQ(back.error().place.row, 2) << back.error().message();
        }
    }
}

}  // namespace
}  // namespace slipcast::desk
