#pragma once

#include "engine.hpp"
#include "slipcast/cost/model.hpp"

namespace slipcast::python {

/// Name, kind, column and levels of each input.
[[nodiscard]] nb::list inputs_of(const cost::Model& model);

}  // namespace slipcast::python
