#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "slipcast/interchange/arrow_abi.hpp"

namespace slipcast::test {

/// One Arrow column laid out by hand, as other producers do it: any format, nulls, an offset, a dictionary. Tests bend
/// its public members to make malformed input.
struct ArrowColumn {
    std::string name;
    std::string format;
    std::int64_t length = 0;
    std::int64_t offset = 0;
    std::int64_t null_count = 0;
    std::vector<std::optional<std::vector<std::uint8_t>>> buffers;  ///< nullopt = a null pointer
    std::shared_ptr<ArrowColumn> dictionary;

    /// Fixed-width values; missing ones are null.
    template <typename T>
    static ArrowColumn fixed(std::string name, std::string format, const std::vector<std::optional<T>>& values) {
        ArrowColumn column{std::move(name), std::move(format), static_cast<std::int64_t>(values.size()), 0, 0, {}, {}};
        std::vector<std::uint8_t> bytes;
        for (const std::optional<T>& value : values) append(bytes, value.value_or(T{}));
        column.buffers = {column.validity(values), std::move(bytes)};
        return column;
    }
    /// utf8 ("u"), large_utf8 ("U") or utf8_view ("vu").
    static ArrowColumn text(std::string name, std::string format,
                            const std::vector<std::optional<std::string>>& values) {
        ArrowColumn column{std::move(name), std::move(format), static_cast<std::int64_t>(values.size()), 0, 0, {}, {}};
        column.buffers = {column.validity(values)};
        if (column.format == "vu") {
            column.add_views(values);
        } else if (column.format == "U") {
            column.add_offsets<std::int64_t>(values);
        } else {
            column.add_offsets<std::int32_t>(values);
        }
        return column;
    }
    static ArrowColumn boolean(std::string name, const std::vector<std::optional<bool>>& values) {
        ArrowColumn column{std::move(name), "b", static_cast<std::int64_t>(values.size()), 0, 0, {}, {}};
        std::vector<std::uint8_t> bits(values.size() / 8 + 1, 0);
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (values[i].value_or(false)) bits[i / 8] = static_cast<std::uint8_t>(bits[i / 8] | (1U << (i % 8)));
        }
        column.buffers = {column.validity(values), std::move(bits)};
        return column;
    }
    /// Indices of type `T` into utf8 labels.
    template <typename T>
    static ArrowColumn labels(std::string name, std::string format, const std::vector<std::optional<T>>& codes,
                              const std::vector<std::optional<std::string>>& values) {
        ArrowColumn column = fixed<T>(std::move(name), std::move(format), codes);
        column.dictionary = std::make_shared<ArrowColumn>(text("", "u", values));
        return column;
    }
    static ArrowColumn nulls(std::string name, std::int64_t length) {
        return ArrowColumn{std::move(name), "n", length, 0, length, {}, {}};
    }

private:
    template <typename T>
    static void append(std::vector<std::uint8_t>& bytes, const T& value) {
        const std::size_t at = bytes.size();
        bytes.resize(at + sizeof(T));
        std::memcpy(bytes.data() + at, &value, sizeof(T));
    }
    template <typename Values>
    std::optional<std::vector<std::uint8_t>> validity(const Values& values) {
        std::vector<std::uint8_t> bits(values.size() / 8 + 1, 0);
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (values[i]) {
                bits[i / 8] = static_cast<std::uint8_t>(bits[i / 8] | (1U << (i % 8)));
            } else {
                ++null_count;
            }
        }
        if (null_count == 0) return std::nullopt;
        return bits;
    }
    template <typename Offset>
    void add_offsets(const std::vector<std::optional<std::string>>& values) {
        std::vector<std::uint8_t> offsets;
        std::vector<std::uint8_t> bytes;
        append(offsets, Offset{0});
        for (const auto& value : values) {
            if (value) bytes.insert(bytes.end(), value->begin(), value->end());
            append(offsets, static_cast<Offset>(bytes.size()));
        }
        buffers.push_back(std::move(offsets));
        buffers.push_back(std::move(bytes));
    }
    void add_views(const std::vector<std::optional<std::string>>& values) {
        std::vector<std::uint8_t> views;
        std::vector<std::uint8_t> bytes;
        for (const auto& value : values) {
            const std::string text = value.value_or("");
            std::uint8_t view[16] = {};
            const auto size = static_cast<std::int32_t>(text.size());
            std::memcpy(view, &size, 4);
            if (text.size() <= 12) {
                std::copy(text.begin(), text.end(), view + 4);
            } else {
                const auto at = static_cast<std::int32_t>(bytes.size());
                std::memcpy(view + 4, text.data(), 4);
                std::memcpy(view + 12, &at, 4);
                bytes.insert(bytes.end(), text.begin(), text.end());
            }
            views.insert(views.end(), view, view + 16);
        }
        std::vector<std::uint8_t> sizes;
        append(sizes, static_cast<std::int64_t>(bytes.size()));
        buffers.push_back(std::move(views));
        buffers.push_back(std::move(bytes));
        buffers.push_back(std::move(sizes));
    }
};

/// A stream of struct batches made from hand-laid columns. All batches have the columns of the first. `releases` counts
/// what consumers gave back; the stream must outlive nothing: every part owns its bytes.
class ArrowStreamBuilder {
public:
    struct Batch {
        std::vector<ArrowColumn> columns;
        std::int64_t length = 0;
        std::int64_t offset = 0;
        std::int64_t null_count = 0;
        std::optional<std::vector<std::uint8_t>> validity;
        std::int64_t n_children = -1;  ///< -1 = as many as columns
        std::int64_t n_buffers = 1;
    };
    std::string format = "+s";
    std::vector<Batch> batches;
    int fail_at = -1;  ///< get_next fails when it reaches this batch

    ArrowStreamBuilder() = default;
    explicit ArrowStreamBuilder(std::vector<ArrowColumn> columns) { add(std::move(columns)); }
    Batch& add(std::vector<ArrowColumn> columns) {
        Batch batch;
        batch.length = columns.empty() ? 0 : columns.front().length;
        batch.columns = std::move(columns);
        batches.push_back(std::move(batch));
        return batches.back();
    }
    /// Copies the builder into a stream of its own; `live` (if given) counts structures that were not released yet.
    void produce(ArrowArrayStream* out, std::shared_ptr<int> live = {}) const;

private:
    struct State;
    struct SchemaOwner {
        std::string name, format;
        std::vector<std::unique_ptr<ArrowSchema>> parts;
        std::vector<ArrowSchema*> children;
        std::shared_ptr<int> live;
    };
    struct ArrayOwner {
        std::vector<std::optional<std::vector<std::uint8_t>>> bytes;
        std::vector<const void*> buffers;
        std::vector<std::unique_ptr<ArrowArray>> parts;
        std::vector<ArrowArray*> children;
        std::shared_ptr<int> live;
    };
    template <typename Structure, typename Owner>
    static void release(Structure* value) {
        Owner* owner = static_cast<Owner*>(value->private_data);
        for (auto& part : owner->parts) {
            if (part->release != nullptr) part->release(part.get());
        }
        if (owner->live) --*owner->live;
        delete owner;
        value->release = nullptr;
    }
    static void fill_schema(const ArrowColumn& column, const std::shared_ptr<int>& live, ArrowSchema* out) {
        auto owner = std::make_unique<SchemaOwner>();
        owner->name = column.name;
        owner->format = column.format;
        *out = ArrowSchema{};
        if (column.dictionary) {
            owner->parts.push_back(std::make_unique<ArrowSchema>());
            fill_schema(*column.dictionary, live, owner->parts.back().get());
            out->dictionary = owner->parts.back().get();
        }
        finish_schema(std::move(owner), live, out);
    }
    static void finish_schema(std::unique_ptr<SchemaOwner> owner, const std::shared_ptr<int>& live, ArrowSchema* out) {
        owner->live = live;
        if (live) ++*live;
        out->format = owner->format.c_str();
        out->name = owner->name.c_str();
        out->flags = 2;
        out->n_children = static_cast<std::int64_t>(owner->children.size());
        out->children = owner->children.data();
        out->release = release<ArrowSchema, SchemaOwner>;
        out->private_data = owner.release();
    }
    static void finish_array(std::unique_ptr<ArrayOwner> owner, const std::shared_ptr<int>& live, ArrowArray* out) {
        owner->live = live;
        if (live) ++*live;
        for (const auto& bytes : owner->bytes) {
            static const std::uint8_t kEmpty[16] = {};
            owner->buffers.push_back(!bytes ? nullptr : bytes->empty() ? kEmpty : bytes->data());
        }
        out->buffers = owner->buffers.data();
        out->children = owner->children.data();
        out->release = release<ArrowArray, ArrayOwner>;
        out->private_data = owner.release();
    }
    static void fill_array(const ArrowColumn& column, const std::shared_ptr<int>& live, ArrowArray* out) {
        auto owner = std::make_unique<ArrayOwner>();
        owner->bytes = column.buffers;
        *out = ArrowArray{};
        out->length = column.length;
        out->offset = column.offset;
        out->null_count = column.null_count;
        out->n_buffers = static_cast<std::int64_t>(column.buffers.size());
        if (column.dictionary && column.dictionary->length >= 0) {
            owner->parts.push_back(std::make_unique<ArrowArray>());
            fill_array(*column.dictionary, live, owner->parts.back().get());
            out->dictionary = owner->parts.back().get();
        }
        finish_array(std::move(owner), live, out);
    }
    static int get_schema(ArrowArrayStream* stream, ArrowSchema* out);
    static int get_next(ArrowArrayStream* stream, ArrowArray* out);
};

struct ArrowStreamBuilder::State {
    ArrowStreamBuilder builder;
    std::size_t next = 0;
    std::shared_ptr<int> live;
};

inline void ArrowStreamBuilder::produce(ArrowArrayStream* out, std::shared_ptr<int> live) const {
    *out = ArrowArrayStream{};
    out->get_schema = get_schema;
    out->get_next = get_next;
    out->get_last_error = [](ArrowArrayStream*) -> const char* { return "the wire broke"; };
    out->release = [](ArrowArrayStream* stream) {
        State* state = static_cast<State*>(stream->private_data);
        if (state->live) --*state->live;
        delete state;
        stream->release = nullptr;
    };
    if (live) ++*live;
    out->private_data = new State{*this, 0, std::move(live)};
}

inline int ArrowStreamBuilder::get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
    const State& state = *static_cast<State*>(stream->private_data);
    auto owner = std::make_unique<SchemaOwner>();
    owner->format = state.builder.format;
    if (!state.builder.batches.empty()) {
        for (const ArrowColumn& column : state.builder.batches.front().columns) {
            owner->parts.push_back(std::make_unique<ArrowSchema>());
            fill_schema(column, state.live, owner->parts.back().get());
            owner->children.push_back(owner->parts.back().get());
        }
    }
    *out = ArrowSchema{};
    finish_schema(std::move(owner), state.live, out);
    return 0;
}

inline int ArrowStreamBuilder::get_next(ArrowArrayStream* stream, ArrowArray* out) {
    State& state = *static_cast<State*>(stream->private_data);
    *out = ArrowArray{};
    if (static_cast<int>(state.next) == state.builder.fail_at) return 5;
    if (state.next == state.builder.batches.size()) return 0;
    const Batch& batch = state.builder.batches[state.next++];
    auto owner = std::make_unique<ArrayOwner>();
    owner->bytes.push_back(batch.validity);
    for (const ArrowColumn& column : batch.columns) {
        owner->parts.push_back(std::make_unique<ArrowArray>());
        fill_array(column, state.live, owner->parts.back().get());
        owner->children.push_back(owner->parts.back().get());
    }
    out->length = batch.length;
    out->offset = batch.offset;
    out->null_count = batch.null_count;
    out->n_buffers = batch.n_buffers;
    out->n_children = batch.n_children >= 0 ? batch.n_children : static_cast<std::int64_t>(batch.columns.size());
    finish_array(std::move(owner), state.live, out);
    return 0;
}

}  // namespace slipcast::test
