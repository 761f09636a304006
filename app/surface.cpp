#include "surface.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "slipcast/core/money.hpp"
#include "slipcast/market/quality_tables.hpp"

namespace slipcast::app {
namespace {

volatile std::sig_atomic_t interrupt_count = 0;

void on_interrupt(int /*signal*/) {
    interrupt_count = interrupt_count + 1;
    // The second Ctrl-C ends the program at once; files are renamed into place whole, so none is left torn.
    if (interrupt_count > 1) _exit(130);
}

bool is_number(const Column& column) {
    return std::holds_alternative<std::vector<std::int64_t>>(column.data) ||
           std::holds_alternative<std::vector<double>>(column.data) ||
           std::holds_alternative<std::vector<Price>>(column.data) || std::holds_alternative<MoneyColumn>(column.data);
}

std::size_t decimals(const std::string& number) {
    const std::size_t point = number.find('.');
    return point == std::string::npos ? 0 : number.size() - point - 1;
}

/// Cash is exact: with as many decimals as the cells shown need, so that parts add up as they are printed.
int cash_digits(const Table& table, std::size_t column, std::size_t rows) {
    std::size_t digits = 2;
    for (std::size_t row = 0; row < rows; ++row) digits = std::max(digits, decimals(cash_text(table, row, column)));
    return static_cast<int>(digits);
}

int digits_for(const Column& column) {
    if (column.meta.unit == "bps" || column.meta.unit == "ticks") return 2;
    return column.meta.unit.empty() ? 3 : 4;
}

/// Display width in columns: counts code points, which is exact for the characters the engine prints.
std::size_t width(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string pad(const std::string& text, std::size_t to, bool right) {
    const std::string space(to - std::min(to, width(text)), ' ');
    return right ? space + text : text + space;
}

nlohmann::ordered_json cell(const Table& table, std::size_t row, std::size_t index) {
    const Column& column = table.columns()[index];
    if (!column.is_valid(row)) return nullptr;
    const auto* words = std::get_if<DictionaryColumn>(&column.data);
    if (words != nullptr && words->code[row] < 0) return nullptr;
    if (const auto* numbers = std::get_if<std::vector<double>>(&column.data)) return (*numbers)[row];
    if (const auto* counts = std::get_if<std::vector<std::int64_t>>(&column.data)) return (*counts)[row];
    if (const auto* flags = std::get_if<BoolColumn>(&column.data)) return flags->value[row] != 0;
    return table.text(row, index, kMoneyDecimals);
}

}  // namespace

std::string cash_text(const Table& table, std::size_t row, std::size_t column) {
    std::string text = table.text(row, column, kMoneyDecimals);
    while (text.ends_with('0') && decimals(text) > 2) text.pop_back();
    return text;
}

Exit refuse(const Error& error) {
    fmt::print(stderr, "slipcast: {}\n", error.message());
    return error.code == ErrorCode::interrupted ? Exit::interrupted : Exit::refused;
}

Exit exit_for(const market::QualityReport& quality, const OutputOptions& options) {
    if (quality.quarantined() == 0) return Exit::done;
    return options.strict ? Exit::refused : Exit::quarantined;
}

std::string to_text(const Table& table, std::size_t max_rows) {
    const std::size_t shown = std::min(max_rows, table.rows());
    std::vector<std::vector<std::string>> cells;
    bool units = false;
    for (std::size_t c = 0; c < table.columns().size(); ++c) {
        const Column& column = table.columns()[c];
        std::vector<std::string> lines{column.meta.name, column.meta.unit};
        units = units || !column.meta.unit.empty();
        const bool is_cash = std::holds_alternative<MoneyColumn>(column.data);
        const int digits = is_cash ? cash_digits(table, c, shown) : digits_for(column);
        for (std::size_t r = 0; r < shown; ++r) lines.push_back(table.text(r, c, digits));
        cells.push_back(std::move(lines));
    }
    std::string text;
    for (std::size_t line = 0; line < shown + 2; ++line) {
        if (line == 1 && !units) continue;
        std::string row;
        for (std::size_t c = 0; c < cells.size(); ++c) {
            std::size_t widest = 0;
            for (const std::string& value : cells[c]) widest = std::max(widest, width(value));
            row += (c == 0 ? "  " : "   ") + pad(cells[c][line], widest, is_number(table.columns()[c]));
        }
        row.erase(row.find_last_not_of(' ') + 1);
        text += row + '\n';
    }
    if (shown < table.rows()) text += fmt::format("  ... {} more rows\n", table.rows() - shown);
    return text;
}

std::string to_json(const std::vector<Table>& tables) {
    nlohmann::ordered_json all;
    for (const Table& table : tables) {
        nlohmann::ordered_json columns = nlohmann::ordered_json::array();
        for (const Column& column : table.columns()) {
            columns.push_back({{"name", column.meta.name},
                               {"unit", column.meta.unit},
                               {"sign", std::string{name(column.meta.sign)}},
                               {"benchmark", column.meta.benchmark},
                               {"definition_version", column.meta.definition_version},
                               {"weighting", column.meta.weighting}});
        }
        nlohmann::ordered_json rows = nlohmann::ordered_json::array();
        for (std::size_t r = 0; r < table.rows(); ++r) {
            nlohmann::ordered_json row = nlohmann::ordered_json::array();
            for (std::size_t c = 0; c < table.columns().size(); ++c) row.push_back(cell(table, r, c));
            rows.push_back(std::move(row));
        }
        all[table.name()] = {{"columns", std::move(columns)}, {"rows", std::move(rows)}};
    }
    return all.dump(1) + '\n';
}

void print(const std::vector<Table>& tables, const OutputOptions& options, std::size_t max_rows) {
    if (options.json) {
        fmt::print("{}", to_json(tables));
        return;
    }
    for (const Table& table : tables) fmt::print("\n{}\n{}", table.name(), to_text(table, max_rows));
}

std::string to_text(const market::QualityReport& quality) {
    std::string text =
        fmt::format("  {:<16}{:>13}{:>13}{:>11}{:>13}\n", "table", "read", "accepted", "flagged", "quarantined");
    for (const market::TableCount& table : quality.tables()) {
        text += fmt::format("  {:<16}{:>13}{:>13}{:>11}{:>13}\n", table.table, table.read, table.accepted,
                            table.flagged, table.quarantined);
    }
    for (const market::RuleCount& rule : quality.rules()) {
        const bool out = rule.disposition == market::Disposition::quarantined;
        text += fmt::format("  {} {}.{}: {}: {}\n", out ? "quarantined" : "flagged", rule.table, rule.field, rule.rule,
                            rule.count);
        if (out && !rule.examples.empty()) {
            text += fmt::format("      first: {}\n", rule.examples.front().error.message());
        }
    }
    for (const market::Degradation& gap : quality.degradations()) {
        text += fmt::format("  missing {}.{}: {}\n", gap.table, gap.missing, gap.effect);
    }
    return text;
}

void print_quality(const market::QualityReport& quality, const OutputOptions& options) {
    if (!options.json) {
        fmt::print("{}", to_text(quality));
        return;
    }
    std::vector<Table> tables = market::quality_tables(quality);
    tables.push_back(market::quarantine_table(quality));
    fmt::print("{}", to_json(tables));
}

Progress terminal_progress(const OutputOptions& options) {
    std::signal(SIGINT, on_interrupt);
    const bool visible = !options.quiet && isatty(STDERR_FILENO) != 0;
    return [visible, last = std::int64_t{-1}](std::string_view stage, std::int64_t done, std::int64_t total) mutable {
        if (visible && total > 0) {
            const std::int64_t percent = 100 * done / total;
            if (percent != last) {
                const auto filled = static_cast<std::size_t>(percent * 30 / 100);
                fmt::print(stderr, "\r\x1b[K  {:<28} [{}{}] {:>3} %", stage, std::string(filled, '#'),
                           std::string(30 - filled, '.'), percent);
                if (done >= total) fmt::print(stderr, "\r\x1b[K");
                std::fflush(stderr);
            }
            last = done >= total ? -1 : percent;
        }
        return !interrupted();
    };
}

bool interrupted() {
    return interrupt_count > 0;
}

}  // namespace slipcast::app
