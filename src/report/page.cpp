#include "slipcast/report/page.hpp"

#include "html_page.hpp"
#include "masthead.hpp"
#include "sections.hpp"

namespace slipcast::report {

namespace {

constexpr std::int64_t kMostExecutionCharts = 200;

Result<Json> payload(const tca::Measurement& measurement, const market::Dataset& dataset, const PageOptions& options) {
    SLIPCAST_TRY(orders, orders_json(measurement, dataset, options));
    return Json{{"head", head_json(cost_masthead(measurement, dataset, options))},
                {"currency", currency(measurement)},
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
    return html_page(options.title, data);
}

}  // namespace slipcast::report
