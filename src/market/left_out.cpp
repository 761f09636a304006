#include <array>

#include "slipcast/market/quality_tables.hpp"

namespace slipcast::market {

namespace {

constexpr std::array kCodes{ErrorCode::invalid_value, ErrorCode::missing_field,  ErrorCode::unknown_field,
                            ErrorCode::malformed,     ErrorCode::out_of_range,   ErrorCode::inconsistent,
                            ErrorCode::not_found,     ErrorCode::not_identified, ErrorCode::io_failure,
                            ErrorCode::interrupted};

Result<ErrorCode> code_called(const std::string& text, const std::string& file) {
    for (const ErrorCode code : kCodes) {
        if (text == slipcast::name(code)) return code;
    }
    return Error{ErrorCode::invalid_value, "code", text, "must be the code of a refusal", {file, 0, {}}};
}

}  // namespace

Result<void> add_left_out(const Table& table, const std::string& shown, QualityReport& quality) {
    std::array<std::size_t, 8> at{};
    constexpr std::array kNames{"table", "file", "row", "time", "field", "value", "rule", "code"};
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        const Column* column = table.find(kNames[i]);
        if (column == nullptr) {
            return Error{ErrorCode::missing_field, kNames[i], "", "every row left out says it", {shown, 0, {}}};
        }
        at[i] = static_cast<std::size_t>(column - table.columns().data());
    }
    // Folders of earlier versions do not name the parents of fills.
    const Column* parents = table.find("order_id");
    const auto* rows = std::get_if<std::vector<std::int64_t>>(&table.columns()[at[2]].data);
    if (rows == nullptr) return Error{ErrorCode::malformed, "row", "", "must be whole numbers", {shown, 0, {}}};
    for (std::size_t i = 0; i < table.rows(); ++i) {
        const auto text = [&](std::size_t which) { return table.text(i, at[which]); };
        SLIPCAST_TRY(code, code_called(text(7), shown));
        quality.count_read(text(0), 1);
        quality.add({text(0), Disposition::quarantined,
                     Error{code, text(4), text(5), text(6), {text(1), (*rows)[i], text(3)}},
                     parents == nullptr ? std::string()
                                        : table.text(i, static_cast<std::size_t>(parents - table.columns().data()))});
    }
    return {};
}

}  // namespace slipcast::market
