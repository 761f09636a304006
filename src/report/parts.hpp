#pragma once

#include <string>

#include "json.hpp"
#include "slipcast/report/document.hpp"

namespace slipcast::report {

// Each makes one part of a document's payload, or refuses it; `place` is where the part stands, for the refusal, and
// `id` its address on the page. report/web/src/document.ts is the other side.

[[nodiscard]] Result<Json> figure_json(const Figure& figure, const std::string& place, const std::string& id);
[[nodiscard]] Result<Json> table_json(const ShownTable& shown, const std::string& place, const std::string& id);
[[nodiscard]] const char* width_name(Width width);
[[nodiscard]] Json key_numbers_json(const KeyNumbers& numbers);

}  // namespace slipcast::report
