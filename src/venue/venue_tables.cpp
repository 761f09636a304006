#include <bit>
#include <cmath>
#include <utility>

#include "columns.hpp"
#include "slipcast/core/assert.hpp"
#include "slipcast/core/random.hpp"
#include "slipcast/venue/allocate.hpp"
#include "slipcast/venue/simulate.hpp"

// Tables of what venues were taken to be.

namespace slipcast::venue {
namespace {

using detail::column;

/// One column after the other, a row a distribution.
class LiquidityColumns {
public:
    void add(const Liquidity& liquidity) {
        shape_.emplace_back(name(liquidity.shape()));
        zero_bin_.push_back(liquidity.zero_bin());
        parameter_.emplace_back(parameter_name(liquidity.shape()));
        value_.push_back(liquidity.parameter());
        largest_.push_back(liquidity.max_liquidity());
        has_end_.push_back(liquidity.max_liquidity() < kLargestSize ? 1 : 0);
    }

    void append_to(Table& table) {
        table.add(column("shape", "", std::move(shape_), "How positive liquidity is spread over sizes"));
        table.add(column("zero_bin", "", std::move(zero_bin_), "Chance that nothing is there"));
        table.add(column("parameter", "", std::move(parameter_), "What the shape's parameter is"));
        table.add(column("parameter_value", "", std::move(value_), "The parameter; a mean or upper in lots"));
        Column largest = column("max_liquidity", "lots", std::move(largest_), "The largest possible size");
        largest.valid = std::move(has_end_);
        table.add(std::move(largest));
    }

private:
    std::vector<std::string> shape_;
    std::vector<double> zero_bin_;
    std::vector<std::string> parameter_;
    std::vector<double> value_;
    std::vector<std::int64_t> largest_;
    std::vector<std::uint8_t> has_end_;
};

class Digest {
public:
    void add(double value) { add(std::bit_cast<std::uint64_t>(value)); }
    void add(std::int64_t value) { add(static_cast<std::uint64_t>(value)); }
    void add(std::uint64_t value) {
        char bytes[8];
        for (char& byte : bytes) {
            byte = static_cast<char>(value & 0xffU);
            value >>= 8U;
        }
        state_ = digest64({bytes, sizeof bytes}, state_);
    }
    [[nodiscard]] std::uint64_t value() const { return state_; }

private:
    std::uint64_t state_ = digest64({});
};

/// Where an empirical tail falls, and to what.
void add_steps(Digest& digest, const Liquidity& liquidity) {
    for (std::int64_t size = 1; size <= liquidity.max_liquidity();) {
        const double tail = liquidity.prob_at_least(size);
        if (tail == 0.0) return;
        const std::int64_t last = liquidity.sizes_above(std::nextafter(tail, 0.0), liquidity.max_liquidity());
        digest.add(last);
        digest.add(tail);
        size = last + 1;
    }
}

}  // namespace

Table terms_table(std::span<const VenueTerms> venues, std::span<const std::string> names) {
    SLIPCAST_ASSERT(names.size() == venues.size(), "every venue has a name");
    LiquidityColumns liquidity;
    std::vector<double> value;
    std::vector<double> rate;
    std::vector<double> power;
    std::vector<std::int64_t> least;
    for (const VenueTerms& terms : venues) {
        liquidity.add(terms.liquidity);
        value.push_back(terms.value);
        rate.push_back(terms.leakage_rate);
        power.push_back(terms.leakage_power);
        least.push_back(terms.min_quantity);
    }
    Table table("terms");
    table.add(column("venue", "", std::vector<std::string>(names.begin(), names.end()), "Venue"));
    liquidity.append_to(table);
    table.add(column("value", "", std::move(value), "Worth of a filled lot"));
    table.add(column("leakage_rate", "", std::move(rate), "Sending v lots costs leakage_rate v^leakage_power"));
    table.add(column("leakage_power", "", std::move(power), "How that cost grows with the lots sent"));
    table.add(column("min_quantity", "lots", std::move(least), "The venue takes nothing or at least so much"));
    return table;
}

std::uint64_t terms_digest(std::span<const VenueTerms> venues) {
    Digest digest;
    for (const VenueTerms& terms : venues) {
        digest.add(static_cast<std::int64_t>(terms.liquidity.shape()));
        digest.add(terms.liquidity.zero_bin());
        if (terms.liquidity.shape() == Shape::empirical) {
            add_steps(digest, terms.liquidity);
        } else {
            digest.add(terms.liquidity.parameter());
        }
        digest.add(terms.liquidity.max_liquidity());
        digest.add(terms.value);
        digest.add(terms.leakage_rate);
        digest.add(terms.leakage_power);
        digest.add(terms.min_quantity);
    }
    return digest.value();
}

Table venues_table(std::span<const SimulatedSymbol> symbols) {
    LiquidityColumns liquidity;
    std::vector<std::string> symbol;
    std::vector<std::int64_t> venue;
    for (const SimulatedSymbol& one : symbols) {
        for (std::size_t i = 0; i < one.venues.size(); ++i) {
            symbol.push_back(one.symbol);
            venue.push_back(static_cast<std::int64_t>(i) + 1);
            liquidity.add(one.venues[i]);
        }
    }
    Table table("venues");
    table.add(column("symbol", "", std::move(symbol), "Symbol"));
    table.add(column("venue", "", std::move(venue), "Venue, from 1"));
    liquidity.append_to(table);
    return table;
}

}  // namespace slipcast::venue
