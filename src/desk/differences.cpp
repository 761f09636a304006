#include <fmt/format.h>
#include <fmt/ranges.h>

#include <bit>
#include <cmath>
#include <type_traits>

#include "fields.hpp"
#include "slipcast/desk/journal.hpp"

// Decisions as text, field by field, and where two part.

namespace slipcast::desk {

namespace {

std::string text_of(Timestamp value) {
    return value.to_string();
}
std::string text_of(Duration value) {
    return to_string(value);
}
std::string text_of(Price value) {
    return value.to_string();
}
std::string text_of(bool value) {
    return value ? "true" : "false";
}
std::string text_of(Side value) {
    return value == Side::buy ? "buy" : "sell";
}
std::string text_of(double value) {
    // Two that are not numbers differ in their bits alone.
    if (std::isnan(value)) return fmt::format("nan({:#018x})", std::bit_cast<std::uint64_t>(value));
    return fmt::format("{}", value);
}
std::string text_of(const std::array<std::int64_t, 10>& counts) {
    return fmt::format("{}", fmt::join(counts, ","));
}
template <typename T>
    requires(std::is_integral_v<T> && !std::is_same_v<T, bool>)
std::string text_of(T value) {
    return fmt::format("{}", value);
}
template <typename T>
    requires(std::is_enum_v<T> && !std::is_same_v<T, Side>)
std::string text_of(T value) {
    return std::string(name(value));
}

class Texts {
public:
    template <typename T>
    void operator()(const char* field, const T& value) {
        all_.push_back({field, text_of(value)});
    }
    void operator()(const char* field, const Few<std::int64_t, kMaxVenues>& list) {
        all_.push_back({field, text_of(list.size)});
        for (std::uint32_t i = 0; i < list.size; ++i) {
            all_.push_back({fmt::format("{}[{}]", field, i), text_of(list.values[i])});
        }
    }
    void operator()(const char* field, const Few<Candidate, kMaxCandidates>& list) {
        add(field, list, [](const auto& place, const Candidate& each) { detail::visit_candidate(place, each); });
    }
    void operator()(const char* field, const Few<ModelScore, 2>& list) {
        add(field, list, [](const auto& place, const ModelScore& each) { detail::visit_score(place, each); });
    }
    [[nodiscard]] std::vector<FieldText> take() { return std::move(all_); }

private:
    /// The size, then each: "candidate.score" of the third is "candidate[2].score".
    template <typename List, typename Visit>
    void add(const char* field, const List& list, const Visit& visit) {
        all_.push_back({field, text_of(list.size)});
        for (std::uint32_t i = 0; i < list.size; ++i) {
            const auto place = [&](const char* part, const auto& value) {
                const std::string_view known = part;
                const std::size_t dot = known.find('.');
                all_.push_back({fmt::format("{}[{}]{}", known.substr(0, dot), i, known.substr(dot)), text_of(value)});
            };
            visit(place, list.values[i]);
        }
    }
    std::vector<FieldText> all_;
};

std::vector<std::byte> bytes_of(const Decision& decision) {
    std::vector<std::byte> bytes;
    encode(Context{}, decision, bytes);
    return bytes;
}
std::vector<std::byte> bytes_of(const Lesson& lesson) {
    std::vector<std::byte> bytes;
    encode(Outcome{}, lesson, bytes);
    return bytes;
}

std::vector<FieldText> field_texts(const Lesson& lesson) {
    Texts texts;
    detail::visit_lesson(texts, lesson);
    return texts.take();
}

template <typename Kind>
std::optional<FieldDifference> difference_of(const Kind& a, const Kind& b) {
    if (bytes_of(a) == bytes_of(b)) return std::nullopt;
    const std::vector<FieldText> in_a = field_texts(a), in_b = field_texts(b);
    std::size_t i = 0;
    while (i < in_a.size() && i < in_b.size() && in_a[i].field == in_b[i].field && in_a[i].text == in_b[i].text) ++i;
    SLIPCAST_ASSERT(i < in_a.size() && i < in_b.size(), "bytes that differ have a field that differs");
    return FieldDifference{in_a[i].field, in_a[i].text, in_b[i].text};
}

}  // namespace

std::vector<FieldText> field_texts(const Decision& decision) {
    Texts texts;
    detail::visit_decision(texts, decision);
    return texts.take();
}

std::optional<FieldDifference> first_difference(const Decision& a, const Decision& b) {
    return difference_of(a, b);
}
std::optional<FieldDifference> first_difference(const Lesson& a, const Lesson& b) {
    return difference_of(a, b);
}

}  // namespace slipcast::desk
