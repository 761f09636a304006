#include "engine.hpp"
#include "slipcast/desk/journal_tables.hpp"
#include "slipcast/report/desk_page.hpp"
#include "slipcast/storage/kill_file.hpp"
#include "slipcast/storage/sqlite_journal.hpp"

namespace slipcast::python {
namespace {

/// Records know their number, not their file.
Error in_file(Error error, const std::string& file) {
    if (error.place.file.empty() || error.place.file == "journal") error.place.file = file;
    return error;
}

std::vector<SharedTable> tables_of_journal(const std::string& file) {
    auto read = [&]() -> Result<std::vector<Table>> {
        const nb::gil_scoped_release released;
        // Requests first: one that is taken up meanwhile stands in both, not in none.
        SLIPCAST_TRY(waiting, storage::open_requests(file));
        SLIPCAST_TRY(reader, storage::SqliteJournalReader::open(file));
        SLIPCAST_TRY(made, desk::journal_tables(*reader));
        made.push_back(storage::requests_table(waiting));
        return std::move(made);
    }();
    if (!read) raise(in_file(read.error(), file));
    std::vector<SharedTable> tables;
    for (Table& each : *read) tables.push_back(std::make_shared<const Table>(std::move(each)));
    return tables;
}

std::string page_of(const std::vector<SharedTable>& journal, const std::vector<SharedTable>& trial,
                    const std::string& source, const std::map<std::string, std::string>& provenance) {
    report::DeskStory story{.journal = {}, .trial = {}, .source = source, .provenance = provenance};
    for (const SharedTable& each : journal) story.journal.push_back(*each);
    for (const SharedTable& each : trial) story.trial.push_back(*each);
    const nb::gil_scoped_release released;
    auto page = report::desk_page(story);
    const nb::gil_scoped_acquire again;
    return taken(std::move(page));
}

}  // namespace

void bind_desk_journal(nb::module_& module) {
    module.def("desk_journal_tables", &tables_of_journal, nb::arg("file"));
    module.def("desk_page", &page_of, nb::arg("journal"), nb::arg("trial"), nb::arg("source"), nb::arg("provenance"));
}

}  // namespace slipcast::python
