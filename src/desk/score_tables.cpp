#include "score_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "slipcast/core/table_builder.hpp"
#include "slipcast/math/binomial.hpp"

namespace slipcast::desk::detail {
namespace {

std::string hex(std::uint64_t digest) {
    return fmt::format("{:016x}", digest);
}

template <typename Row>
void add_model(TableBuilder& table, const std::vector<Row>& rows) {
    using Each = const Row&;
    table.add(plain("role", "champion or challenger, then"), words(rows.size(), of(rows, &Row::role)))
        .add(plain("model", "digest of its file"),
             words(rows.size(), of(rows, [](Each r) { return hex(r.score.model.digest); })))
        .add(plain("model_updates", "costs and completions it has learned from by then"),
             of(rows, [](Each r) { return r.score.model.updates; }));
}

template <typename Row>
void add_card(TableBuilder& table, const std::vector<Row>& rows) {
    using Each = const Row&;
    table
        .add(plain("orders", "finished by then with a forecast of its and a known cost"),
             of(rows, [](Each r) { return r.score.card.count; }))
        .add(plain("mean_crps_bps", "mean CRPS of their first forecasts; the smaller the better", "bps"),
             of(rows, finite([](Each r) { return r.score.card.crps; })))
        .add(plain("coverage_90", "share of their costs inside the central 90 % of the forecast"),
             of(rows, finite([](Each r) { return r.score.card.coverage_90; })))
        .add(plain("mean_log_score", "mean log density of their costs; the larger the better"),
             of(rows, finite([](Each r) { return r.score.card.mean_log_score; })));
}

}  // namespace

void Scores::add(const Outcome& outcome, const Lesson& lesson) {
    constexpr std::array<std::string_view, 2> kRoles{"champion", "challenger"};
    for (std::uint32_t i = 0; i < lesson.scores.size; ++i) {
        rows_.push_back({outcome.time, outcome.order, outcome.cost_bps, kRoles[i], lesson.scores.values[i]});
    }
}

Table Scores::table() const {
    TableBuilder table("desk_scores", rows_.size());
    table.add(plain("time", "at which the parent finished", "ns"), of(rows_, &Row::time))
        .add(plain("order", "key of the parent"),
             words(rows_.size(), of(rows_, [](const Row& r) { return std::to_string(r.order); })));
    add_model(table, rows_);
    table.add(plain("cost_bps", "realized cost", "bps", SignTag::cost), of(rows_, finite(&Row::cost_bps)))
        .add(plain("crps_bps", "of the first forecast, from its quantiles", "bps"),
             of(rows_, finite([](const Row& r) { return r.score.crps; })))
        .add(plain("pit", "share of the forecast below the cost"),
             of(rows_, finite([](const Row& r) { return r.score.pit; })))
        .add(plain("covered", "the cost fell inside the central 90 %"),
             of(rows_, [](const Row& r) { return r.score.is_covered; }));
    add_card(table, rows_);
    return table.take();
}

// The last card of each model, in the order in which they were scored first.
Table Scores::cards() const {
    std::vector<Row> last;
    for (const Row& each : rows_) {
        const auto known = std::find_if(last.begin(), last.end(), [&each](const Row& row) {
            return row.score.model.digest == each.score.model.digest;
        });
        if (known == last.end()) {
            last.push_back(each);
        } else {
            *known = each;
        }
    }
    TableBuilder table("desk_scorecards", last.size());
    add_model(table, last);
    table.add(plain("last_time", "of the last parent that was scored", "ns"), of(last, &Row::time));
    add_card(table, last);
    const auto interval = [](const Row& r) {
        const auto count = static_cast<double>(r.score.card.count);
        return math::share_interval(std::llround(r.score.card.coverage_90 * count), r.score.card.count);
    };
    const char* const end = "end of the coverage's exact 95 % interval for independent orders";
    table.add(plain("coverage_90_low", end), of(last, finite([&](const Row& r) { return interval(r).low; })))
        .add(plain("coverage_90_high", end), of(last, finite([&](const Row& r) { return interval(r).high; })));
    for (std::size_t k = 0; k < 10; ++k) {
        table.add(
            plain(fmt::format("pit_{}", k + 1), "costs in this tenth of the forecast; even when it is calibrated"),
            of(last, [k](const Row& r) { return r.score.card.pit[k]; }));
    }
    return table.take();
}

}  // namespace slipcast::desk::detail
