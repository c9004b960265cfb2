#pragma once
#include <filesystem>
#include <string>

namespace ister::io {

/// A format of initial states.
struct EventFormat {
  std::string what;  ///< in words; empty: it may be a map as TRENTo writes it
  std::string type;  ///< the initial.type that reads it; empty: none does
};

/// The format of a text that is not a map of one quantity with y down and x across, by its header, its layout or the
/// name of its file.
EventFormat recognised_format(const std::filesystem::path& path, const std::string& text);

/// What a file looks like that is not of the format it was taken for, and what reads it, as the end of a message;
/// empty where nobody knows.
std::string hint_of_format(const std::filesystem::path& path);

}  // namespace ister::io
