#pragma once
#include <filesystem>
#include <string>

namespace ister::io {

/// What a text is that is not a map of one quantity with y down and x across, the way TRENTo writes events: the format
/// of another code, named by its header, its layout or the name of its file. Empty where it may be such a map.
std::string foreign_event(const std::filesystem::path& path, const std::string& text);

}  // namespace ister::io
