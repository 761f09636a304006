#include "slipcast/interchange/routes.hpp"

#include "arrow_owner.hpp"
#include "row_reader.hpp"

namespace slipcast::interchange {
namespace {

using namespace detail;

constexpr ColumnSpec kRoutes[] = {{"symbol", true}, {"venue", true}, {"sent", true},  {"filled", true},
                                  {"min_quantity"}, {"time"},        {"hypothetical"}};
enum RouteColumn : std::size_t { symbol, venue, sent, filled, min_quantity, time, hypothetical };
constexpr TableSpec kSpec{.name = "routes", .columns = kRoutes};

/// Whole lots: a float or text only when it is one.
Result<std::int64_t> to_lots(const Cell& cell, std::string_view field) {
    return to_units(cell, 0, field);
}

void check(RowReader& reader, const market::Route& route) {
    const auto fail = [&](const char* field, std::int64_t value, const char* rule) {
        reader.fail(invalid_value(field, std::to_string(value), rule));
    };
    if (route.sent <= 0) return fail("sent", route.sent, "must be > 0");
    if (route.filled < 0) return fail("filled", route.filled, "must be >= 0");
    if (route.filled > route.sent) return fail("filled", route.filled, "must not exceed what was sent");
    if (route.min_quantity < 1) return fail("min_quantity", route.min_quantity, "must be >= 1");
    if (route.min_quantity > route.sent)
        return fail("min_quantity", route.min_quantity, "must not exceed what was sent");
    if (route.filled > 0 && route.filled < route.min_quantity) {
        fail("filled", route.filled, "must be zero or at least min_quantity");
    }
}

market::Route route_of(RowReader& reader) {
    market::Route route;
    route.symbol = reader.required(RouteColumn::symbol, to_label);
    route.venue = reader.required(RouteColumn::venue, to_label);
    route.sent = reader.required(RouteColumn::sent, to_lots);
    route.filled = reader.required(RouteColumn::filled, to_lots);
    route.min_quantity = reader.optional(RouteColumn::min_quantity, to_lots).value_or(1);
    route.time = reader.optional(RouteColumn::time, to_time);
    if (!reader.failed()) check(reader, route);
    return route;
}

Error at_file(Error error, const std::string& file) {
    if (error.place.file.empty()) error.place.file = file;
    return error;
}

}  // namespace

Result<market::RouteTable> decode_routes(ArrowArrayStream* stream, const std::string& file) {
    const std::string name{kSpec.name};
    StreamReader reader(stream, name);
    if (auto read = reader.read_schema(); !read) return at_file(read.error(), file);
    auto names = column_names(reader.schema());
    if (!names) return at_file(names.error(), file);
    const auto binding = bind_columns(kSpec, *names);
    if (!binding) return at_file(binding.error(), file);
    market::RouteTable table;
    for (std::int64_t rows_before = 0;;) {
        auto batch = reader.next();
        if (!batch) return at_file(batch.error(), file);
        if (*batch == nullptr) return table;
        const auto view = BatchView::create(reader.schema(), ***batch);
        if (!view) return at_file(view.error(), file);
        RowReader rows(*binding, *view);
        table.quality.count_read(name, view->rows());
        for (std::int64_t row = 0; row < view->rows(); ++row) {
            rows.move_to(row);
            market::Route route = route_of(rows);
            const auto declared = rows.optional(RouteColumn::hypothetical, to_label);
            if (!rows.failed()) {
                table.rows.push_back(std::move(route));
                if (declared) ++table.hypothetical[*declared];
                continue;
            }
            Error error = rows.take_error();
            error.place.file = file;
            error.place.row = rows_before + row + 1;
            table.quality.add({name, market::Disposition::quarantined, std::move(error)});
        }
        rows_before += view->rows();
    }
}

}  // namespace slipcast::interchange
