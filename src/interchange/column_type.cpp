#include <charconv>
#include <cstring>
#include <string>

#include "column_view.hpp"

namespace slipcast::interchange::detail {

namespace {

Error refuse(const ArrowSchema& schema, const char* rule) {
    const std::string format = schema.format == nullptr ? "" : schema.format;
    return Error{
        ErrorCode::malformed, schema.name == nullptr ? "" : schema.name, "Arrow type '" + format + "'", rule, {}};
}

ColumnType fixed(CellKind kind, int width, bool is_unsigned = false) {
    ColumnType type;
    type.kind = kind;
    type.width = width;
    type.is_unsigned = is_unsigned;
    return type;
}

std::int64_t ns_per_unit(char unit) {
    switch (unit) {
        case 's':
            return 1'000'000'000;
        case 'm':
            return 1'000'000;
        case 'u':
            return 1'000;
        case 'n':
            return 1;
        default:
            return 0;
    }
}

std::optional<ColumnType> one_letter(char format) {
    switch (format) {
        case 'n':
            return fixed(CellKind::null, 0);
        case 'b':
            return fixed(CellKind::boolean, 0);
        case 'c':
            return fixed(CellKind::integer, 1);
        case 'C':
            return fixed(CellKind::integer, 1, true);
        case 's':
            return fixed(CellKind::integer, 2);
        case 'S':
            return fixed(CellKind::integer, 2, true);
        case 'i':
            return fixed(CellKind::integer, 4);
        case 'I':
            return fixed(CellKind::integer, 4, true);
        case 'l':
            return fixed(CellKind::integer, 8);
        case 'L':
            return fixed(CellKind::integer, 8, true);
        case 'f':
            return fixed(CellKind::real, 4);
        case 'g':
            return fixed(CellKind::real, 8);
        case 'u':
            return fixed(CellKind::text, 4);
        case 'U':
            return fixed(CellKind::text, 8);
        default:
            return std::nullopt;
    }
}

/// "d:precision,scale" or "d:precision,scale,bits".
std::optional<ColumnType> decimal_type(std::string_view parameters) {
    int numbers[3] = {0, 0, 128};
    std::size_t count = 0;
    while (!parameters.empty() && count < 3) {
        const std::size_t comma = parameters.find(',');
        const std::string_view part = parameters.substr(0, comma);
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), numbers[count]);
        if (error != std::errc{} || end != part.data() + part.size()) return std::nullopt;
        ++count;
        parameters = comma == std::string_view::npos ? std::string_view{} : parameters.substr(comma + 1);
    }
    if (count < 2 || !parameters.empty() || numbers[1] < -38 || numbers[1] > 38) return std::nullopt;
    if (numbers[2] != 32 && numbers[2] != 64 && numbers[2] != 128) return std::nullopt;
    ColumnType type = fixed(CellKind::decimal, numbers[2] / 8);
    type.scale = numbers[1];
    return type;
}

std::optional<ColumnType> temporal_type(std::string_view format) {
    if (format == "tdD") return fixed(CellKind::date, 4);
    if (format == "tdm") return fixed(CellKind::date, 8);
    if (format.size() < 3) return std::nullopt;
    const bool is_timestamp = format[1] == 's' && format.size() >= 4 && format[3] == ':';
    const bool is_duration = format[1] == 'D' && format.size() == 3;
    if (!is_timestamp && !is_duration) return std::nullopt;
    ColumnType type = fixed(is_timestamp ? CellKind::timestamp : CellKind::duration, 8);
    type.ns_per_unit = ns_per_unit(format[2]);
    type.has_zone = is_timestamp && format.size() > 4;
    if (type.ns_per_unit == 0) return std::nullopt;
    return type;
}

/// Whether the metadata, pairs of texts with their lengths before them, names a unit.
bool states_unit(const char* metadata) {
    if (metadata == nullptr) return false;
    const auto number = [&metadata] {
        std::int32_t value = 0;
        std::memcpy(&value, metadata, sizeof value);
        metadata += sizeof value;
        return value;
    };
    const auto text = [&metadata, &number] {
        const auto length = static_cast<std::size_t>(number());
        const std::string_view value(metadata, length);
        metadata += length;
        return value;
    };
    for (std::int32_t left = number(); left > 0; --left) {
        const bool is_unit = text() == "unit";
        if (!text().empty() && is_unit) return true;
    }
    return false;
}

}  // namespace

Result<ColumnType> column_type(const ArrowSchema& schema) {
    if (schema.format == nullptr) return refuse(schema, "an Arrow column must state its type");
    const std::string_view format = schema.format;
    std::optional<ColumnType> type;
    if (format.size() == 1) type = one_letter(format[0]);
    if (format == "vu") type = fixed(CellKind::text, 16);
    if (format.substr(0, 2) == "d:") type = decimal_type(format.substr(2));
    if (!format.empty() && format[0] == 't') type = temporal_type(format);
    if (!type) {
        return refuse(
            schema,
            "must be an integer, float32, float64, decimal up to 128 bits, text, bool, timestamp, date, duration "
            "or a dictionary of these");
    }
    type->states_unit = states_unit(schema.metadata);
    return *type;
}

Result<std::vector<std::string>> column_names(const ArrowSchema& schema) {
    if (schema.format == nullptr || std::string_view(schema.format) != "+s") {
        return refuse(schema, "a table must be a stream of struct batches");
    }
    if (schema.n_children < 0 || (schema.n_children > 0 && schema.children == nullptr)) {
        return refuse(schema, "a struct must have its children");
    }
    std::vector<std::string> names;
    for (std::int64_t i = 0; i < schema.n_children; ++i) {
        const ArrowSchema* child = schema.children[i];
        if (child == nullptr || child->release == nullptr) return refuse(schema, "a struct must have its children");
        names.emplace_back(child->name == nullptr ? "" : child->name);
    }
    return names;
}

}  // namespace slipcast::interchange::detail
