#include "slipcast/report/document.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "support/sample_document.hpp"

namespace slipcast::report {
namespace {

using nlohmann::json;

json payload_of(const std::string& html) {
    const std::string open = "<script id=\"payload\" type=\"application/json\">";
    const std::size_t begin = html.find(open) + open.size();
    return json::parse(html.substr(begin, html.find("</script>", begin) - begin));
}

Figure& first_figure(Document& content) {
    return std::get<Figure>(content.sections[1].parts[0]);
}

TEST(Document, same_document_gives_the_same_bytes) {
    EXPECT_EQ(document(test::sample_document()).value(), document(test::sample_document()).value());
}

TEST(Document, head_holds_what_a_reader_must_know_and_the_version) {
    const json head = payload_of(document(test::sample_document()).value())["head"];
    EXPECT_EQ(head["title"], "Sample of every part");
    EXPECT_EQ(head["facts"][0], (json{{"name", "Data"}, {"value", "made by hand"}}));
    EXPECT_EQ(head["facts"].back()["name"], "Version");
    EXPECT_EQ(head["provenance"].size(), 3U);
}

TEST(Document, figure_data_arrive_as_given_and_gaps_as_null) {
    const Document content = test::sample_document();
    const json lines = payload_of(document(content).value())["sections"][1]["parts"];
    const Figure& figure = std::get<Figure>(content.sections[1].parts[0]);
    for (std::size_t k = 0; k < figure.series.size(); ++k) {
        const json& series = lines[0]["series"][k];
        ASSERT_EQ(series["x"].size(), figure.series[k].x.size());
        for (std::size_t i = 0; i < figure.series[k].x.size(); ++i) {
            EXPECT_DOUBLE_EQ(series["x"][i].get<double>(), figure.series[k].x[i]);
            EXPECT_NEAR(series["y"][i].get<double>(), figure.series[k].y[i], 1e-7);
        }
    }
    EXPECT_EQ(lines[0]["x"]["log"], true);
    EXPECT_TRUE(lines[2]["series"][0]["y"][30].is_null());
    EXPECT_FALSE(lines[2]["series"][0]["y"][29].is_null());
}

TEST(Document, times_sizes_and_notes_arrive_as_given) {
    const json lanes = payload_of(document(test::sample_document()).value())["sections"][2]["parts"][5];
    EXPECT_EQ(lanes["x"]["origin_ms"], 1'709'648'995'000);
    EXPECT_TRUE(lanes["y"]["origin_ms"].is_null());
    EXPECT_EQ(lanes["series"][0]["size"][1], 200.0);
    EXPECT_EQ(lanes["series"][0]["notes"][59], "step 59\nas <planned>");
    EXPECT_EQ(lanes["series"][1]["size"].size(), 0U);
}

TEST(Document, table_cells_are_written_by_what_the_column_holds) {
    const json parts = payload_of(document(test::sample_document()).value())["sections"][0]["parts"];
    const json& table = parts[3];
    EXPECT_EQ(table["columns"][1]["label"], "Orders");
    EXPECT_EQ(table["columns"][3]["label"], "Cost");
    EXPECT_EQ(table["columns"][3]["unit"], "bps");
    EXPECT_EQ(table["rows"][2][0], "Cedar <dark>");
    EXPECT_EQ(table["rows"][2][1]["t"], "12,455");
    EXPECT_EQ(table["rows"][0][2]["t"], "81.23 %");
    EXPECT_TRUE(table["rows"][3][2].is_null());
    EXPECT_EQ(table["rows"][1][3]["value"]["t"], "\u22120.50");
    EXPECT_EQ(table["rows"][1][3]["low"]["t"], "\u22121.50");
    EXPECT_EQ(table["rows"][2][4]["t"], "999,999.99");
}

TEST(Document, a_cut_table_says_how_many_rows_it_has) {
    const json parts = payload_of(document(test::sample_document()).value())["sections"][0]["parts"];
    EXPECT_EQ(parts[5]["rows"].size(), 2U);
    EXPECT_EQ(parts[5]["shown"], "2");
    EXPECT_EQ(parts[5]["of"], "4");
}

TEST(Document, key_numbers_keep_missing_values_missing) {
    const json parts = payload_of(document(test::sample_document()).value())["sections"][0]["parts"];
    EXPECT_EQ(parts[1]["numbers"][0]["value"]["t"], "83.12 %");
    EXPECT_EQ(parts[1]["numbers"][1]["high"]["t"], "0.30");
    EXPECT_TRUE(parts[1]["numbers"][2]["value"].is_null());
    EXPECT_EQ(parts[2]["numbers"][0]["value"]["t"], "2,000");
    EXPECT_EQ(parts[2]["numbers"][2]["value"]["t"], "1 min 01 s");
    EXPECT_EQ(parts[2]["numbers"][3]["value"]["t"], "0.0001235");
}

struct Refusal {
    const char* field;  ///< a part of the field named in the refusal
    std::function<void(Document&)> breaking;
};

class RefusedDocument : public testing::TestWithParam<Refusal> {};

TEST_P(RefusedDocument, names_the_place) {
    Document content = test::sample_document();
    GetParam().breaking(content);
    const auto refused = document(content);
    ASSERT_FALSE(refused.has_value());
    EXPECT_NE(refused.error().field.find(GetParam().field), std::string::npos) << refused.error().message();
    EXPECT_FALSE(refused.error().rule.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Rules, RefusedDocument,
    testing::Values(
        Refusal{"sections", [](Document& d) { d.sections.clear(); }},
        Refusal{"sections.id", [](Document& d) { d.sections[0].id = "Two words"; }},
        Refusal{"sections.id", [](Document& d) { d.sections[0].id = d.sections[1].id; }},
        Refusal{"sections.id", [](Document& d) { d.sections[0].id = "main"; }},
        Refusal{"sections[lines].parts[1].series[Alder].y",
                [](Document& d) { first_figure(d).series[0].y.pop_back(); }},
        Refusal{"series[Alder].high", [](Document& d) { first_figure(d).series[0].high.clear(); }},
        Refusal{"series[Alder].low", [](Document& d) { first_figure(d).series[0].low[0] = 2.0; }},
        Refusal{"series[Alder].low", [](Document& d) { first_figure(d).series[0].y[0] = test::sample::kGap; }},
        Refusal{"series[Alder].x", [](Document& d) { first_figure(d).series[0].x[3] = 0.0; }},
        Refusal{"series[Alder].x", [](Document& d) { first_figure(d).series[0].x[3] = test::sample::kGap; }},
        Refusal{"series[Birch]", [](Document& d) { first_figure(d).series[0].name = "Birch"; }},
        Refusal{"parts[1]", [](Document& d) { first_figure(d).series.clear(); }},
        Refusal{".height", [](Document& d) { first_figure(d).height = 20; }},
        Refusal{".y.low", [](Document& d) { first_figure(d).y.low = 3.0; }},
        Refusal{".references", [](Document& d) { first_figure(d).references[0].at = -1.0; }},
        Refusal{"series[greedy].x", [](Document& d) { std::get<Figure>(d.sections[2].parts[1]).series[0].x[2] = 3.0; }},
        Refusal{"series[paths].x_high",
                [](Document& d) { std::get<Figure>(d.sections[2].parts[3]).series[0].x_high.clear(); }},
        Refusal{"series[held].x", [](Document& d) { std::get<Figure>(d.sections[1].parts[2]).series[0].x[5] = 0.0; }},
        Refusal{"series[steps].size",
                [](Document& d) { std::get<Figure>(d.sections[2].parts[5]).series[0].size[1] = -1.0; }},
        Refusal{"series[steps].notes",
                [](Document& d) { std::get<Figure>(d.sections[2].parts[5]).series[0].notes.pop_back(); }},
        Refusal{"series[Alder].size", [](Document& d) { first_figure(d).series[0].size.assign(40, 1.0); }},
        Refusal{".x.origin", [](Document& d) { first_figure(d).x.origin = Timestamp{}; }},
        Refusal{".heat.value", [](Document& d) { std::get<Figure>(d.sections[3].parts[0]).heat->value.pop_back(); }},
        Refusal{".heat.x", [](Document& d) { std::get<Figure>(d.sections[3].parts[1]).heat->x[1] = -5.0; }},
        Refusal{"parts[4]",
                [](Document& d) { std::get<ShownTable>(d.sections[0].parts[3]).columns[0].name = "broker"; }},
        Refusal{"most_rows", [](Document& d) { std::get<ShownTable>(d.sections[0].parts[3]).most_rows = 0; }}));

TEST(Document, a_figure_of_too_many_points_is_refused) {
    Document content = test::sample_document();
    Series& series = first_figure(content).series[0];
    series = {.name = "long", .x = std::vector<double>(20'001, 1.0), .y = std::vector<double>(20'001, 0.5)};
    ASSERT_FALSE(document(content).has_value());
    EXPECT_EQ(document(content).error().value, "20001");
}

}  // namespace
}  // namespace slipcast::report
