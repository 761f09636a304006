#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

#include "decode_file.hpp"
#include "mapped_rows.hpp"
#include "mapping.hpp"
#include "slipcast/interchange/decode.hpp"
#include "slipcast/io/dataset_files.hpp"
#include "slipcast/io/import.hpp"
#include "slipcast/io/tape_files.hpp"

namespace slipcast::io {

namespace {

using namespace detail;
using std::filesystem::path;

/// `take` called with the draft's rows of a contract table.
template <typename Take>
void with_rows(market::DatasetDraft& draft, std::string_view table, Take take) {
    if (table == "instruments") take(draft.instruments);
    if (table == "sessions") take(draft.sessions);
    if (table == "orders") take(draft.orders);
    if (table == "order_events") take(draft.order_events);
    if (table == "placements") take(draft.placements);
    if (table == "fills") take(draft.fills);
    if (table == "fill_events") take(draft.fill_events);
    if (table == "events") take(draft.events);
    if (table == "fx") take(draft.fx);
    if (table == "corporate_actions") take(draft.corporate_actions);
}

class TableImport {
public:
    TableImport(const std::vector<path>& sources, Mapping mapping, const Progress& progress)
        : sources_(sources), mapping_(std::move(mapping)), progress_(progress) {}

    Result<market::QualityReport> run(const path& out) {
        SLIPCAST_CHECK(check_sources());
        for (const std::string& table : interchange::contract_tables()) SLIPCAST_CHECK(read_contract_table(table));
        SLIPCAST_CHECK(read_tape());
        draft_.provenance["source"] = "mapping";
        SLIPCAST_TRY(dataset, market::assemble(std::move(draft_)));
        SLIPCAST_CHECK(write_dataset(dataset, out));
        if (dataset.tape != nullptr) SLIPCAST_CHECK(write_tape(dataset, out));
        SLIPCAST_CHECK(write_quality(dataset.quality, out));
        return std::move(dataset.quality);
    }

private:
    /// Every source is used by a table, and every table finds a source.
    Result<void> check_sources() const {
        const auto name_of = [](const path& file) { return file.filename().string(); };
        for (const TableRule& rule : mapping_.tables) {
            const bool found = std::any_of(sources_.begin(), sources_.end(),
                                           [&](const path& file) { return rule.takes(name_of(file)); });
            if (!found)
                return Error{
                    ErrorCode::not_found, "sources", rule.name, "no given file matches this table's sources", {}};
        }
        for (const path& file : sources_) {
            const bool used = std::any_of(mapping_.tables.begin(), mapping_.tables.end(),
                                          [&](const TableRule& rule) { return rule.takes(name_of(file)); });
            if (!used)
                return Error{
                    ErrorCode::unknown_field, "sources", name_of(file), "no table of the mapping takes it", {}};
        }
        return {};
    }

    Result<void> report(const std::string& stage) {
        if (!progress_ || progress_(stage, done_++, 0)) return {};
        return Error{ErrorCode::interrupted, stage, "", "the caller asked to stop", {}};
    }

    template <typename Take>
    Result<void> for_each_source(std::string_view table, Take take) {
        for (const TableRule& rule : mapping_.tables) {
            if (rule.name != table) continue;
            std::set<std::vector<std::string>> seen;
            for (const path& file : sources_) {
                const std::string shown = file.filename().string();
                if (!rule.takes(shown)) continue;
                SLIPCAST_CHECK(report(rule.name + " from " + shown));
                SLIPCAST_TRY(rows, read_rows(file, shown, mapping_.delimiter));
                MappedPlaces places;
                SLIPCAST_TRY(mapped, mapped_rows(rows, rule, shown, seen, places));
                SLIPCAST_CHECK(take(rule, shown, mapped, places));
            }
            note_precision(rule);
        }
        return {};
    }

    Result<void> read_contract_table(const std::string& table) {
        return for_each_source(table,
                               [&](const TableRule& rule, const std::string& shown, const RowStream& rows,
                                   const MappedPlaces& places) -> Result<void> {
                                   std::size_t before = 0;
                                   with_rows(draft_, rule.name, [&](auto& all) { before = all.rows.size(); });
                                   const market::QualityReport quality = std::exchange(draft_.quality, {});
                                   const Result<void> decoded = decode_rows(rows, rule.name, shown, draft_);
                                   const market::QualityReport found = std::exchange(draft_.quality, quality);
                                   if (!decoded) return decoded.error();
                                   // The decoder numbered the rows that the mapping passed on; people look for them in
                                   // their own file.
                                   with_rows(draft_, rule.name, [&](auto& all) {
                                       for (std::size_t i = before; i < all.rows.size(); ++i)
                                           all.source_row[i] = source_row(places, all.source_row[i]);
                                   });
                                   add_findings(rule.name, shown, places, found);
                                   return {};
                               });
    }

    static std::int64_t source_row(const MappedPlaces& places, std::int64_t position) {
        const auto at = static_cast<std::size_t>(position - 1);
        return position >= 1 && at < places.source_row.size() ? places.source_row[at] : position;
    }

    /// What the mapping and the decoder refused, in the order of the file.
    void add_findings(const std::string& table, const std::string& shown, const MappedPlaces& places,
                      const market::QualityReport& found) {
        using market::Finding;
        std::vector<Finding> findings;
        for (const Error& error : places.refused) findings.push_back({table, market::Disposition::quarantined, error});
        for (Finding finding : found.quarantine()) {
            finding.error.place.row = source_row(places, finding.error.place.row);
            findings.push_back(std::move(finding));
        }
        std::stable_sort(findings.begin(), findings.end(),
                         [](const Finding& a, const Finding& b) { return a.error.place.row < b.error.place.row; });
        draft_.quality.count_read(table, static_cast<std::int64_t>(findings.size()));
        for (Finding& finding : findings) {
            finding.error.place.file = shown;
            draft_.quality.add(std::move(finding));
        }
    }

    void note_precision(const TableRule& rule) {
        for (const auto& [column, value] : rule.columns) {
            if (value.precision.empty()) continue;
            draft_.provenance["precision." + rule.name + "." + column] = value.precision;
            draft_.quality.add(market::Degradation{rule.name, column + " finer than " + value.precision,
                                                   "the order of rows within it is the file's, and what depends on the "
                                                   "exact time is not known",
                                                   0});
        }
    }

    /// Quotes, then trades; both decode in one call, so that they make one tape.
    Result<void> read_tape() {
        TapeInput inputs[2];
        for (const std::size_t kind : {std::size_t{0}, std::size_t{1}}) {
            const char* table = kind == 0 ? "quotes" : "trades";
            SLIPCAST_CHECK(open_tape_input(table, inputs[kind]));
        }
        if (inputs[0].rows.reader == nullptr && inputs[1].rows.reader == nullptr) return {};
        SLIPCAST_TRY(tape, decode_tape_rows(inputs[0].rows, inputs[1].rows, draft_));
        draft_.tape = tape;
        for (const std::size_t kind : {std::size_t{0}, std::size_t{1}})
            add_findings(kind == 0 ? "quotes" : "trades", inputs[kind].shown, inputs[kind].places, {});
        return {};
    }

    struct TapeInput {
        RowStream rows;
        MappedPlaces places;
        std::string shown;
        std::set<std::vector<std::string>> seen;
    };

    Result<void> open_tape_input(std::string_view table, TapeInput& input) {
        for (const TableRule& rule : mapping_.tables) {
            if (rule.name != table) continue;
            for (const path& file : sources_) {
                if (!rule.takes(file.filename().string())) continue;
                if (input.rows.reader != nullptr) {
                    return Error{ErrorCode::inconsistent,
                                 "sources",
                                 file.filename().string(),
                                 std::string(table) + " must come from one file, in time order",
                                 {}};
                }
                input.shown = file.filename().string();
                SLIPCAST_CHECK(report(rule.name + " from " + input.shown));
                SLIPCAST_TRY(rows, read_rows(file, input.shown, mapping_.delimiter));
                SLIPCAST_TRY(mapped, mapped_rows(rows, rule, input.shown, input.seen, input.places));
                input.rows = mapped;
                // Rows are numbered as the mapping passed them on; people look for them in their own file.
                input.rows.place = [&input](std::int64_t row) {
                    return Place{input.shown, source_row(input.places, row), {}};
                };
            }
            note_precision(rule);
        }
        return {};
    }

    static Result<void> write_tape(const market::Dataset& dataset, const path& out) {
        SLIPCAST_TRY(writer, TapeWriter::create(out));
        for (std::int32_t i = 0; i < dataset.names.symbols.size(); ++i) {
            const InstrumentId id = InstrumentId::from_index(i);
            SLIPCAST_TRY(slice, dataset.tape->load(id, dataset.tape->extent(id)));
            if (slice.quotes.empty() && slice.trades.empty()) continue;
            SLIPCAST_CHECK(writer->append(dataset.names.symbols.name(id), slice.quotes, slice.trades, slice.gaps,
                                          slice.quotes_indicative, dataset.names));
        }
        return writer->finish();
    }

    const std::vector<path>& sources_;
    Mapping mapping_;
    const Progress& progress_;
    std::int64_t done_ = 0;
    market::DatasetDraft draft_;
};

Result<std::string> text_of_file(const path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (in) return text.str();
    return Error{ErrorCode::not_found, "mapping", file.string(), "must be a readable file", {file.string(), 0, {}}};
}

}  // namespace

Result<market::QualityReport> import_table(const std::vector<path>& sources, const path& mapping, const path& out,
                                           const Progress& progress) {
    if (sources.empty()) return Error{ErrorCode::missing_field, "sources", "", "must be at least one file", {}};
    SLIPCAST_TRY(text, text_of_file(mapping));
    SLIPCAST_TRY(rules, parse_mapping(text, mapping.filename().string()));
    return TableImport(sources, std::move(rules), progress).run(out);
}

}  // namespace slipcast::io
