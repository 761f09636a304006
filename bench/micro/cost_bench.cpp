#include <benchmark/benchmark.h>

#include <span>
#include <vector>

#include "sample_orders.hpp"
#include "slipcast/cost/cost.hpp"

// Predictions beside the time it takes to read and write the same columns; the fit of 20,000 orders.

namespace slipcast::bench {
namespace {

SampleOrders sample(std::int64_t count) {
    return {static_cast<std::size_t>(count), "bench.cost"};
}

const cost::Model& model() {
    static const cost::Model kModel = [] {
        auto fitted = cost::fit(sample(20'000).columns().take());
        SLIPCAST_ASSERT(fitted.has_value(), "the bench's orders can be fitted");
        return *fitted;
    }();
    return kModel;
}

/// The columns of `orders` in the order of the model's inputs.
std::vector<std::span<const double>> columns_of(const SampleOrders& orders) {
    std::vector<std::span<const double>> columns;
    for (const cost::Input& input : model().inputs()) {
        if (input.name == "participation") columns.emplace_back(orders.participation);
        if (input.name == "spread") columns.emplace_back(orders.spread);
        if (input.name == "volatility") columns.emplace_back(orders.volatility);
        if (input.name == "signed_imbalance") columns.emplace_back(orders.imbalance);
        if (input.name == "duration") columns.emplace_back(orders.duration);
    }
    return columns;
}

/// Columns and one row agree, or there is nothing to time.
bool answers_agree(const cost::Predictor& predictor, const SampleOrders& orders) {
    const auto columns = columns_of(orders);
    std::vector<double> mean(orders.cost.size()), p99(orders.cost.size());
    cost::PredictionColumns out;
    out.mean = mean;
    std::vector<std::vector<double>> rest(predictor.quantiles().size() - 1, std::vector<double>(mean.size()));
    for (auto& each : rest) out.quantiles.emplace_back(each);
    out.quantiles.emplace_back(p99);
    predictor.predict(columns, out);
    std::vector<double> row, values(predictor.quantiles().size());
    for (const auto& column : columns) row.push_back(column[7]);
    cost::Prediction one;
    predictor.predict(row, one, values);
    return one.mean == mean[7] && values.back() == p99[7];
}

void cost_predict_columns(benchmark::State& state) {
    const SampleOrders orders = sample(state.range(0));
    const auto predictor = cost::Predictor::create(model(), {0.5, 0.9, 0.95, 0.99});
    if (!predictor || !answers_agree(*predictor, orders)) {
        state.SkipWithError("a row and its column disagree");
        return;
    }
    const auto columns = columns_of(orders);
    std::vector<std::vector<double>> values(7, std::vector<double>(orders.cost.size()));
    cost::PredictionColumns out{.mean = values[0],
                                .epistemic_sd = values[1],
                                .aleatoric_sd = values[2],
                                .miss_risk = {},
                                .miss_low = {},
                                .miss_high = {},
                                .quantiles = {}};
    for (std::size_t k = 3; k < values.size(); ++k) out.quantiles.emplace_back(values[k]);
    for (auto _ : state) predictor->predict(columns, out);
    state.SetItemsProcessed(state.iterations() * state.range(0));
    state.SetBytesProcessed(state.iterations() * state.range(0) * static_cast<std::int64_t>(12 * sizeof(double)));
}
BENCHMARK(cost_predict_columns)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

/// The same columns read once and written once: what memory alone takes.
void cost_columns_touched(benchmark::State& state) {
    const SampleOrders orders = sample(state.range(0));
    const auto columns = columns_of(orders);
    std::vector<std::vector<double>> values(7, std::vector<double>(orders.cost.size()));
    for (auto _ : state) {
        for (std::size_t i = 0; i < orders.cost.size(); ++i) {
            double sum = 0.0;
            for (const auto& column : columns) sum += column[i];
            for (auto& each : values) each[i] = sum;
        }
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
    state.SetBytesProcessed(state.iterations() * state.range(0) * static_cast<std::int64_t>(12 * sizeof(double)));
}
BENCHMARK(cost_columns_touched)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

void cost_predict_row(benchmark::State& state) {
    const SampleOrders orders = sample(16);
    const auto predictor = cost::Predictor::create(model(), {0.5, 0.9, 0.95, 0.99});
    if (!predictor || !answers_agree(*predictor, orders)) {
        state.SkipWithError("a row and its column disagree");
        return;
    }
    std::vector<double> row, values(4);
    for (const auto& column : columns_of(orders)) row.push_back(column[3]);
    cost::Prediction out;
    for (auto _ : state) {
        predictor->predict(row, out, values);
        benchmark::DoNotOptimize(values.data());
    }
}
BENCHMARK(cost_predict_row);

void cost_fit(benchmark::State& state) {
    const Table table = sample(state.range(0)).columns().take();
    for (auto _ : state) benchmark::DoNotOptimize(cost::fit(table));
}
BENCHMARK(cost_fit)->Arg(20'000)->Unit(benchmark::kMillisecond);

void cost_online_update(benchmark::State& state) {
    const SampleOrders orders = sample(16);
    auto online = cost::Online::create(model());
    std::vector<double> row;
    for (const auto& column : columns_of(orders)) row.push_back(column[3]);
    for (auto _ : state) benchmark::DoNotOptimize(online->update(row, orders.cost[3]));
}
BENCHMARK(cost_online_update);

}  // namespace
}  // namespace slipcast::bench
