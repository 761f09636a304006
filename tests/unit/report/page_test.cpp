#include "slipcast/report/page.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "slipcast/core/decimal.hpp"
#include "support/sample_measurement.hpp"

namespace slipcast::report {
namespace {

using nlohmann::json;

std::string made_page(const tca::Measurement& measurement, const PageOptions& options = {}) {
    return page(measurement, test::sample_dataset(), options).value();
}

json payload_of(const std::string& html) {
    const std::string open = "<script id=\"payload\" type=\"application/json\">";
    const std::size_t begin = html.find(open) + open.size();
    return json::parse(html.substr(begin, html.find("</script>", begin) - begin));
}

// The page's text back to plain digits: "−1,234.50" to "-1234.50".
std::string plain(std::string text) {
    const std::string minus = "\u2212";
    if (text.starts_with(minus)) text = "-" + text.substr(minus.size());
    std::erase(text, ',');
    return text;
}

std::size_t occurrences(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

std::string table_text(const tca::Measurement& measurement, const char* table, std::size_t row, const char* column,
                       int digits) {
    const Table* found = measurement.find(table);
    const Column* cell = found->find(column);
    return found->text(row, static_cast<std::size_t>(cell - found->columns().data()), digits);
}

class Page : public testing::Test {
protected:
    tca::Measurement measurement = test::sample_measurement();
};

TEST_F(Page, same_inputs_give_the_same_bytes) {
    EXPECT_EQ(made_page(measurement), made_page(measurement));
}

TEST_F(Page, headline_shows_the_summary_table) {
    const json payload = payload_of(made_page(measurement));
    ASSERT_EQ(payload["headline"].size(), measurement.find("summary")->rows());
    for (std::size_t row = 0; row < payload["headline"].size(); ++row) {
        const json& shown = payload["headline"][row];
        EXPECT_EQ(shown["metric"], table_text(measurement, "summary", row, "metric", 0));
        if (shown["unit"] != "bps") continue;
        for (const char* column : {"value", "low", "high"}) {
            EXPECT_EQ(plain(shown[column]["t"]), table_text(measurement, "summary", row, column, 2)) << column;
        }
    }
}

TEST_F(Page, missing_cells_stay_missing) {
    const json payload = payload_of(made_page(measurement));
    EXPECT_TRUE(payload["headline"][0]["low"].is_null());
    EXPECT_TRUE(payload["headline"][0]["high"].is_null());
    EXPECT_FALSE(payload["headline"][2]["low"].is_null());
}

TEST_F(Page, shortfall_parts_on_the_page_add_up_exactly) {
    const json payload = payload_of(made_page(measurement));
    ASSERT_EQ(payload["shortfall"].size(), 2U);
    for (const json& basis : payload["shortfall"]) {
        std::int64_t sum = 0;
        std::int64_t total = 0;
        for (const json& part : basis["parts"]) {
            const std::int64_t units = parse_decimal(plain(part["cash"]["t"]), 6).value();
            (part["part"] == "total" ? total : sum) += units;
        }
        EXPECT_NE(total, 0);
        EXPECT_EQ(sum, total);
    }
}

TEST_F(Page, worst_orders_follow_the_measurement_and_show_their_exact_parts) {
    PageOptions options;
    options.execution_charts = 3;
    const json payload = payload_of(made_page(measurement, options));
    ASSERT_EQ(payload["orders"].size(), measurement.worst_orders.size());
    for (std::size_t i = 0; i < payload["orders"].size(); ++i) {
        const json& shown = payload["orders"][i];
        const auto row = static_cast<std::size_t>(measurement.worst_orders[i]);
        EXPECT_EQ(shown["id"], table_text(measurement, "orders", row, "order_id", 0));
        EXPECT_EQ(plain(shown["cost_cash"]["t"]), table_text(measurement, "orders", row, "arrival_cost_cash", 2));
        EXPECT_EQ(shown["detail"].is_null(), i >= 3);
        if (shown["detail"].is_null()) continue;
        std::int64_t sum = 0;
        std::int64_t total = 0;
        for (const json& part : shown["detail"]["parts"]) {
            const std::int64_t units = parse_decimal(plain(part["cash"]["t"]), 6).value();
            (part["part"] == "shortfall" ? total : sum) += units;
        }
        EXPECT_EQ(sum, total);
        EXPECT_EQ(plain(shown["shortfall_cash"]["t"]), table_text(measurement, "orders", row, "shortfall_cash", 2));
    }
}

TEST_F(Page, execution_chart_shows_the_tape_and_the_fills_of_its_order) {
    const json payload = payload_of(made_page(measurement));
    const json& chart = payload["orders"][0]["detail"]["chart"];
    const auto row = static_cast<std::size_t>(measurement.worst_orders[0]);
    EXPECT_EQ(chart["dots"].size(), static_cast<std::size_t>(test::sample::kFillsAnOrder));
    const double filled = std::get<std::vector<double>>(measurement.find("orders")->find("filled_quantity")->data)[row];
    double sum = 0.0;
    for (const json& dot : chart["dots"]) sum += dot["quantity"].get<double>();
    EXPECT_EQ(sum, filled);
    EXPECT_EQ(chart["filled"]["total"].back().get<double>(), filled);
    ASSERT_FALSE(chart["band"].is_null());
    EXPECT_LE(chart["band"]["t"].size(), 1500U);
    // Ten quotes a fill at least, bid below ask, all inside the window.
    EXPECT_GT(chart["band"]["t"].size(), 240U);
    for (std::size_t i = 0; i < chart["band"]["t"].size(); ++i) {
        EXPECT_LT(chart["band"]["bid"][i].get<double>(), chart["band"]["ask"][i].get<double>());
        EXPECT_GE(chart["band"]["t"][i].get<double>(), 0.0);
        EXPECT_LE(chart["band"]["t"][i].get<double>(), chart["length"].get<double>());
    }
    const json& volume = chart["volume"]["total"];
    EXPECT_TRUE(std::is_sorted(volume.begin(), volume.end()));
    EXPECT_GT(volume.back().get<double>(), 0.0);
}

TEST_F(Page, text_of_the_data_cannot_leave_its_place) {
    PageOptions options;
    options.title = "A & B <script>alert(1)</script>";
    measurement.provenance["source"] = "bytes \xff\xfe that are not UTF-8 </script><!--";
    const std::string html = made_page(measurement, options);
    EXPECT_EQ(occurrences(html, "</script"), 2U);  // the payload's end and the program's
    EXPECT_NE(html.find("<title>A &amp; B &lt;script&gt;alert(1)&lt;/script&gt;</title>"), std::string::npos);
    const json payload = payload_of(html);
    EXPECT_EQ(payload["head"]["title"], options.title);
    EXPECT_EQ(payload["quality"]["rules"][1]["example"], "fills.csv row 8: price = 0</script><b>");
}

TEST_F(Page, a_measurement_without_optional_tables_still_gives_a_page) {
    std::erase_if(measurement.tables, [](const Table& table) { return table.name() != "orders"; });
    const json payload = payload_of(made_page(measurement));
    EXPECT_TRUE(payload["size"].is_null());
    EXPECT_TRUE(payload["markouts"].empty());
    EXPECT_TRUE(payload["groups"].empty());
    EXPECT_TRUE(payload["orders"][0]["detail"]["chart"]["dots"].empty());
    EXPECT_FALSE(payload["distribution"].is_null());
}

TEST_F(Page, distribution_counts_every_included_order_once) {
    const json payload = payload_of(made_page(measurement));
    const json& distribution = payload["distribution"];
    EXPECT_EQ(distribution["count"], std::to_string(test::sample::kOrders - 1));  // one order is filtered out
    double inside = 0.0;
    for (const json& share : distribution["orders"]) inside += share.get<double>();
    const double outside =
        std::stod(distribution["below"].get<std::string>()) + std::stod(distribution["above"].get<std::string>());
    EXPECT_NEAR(inside + outside / static_cast<double>(test::sample::kOrders - 1), 1.0, 1e-3);
}

TEST_F(Page, refuses_options_out_of_range_and_a_measurement_without_orders) {
    PageOptions options;
    options.execution_charts = -1;
    const auto refused = page(measurement, test::sample_dataset(), options);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().field, "execution_charts");
    EXPECT_EQ(refused.error().value, "-1");
    const auto empty = page(tca::Measurement{}, test::sample_dataset(), {});
    ASSERT_FALSE(empty.has_value());
    EXPECT_EQ(empty.error().code, ErrorCode::missing_field);
}

// A tape whose file went away.
class BrokenTape final : public market::TapeSource {
public:
    [[nodiscard]] Result<market::TapeSlice> load(InstrumentId, TimeRange) const override {
        return Error{ErrorCode::io_failure, "quotes", "", "the file cannot be read", {}};
    }
    [[nodiscard]] TimeRange extent(InstrumentId) const override { return {}; }
};

TEST_F(Page, a_tape_that_cannot_be_read_is_refused_not_left_blank) {
    market::Dataset dataset = test::sample_dataset();
    dataset.tape = std::make_shared<BrokenTape>();
    const auto refused = page(measurement, dataset, {});
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, ErrorCode::io_failure);
}

TEST_F(Page, without_a_tape_the_chart_shows_the_fills_alone) {
    market::Dataset dataset = test::sample_dataset();
    dataset.tape = nullptr;
    const json payload = payload_of(page(measurement, dataset, {}).value());
    const json& chart = payload["orders"][0]["detail"]["chart"];
    EXPECT_TRUE(chart["band"].is_null());
    EXPECT_TRUE(chart["volume"].is_null());
    EXPECT_FALSE(chart["dots"].empty());
}

}  // namespace
}  // namespace slipcast::report
