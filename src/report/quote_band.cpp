#include "quote_band.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

#include "slipcast/core/assert.hpp"
#include "slipcast/core/int128.hpp"

namespace slipcast::report {

namespace {

constexpr std::size_t kRowsAStretch = 5;

// The stretch of `window` that holds `time`, of `count` equal ones. In 128 bits: nanoseconds times count may not fit.
std::size_t stretch(Timestamp time, TimeRange window, std::size_t count) {
    const auto length = std::max<Int128>(window.length().count(), 1);
    const Int128 index = static_cast<Int128>((time - window.begin).count()) * static_cast<Int128>(count) / length;
    return std::min(static_cast<std::size_t>(std::max<Int128>(index, 0)), count - 1);
}

// Rows [begin, end) of one side: those with its lowest and highest price; a missing side (price 0) is neither.
void add_extremes(std::span<const Price> side, std::size_t begin, std::size_t end, std::vector<std::size_t>& rows) {
    std::optional<std::size_t> low;
    std::optional<std::size_t> high;
    for (std::size_t row = begin; row < end; ++row) {
        if (side[row] == Price{}) continue;
        if (!low || side[row] < side[*low]) low = row;
        if (!high || side[row] > side[*high]) high = row;
    }
    if (low) rows.push_back(*low);
    if (high) rows.push_back(*high);
}

}  // namespace

std::vector<std::size_t> band_rows(const market::QuoteColumns& quotes, TimeRange window, std::size_t limit) {
    SLIPCAST_ASSERT(limit >= kRowsAStretch, "a band has room for one stretch");
    std::vector<std::size_t> rows;
    if (quotes.size() <= limit) {
        rows.resize(quotes.size());
        std::iota(rows.begin(), rows.end(), std::size_t{0});
        return rows;
    }
    const std::size_t stretches = limit / kRowsAStretch;
    for (std::size_t begin = 0; begin < quotes.size();) {
        const std::size_t index = stretch(quotes.time[begin], window, stretches);
        std::size_t end = begin + 1;
        while (end < quotes.size() && stretch(quotes.time[end], window, stretches) == index) ++end;
        std::vector<std::size_t> kept{end - 1};
        add_extremes(quotes.bid, begin, end, kept);
        add_extremes(quotes.ask, begin, end, kept);
        std::sort(kept.begin(), kept.end());
        kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
        rows.insert(rows.end(), kept.begin(), kept.end());
        begin = end;
    }
    return rows;
}

std::vector<std::size_t> last_rows(std::span<const Timestamp> time, TimeRange window, std::size_t limit) {
    SLIPCAST_ASSERT(limit > 0, "at least one stretch");
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < time.size(); ++row) {
        const bool is_last =
            row + 1 == time.size() || stretch(time[row + 1], window, limit) != stretch(time[row], window, limit);
        if (is_last) rows.push_back(row);
    }
    return rows;
}

}  // namespace slipcast::report
