#include "slipcast/report/venue_page.hpp"

#include <gtest/gtest.h>

#include <set>
#include <utility>

namespace slipcast::report {
namespace {

/// A split over `count` venues, with minimum sizes when `least` > 1.
struct Sample {
    venue::Allocator allocator;
    venue::Split split;
    std::vector<std::string> names;
};

Sample sample(int count, std::int64_t least, std::int64_t max_nodes = 10'000) {
    std::vector<venue::VenueTerms> terms;
    std::vector<std::string> names;
    for (int i = 0; i < count; ++i) {
        terms.push_back({.liquidity = *venue::Liquidity::power_law(0.5 + 0.015 * i, 0.4 + 0.05 * i, 10'000),
                         .min_quantity = least == 1 ? 1 : least + 57 * i});
        names.push_back("V" + std::to_string(i + 1));
    }
    Sample made{*venue::Allocator::create(std::move(terms), {.max_nodes = max_nodes}), {}, std::move(names)};
    EXPECT_TRUE(made.allocator.allocate(6'000, made.split));
    return made;
}

std::vector<Figure> figures(const Document& page) {
    std::vector<Figure> all;
    for (const Section& section : page.sections) {
        for (const Part& part : section.parts) {
            if (const auto* figure = std::get_if<Figure>(&part)) all.push_back(*figure);
        }
    }
    return all;
}

const KeyNumbers& numbers(const Document& page) {
    return std::get<KeyNumbers>(page.sections.front().parts.front());
}

TEST(VenuePage, AFewVenuesShareOneFrameWithTheirMarks) {
    const Sample six = sample(6, 1);
    const Document page = split_document(six.allocator, six.split, six.names);
    const std::vector<Figure> drawn = figures(page);
    ASSERT_EQ(drawn.size(), 2U);
    EXPECT_TRUE(drawn[0].all_shown);
    EXPECT_EQ(drawn[0].series.back().name, "last lot sent");
    EXPECT_EQ(numbers(page).numbers.size(), 3U);  // no search, no gap
    EXPECT_TRUE(document(page));
}

TEST(VenuePage, ManyVenuesHaveAFrameEachOnTheSameAxes) {
    const Sample many = sample(20, 1);
    const std::vector<Figure> drawn = figures(split_document(many.allocator, many.split, many.names));
    ASSERT_EQ(drawn.size(), 21U);
    for (std::size_t i = 0; i < 20; ++i) {
        EXPECT_EQ(drawn[i].title, many.names[i]);
        EXPECT_EQ(drawn[i].y.high, drawn[0].y.high);
        EXPECT_EQ(drawn[i].series.front().x.back(), drawn[0].series.front().x.back());
        ASSERT_EQ(drawn[i].references.size(), 1U);
        EXPECT_EQ(drawn[i].references[0].at, many.split.threshold);
        if (many.split.quantity[i] == 0) continue;
        ASSERT_EQ(drawn[i].series.size(), 2U);
        EXPECT_EQ(drawn[i].series[1].x[0], static_cast<double>(many.split.quantity[i]));
        EXPECT_EQ(drawn[i].series[1].y[0], many.allocator.marginal(i, many.split.quantity[i]));
    }
}

TEST(VenuePage, BeyondTheDrawnVenuesThoseThatGetMostAreShown) {
    const Sample crowd = sample(30, 1);
    const std::vector<Figure> drawn = figures(split_document(crowd.allocator, crowd.split, crowd.names));
    ASSERT_EQ(drawn.size(), kDrawnVenues + 1);
    std::set<std::string> shown;
    std::int64_t least = crowd.split.quantity[0];
    for (std::size_t i = 0; i < kDrawnVenues; ++i) shown.insert(drawn[i].title);
    for (std::size_t i = 0; i < crowd.names.size(); ++i) {
        if (shown.contains(crowd.names[i])) least = std::min(least, crowd.split.quantity[i]);
    }
    for (std::size_t i = 0; i < crowd.names.size(); ++i) {
        if (shown.contains(crowd.names[i])) continue;
        EXPECT_LE(crowd.split.quantity[i], least);
    }
}

TEST(VenuePage, TheSearchOverMinimumsSaysWhatItMayMiss) {
    const Sample stopped = sample(20, 400, 5);
    ASSERT_GT(stopped.split.gap, 0.0);
    const KeyNumber gap = numbers(split_document(stopped.allocator, stopped.split, stopped.names)).numbers.back();
    EXPECT_EQ(gap.label, "value missed at most");
    EXPECT_EQ(gap.value, stopped.split.gap);
    const Sample ended = sample(3, 400);
    ASSERT_EQ(ended.split.gap, 0.0);
    EXPECT_EQ(numbers(split_document(ended.allocator, ended.split, ended.names)).numbers.back().value, 0.0);
}

TEST(VenuePage, ASplitSaysWhatItWasMadeFrom) {
    const Sample one = sample(3, 400);
    const Document page = split_document(one.allocator, one.split, one.names);
    for (const char* name : {"version", "options", "options_digest", "venues_digest"}) {
        EXPECT_TRUE(page.provenance.contains(name)) << name;
    }
    const auto& shown = std::get<ShownTable>(page.sections.back().parts.front());
    EXPECT_EQ(shown.table.rows(), 3U);
    EXPECT_NE(shown.table.find("min_quantity"), nullptr);
    const Document other = split_document(sample(3, 401).allocator, one.split, one.names);
    EXPECT_NE(other.provenance.at("venues_digest"), page.provenance.at("venues_digest"));
}

TEST(VenuePage, LotsBeyondTheLogAreMarked) {
    Sample one = sample(3, 1);
    const Document plain = split_document(one.allocator, one.split, one.names);
    EXPECT_EQ(numbers(plain).numbers.size(), 3U);
    std::vector<venue::VenueTerms> terms = one.allocator.venues();
    terms[0].largest_sent = one.split.quantity[0] - 40;
    terms[2].largest_sent = 100 * one.split.quantity[2];  // beyond what is drawn
    one.allocator = *venue::Allocator::create(terms);
    const Document page = split_document(one.allocator, one.split, one.names);
    const KeyNumber& beyond = numbers(page).numbers.back();
    EXPECT_EQ(beyond.label, "beyond what the logs sent");
    EXPECT_EQ(beyond.value, 40.0);
    const Series marks = figures(page)[0].series.back();
    EXPECT_EQ(marks.name, "largest size its log sent");
    ASSERT_EQ(marks.x, std::vector<double>{static_cast<double>(terms[0].largest_sent)});
    EXPECT_EQ(marks.y[0], one.allocator.marginal(0, terms[0].largest_sent));
    const auto& lots = std::get<ShownTable>(page.sections.front().parts.back());
    EXPECT_EQ((lots.columns.end() - 2)->name, "beyond_log");
    const auto& known = std::get<ShownTable>(page.sections.back().parts.front());
    EXPECT_NE(known.table.find("largest_sent"), nullptr);
    EXPECT_NE(page.provenance.at("venues_digest"), plain.provenance.at("venues_digest"));
    // With frames of their own the mark and the words stand at each venue.
    Sample many = sample(12, 1);
    terms = many.allocator.venues();
    terms[1].largest_sent = 5;
    many.allocator = *venue::Allocator::create(terms);
    const Figure second = figures(split_document(many.allocator, many.split, many.names))[1];
    EXPECT_EQ(second.series.back().x, std::vector<double>{5.0});
    EXPECT_NE(second.caption.find("beyond the 5 that its log sent"), std::string::npos) << second.caption;
    EXPECT_TRUE(document(page));
}

TEST(VenuePage, EveryAlgorithmHasALookOfItsOwn) {
    venue::SimulateOptions options;
    options.volume = 1'000;
    options.least_volume = 200;
    options.episodes = 100;
    options.switch_at = 50;
    options.trials = 2;
    options.half_life_orders = 1;
    options.algorithms = {"all"};
    const auto symbols = *venue::simulated_suite({.symbols = 1, .venues = 3});
    const auto done = venue::simulate(symbols, options);
    ASSERT_TRUE(done);
    const Document page = learning_document(*done, symbols, options, "a suite");
    const std::vector<Figure> drawn = figures(page);
    ASSERT_EQ(drawn.size(), 4U);
    for (const Figure& figure : drawn) {
        EXPECT_TRUE(figure.all_shown);
        std::set<std::pair<Tone, LineStyle>> looks;
        for (const Series& series : figure.series) looks.insert({series.tone, series.style});
        EXPECT_EQ(looks.size(), figure.series.size());
        // Ideal loses nothing: a logarithmic axis has no place for it.
        EXPECT_EQ(figure.series.size(), venue::kAlgorithms.size() - (figure.title == "Cumulative regret" ? 1 : 0));
    }
    EXPECT_EQ(page.facts[1].value, "of varying size, uniform on 200 to 1,000 lots");
    EXPECT_EQ(page.facts[2].value, "after order 50 every venue has another one's liquidity");
    EXPECT_TRUE(document(page));
}

}  // namespace
}  // namespace slipcast::report
