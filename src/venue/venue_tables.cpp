#include <cmath>
#include <utility>

#include "simulate_options.hpp"
#include "slipcast/core/assert.hpp"
#include "slipcast/core/packing.hpp"
#include "slipcast/core/random.hpp"
#include "slipcast/core/table_builder.hpp"
#include "slipcast/venue/allocate.hpp"
#include "slipcast/venue/simulate.hpp"

// Tables of what venues were taken to be.

namespace slipcast::venue {
namespace {

/// What is taken to be there, a row a distribution.
void add_liquidity(TableBuilder& table, const std::vector<Liquidity>& rows) {
    table
        .add(plain("shape", "How positive liquidity is spread over sizes"),
             of(rows, [](const Liquidity& each) { return std::string(name(each.shape())); }))
        .add(plain("zero_bin", "Chance that nothing is there"), of(rows, known(&Liquidity::zero_bin)))
        .add(plain("parameter", "What the shape's parameter is"),
             of(rows, [](const Liquidity& each) { return std::string(parameter_name(each.shape())); }))
        .add(plain("parameter_value", "The parameter; a mean or upper in lots"), of(rows, known(&Liquidity::parameter)))
        .add(plain("max_liquidity", "The largest possible size", "lots"), of(rows, [](const Liquidity& each) {
                 return each.max_liquidity() < kLargestSize ? std::optional(each.max_liquidity()) : std::nullopt;
             }));
}

/// Where an empirical tail falls, and to what.
void add_steps(Packer& packer, const Liquidity& liquidity) {
    for (std::int64_t size = 1; size <= liquidity.max_liquidity();) {
        const double tail = liquidity.prob_at_least(size);
        if (tail == 0.0) return;
        const std::int64_t last = liquidity.sizes_above(std::nextafter(tail, 0.0), liquidity.max_liquidity());
        packer.put(last);
        packer.put(tail);
        size = last + 1;
    }
}

}  // namespace

Table terms_table(std::span<const VenueTerms> venues, std::span<const std::string> names) {
    SLIPCAST_ASSERT(names.size() == venues.size(), "every venue has a name");
    std::vector<Liquidity> liquidity;
    for (const VenueTerms& terms : venues) liquidity.push_back(terms.liquidity);
    TableBuilder table("terms", venues.size());
    table.add(plain("venue", "Venue"), of(names, std::identity{}));
    add_liquidity(table, liquidity);
    return table.add(plain("value", "Worth of a filled lot"), of(venues, known(&VenueTerms::value)))
        .add(plain("leakage_rate", "Sending v lots costs leakage_rate v^leakage_power"),
             of(venues, known(&VenueTerms::leakage_rate)))
        .add(plain("leakage_power", "How that cost grows with the lots sent"),
             of(venues, known(&VenueTerms::leakage_power)))
        .add(plain("min_quantity", "The venue takes nothing or at least so much", "lots"),
             of(venues, &VenueTerms::min_quantity))
        .add_unless_missing(
            plain("largest_sent", "By the log behind the shape; beyond it the shape extrapolates", "lots"),
            [&](std::size_t venue) {
                const std::int64_t lots = venues[venue].largest_sent;
                return lots > 0 ? std::optional(lots) : std::nullopt;
            })
        .take();
}

std::uint64_t terms_digest(std::span<const VenueTerms> venues) {
    Packer packer;
    for (const VenueTerms& terms : venues) {
        packer.put(static_cast<std::int64_t>(terms.liquidity.shape()));
        packer.put(terms.liquidity.zero_bin());
        if (terms.liquidity.shape() == Shape::empirical) {
            add_steps(packer, terms.liquidity);
        } else {
            packer.put(terms.liquidity.parameter());
        }
        packer.put(terms.liquidity.max_liquidity());
        packer.put(terms.value);
        packer.put(terms.leakage_rate);
        packer.put(terms.leakage_power);
        packer.put(terms.min_quantity);
        packer.put(terms.largest_sent);
    }
    return digest64(packer.bytes());
}

Table venues_table(std::span<const SimulatedSymbol> symbols) {
    std::vector<Liquidity> liquidity;
    std::vector<std::string> symbol;
    std::vector<std::string> venue;
    for (const SimulatedSymbol& one : symbols) {
        for (std::size_t i = 0; i < one.venues.size(); ++i) {
            symbol.push_back(one.symbol);
            venue.push_back(detail::venue_name(one, i));
            liquidity.push_back(one.venues[i]);
        }
    }
    TableBuilder table("venues", liquidity.size());
    table.add(plain("symbol", "Symbol"), std::move(symbol)).add(plain("venue", "Venue"), std::move(venue));
    add_liquidity(table, liquidity);
    return table.take();
}

}  // namespace slipcast::venue
