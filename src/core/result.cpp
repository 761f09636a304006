#include "slipcast/core/result.hpp"

namespace slipcast {

const char* name(ErrorCode code) noexcept {
    switch (code) {
        case ErrorCode::invalid_value:
            return "invalid_value";
        case ErrorCode::missing_field:
            return "missing_field";
        case ErrorCode::unknown_field:
            return "unknown_field";
        case ErrorCode::malformed:
            return "malformed";
        case ErrorCode::out_of_range:
            return "out_of_range";
        case ErrorCode::inconsistent:
            return "inconsistent";
        case ErrorCode::not_found:
            return "not_found";
        case ErrorCode::not_identified:
            return "not_identified";
        case ErrorCode::io_failure:
            return "io_failure";
        case ErrorCode::interrupted:
            return "interrupted";
    }
    SLIPCAST_ASSERT(false, "an ErrorCode outside its enumerators");
}

namespace {

void append(std::string& text, const char* separator, const std::string& part) {
    if (part.empty()) return;
    if (!text.empty()) text += separator;
    text += part;
}

}  // namespace

std::string Error::message() const {
    std::string where = place.file;
    if (place.row > 0) append(where, " ", "row " + std::to_string(place.row));
    if (!place.time.empty()) append(where, " ", "at " + place.time);
    std::string what = field;
    if (!value.empty()) append(what, " = ", value);
    std::string text = where;
    append(text, ": ", what);
    append(text, ": ", rule);
    append(text, " ", std::string("(") + name(code) + ")");
    return text;
}

Error invalid_value(std::string field, std::string value, std::string rule) {
    return Error{ErrorCode::invalid_value, std::move(field), std::move(value), std::move(rule), {}};
}

}  // namespace slipcast
