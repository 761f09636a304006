#include "slipcast/cost/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "kernel.hpp"
#include "slipcast/core/table_builder.hpp"
#include "slipcast/cost/predictor.hpp"

namespace slipcast::cost {

std::string detail::quantile_name(double p) {
    std::string text = fmt::format("p{:.6g}", 100.0 * p);
    std::replace(text.begin(), text.end(), '.', '_');
    return text;
}

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

    TableBuilder result("cost_predictions", rows);
    result.add(plain("mean", "expected cost", "bps", SignTag::cost), finite(std::move(values[0])));
    for (std::size_t k = 0; k < quantiles.size(); ++k) {
        result.add(plain(detail::quantile_name(quantiles[k]),
                         fmt::format("the cost is below this with probability {}", quantiles[k]), "bps", SignTag::cost),
                   finite(std::move(values[6 + k])));
    }
    result
        .add(plain("epistemic_sd", "standard deviation of the expected cost: what the fit does not know", "bps"),
             finite(std::move(values[1])))
        .add(plain("aleatoric_sd", "standard deviation around the expected cost: what no fit can know", "bps"),
             finite(std::move(values[2])));
    if (has_completion()) {
        result
            .add(plain("miss_risk", "probability of not being filled by the deadline", "", SignTag::cost),
                 finite(std::move(values[3])))
            .add(plain("miss_low", "lower end of its 90 % interval", "", SignTag::cost), finite(std::move(values[4])))
            .add(plain("miss_high", "upper end of its 90 % interval", "", SignTag::cost), finite(std::move(values[5])));
    }
    return result.take();
}

}  // namespace slipcast::cost
