#include "slipcast/storage/sqlite_journal.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "journal_schema.hpp"
#include "request_page.hpp"
#include "writer_lock.hpp"

namespace slipcast::storage {

namespace {

struct Head {
    desk::RecordKind kind;
    Timestamp time;
    std::size_t size;
};

// Records that wait for the writer, one after another.
struct Waiting {
    std::vector<Head> heads;
    std::vector<std::byte> bytes;
    void clear() {
        heads.clear();
        bytes.clear();
    }
};

Error closed_journal() {
    return Error{ErrorCode::invalid_value, "sequence", "", "must be of a record that was appended", {}};
}

}  // namespace

std::string sqlite_version() {
    return sqlite3_libversion();
}

// Two buffers: callers fill one under the lock while the thread commits the other without it.
class SqliteJournal::Writer {
public:
    Writer(WriterLock held, std::optional<RequestPage> requests, SqliteFile file, SqliteStatement insert,
           std::uint64_t last, std::uint64_t digest, std::size_t room)
        : held_(std::move(held)),
          requests_(std::move(requests)),
          file_(std::move(file)),
          insert_(std::move(insert)),
          room_(room),
          appended_(last),
          acknowledged_(last),
          digest_(digest) {
        for (Waiting* buffer : {&filling_, &writing_}) {
            buffer->bytes.reserve(room_);
            buffer->heads.reserve(most_heads());
        }
        answers_.reserve(RequestPage::kRoom);
        due_.reserve(RequestPage::kRoom);
        thread_ = std::thread([this] { write_all(); });
    }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    ~Writer() {
        {
            const std::lock_guard lock(mutex_);
            is_closing_ = true;
        }
        has_work_.notify_one();
        thread_.join();
    }

    Result<std::uint64_t> append(desk::RecordKind kind, Timestamp time, std::span<const std::byte> payload) {
        std::unique_lock lock(mutex_);
        has_progress_.wait(lock, [&] { return failure_.has_value() || fits(payload.size()); });
        if (failure_.has_value()) return *failure_;
        filling_.heads.push_back({kind, time, payload.size()});
        filling_.bytes.insert(filling_.bytes.end(), payload.begin(), payload.end());
        const std::uint64_t sequence = ++appended_;
        lock.unlock();
        has_work_.notify_one();
        return sequence;
    }

    Result<void> acknowledge(std::uint64_t sequence) {
        std::unique_lock lock(mutex_);
        if (sequence > appended_) return closed_journal();
        has_progress_.wait(lock, [&] { return failure_.has_value() || acknowledged_ >= sequence; });
        if (acknowledged_ >= sequence) return {};
        return *failure_;
    }

    std::uint64_t acknowledged() const {
        const std::lock_guard lock(mutex_);
        return acknowledged_;
    }

    std::optional<desk::Request> next_request() { return requests_ ? requests_->next() : std::nullopt; }
    void answer(std::uint64_t number, std::uint64_t sequence) {
        if (!requests_) return;
        {
            const std::lock_guard lock(mutex_);
            answers_.push_back({number, sequence});
        }
        has_work_.notify_one();
    }

private:
    // A record has a head of this many bytes or more in practice; more heads than this make append wait, too.
    [[nodiscard]] std::size_t most_heads() const { return room_ / 64 + 1; }
    // Whatever its size, a record fits an empty buffer.
    [[nodiscard]] bool fits(std::size_t size) const {
        return filling_.heads.empty() ||
               (filling_.bytes.size() + size <= room_ && filling_.heads.size() < most_heads());
    }

    void write_all() {
        for (;;) {
            bool is_last = false;
            {
                std::unique_lock lock(mutex_);
                has_work_.wait(lock,
                               [&] { return is_closing_ || !filling_.heads.empty() || is_answer_due(acknowledged_); });
                take_due(acknowledged_);
                is_last = is_closing_ && filling_.heads.empty();
                std::swap(filling_, writing_);
            }
            publish_answers();
            if (is_last) return;
            if (writing_.heads.empty()) continue;
            has_progress_.notify_all();  // there is room again
            const Result<void> done = commit();
            if (done) {
                // Before anybody hears that these records are safe: a command that follows an answered request and is
                // acknowledged must not find the request waiting after a crash, to be taken up again on top of it.
                {
                    const std::lock_guard lock(mutex_);
                    take_due(acknowledged_ + writing_.heads.size());
                }
                publish_answers();
            }
            {
                const std::lock_guard lock(mutex_);
                if (done) {
                    acknowledged_ += writing_.heads.size();
                } else {
                    failure_ = done.error();
                }
            }
            has_progress_.notify_all();
            if (!done) return;
            writing_.clear();
        }
    }

    // An asker hears of what is acknowledged, never of what a crash could take back.
    [[nodiscard]] bool is_answer_due(std::uint64_t safe) const {
        return !answers_.empty() && answers_.front().sequence <= safe;
    }
    void take_due(std::uint64_t safe) {
        while (is_answer_due(safe)) {
            due_.push_back(answers_.front());
            answers_.erase(answers_.begin());
        }
    }
    void publish_answers() {
        for (const Answer& each : due_) requests_->answer(each.number, each.sequence);
        due_.clear();
    }

    Result<void> commit() {
        SLIPCAST_CHECK(file_.run("BEGIN IMMEDIATE"));
        const Result<void> inserted = insert_all();
        const Result<void> done = inserted ? file_.run("COMMIT") : inserted;
        if (done) return {};
        // The transaction may be gone already; the failure that counts is the one above.
        static_cast<void>(file_.run("ROLLBACK"));
        return done.error();
    }

    Result<void> insert_all() {
        std::uint64_t sequence = acknowledged_;  // only this thread moves it
        const std::byte* at = writing_.bytes.data();
        for (const Head& head : writing_.heads) {
            ++sequence;
            const std::span<const std::byte> payload(at, head.size);
            digest_ = chained_digest(digest_, sequence, head.kind, head.time, payload);
            sqlite3_stmt* row = insert_.get();
            sqlite3_bind_int64(row, 1, static_cast<sqlite3_int64>(sequence));
            sqlite3_bind_int64(row, 2, static_cast<sqlite3_int64>(head.kind));
            sqlite3_bind_int64(row, 3, head.time.ns());
            sqlite3_bind_blob64(row, 4, head.size == 0 ? "" : static_cast<const void*>(at), head.size, SQLITE_STATIC);
            sqlite3_bind_int64(row, 5, static_cast<sqlite3_int64>(digest_));
            const int status = sqlite3_step(row);
            if (status == SQLITE_CONSTRAINT) {
                return file_.refusal(ErrorCode::inconsistent, "sequence", std::to_string(sequence),
                                     "is in the journal already: another desk writes to it");
            }
            if (status != SQLITE_DONE) return file_.failure();
            sqlite3_reset(row);
            at += head.size;
        }
        return {};
    }

    struct Answer {
        std::uint64_t number, sequence;
    };

    WriterLock held_;                      // given back after the file is closed
    std::optional<RequestPage> requests_;  // none for a journal in a file layer of its own
    SqliteFile file_;
    SqliteStatement insert_;
    std::size_t room_;

    mutable std::mutex mutex_;
    std::condition_variable has_work_;
    std::condition_variable has_progress_;
    Waiting filling_;  // guarded by mutex_, as what follows up to is_closing_
    std::uint64_t appended_;
    std::uint64_t acknowledged_;
    std::optional<Error> failure_;
    std::vector<Answer> answers_;
    bool is_closing_ = false;

    Waiting writing_;  // the thread's own, as what follows
    std::vector<Answer> due_;
    std::uint64_t digest_;
    std::thread thread_;
};

SqliteJournal::SqliteJournal(std::unique_ptr<Writer> writer) : writer_(std::move(writer)) {}
SqliteJournal::~SqliteJournal() = default;

Result<std::unique_ptr<SqliteJournal>> SqliteJournal::open(const std::filesystem::path& path,
                                                           const SqliteJournalOptions& options) {
    WriterLock lock;
    std::optional<RequestPage> requests;
    if (options.vfs.empty()) {
        SLIPCAST_TRY(taken, WriterLock::take(path));
        lock = std::move(taken);
        // Before the journal is read, which may take a while: who asks meanwhile reaches this desk.
        SLIPCAST_TRY(page, RequestPage::open(path));
        SLIPCAST_CHECK(page.hold());
        requests.emplace(std::move(page));
    }
    SLIPCAST_TRY(file,
                 SqliteFile::open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, options.vfs));
    SLIPCAST_CHECK(file.run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL"));
    SLIPCAST_CHECK(check_journal(file, true));
    std::uint64_t last = 0, digest = 0;
    {
        SLIPCAST_TRY(rows, JournalRows::open(file));
        desk::Record record;
        for (;;) {
            SLIPCAST_TRY(has_record, rows.next(record));
            if (!has_record) break;
            if (!requests || record.kind != desk::RecordKind::command) continue;
            SLIPCAST_TRY(command, desk::decoded_command(record));
            if (command.request != 0) requests->recall(command.request, command.asked, rows.last());
        }
        last = rows.last();
        digest = rows.digest();
    }
    SLIPCAST_TRY(insert, file.prepare("INSERT INTO record VALUES (?1, ?2, ?3, ?4, ?5)"));
    return std::unique_ptr<SqliteJournal>(new SqliteJournal(std::make_unique<Writer>(
        std::move(lock), std::move(requests), std::move(file), std::move(insert), last, digest, options.room)));
}

Result<std::uint64_t> SqliteJournal::append(desk::RecordKind kind, Timestamp time, std::span<const std::byte> payload) {
    return writer_->append(kind, time, payload);
}

Result<void> SqliteJournal::acknowledge(std::uint64_t sequence) {
    return writer_->acknowledge(sequence);
}

std::uint64_t SqliteJournal::acknowledged() const {
    return writer_->acknowledged();
}

std::optional<desk::Request> SqliteJournal::next_request() {
    return writer_->next_request();
}

void SqliteJournal::answer(std::uint64_t number, std::uint64_t sequence) {
    writer_->answer(number, sequence);
}

class SqliteJournalReader::Cursor {
public:
    Cursor(std::unique_ptr<SqliteFile> file, JournalRows rows) : file_(std::move(file)), rows_(std::move(rows)) {}
    Result<bool> next(desk::Record& record) { return rows_.next(record); }

private:
    std::unique_ptr<SqliteFile> file_;  // the rows point to it
    JournalRows rows_;
};

SqliteJournalReader::SqliteJournalReader(std::unique_ptr<Cursor> cursor) : cursor_(std::move(cursor)) {}
SqliteJournalReader::~SqliteJournalReader() = default;

Result<std::unique_ptr<SqliteJournalReader>> SqliteJournalReader::open(const std::filesystem::path& path,
                                                                       const std::string& vfs) {
    SLIPCAST_TRY(opened, SqliteFile::open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, vfs));
    auto file = std::make_unique<SqliteFile>(std::move(opened));
    SLIPCAST_CHECK(check_journal(*file, false));
    SLIPCAST_TRY(rows, JournalRows::open(*file));
    return std::unique_ptr<SqliteJournalReader>(
        new SqliteJournalReader(std::make_unique<Cursor>(std::move(file), std::move(rows))));
}

Result<bool> SqliteJournalReader::next(desk::Record& record) {
    return cursor_->next(record);
}

}  // namespace slipcast::storage
