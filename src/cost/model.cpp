#include "slipcast/cost/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "kernel.hpp"
#include "slipcast/cost/predictor.hpp"

namespace slipcast::cost {

namespace {

Column made_column(std::string name, std::string unit, SignTag sign, std::string meaning, std::vector<double> values) {
    Column column;
    column.meta.name = std::move(name);
    column.meta.unit = std::move(unit);
    column.meta.sign = sign;
    column.meta.meaning = std::move(meaning);
    std::vector<std::uint8_t> valid(values.size(), 1);
    bool all = true;
    for (std::size_t row = 0; row < values.size(); ++row) {
        if (std::isfinite(values[row])) continue;
        valid[row] = 0;
        values[row] = 0.0;
        all = false;
    }
    if (!all) column.valid = std::move(valid);
    column.data = std::move(values);
    return column;
}

// "p50", "p99_9": percent with a point as underscore.
std::string quantile_name(double p) {
    std::string text = fmt::format("p{:.6g}", 100.0 * p);
    std::replace(text.begin(), text.end(), '.', '_');
    return text;
}

}  // namespace

std::string_view name(Termination termination) {
    constexpr std::string_view kNames[] = {"converged", "gaussian_limit", "heavy_limit", "iteration_limit"};
    return kNames[static_cast<std::size_t>(termination)];
}

std::string_view Model::method() const {
    return "global";
}
const FitOptions& Model::options() const {
    return state_->options;
}
const std::vector<Input>& Model::inputs() const {
    return state_->inputs;
}
Termination Model::termination() const {
    return state_->report.termination;
}
double Model::degrees() const {
    return 2.0 + std::exp(state_->log_excess_nu());
}
bool Model::has_completion() const {
    return !state_->completion.columns.empty();
}
const std::string& Model::why_no_completion() const {
    return state_->report.no_completion;
}
const std::map<std::string, std::string>& Model::provenance() const {
    return state_->provenance;
}

Result<Table> Model::predict(const Table& table, const std::vector<double>& quantiles) const {
    SLIPCAST_TRY(predictor, Predictor::create(*this, quantiles));
    SLIPCAST_TRY(columns, detail::read_inputs(table, state_->inputs));
    detail::map_levels(columns, state_->inputs);
    std::vector<std::span<const double>> inputs(columns.values.begin(), columns.values.end());
    const std::size_t rows = table.rows();
    std::vector<std::vector<double>> values(6 + quantiles.size(), std::vector<double>(rows));
    PredictionColumns out{.mean = values[0],
                          .epistemic_sd = values[1],
                          .aleatoric_sd = values[2],
                          .miss_risk = values[3],
                          .miss_low = values[4],
                          .miss_high = values[5],
                          .quantiles = {}};
    for (std::size_t k = 0; k < quantiles.size(); ++k) out.quantiles.emplace_back(values[6 + k]);
    predictor.predict(inputs, out);

    Table result("cost_predictions");
    result.add(made_column("mean", "bps", SignTag::cost, "expected cost", std::move(values[0])));
    for (std::size_t k = 0; k < quantiles.size(); ++k) {
        result.add(made_column(quantile_name(quantiles[k]), "bps", SignTag::cost,
                               fmt::format("the cost is below this with probability {}", quantiles[k]),
                               std::move(values[6 + k])));
    }
    result.add(made_column("epistemic_sd", "bps", SignTag::none,
                           "standard deviation of the expected cost: what the fit does not know",
                           std::move(values[1])));
    result.add(made_column("aleatoric_sd", "bps", SignTag::none,
                           "standard deviation around the expected cost: what no fit can know", std::move(values[2])));
    if (has_completion()) {
        result.add(made_column("miss_risk", "", SignTag::cost, "probability of not being filled by the deadline",
                               std::move(values[3])));
        result.add(made_column("miss_low", "", SignTag::cost, "lower end of its 90 % interval", std::move(values[4])));
        result.add(made_column("miss_high", "", SignTag::cost, "upper end of its 90 % interval", std::move(values[5])));
    }
    return result;
}

}  // namespace slipcast::cost
