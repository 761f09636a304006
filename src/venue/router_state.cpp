#include <fmt/format.h>

#include <bit>
#include <cstring>

#include "slipcast/venue/router.hpp"

// A saved router is a row of 8-byte words, lowest byte first: a mark, the options, each venue, and a
// digest of all before it.
namespace slipcast::venue {
namespace {

constexpr std::uint64_t kFirstMark = 0x31'72'65'74'75'6f'72'73;   // "srouter1"
constexpr std::uint64_t kSecondMark = 0x32'72'65'74'75'6f'72'73;  // "srouter2"
constexpr std::uint64_t kMark = 0x33'72'65'74'75'6f'72'73;        // "srouter3"

void put(std::string& bytes, std::uint64_t word) {
    for (int shift = 0; shift < 64; shift += 8) bytes.push_back(static_cast<char>((word >> shift) & 0xffU));
}
void put(std::string& bytes, std::int64_t number) {
    put(bytes, static_cast<std::uint64_t>(number));
}
void put(std::string& bytes, double number) {
    put(bytes, std::bit_cast<std::uint64_t>(number));
}
void put(std::string& bytes, const std::vector<double>& numbers) {
    put(bytes, static_cast<std::uint64_t>(numbers.size()));
    for (const double number : numbers) put(bytes, number);
}

/// Reads words; past the end it gives zeros and remembers.
class Words {
public:
    explicit Words(std::string_view bytes) : bytes_(bytes) {}
    std::uint64_t next() {
        if (bytes_.size() < 8) {
            is_whole_ = false;
            return 0;
        }
        std::uint64_t word = 0;
        for (std::size_t i = 8; i-- > 0;) word = word << 8U | static_cast<unsigned char>(bytes_[i]);
        bytes_.remove_prefix(8);
        return word;
    }
    std::int64_t integer() { return static_cast<std::int64_t>(next()); }
    double number() { return std::bit_cast<double>(next()); }
    std::vector<double> numbers() {
        const std::uint64_t count = next();
        std::vector<double> numbers;
        if (count > bytes_.size() / 8) is_whole_ = false;
        for (std::uint64_t i = 0; is_whole_ && i < count; ++i) numbers.push_back(number());
        return numbers;
    }
    [[nodiscard]] bool is_done() const { return is_whole_ && bytes_.empty(); }
    [[nodiscard]] bool is_whole() const { return is_whole_; }

private:
    std::string_view bytes_;
    bool is_whole_ = true;
};

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
    std::string bytes;
    put(bytes, kMark);
    put(bytes, static_cast<std::uint64_t>(seats_.size()));
    put(bytes, max_order_);
    put(bytes, static_cast<std::int64_t>(options_.method));
    put(bytes, options_.max_liquidity);
    const BeliefOptions& belief = options_.belief;
    put(bytes, belief.prior_length);
    for (const double number :
         {belief.zero_bin_optimism, belief.exponent_optimism, belief.prior_exponent, belief.prior_deviation,
          belief.prior_length_deviation, belief.prior_misses, belief.prior_fills, belief.forgetting, options_.alarm,
          options_.give_up, options_.patience, options_.probe}) {
        put(bytes, number);
    }
    put(bytes, options_.seed);
    put(bytes, stream_.position());
    for (const Seat& seat : seats_) {
        put(bytes, seat.owed);
        put(bytes, seat.changes);
        put(bytes, static_cast<std::uint64_t>(seat.is_challenged));
        put(bytes, static_cast<std::uint64_t>(seat.recent.size()));
        for (const Observation& one : seat.recent) {
            for (const std::int64_t number : {one.sent, one.filled, one.min_quantity}) put(bytes, number);
        }
        put(bytes, seat.watch.state());
        put(bytes, seat.belief.state());
    }
    put(bytes, digest64(bytes));
    return bytes;
}

Result<Router> Router::restore(std::string_view bytes) {
    const std::uint64_t mark = Words{bytes}.next();
    if (mark == kFirstMark || mark == kSecondMark) return refused_old(mark);
    if (mark != kMark || bytes.size() < 16) return refused();
    const std::string_view told = bytes.substr(0, bytes.size() - 8);
    if (Words{bytes.substr(told.size())}.next() != digest64(told)) return refused();
    Words words{told.substr(8)};
    const std::uint64_t venues = words.next();
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
        *number = words.number();
    }
    options.seed = words.next();
    const std::uint64_t position = words.next();
    if (!words.is_whole() || venues > bytes.size()) return refused();
    SLIPCAST_TRY(router, create(static_cast<std::size_t>(venues), max_order, options));
    router.stream_.seek(position);
    for (Seat& seat : router.seats_) {
        seat.owed = words.number();
        seat.changes = words.integer();
        seat.is_challenged = words.next() != 0;
        const std::uint64_t recent = words.next();
        if (recent > bytes.size()) return refused();
        for (std::uint64_t i = 0; i < recent; ++i) {
            const std::int64_t sent = words.integer();
            const std::int64_t filled = words.integer();
            seat.recent.push_back({.sent = sent, .filled = filled, .min_quantity = words.integer()});
        }
        SLIPCAST_CHECK(seat.watch.restore(words.numbers()));
        SLIPCAST_CHECK(seat.belief.restore(words.numbers()));
    }
    if (!words.is_done()) return refused();
    return std::move(router);
}

}  // namespace slipcast::venue
