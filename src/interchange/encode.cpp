#include "slipcast/interchange/encode.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <numeric>

#include "slipcast/core/assert.hpp"
#include "slipcast/core/money.hpp"

// Producing the Arrow C stream. Every exported structure owns its memory through private_data and shares the table, so
// a consumer may keep or move any part of it; release frees that part alone.

namespace slipcast::interchange {

namespace {

// What Arrow expects in place of a buffer without bytes: a pointer that is not null.
alignas(64) constexpr std::array<std::uint8_t, 64> kNoBytes{};

constexpr std::int64_t kNullable = 2;  // ARROW_FLAG_NULLABLE

/// Key-value pairs in the metadata encoding of the C data interface: native int32 counts and lengths.
std::string metadata_bytes(const std::vector<std::pair<std::string, std::string>>& pairs) {
    std::string bytes;
    const auto append_count = [&](std::size_t count) {
        const auto value = static_cast<std::int32_t>(count);
        char raw[sizeof value];
        std::memcpy(raw, &value, sizeof value);
        bytes.append(raw, sizeof value);
    };
    append_count(pairs.size());
    for (const auto& [key, value] : pairs) {
        append_count(key.size());
        bytes += key;
        append_count(value.size());
        bytes += value;
    }
    return bytes;
}

std::string column_metadata(const ColumnMeta& meta) {
    return metadata_bytes({{"unit", meta.unit},
                           {"sign", std::string(name(meta.sign))},
                           {"benchmark", meta.benchmark},
                           {"definition_version", fmt::format("{}", meta.definition_version)},
                           {"weighting", meta.weighting},
                           {"meaning", meta.meaning}});
}

struct ExportedSchema {
    std::string format, name, metadata;
    std::vector<ArrowSchema> child_values;
    std::vector<ArrowSchema*> children;
    std::unique_ptr<ArrowSchema> dictionary;
};

void release_schema(ArrowSchema* schema) {
    for (std::int64_t i = 0; i < schema->n_children; ++i) {
        if (schema->children[i]->release != nullptr) schema->children[i]->release(schema->children[i]);
    }
    if (schema->dictionary != nullptr && schema->dictionary->release != nullptr) {
        schema->dictionary->release(schema->dictionary);
    }
    delete static_cast<ExportedSchema*>(schema->private_data);
    schema->release = nullptr;
}

void publish(std::unique_ptr<ExportedSchema> owned, std::int64_t flags, ArrowSchema* out) {
    for (ArrowSchema& child : owned->child_values) owned->children.push_back(&child);
    *out = ArrowSchema{};
    out->format = owned->format.c_str();
    out->name = owned->name.c_str();
    out->metadata = owned->metadata.empty() ? nullptr : owned->metadata.data();
    out->flags = flags;
    out->n_children = static_cast<std::int64_t>(owned->children.size());
    out->children = owned->children.empty() ? nullptr : owned->children.data();
    out->dictionary = owned->dictionary.get();
    out->release = release_schema;
    out->private_data = owned.release();
}

struct ExportedArray {
    std::shared_ptr<const Table> table;
    std::vector<const void*> buffers;
    std::deque<std::vector<std::uint8_t>> bytes;  ///< buffers that the table does not hold in Arrow's layout
    std::vector<ArrowArray> child_values;
    std::vector<ArrowArray*> children;
    std::unique_ptr<ArrowArray> dictionary;
    std::int64_t length = 0;
    std::int64_t null_count = 0;
};

void release_array(ArrowArray* array) {
    for (std::int64_t i = 0; i < array->n_children; ++i) {
        if (array->children[i]->release != nullptr) array->children[i]->release(array->children[i]);
    }
    if (array->dictionary != nullptr && array->dictionary->release != nullptr)
        array->dictionary->release(array->dictionary);
    delete static_cast<ExportedArray*>(array->private_data);
    array->release = nullptr;
}

void publish(std::unique_ptr<ExportedArray> owned, ArrowArray* out) {
    for (ArrowArray& child : owned->child_values) owned->children.push_back(&child);
    *out = ArrowArray{};
    out->length = owned->length;
    out->null_count = owned->null_count;
    out->n_buffers = static_cast<std::int64_t>(owned->buffers.size());
    out->buffers = owned->buffers.data();
    out->n_children = static_cast<std::int64_t>(owned->children.size());
    out->children = owned->children.empty() ? nullptr : owned->children.data();
    out->dictionary = owned->dictionary.get();
    out->release = release_array;
    out->private_data = owned.release();
}

template <typename IsSet>
std::vector<std::uint8_t> packed_bits(std::size_t count, const IsSet& is_set) {
    std::vector<std::uint8_t> bits((count + 7) / 8 + 1, 0);
    for (std::size_t i = 0; i < count; ++i) {
        if (is_set(i)) bits[i / 8] = static_cast<std::uint8_t>(bits[i / 8] | (1U << (i % 8)));
    }
    return bits;
}

template <typename T>
const void* bytes_of(const std::vector<T>& values) {
    return values.empty() ? static_cast<const void*>(kNoBytes.data()) : values.data();
}

std::int64_t text_bytes(const std::vector<std::string>& values) {
    return std::accumulate(
        values.begin(), values.end(), std::int64_t{0},
        [](std::int64_t sum, const std::string& value) { return sum + static_cast<std::int64_t>(value.size()); });
}

bool is_large(const std::vector<std::string>& values) {
    return text_bytes(values) > INT32_MAX;
}

template <typename Offset>
void append_text(const std::vector<std::string>& values, ExportedArray& array) {
    std::vector<std::uint8_t> offsets((values.size() + 1) * sizeof(Offset));
    std::vector<std::uint8_t> text;
    text.reserve(static_cast<std::size_t>(text_bytes(values)));
    for (std::size_t i = 0; i <= values.size(); ++i) {
        const auto at = static_cast<Offset>(text.size());
        std::memcpy(offsets.data() + i * sizeof(Offset), &at, sizeof(Offset));
        if (i < values.size()) text.insert(text.end(), values[i].begin(), values[i].end());
    }
    array.bytes.push_back(std::move(offsets));
    array.buffers.push_back(bytes_of(array.bytes.back()));
    array.bytes.push_back(std::move(text));
    array.buffers.push_back(bytes_of(array.bytes.back()));
}

void append_text(const std::vector<std::string>& values, ExportedArray& array) {
    if (is_large(values)) {
        append_text<std::int64_t>(values, array);
    } else {
        append_text<std::int32_t>(values, array);
    }
}

/// The column's values in Arrow's layout: the format and the buffers after the validity.
struct Layout {
    const char* operator()(const std::vector<std::int64_t>&) const { return "l"; }
    const char* operator()(const std::vector<double>&) const { return "g"; }
    const char* operator()(const std::vector<std::string>& values) const { return is_large(values) ? "U" : "u"; }
    const char* operator()(const std::vector<Timestamp>&) const { return "tsn:UTC"; }
    const char* operator()(const std::vector<Price>&) const { return "d:19,9"; }
    const char* operator()(const DictionaryColumn&) const { return "i"; }
    const char* operator()(const MoneyColumn&) const { return "d:38,18"; }
    const char* operator()(const BoolColumn&) const { return "b"; }
};

struct AppendValues {
    ExportedArray& array;

    void operator()(const std::vector<std::string>& values) const { append_text(values, array); }
    void operator()(const std::vector<Price>& values) const {
        std::vector<std::uint8_t> wide(values.size() * sizeof(Int128));
        for (std::size_t i = 0; i < values.size(); ++i) {
            const Int128 units = values[i].units();
            std::memcpy(wide.data() + i * sizeof units, &units, sizeof units);
        }
        array.bytes.push_back(std::move(wide));
        array.buffers.push_back(bytes_of(array.bytes.back()));
    }
    void operator()(const DictionaryColumn& column) const { array.buffers.push_back(bytes_of(column.code)); }
    void operator()(const MoneyColumn& column) const { array.buffers.push_back(bytes_of(column.units)); }
    void operator()(const BoolColumn& column) const {
        array.bytes.push_back(packed_bits(column.value.size(), [&](std::size_t i) { return column.value[i] != 0; }));
        array.buffers.push_back(bytes_of(array.bytes.back()));
    }
    template <typename T>
    void operator()(const std::vector<T>& values) const {
        static_assert(sizeof(T) == sizeof(std::int64_t));
        array.buffers.push_back(bytes_of(values));
    }
};

bool is_missing(const Column& column, std::size_t row) {
    const auto* labels = std::get_if<DictionaryColumn>(&column.data);
    return !column.is_valid(row) || (labels != nullptr && labels->code[row] < 0);
}

void export_column_schema(const Column& column, ArrowSchema* out) {
    auto owned = std::make_unique<ExportedSchema>();
    owned->format = std::visit(Layout{}, column.data);
    owned->name = column.meta.name;
    owned->metadata = column_metadata(column.meta);
    if (const auto* labels = std::get_if<DictionaryColumn>(&column.data)) {
        auto values = std::make_unique<ExportedSchema>();
        values->format = Layout{}(labels->labels);
        owned->dictionary = std::make_unique<ArrowSchema>();
        publish(std::move(values), 0, owned->dictionary.get());
    }
    publish(std::move(owned), kNullable, out);
}

void export_column(const std::shared_ptr<const Table>& table, const Column& column, ArrowArray* out) {
    auto owned = std::make_unique<ExportedArray>();
    owned->table = table;
    owned->length = static_cast<std::int64_t>(column.size());
    for (std::size_t row = 0; row < column.size(); ++row) owned->null_count += is_missing(column, row) ? 1 : 0;
    if (owned->null_count > 0) {
        owned->bytes.push_back(packed_bits(column.size(), [&](std::size_t row) { return !is_missing(column, row); }));
        owned->buffers.push_back(owned->bytes.back().data());
    } else {
        owned->buffers.push_back(nullptr);
    }
    std::visit(AppendValues{*owned}, column.data);
    if (const auto* labels = std::get_if<DictionaryColumn>(&column.data)) {
        auto values = std::make_unique<ExportedArray>();
        values->length = static_cast<std::int64_t>(labels->labels.size());
        values->buffers.push_back(nullptr);
        append_text(labels->labels, *values);
        owned->dictionary = std::make_unique<ArrowArray>();
        publish(std::move(values), owned->dictionary.get());
    }
    publish(std::move(owned), out);
}

struct ExportedStream {
    std::shared_ptr<const Table> table;
    bool batch_given = false;
};

int stream_schema(ArrowArrayStream* stream, ArrowSchema* out) {
    const Table& table = *static_cast<const ExportedStream*>(stream->private_data)->table;
    auto owned = std::make_unique<ExportedSchema>();
    owned->format = "+s";
    owned->metadata = metadata_bytes({{"name", table.name()}});
    owned->child_values.resize(table.columns().size());
    for (std::size_t i = 0; i < table.columns().size(); ++i)
        export_column_schema(table.columns()[i], &owned->child_values[i]);
    publish(std::move(owned), 0, out);
    return 0;
}

int stream_next(ArrowArrayStream* stream, ArrowArray* out) {
    auto& state = *static_cast<ExportedStream*>(stream->private_data);
    *out = ArrowArray{};
    if (state.batch_given) return 0;
    state.batch_given = true;
    auto owned = std::make_unique<ExportedArray>();
    owned->table = state.table;
    owned->length = static_cast<std::int64_t>(state.table->rows());
    owned->buffers.push_back(nullptr);
    owned->child_values.resize(state.table->columns().size());
    for (std::size_t i = 0; i < state.table->columns().size(); ++i) {
        export_column(state.table, state.table->columns()[i], &owned->child_values[i]);
    }
    publish(std::move(owned), out);
    return 0;
}

const char* stream_error(ArrowArrayStream*) {
    return nullptr;
}

void release_stream(ArrowArrayStream* stream) {
    delete static_cast<ExportedStream*>(stream->private_data);
    stream->release = nullptr;
}

}  // namespace

void encode_table(std::shared_ptr<const Table> table, ArrowArrayStream* out) {
    SLIPCAST_ASSERT(table != nullptr && out != nullptr, "a table to encode and a stream to fill");
    *out = ArrowArrayStream{};
    out->get_schema = stream_schema;
    out->get_next = stream_next;
    out->get_last_error = stream_error;
    out->release = release_stream;
    out->private_data = new ExportedStream{std::move(table), false};
}

}  // namespace slipcast::interchange
