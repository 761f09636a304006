#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace slipcast {

/// A counter-based stream of random bits: Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random
/// numbers: as easy as 1, 2, 3"). Draw number n of stream (seed, purpose, entity) is a pure function
/// of those four, so results do not depend on the order of work or the number of threads. Samplers of
/// distributions stand in math/sampling.hpp.
class RandomStream {
public:
    /// seed: the run's seed; purpose: what the draws are for, e.g. "sim.latency"; entity: which order, symbol, path.
    RandomStream(std::uint64_t seed, std::string_view purpose, std::uint64_t entity = 0);

    /// The next 64 random bits.
    [[nodiscard]] std::uint64_t next_bits();
    /// Uniform on the open interval (0, 1), 53 bits, never 0 or 1.
    [[nodiscard]] double next_uniform();
    /// How many 64-bit draws have been made.
    [[nodiscard]] std::uint64_t position() const { return position_; }
    /// Continue from draw number `position`.
    void seek(std::uint64_t position);

    /// One block of the generator: the published function, exposed for known-answer tests.
    [[nodiscard]] static std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                                             std::array<std::uint32_t, 2> key);

private:
    std::array<std::uint32_t, 2> key_{};
    std::uint64_t entity_ = 0;
    std::uint64_t position_ = 0;
    std::array<std::uint64_t, 2> block_{};
    std::uint64_t block_index_ = ~std::uint64_t{0};
};

/// FNV-1a over bytes: a stable 64-bit digest of names and options (not cryptographic).
[[nodiscard]] std::uint64_t digest64(std::string_view bytes, std::uint64_t state = 14695981039346656037ULL);

}  // namespace slipcast
