#include "html_page.hpp"

#include <span>
#include <string_view>

#include "bundle.hpp"

namespace slipcast::report {

namespace {

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

}  // namespace

std::string html_page(const std::string& title, const Json& payload) {
    std::string html = "<!doctype html>\n<html lang=\"en\">\n<head>\n";
    html += kHead;
    html += "<title>" + html_text(title) + "</title>\n<style>\n";
    append(html, page_style());
    html += "</style>\n</head>\n<body>\n<noscript>This page draws its tables and charts with the script it contains; ";
    html += "the same numbers are in the tables written beside it.</noscript>\n<div id=\"page\"></div>\n";
    html += "<script id=\"payload\" type=\"application/json\">" + script_json(payload) + "</script>\n<script>\n";
    append(html, page_script());
    html += "</script>\n</body>\n</html>\n";
    return html;
}

}  // namespace slipcast::report
