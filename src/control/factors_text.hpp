#pragma once

#include <optional>

#include "slipcast/control/multiscale.hpp"
#include "slipcast/core/result.hpp"
#include "state_text.hpp"

namespace slipcast::control::detail {

/// Factors as text and back, bit for bit, the curves of a general fast factor included.
class FactorsText {
public:
    static void write(StateWriter& writer, const std::optional<Factors>& factors);
    /// What is not as written is remembered by the reader as a failure.
    static std::optional<Factors> read(StateReader& reader);

private:
    static void write_fast(StateWriter& writer, const FastFactor& fast);
    static FastFactor read_fast(StateReader& reader);
};

}  // namespace slipcast::control::detail
