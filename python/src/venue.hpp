#pragma once

#include <nanobind/ndarray.h>

#include <memory>
#include <optional>
#include <vector>

#include "engine.hpp"
#include "slipcast/market/quality.hpp"
#include "slipcast/venue/liquidity.hpp"
#include "slipcast/venue/log.hpp"
#include "slipcast/venue/observation.hpp"

namespace slipcast::python {

/// A log of routes, and what was found in reading it.
struct VenueLogs {
    venue::PairLogs logs;
    market::QualityReport quality;
};

/// A column of whole numbers that Python owns.
using LotColumn = nb::ndarray<const std::int64_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

/// Takes the values over as a NumPy array.
template <typename T>
[[nodiscard]] nb::object numpy_array(std::vector<T> values) {
    auto* owned = new std::vector<T>(std::move(values));
    const nb::capsule owner(owned, [](void* pointer) noexcept { delete static_cast<std::vector<T>*>(pointer); });
    return nb::cast(nb::ndarray<nb::numpy, T, nb::ndim<1>>(owned->data(), {owned->size()}, owner));
}

/// Columns of one length (else RefusedError) as observations; without `min_quantity` every minimum is one lot.
[[nodiscard]] std::vector<venue::Observation> observations_of(const LotColumn& sent, const LotColumn& filled,
                                                              const std::optional<LotColumn>& min_quantity);

}  // namespace slipcast::python
