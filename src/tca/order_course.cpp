#include "order_course.hpp"

#include <algorithm>

namespace slipcast::tca::detail {

namespace {

void amend(const market::OrderEvent& event, bool is_derived, OrderCourse& course) {
    course.has_limit = course.has_limit || event.limit_price.has_value();
    Amend step{event.time, {}, event.end_time};
    // A derived order has no quantity but that of its fills: nothing can change it.
    if (event.quantity && !is_derived) step.change = *event.quantity - (course.ordered - course.withdrawn);
    if (step.change > Quantity{}) course.ordered += step.change;
    if (step.change < Quantity{}) course.withdrawn += -step.change;
    if (event.end_time) course.end_time = event.end_time;
    if (step.change != Quantity{} || step.end_time) course.amends.push_back(step);
}

}  // namespace

std::vector<OrderCourse> order_courses(const market::Dataset& dataset) {
    std::vector<OrderCourse> courses(dataset.orders.size());
    std::vector<std::size_t> row_of(static_cast<std::size_t>(dataset.names.orders.size()), dataset.orders.size());
    for (std::size_t row = 0; row < dataset.orders.size(); ++row) {
        const market::Order& order = dataset.orders[row];
        row_of[static_cast<std::size_t>(order.id.index())] = row;
        courses[row].ordered = order.quantity;
        courses[row].end_time = order.end_time;
        courses[row].has_limit = order.limit_price.has_value();
    }
    std::vector<const market::OrderEvent*> amends;
    for (const market::OrderEvent& event : dataset.order_events) {
        if (event.kind == market::OrderEventKind::amend) amends.push_back(&event);
    }
    std::stable_sort(amends.begin(), amends.end(), [](const auto* a, const auto* b) { return a->time < b->time; });
    for (const market::OrderEvent* event : amends) {
        const std::size_t row = row_of[static_cast<std::size_t>(event->order.index())];
        if (row < courses.size()) amend(*event, dataset.orders[row].derived, courses[row]);
    }
    return courses;
}

}  // namespace slipcast::tca::detail
