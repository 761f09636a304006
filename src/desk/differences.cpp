#include <fmt/format.h>

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
        all_.push_back({field, text_of(list.size)});
        for (std::uint32_t i = 0; i < list.size; ++i) {
            const auto place = [&](const char* part, const auto& value) {
                const std::string_view known = part;
                all_.push_back({fmt::format("candidate[{}]{}", i, known.substr(known.find('.'))), text_of(value)});
            };
            detail::visit_candidate(place, list.values[i]);
        }
    }
    [[nodiscard]] std::vector<FieldText> take() { return std::move(all_); }

private:
    std::vector<FieldText> all_;
};

std::vector<std::byte> bytes_of(const Decision& decision) {
    std::vector<std::byte> bytes;
    encode(Context{}, decision, bytes);
    return bytes;
}

}  // namespace

std::vector<FieldText> field_texts(const Decision& decision) {
    Texts texts;
    detail::visit_decision(texts, decision);
    return texts.take();
}

std::optional<FieldDifference> first_difference(const Decision& a, const Decision& b) {
    if (bytes_of(a) == bytes_of(b)) return std::nullopt;
    const std::vector<FieldText> in_a = field_texts(a), in_b = field_texts(b);
    std::size_t i = 0;
    while (i < in_a.size() && i < in_b.size() && in_a[i].field == in_b[i].field && in_a[i].text == in_b[i].text) ++i;
    SLIPCAST_ASSERT(i < in_a.size() && i < in_b.size(), "bytes that differ have a field that differs");
    return FieldDifference{in_a[i].field, in_a[i].text, in_b[i].text};
}

}  // namespace slipcast::desk
