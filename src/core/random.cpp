#include "slipcast/core/random.hpp"

namespace slipcast {

namespace {

// The finalizer of SplitMix64 (Steele, Lea, Flood 2014): a bijection of 64 bits that spreads every input bit.
std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
}

constexpr std::uint32_t low_half(std::uint64_t x) {
    return static_cast<std::uint32_t>(x);
}
constexpr std::uint32_t high_half(std::uint64_t x) {
    return static_cast<std::uint32_t>(x >> 32U);
}
constexpr std::uint64_t join(std::uint32_t low, std::uint32_t high) {
    return std::uint64_t{high} << 32U | low;
}

}  // namespace

// For one purpose the key is a bijection of the seed: two seeds never share a stream.
RandomStream::RandomStream(std::uint64_t seed, std::string_view purpose, std::uint64_t entity) : entity_(entity) {
    const std::uint64_t key = mix(seed ^ mix(digest64(purpose)));
    key_ = {low_half(key), high_half(key)};
}

std::uint64_t RandomStream::next_bits() {
    const std::uint64_t index = position_ / 2;
    if (index != block_index_) {
        const auto words = philox({low_half(index), high_half(index), low_half(entity_), high_half(entity_)}, key_);
        block_ = {join(words[0], words[1]), join(words[2], words[3])};
        block_index_ = index;
    }
    return block_[position_++ % 2];
}

double RandomStream::next_uniform() {
    // Odd multiples of 2^-53: 52 random bits and a half, so both ends stay out and 1 - u is as likely as u.
    const auto bits = static_cast<double>(next_bits() >> 12U);
    return (bits + 0.5) * 0x1p-52;
}

void RandomStream::seek(std::uint64_t position) {
    position_ = position;
}

std::array<std::uint32_t, 4> RandomStream::philox(std::array<std::uint32_t, 4> counter,
                                                  std::array<std::uint32_t, 2> key) {
    constexpr std::uint64_t kMultiplier0 = 0xD2511F53;
    constexpr std::uint64_t kMultiplier1 = 0xCD9E8D57;
    constexpr std::uint32_t kWeyl0 = 0x9E3779B9;
    constexpr std::uint32_t kWeyl1 = 0xBB67AE85;
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t product0 = kMultiplier0 * counter[0];
        const std::uint64_t product1 = kMultiplier1 * counter[2];
        counter = {high_half(product1) ^ counter[1] ^ key[0], low_half(product1),
                   high_half(product0) ^ counter[3] ^ key[1], low_half(product0)};
        key[0] += kWeyl0;
        key[1] += kWeyl1;
    }
    return counter;
}

std::uint64_t digest64(std::string_view bytes, std::uint64_t state) {
    for (const char byte : bytes) {
        state = (state ^ static_cast<unsigned char>(byte)) * 1099511628211ULL;
    }
    return state;
}

}  // namespace slipcast
