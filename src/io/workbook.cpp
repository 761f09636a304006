#include <xlsxwriter.h>

#include <cmath>
#include <memory>
#include <set>

#include <fmt/format.h>

#include "arrow_files.hpp"
#include "slipcast/core/money.hpp"
#include "slipcast/io/table_files.hpp"
#include "whole_file.hpp"

namespace slipcast::io {

namespace {

constexpr std::size_t kMaxRows = 1'048'575;  // a sheet's rows less the header
constexpr std::size_t kMaxColumns = 16'384;
constexpr std::size_t kMaxSheetName = 31;
constexpr std::size_t kMaxText = 32'767;  // characters in a cell

struct CloseWorkbook {
    void operator()(lxw_workbook* workbook) const { workbook_close(workbook); }
};
using Workbook = std::unique_ptr<lxw_workbook, CloseWorkbook>;

void write_text(lxw_worksheet* sheet, std::size_t row, std::size_t column, const std::string& text) {
    if (text.empty()) return;
    worksheet_write_string(sheet, static_cast<lxw_row_t>(row), static_cast<lxw_col_t>(column),
                           text.substr(0, kMaxText).c_str(), nullptr);
}

/// Numbers as numbers; what a sheet's double cannot hold exactly (cash, large integers, nanoseconds) as exact text.
void write_cell(lxw_worksheet* sheet, const Table& table, std::size_t row, std::size_t index) {
    const Column& column = table.columns()[index];
    if (!column.is_valid(row)) return;
    const auto number = [&](double value) {
        worksheet_write_number(sheet, static_cast<lxw_row_t>(row + 1), static_cast<lxw_col_t>(index), value, nullptr);
    };
    if (const auto* reals = std::get_if<std::vector<double>>(&column.data)) {
        if (std::isfinite((*reals)[row])) return number((*reals)[row]);
    } else if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&column.data)) {
        constexpr std::int64_t kExact = std::int64_t{1} << 53;
        if (-kExact <= (*integers)[row] && (*integers)[row] <= kExact)
            return number(static_cast<double>((*integers)[row]));
    } else if (const auto* booleans = std::get_if<BoolColumn>(&column.data)) {
        worksheet_write_boolean(sheet, static_cast<lxw_row_t>(row + 1), static_cast<lxw_col_t>(index),
                                booleans->value[row], nullptr);
        return;
    }
    write_text(sheet, row + 1, index, table.text(row, index, kMoneyDecimals));
}

Result<void> check_sizes(const std::vector<Table>& tables) {
    std::set<std::string> names{"contents", "columns"};
    for (const Table& table : tables) {
        if (table.columns().size() > kMaxColumns)
            return Error{ErrorCode::out_of_range,
                         table.name(),
                         std::to_string(table.columns().size()),
                         fmt::format("a sheet holds at most {} columns", kMaxColumns),
                         {}};
        const bool is_name = !table.name().empty() && table.name().size() <= kMaxSheetName &&
                             table.name().find_first_of("[]:*?/\\'") == std::string::npos;
        if (!is_name || !names.insert(table.name()).second) {
            return Error{ErrorCode::invalid_value,
                         "table",
                         table.name(),
                         "must be a new sheet name of 1 to 31 characters without []:*?/\\'",
                         {}};
        }
    }
    return {};
}

bool fits_a_sheet(const Table& table) {
    return table.rows() <= kMaxRows;
}

/// The first sheet: which table stands where, and what was left out.
void write_contents(lxw_workbook* workbook, const std::vector<Table>& tables, const std::filesystem::path& folder) {
    lxw_worksheet* sheet = workbook_add_worksheet(workbook, "contents");
    std::size_t at = 0;
    for (const char* header : {"table", "rows", "columns", "sheet", "parquet"}) write_text(sheet, 0, at++, header);
    std::size_t row = 0;
    for (const Table& table : tables) {
        ++row;
        write_text(sheet, row, 0, table.name());
        const auto line = static_cast<lxw_row_t>(row);
        worksheet_write_number(sheet, line, 1, static_cast<double>(table.rows()), nullptr);
        worksheet_write_number(sheet, line, 2, static_cast<double>(table.columns().size()), nullptr);
        write_text(
            sheet, row, 3,
            fits_a_sheet(table) ? table.name() : fmt::format("left out: a sheet holds at most {} rows", kMaxRows));
        const std::filesystem::path parquet = folder / (detail::file_name(table.name()) + ".parquet");
        write_text(sheet, row, 4, folder.empty() ? "not written" : parquet.generic_string());
    }
}

/// Where the numbers came from and what each column means.
void write_meanings(lxw_workbook* workbook, const std::vector<Table>& tables,
                    const std::map<std::string, std::string>& provenance) {
    lxw_worksheet* sheet = workbook_add_worksheet(workbook, "columns");
    std::size_t row = 0;
    for (const auto& [key, value] : provenance) {
        write_text(sheet, row, 0, key);
        write_text(sheet, row++, 1, value);
    }
    const char* headers[] = {"table",     "column", "unit", "sign", "benchmark", "definition_version",
                             "weighting", "meaning"};
    std::size_t at = 0;
    for (const char* header : headers) write_text(sheet, row, at++, header);
    for (const Table& table : tables) {
        for (const Column& column : table.columns()) {
            const ColumnMeta& meta = column.meta;
            const std::string version = meta.definition_version > 0 ? std::to_string(meta.definition_version) : "";
            const std::string cells[] = {table.name(),   meta.name, meta.unit,      std::string(name(meta.sign)),
                                         meta.benchmark, version,   meta.weighting, meta.meaning};
            ++row;
            at = 0;
            for (const std::string& cell : cells) write_text(sheet, row, at++, cell);
        }
    }
}

}  // namespace

Result<void> write_workbook(const std::vector<Table>& tables, const std::filesystem::path& file,
                            const std::map<std::string, std::string>& provenance,
                            const std::filesystem::path& parquet_folder) {
    SLIPCAST_CHECK(check_sizes(tables));
    SLIPCAST_TRY(target, detail::WholeFile::create(file));
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    Workbook workbook(workbook_new_opt(target.temporary().string().c_str(), &options));
    if (workbook == nullptr) return detail::unwritable("no memory", file);
    // A fixed date of making: the same tables give the same bytes.
    lxw_doc_properties properties{};
    properties.created = 946'684'800;
    workbook_set_properties(workbook.get(), &properties);
    write_contents(workbook.get(), tables, parquet_folder);
    write_meanings(workbook.get(), tables, provenance);
    for (const Table& table : tables) {
        if (!fits_a_sheet(table)) continue;
        lxw_worksheet* sheet = workbook_add_worksheet(workbook.get(), table.name().c_str());
        for (std::size_t column = 0; column < table.columns().size(); ++column)
            write_text(sheet, 0, column, table.columns()[column].meta.name);
        for (std::size_t row = 0; row < table.rows(); ++row) {
            for (std::size_t column = 0; column < table.columns().size(); ++column)
                write_cell(sheet, table, row, column);
        }
    }
    if (const lxw_error failed = workbook_close(workbook.release()); failed != LXW_NO_ERROR)
        return detail::unwritable(lxw_strerror(failed), file);
    return target.publish();
}

}  // namespace slipcast::io
