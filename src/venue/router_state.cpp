#include <fmt/format.h>

#include "slipcast/core/packing.hpp"
#include "slipcast/venue/router.hpp"

// A saved router is a row of 8-byte words, lowest byte first: a mark, the options, each venue, and a
// digest of all before it.
namespace slipcast::venue {
namespace {

constexpr std::uint64_t kFirstMark = 0x31'72'65'74'75'6f'72'73;   // "srouter1"
constexpr std::uint64_t kSecondMark = 0x32'72'65'74'75'6f'72'73;  // "srouter2"
constexpr std::uint64_t kMark = 0x33'72'65'74'75'6f'72'73;        // "srouter3"

Error refused() {
    return {.code = ErrorCode::malformed,
            .field = "router",
            .value = "",
            .rule = "must be the whole of what a router of this version saved, unchanged",
            .place = {}};
}

Error refused_old(std::uint64_t mark) {
    Error error = refused();
    error.value = mark == kFirstMark ? "version 1" : "version 2";
    error.rule = fmt::format("was saved before routers learned {}; start a new router and let it observe the log again",
                             mark == kFirstMark ? "the largest liquidity" : "a drifting zero bin and kept a digest");
    return error;
}

}  // namespace

std::string Router::save() const {
    Packer packer;
    packer.put(kMark);
    packer.put(static_cast<std::uint64_t>(seats_.size()));
    packer.put(max_order_);
    packer.put(static_cast<std::int64_t>(options_.method));
    packer.put(options_.max_liquidity);
    const BeliefOptions& belief = options_.belief;
    packer.put(belief.prior_length);
    for (const double number :
         {belief.zero_bin_optimism, belief.exponent_optimism, belief.prior_exponent, belief.prior_deviation,
          belief.prior_length_deviation, belief.prior_misses, belief.prior_fills, belief.forgetting, options_.alarm,
          options_.give_up, options_.patience, options_.probe}) {
        packer.put(number);
    }
    packer.put(options_.seed);
    packer.put(stream_.position());
    for (const Seat& seat : seats_) {
        packer.put(seat.owed);
        packer.put(seat.changes);
        packer.put(static_cast<std::uint64_t>(seat.is_challenged));
        packer.put(static_cast<std::uint64_t>(seat.recent.size()));
        for (const Observation& one : seat.recent) {
            for (const std::int64_t number : {one.sent, one.filled, one.min_quantity}) packer.put(number);
        }
        packer.put(seat.watch.state());
        packer.put(seat.belief.state());
    }
    packer.put(digest64(packer.bytes()));
    return packer.take();
}

Result<Router> Router::restore(std::string_view bytes) {
    const std::uint64_t mark = Unpacker{bytes}.number();
    if (mark == kFirstMark || mark == kSecondMark) return refused_old(mark);
    if (mark != kMark || bytes.size() < 16) return refused();
    const std::string_view told = bytes.substr(0, bytes.size() - 8);
    if (Unpacker{bytes.substr(told.size())}.number() != digest64(told)) return refused();
    Unpacker words{told.substr(8)};
    const std::uint64_t venues = words.number();
    const std::int64_t max_order = words.integer();
    RouterOptions options;
    options.method = static_cast<int>(words.integer());
    options.max_liquidity = words.integer();
    BeliefOptions& belief = options.belief;
    belief.prior_length = words.integer();
    for (double* number :
         {&belief.zero_bin_optimism, &belief.exponent_optimism, &belief.prior_exponent, &belief.prior_deviation,
          &belief.prior_length_deviation, &belief.prior_misses, &belief.prior_fills, &belief.forgetting, &options.alarm,
          &options.give_up, &options.patience, &options.probe}) {
        *number = words.real();
    }
    options.seed = words.number();
    const std::uint64_t position = words.number();
    if (!words.is_whole() || venues > bytes.size()) return refused();
    SLIPCAST_TRY(router, create(static_cast<std::size_t>(venues), max_order, options));
    router.stream_.seek(position);
    for (Seat& seat : router.seats_) {
        seat.owed = words.real();
        seat.changes = words.integer();
        seat.is_challenged = words.number() != 0;
        const std::size_t recent = words.count();
        for (std::size_t i = 0; i < recent; ++i) {
            const std::int64_t sent = words.integer();
            const std::int64_t filled = words.integer();
            seat.recent.push_back({.sent = sent, .filled = filled, .min_quantity = words.integer()});
        }
        SLIPCAST_CHECK(seat.watch.restore(words.reals()));
        SLIPCAST_CHECK(seat.belief.restore(words.reals()));
    }
    if (!words.finish()) return refused();
    return std::move(router);
}

}  // namespace slipcast::venue
