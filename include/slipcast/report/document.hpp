#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "slipcast/core/result.hpp"
#include "slipcast/core/side.hpp"
#include "slipcast/core/table.hpp"
#include "slipcast/report/figure.hpp"

namespace slipcast::report {

/// How a number is written. `automatic` writes counts whole, cash and prices as decimals, bps and ticks with two digits
/// after the point, and everything else with four significant digits.
enum class NumberKind {
    automatic,
    bps,
    ticks,
    ratio,  ///< 0.25 as "25.00 %"
    count,
    quantity,
    duration,     ///< seconds as "4 min 05 s"
    significant,  ///< three digits that count, whatever the size: a column that spans powers of ten
};

/// A name and its value as text.
struct Fact {
    std::string name{};
    std::string value{};
};

/// Text: one paragraph each.
struct Prose {
    enum class Kind {
        lead,  ///< the section's answer in a sentence, large
        body,
        note,  ///< small and quiet: a condition, a source
    };
    std::vector<std::string> paragraphs{};
    Kind kind = Kind::body;
};

/// One large number with its interval.
struct KeyNumber {
    std::string label{};
    std::optional<double> value{};  ///< missing shows a dash; nothing is guessed
    std::string unit{};
    std::optional<double> low{};
    std::optional<double> high{};
    NumberKind kind = NumberKind::automatic;
    SignTag sign = SignTag::none;      ///< what a positive value means: colors an interval away from zero
    std::vector<std::string> notes{};  ///< short lines under it: "95 % interval", "22 blocks"
};

struct KeyNumbers {
    std::vector<KeyNumber> numbers{};
};

/// A column of a table as shown. `low` and `high` name the columns with the ends of its interval, which is then drawn
/// in a column of its own.
struct ShownColumn {
    std::string name{};   ///< in the table
    std::string label{};  ///< heading; empty: the name in words
    NumberKind kind = NumberKind::automatic;
    std::string low{};
    std::string high{};
};

/// A result table: sortable, units in the heading. Shows `columns` in their order, or every column when empty.
struct ShownTable {
    Table table{};
    std::string title{};
    std::string caption{};  ///< how to read it, under the table
    std::vector<ShownColumn> columns{};
    std::size_t most_rows = 200;  ///< rows shown, 1 to 5000; a longer table says how many it has
    bool last_row_is_total = false;
    Width width = Width::full;
};

/// Names and values in two columns: parameters, settings.
struct Facts {
    std::string title{};
    std::vector<Fact> facts{};
    Width width = Width::full;
};

using Part = std::variant<Prose, KeyNumbers, ShownTable, Facts, Figure>;

/// A section of the page: its heading and reading notes beside its parts, or above them when wide.
struct Section {
    std::string id{};  ///< unique; lower-case letters, digits and "-": the address of the section within the page
    std::string title{};
    std::vector<std::string> notes{};
    std::vector<Part> parts{};
    bool wide = false;
};

/// A page. Everything a reader must know before the first number stands at its head: what it is, what it spans, and
/// the facts (data, version, seed, digests); the whole provenance stands at its end.
struct Document {
    std::string title{};
    std::string kicker{};               ///< kind of page: "venue allocation"
    std::vector<std::string> extent{};  ///< "4 venues", "2,000 episodes"
    std::vector<Fact> facts{};          ///< at the head; a long hexadecimal digest is shortened
    std::map<std::string, std::string> provenance{};
    std::string closing{};  ///< a sentence on conventions at the page's end
    std::vector<Section> sections{};
};

/// One self-contained HTML page in the look of the cost page: light, dark, print; loads nothing from a network; the
/// same document gives the same bytes. Numbers of tables and key numbers are written here and shown as written; a
/// figure's tips and folded-out numbers show six significant digits of its data. The version is added to the head.
/// Refused, each with its place in the document: no section, an id twice or malformed, series whose arrays differ in
/// length, a position that is not finite, a value that a logarithmic axis or a category cannot hold, an interval
/// upside down or around nothing, a figure without any value, more than 24 series or 20,000 points in a figure, a
/// table without the named columns.
[[nodiscard]] Result<std::string> document(const Document& content);

}  // namespace slipcast::report
