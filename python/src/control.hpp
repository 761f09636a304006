#pragma once

#include <nanobind/ndarray.h>

#include <span>

#include "engine.hpp"
#include "slipcast/control/control.hpp"

namespace slipcast::python {

/// A column of doubles that Python owns: NumPy and whatever speaks DLPack, without a copy.
using DoubleColumn = nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using WritableColumn = nb::ndarray<double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

[[nodiscard]] inline std::span<const double> span_of(const DoubleColumn& column) {
    return {column.data(), column.size()};
}

/// Aqq, Aql, ..., A0 and M, N, P by their published symbols; one number instead of a list for one signal.
[[nodiscard]] nb::dict symbols_of(const control::Coefficients& coefficients, const control::Gains& gains);
[[nodiscard]] nb::dict symbols_of(const control::Gains& gains);
/// Trade, aim, rate, unguarded trade, and the guards that acted with their reasons.
[[nodiscard]] nb::tuple decision_of(const control::Decision& decision);

}  // namespace slipcast::python
