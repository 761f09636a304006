// Writes the pages of a made-up day of a real desk, with and without an evaluation, and the tables of the one
// with: make_desk_page FOLDER
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "slipcast/desk/journal_tables.hpp"
#include "slipcast/report/desk_page.hpp"
#include "support/desk_story.hpp"

namespace {

using namespace slipcast;

bool write(const std::filesystem::path& file, const std::string& text) {
    std::ofstream out(file, std::ios::binary);
    out << text;
    return out.good();
}

/// A table as lines of cells with a tab between them, names first.
std::string text_of(const Table& table) {
    std::string text;
    for (const Column& column : table.columns()) text += column.meta.name + '\t';
    text.back() = '\n';
    for (std::size_t row = 0; row < table.rows(); ++row) {
        for (std::size_t c = 0; c < table.columns().size(); ++c) text += table.text(row, c, 9) + '\t';
        text.back() = '\n';
    }
    return text;
}

Result<bool> write_pages(const std::filesystem::path& folder) {
    desk::MemoryJournal journal;
    test::DeskDay day(journal, 40);
    day.run();
    SLIPCAST_TRY(tables, desk::journal_tables(journal));
    report::DeskStory story{.journal = tables, .trial = {}, .source = "a day made up", .provenance = {}};
    SLIPCAST_TRY(alone, report::desk_page(story));
    story.trial = test::sample_trial();
    SLIPCAST_TRY(both, report::desk_page(story));
    bool is_done = write(folder / "journal.html", alone) && write(folder / "both.html", both);
    for (const Table& each : story.journal) is_done = is_done && write(folder / (each.name() + ".tsv"), text_of(each));
    for (const Table& each : story.trial) is_done = is_done && write(folder / (each.name() + ".tsv"), text_of(each));
    return is_done;
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::fputs("usage: make_desk_page FOLDER\n", stderr);
        return 2;
    }
    const auto written = write_pages(arguments[1]);
    if (!written) std::fprintf(stderr, "%s\n", written.error().message().c_str());
    return written && *written ? 0 : 1;
}
