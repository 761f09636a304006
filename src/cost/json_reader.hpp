#pragma once

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "slipcast/core/nearest.hpp"
#include "slipcast/core/result.hpp"

namespace slipcast::cost::detail {

using Json = nlohmann::json;

/// Takes values out of one JSON object by key and remembers the first refusal: a missing key or a value of another
/// type. finish() refuses a key that nobody took, naming the nearest. Chain takes, then ask once.
class JsonReader {
public:
    JsonReader(const Json& object, std::string path) : object_(&object), path_(std::move(path)) {
        if (!object.is_object()) refuse("", "must be an object");
    }

    template <typename T>
    JsonReader& take(const char* key, T& to) {
        known_.emplace_back(key);
        if (error_.has_value()) return *this;
        const auto found = object_->find(key);
        if (found == object_->end()) {
            refuse(key, "is missing");
            return *this;
        }
        read(key, *found, to);
        return *this;
    }
    /// The value itself, for what has a structure of its own; null when refused.
    const Json* object(const char* key) {
        known_.emplace_back(key);
        if (error_.has_value()) return nullptr;
        const auto found = object_->find(key);
        if (found == object_->end()) {
            refuse(key, "is missing");
            return nullptr;
        }
        return &*found;
    }
    [[nodiscard]] Result<void> finish() {
        if (error_.has_value()) return *error_;
        for (const auto& [key, value] : object_->items()) {
            if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
            return Error{ErrorCode::unknown_field,
                         path_ + key,
                         "",
                         "is no key of a cost model; did you mean '" + nearest_name(key, known_) + "'?",
                         {}};
        }
        return {};
    }
    [[nodiscard]] bool has_failed() const { return error_.has_value(); }
    void refuse(const std::string& key, const std::string& rule) {
        if (!error_.has_value()) error_ = Error{ErrorCode::malformed, path_ + key, "", rule, {}};
    }

private:
    void read(const char* key, const Json& from, double& to) {
        if (!from.is_number()) return refuse(key, "must be a number");
        to = from.get<double>();
    }
    void read(const char* key, const Json& from, std::int64_t& to) {
        if (!from.is_number_integer()) return refuse(key, "must be a whole number");
        to = from.get<std::int64_t>();
    }
    void read(const char* key, const Json& from, int& to) {
        std::int64_t wide = 0;
        read(key, from, wide);
        if (wide < -1'000'000'000 || wide > 1'000'000'000) return refuse(key, "must fit 32 bits");
        to = static_cast<int>(wide);
    }
    void read(const char* key, const Json& from, bool& to) {
        if (!from.is_boolean()) return refuse(key, "must be true or false");
        to = from.get<bool>();
    }
    void read(const char* key, const Json& from, std::string& to) {
        if (!from.is_string()) return refuse(key, "must be text");
        to = from.get<std::string>();
    }
    template <typename T>
    void read(const char* key, const Json& from, std::vector<T>& to) {
        if (!from.is_array()) return refuse(key, "must be a list");
        to.clear();
        for (const Json& each : from) {
            T value{};
            read(key, each, value);
            to.push_back(std::move(value));
        }
    }
    template <typename T>
    void read(const char* key, const Json& from, std::map<std::string, T>& to) {
        if (!from.is_object()) return refuse(key, "must be an object");
        to.clear();
        for (const auto& [name, each] : from.items()) {
            T value{};
            read(key, each, value);
            to.emplace(name, std::move(value));
        }
    }

    const Json* object_;
    std::string path_;
    std::vector<std::string> known_;
    std::optional<Error> error_;
};

}  // namespace slipcast::cost::detail
