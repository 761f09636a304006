#include "folder.hpp"

#include <algorithm>
#include <system_error>

#include "arrow_files.hpp"

namespace slipcast::io::detail {

Result<std::vector<std::filesystem::path>> entries(const std::filesystem::path& folder) {
    std::error_code failed;
    if (!std::filesystem::is_directory(folder, failed)) {
        return Error{ErrorCode::not_found, "folder", folder.string(), "must be a folder", {folder.string(), 0, {}}};
    }
    std::vector<std::filesystem::path> found;
    std::filesystem::directory_iterator at(folder, failed);
    for (; !failed && at != std::filesystem::directory_iterator{}; at.increment(failed)) {
        if (!at->path().filename().string().starts_with('.')) found.push_back(at->path());
    }
    if (failed)
        return Error{ErrorCode::io_failure, "folder", folder.string(), failed.message(), {folder.string(), 0, {}}};
    std::sort(found.begin(), found.end());
    return found;
}

Result<std::vector<std::filesystem::path>> table_files_in(const std::filesystem::path& folder) {
    std::error_code failed;
    if (!std::filesystem::is_directory(folder, failed)) return std::vector<std::filesystem::path>{};
    SLIPCAST_TRY(found, entries(folder));
    std::erase_if(found, [](const std::filesystem::path& file) { return !is_table_file(file); });
    return std::move(found);
}

}  // namespace slipcast::io::detail
