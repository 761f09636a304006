#include "slipcast/cost/predictor.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "kernel.hpp"

namespace slipcast::cost {

namespace {

constexpr std::size_t kBlock = 32;

}  // namespace

Predictor::Predictor(std::unique_ptr<detail::Kernel> kernel) : kernel_(std::move(kernel)) {}
Predictor::Predictor(Predictor&&) noexcept = default;
Predictor& Predictor::operator=(Predictor&&) noexcept = default;
Predictor::~Predictor() = default;

Result<Predictor> Predictor::create(const Model& model, const std::vector<double>& quantiles) {
    for (const double p : quantiles) {
        if (!(p > 0.0 && p < 1.0)) return invalid_value("quantiles", std::to_string(p), "must be in (0, 1)");
    }
    // The state outlives its model: both share it.
    std::shared_ptr<const detail::State> state = model.shared_state();
    auto mixture = detail::mixture_of(*state);
    return Predictor(std::make_unique<detail::Kernel>(std::move(state), std::move(mixture), quantiles));
}

const std::vector<double>& Predictor::quantiles() const {
    return kernel_->quantiles();
}

std::size_t Predictor::inputs() const {
    return kernel_->state().inputs.size();
}

double Predictor::code(std::size_t input, std::string_view level) const {
    const std::vector<std::string>& levels = kernel_->state().inputs[input].levels;
    const auto found = std::find(levels.begin(), levels.end(), level);
    return found == levels.end() ? -1.0 : static_cast<double>(found - levels.begin());
}

void Predictor::predict(std::span<const double> inputs, Prediction& out, std::span<double> values) const {
    SLIPCAST_ASSERT(inputs.size() == this->inputs(), "one value an input");
    SLIPCAST_ASSERT(values.size() == quantiles().size() && values.size() <= detail::kMaxColumns,
                    "one place a quantile");
    const double* columns[detail::kMaxInputs];
    for (std::size_t i = 0; i < inputs.size(); ++i) columns[i] = &inputs[i];
    double* places[detail::kMaxColumns];
    for (std::size_t k = 0; k < values.size(); ++k) places[k] = &values[k];
    kernel_->evaluate<1>(columns, &out, places);
}

void Predictor::predict(std::span<const std::span<const double>> columns, const PredictionColumns& out) const {
    SLIPCAST_ASSERT(columns.size() == inputs(), "one column an input");
    const std::size_t rows = columns.empty() ? out.mean.size() : columns.front().size();
    for (const auto& column : columns) SLIPCAST_ASSERT(column.size() == rows, "columns of one length");
    SLIPCAST_ASSERT(out.quantiles.empty() || out.quantiles.size() == quantiles().size(), "one column a quantile");
    double padded[detail::kMaxInputs][kBlock];
    std::vector<double> scratch(kBlock * quantiles().size());
    std::vector<double*> places(quantiles().size());
    for (std::size_t k = 0; k < places.size(); ++k) places[k] = scratch.data() + k * kBlock;
    Prediction block[kBlock];
    const double* inputs[detail::kMaxInputs];
    for (std::size_t begin = 0; begin < rows; begin += kBlock) {
        const std::size_t count = std::min(kBlock, rows - begin);
        for (std::size_t i = 0; i < columns.size(); ++i) {
            inputs[i] = columns[i].data() + begin;
            if (count == kBlock) continue;
            std::copy_n(inputs[i], count, padded[i]);
            std::fill(padded[i] + count, padded[i] + kBlock, padded[i][0]);
            inputs[i] = padded[i];
        }
        kernel_->evaluate<kBlock>(inputs, block, places.data());
        const auto store = [&](std::span<double> to, double Prediction::* member) {
            if (to.empty()) return;
            for (std::size_t i = 0; i < count; ++i) to[begin + i] = block[i].*member;
        };
        store(out.mean, &Prediction::mean);
        store(out.epistemic_sd, &Prediction::epistemic_sd);
        store(out.aleatoric_sd, &Prediction::aleatoric_sd);
        store(out.miss_risk, &Prediction::miss_risk);
        store(out.miss_low, &Prediction::miss_low);
        store(out.miss_high, &Prediction::miss_high);
        for (std::size_t k = 0; k < out.quantiles.size(); ++k) {
            std::copy_n(places[k], count, out.quantiles[k].begin() + static_cast<std::ptrdiff_t>(begin));
        }
    }
}

}  // namespace slipcast::cost
