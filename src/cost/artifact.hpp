#pragma once

#include <Eigen/Dense>
#include <memory>

#include "json_reader.hpp"
#include "state.hpp"

namespace slipcast::cost::detail {

[[nodiscard]] Json to_json(const State& state);
[[nodiscard]] Result<std::shared_ptr<State>> state_from_json(const Json& json);

[[nodiscard]] Json to_json(const Eigen::VectorXd& vector);
[[nodiscard]] Json to_json(const Eigen::MatrixXd& matrix);  ///< a list of rows
/// Of the expected size, finite.
[[nodiscard]] Result<Eigen::VectorXd> vector_from(const std::vector<double>& values, Eigen::Index size,
                                                  const char* field);
/// Square of the expected size, symmetric, finite.
[[nodiscard]] Result<Eigen::MatrixXd> matrix_from(const std::vector<std::vector<double>>& rows, Eigen::Index size,
                                                  const char* field);
/// JSON text, or a refusal with the place of the fault.
[[nodiscard]] Result<Json> parsed(std::string_view text);

}  // namespace slipcast::cost::detail
