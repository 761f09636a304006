#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/venue/observation.hpp"

namespace slipcast::venue {

/// Whether a venue still answers as it did, judged without assuming a shape. An answer is a row of yes or no: was there
/// anything (or the minimum quantity), and for each half octave of sizes 2^k..1.5 2^k..2^(k+1) that lies between the
/// minimum and what was sent, did what was there end in it, given that it reached it. How often each happened is all
/// that the record predicts from, so any distribution that does not change is predicted ever better, and what was sent
/// does not matter. A challenger that knows only the answers since it started shifts the record's odds, one factor for
/// finding nothing and one for all sizes: for n answers of which the record expected E to be yes and O were, the factor
///   (O + 2) / (E + 2) x (n - E + 2) / (n - O + 2).
/// `lead` is ln of the likelihood of the answers since its start under the challenger over that under the record. Both
/// predict before they learn, so were the record right the ratio is a martingale that starts at 1: it ever exceeds
/// e^x with probability at most e^-x. Observing costs the same at any size and allocates nothing; what has been seen
/// counts from the next block of 8 answers on.
class ChangeWatch {
public:
    /// Asserted: a possible observation, sizes up to 2^41.
    void observe(const Observation& observation);
    /// The challenger starts afresh.
    void challenge();
    /// As made.
    void forget();
    /// nats
    [[nodiscard]] double lead() const { return lead_; }

    /// Everything, as numbers; `restore` goes on bit for bit.
    [[nodiscard]] std::vector<double> state() const;
    /// Refused: not such a state.
    Result<void> restore(std::span<const double> state);

private:
    static constexpr std::size_t kBins = 84;
    static constexpr int kBlock = 8;
    using Row = std::array<double, kBins>;

    /// Answers of the challenger's time: how many, how many yes, and how many the record expected.
    struct Tally {
        double answers = 0.0;
        double yes = 0.0;
        double expected = 0.0;
        [[nodiscard]] double factor() const;
    };

    static std::size_t bin(std::int64_t size);
    void prepare();
    void prepare_empty();
    void prepare_ends();

    Row empty_{};  ///< routes that found less than their minimum, by the bin of the minimum
    Row asked_{};  ///< all routes, by the same
    Row ended_{};  ///< what was there ended in this bin
    Row came_{};   ///< it came to this bin rather than to the one before: routes that are asked from here on
    Tally absence_;
    Tally ends_;
    double lead_ = 0.0;
    double in_block_ = 0.0;         ///< answers since the tables were made
    double top_ = 0.0;              ///< no bin from here on was ever asked
    std::size_t minimum_bins_ = 0;  ///< no minimum was in a bin from here on

    Row expected_empty_{};     ///< what the record expects, of this block
    Row gain_full_{};          ///< ln of the challenger's over the record's probability of finding enough
    double gain_empty_ = 0.0;  ///< added where not enough is found
    Row expected_ends_{};      ///< of all bins before
    Row gain_past_{};          ///< of passing all bins before
    double gain_end_ = 0.0;
};

}  // namespace slipcast::venue
