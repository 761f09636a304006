#include "slipcast/storage/deferred_journal.hpp"

#include <gtest/gtest.h>

#include <array>

#include "support/scratch_folder.hpp"

namespace slipcast::storage {
namespace {

constexpr std::array<std::byte, 3> kPayload{std::byte{1}, std::byte{2}, std::byte{3}};

TEST(DeferredJournal, IsMadeWithItsFirstRecordAndHoldsIt) {
    const test::ScratchFolder folder;
    const std::filesystem::path file = folder.path() / "deep" / "desk.sqlite";
    {
        DeferredJournal journal(file);
        EXPECT_TRUE(journal.acknowledge(0));
        EXPECT_FALSE(journal.has_begun());
        EXPECT_FALSE(std::filesystem::exists(file.parent_path()));
        EXPECT_EQ(journal.append(desk::RecordKind::command, Timestamp{}, kPayload).value(), 1U);
        ASSERT_TRUE(journal.acknowledge(1));
        EXPECT_EQ(journal.acknowledged(), 1U);
    }
    auto reader = SqliteJournalReader::open(file).value();
    desk::Record record;
    ASSERT_TRUE(reader->next(record).value());
    EXPECT_EQ(record.payload, std::vector<std::byte>(kPayload.begin(), kPayload.end()));
}

TEST(DeferredJournal, RefusesAFileThatIsThere) {
    const test::ScratchFolder folder;
    const std::filesystem::path file = folder.path() / "desk.sqlite";
    {
        DeferredJournal first(file);
        ASSERT_TRUE(first.append(desk::RecordKind::command, Timestamp{}, kPayload));
    }
    DeferredJournal second(file);
    const auto refused = second.append(desk::RecordKind::command, Timestamp{}, kPayload);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().rule, "must be a new file");
}

}  // namespace
}  // namespace slipcast::storage
