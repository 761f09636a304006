#include "left_out.hpp"

#include <array>

#include "parquet_file.hpp"
#include "slipcast/io/table_files.hpp"
#include "slipcast/market/quality_tables.hpp"

namespace slipcast::io::detail {

namespace {

constexpr std::array kCodes{ErrorCode::invalid_value, ErrorCode::missing_field,  ErrorCode::unknown_field,
                            ErrorCode::malformed,     ErrorCode::out_of_range,   ErrorCode::inconsistent,
                            ErrorCode::not_found,     ErrorCode::not_identified, ErrorCode::io_failure,
                            ErrorCode::interrupted};

Result<ErrorCode> code_called(const std::string& text, const std::string& file) {
    for (const ErrorCode code : kCodes) {
        if (text == name(code)) return code;
    }
    return Error{ErrorCode::invalid_value, "code", text, "must be the code of a refusal", {file, 0, {}}};
}

}  // namespace

Result<void> write_left_out(const market::QualityReport& quality, const std::filesystem::path& folder) {
    if (quality.quarantine().empty()) return {};
    return write_parquet(market::quarantine_table(quality), folder / (std::string(kLeftOut) + ".parquet"), {});
}

Result<void> read_left_out(const std::filesystem::path& file, market::QualityReport& quality) {
    const std::string shown = file.filename().string();
    SLIPCAST_TRY(table, read_table(file));
    std::array<std::size_t, 8> at{};
    constexpr std::array kNames{"table", "file", "row", "time", "field", "value", "rule", "code"};
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        const Column* column = table.find(kNames[i]);
        if (column == nullptr) {
            return Error{ErrorCode::missing_field, kNames[i], "", "every row left out says it", {shown, 0, {}}};
        }
        at[i] = static_cast<std::size_t>(column - table.columns().data());
    }
    const auto* rows = std::get_if<std::vector<std::int64_t>>(&table.columns()[at[2]].data);
    if (rows == nullptr) return Error{ErrorCode::malformed, "row", "", "must be whole numbers", {shown, 0, {}}};
    for (std::size_t i = 0; i < table.rows(); ++i) {
        const auto text = [&](std::size_t which) { return table.text(i, at[which]); };
        SLIPCAST_TRY(code, code_called(text(7), shown));
        quality.count_read(text(0), 1);
        quality.add({text(0), market::Disposition::quarantined,
                     Error{code, text(4), text(5), text(6), {text(1), (*rows)[i], text(3)}}});
    }
    return {};
}

}  // namespace slipcast::io::detail
