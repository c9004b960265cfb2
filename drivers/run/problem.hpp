#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/parallel/ranks.hpp"
#include "drivers/input/input.hpp"
#include "io/field_file.hpp"

// What a run solves, as opposed to how and how long: a restart must not change it.
namespace ister::drivers {

/// By key, a digest of the content of every file that an input names; empty where a file is not there. InputError where
/// the ranks see different tables. Collective.
std::map<std::string, std::string> content_digests(const core::Ranks& ranks, const Input& input);

/// As the text of an attribute.
std::string digest_text(const std::map<std::string, std::string>& digests);

/// Compares an input with the one that a checkpoint was made with: InputError where the problem is another one. Returns
/// what changed that may, one line each, to be said.
std::vector<std::string> changes_since(const io::FieldFile& checkpoint, const Input& input,
                                       const std::map<std::string, std::string>& digests);

/// InputError unless the events of an ensemble in a file, whose root has these attributes, were made with this input:
/// but for the folder, for which of the events and with how many ranks.
void require_same_ensemble(const std::filesystem::path& file, const core::Attributes& attributes, const Input& input,
                           const std::map<std::string, std::string>& digests);

}  // namespace ister::drivers
