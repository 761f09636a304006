#include "slipcast/report/page.hpp"

#include <string_view>

#include "bundle.hpp"
#include "sections.hpp"
#include "slipcast/core/version.hpp"

namespace slipcast::report {

namespace {

constexpr std::int64_t kMostExecutionCharts = 200;

// The page may reach nothing: a browser enforces what the tests check.
constexpr std::string_view kHead = R"(<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; font-src data:; img-src data:">
<link rel="icon" href="data:,">
)";

std::string html_text(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        switch (c) {
            case '&':
                escaped += "&amp;";
                break;
            case '<':
                escaped += "&lt;";
                break;
            case '>':
                escaped += "&gt;";
                break;
            case '"':
                escaped += "&quot;";
                break;
            default:
                escaped += c;
        }
    }
    return escaped;
}

// ASCII JSON without '<', so that no text of the data can end the script element or open a comment in it. Bytes that
// are not UTF-8 become U+FFFD: names come from users' files.
std::string script_json(const Json& json) {
    const std::string text = json.dump(-1, ' ', true, Json::error_handler_t::replace);
    std::string escaped;
    escaped.reserve(text.size());
    for (const char c : text) {
        if (c == '<') {
            escaped += "\\u003c";
        } else {
            escaped += c;
        }
    }
    return escaped;
}

void append(std::string& page, std::span<const std::string_view> pieces) {
    for (const std::string_view piece : pieces) page += piece;
}

Result<Json> payload(const tca::Measurement& measurement, const market::Dataset& dataset, const PageOptions& options) {
    SLIPCAST_TRY(orders, orders_json(measurement, dataset, options));
    return Json{{"title", options.title},
                {"version", version()},
                {"currency", currency(measurement)},
                {"provenance", provenance_json(measurement, dataset)},
                {"scope", scope_json(measurement)},
                {"quality", quality_json(measurement)},
                {"headline", headline_json(measurement)},
                {"shortfall", shortfall_json(measurement)},
                {"size", size_json(measurement)},
                {"distribution", distribution_json(measurement)},
                {"markouts", markouts_json(measurement)},
                {"groups", groups_json(measurement)},
                {"orders", std::move(orders)}};
}

Result<void> check(const tca::Measurement& measurement, const PageOptions& options) {
    if (options.execution_charts < 0 || options.execution_charts > kMostExecutionCharts) {
        return invalid_value("execution_charts", std::to_string(options.execution_charts), "must be 0 to 200");
    }
    const Table* orders = measurement.find("orders");
    if (orders == nullptr)
        return Error{ErrorCode::missing_field, "orders", "", "the measurement has no orders table", {}};
    for (const std::int32_t row : measurement.worst_orders) {
        SLIPCAST_ASSERT(row >= 0 && static_cast<std::size_t>(row) < orders->rows(), "worst orders are rows of orders");
    }
    return {};
}

}  // namespace

Result<std::string> page(const tca::Measurement& measurement, const market::Dataset& dataset,
                         const PageOptions& options) {
    SLIPCAST_CHECK(check(measurement, options));
    SLIPCAST_TRY(data, payload(measurement, dataset, options));
    std::string html = "<!doctype html>\n<html lang=\"en\">\n<head>\n";
    html += kHead;
    html += "<title>" + html_text(options.title) + "</title>\n<style>\n";
    append(html, page_style());
    html += "</style>\n</head>\n<body>\n<noscript>This page draws its tables and charts with the script it contains; ";
    html += "the same numbers are in the tables written beside it.</noscript>\n<div id=\"page\"></div>\n";
    html += "<script id=\"payload\" type=\"application/json\">" + script_json(data) + "</script>\n<script>\n";
    append(html, page_script());
    html += "</script>\n</body>\n</html>\n";
    return html;
}

}  // namespace slipcast::report
