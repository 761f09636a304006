#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/venue/allocate.hpp"

namespace slipcast::app {

/// One venue as typed on the command line: NAME:key=value,key=value...
class VenueText {
public:
    /// Refused: another form (malformed, of field `venue`), a key that is not among `keys` (with the nearest), a key
    /// given twice.
    [[nodiscard]] static Result<VenueText> parse(const std::string& text, std::span<const std::string> keys);

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] bool has(const std::string& key) const { return values_.contains(key); }
    /// The key's number, or `fallback` where it is not given. Refused: anything that is no finite number.
    [[nodiscard]] Result<double> number(const std::string& key, double fallback) const;
    /// The same in whole lots. Refused: fractions.
    [[nodiscard]] Result<std::int64_t> lots(const std::string& key, std::int64_t fallback) const;

private:
    std::string text_;
    std::string name_;
    std::map<std::string, std::string> values_;
};

/// Venues with their terms, in the order typed.
struct NamedTerms {
    std::vector<std::string> names;
    std::vector<venue::VenueTerms> terms;
};

/// Venues as `venue allocate` reads them: a shape and what a lot is worth there.
[[nodiscard]] Result<NamedTerms> named_terms(const std::vector<std::string>& texts);

/// Venues of which only the hidden liquidity matters, as `venue resubmit` reads them: other keys are refused.
[[nodiscard]] Result<NamedTerms> named_liquidity(const std::vector<std::string>& texts);

}  // namespace slipcast::app
