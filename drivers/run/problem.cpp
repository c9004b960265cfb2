#include "drivers/run/problem.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/content_hash.hpp"
#include "core/base/error.hpp"
#include "core/parallel/collective.hpp"
#include "drivers/input/schema.hpp"
#include "drivers/same_everywhere.hpp"
#include "io/posix.hpp"

namespace ister::drivers {
namespace {

using Texts = std::map<std::string, std::string>;

const std::string initial_file = "initial.file";

void add_content(const std::filesystem::path& path, core::ContentHash& hash) {
  const io::Descriptor file(path, O_RDONLY | O_NONBLOCK);
  std::string piece(std::size_t{1} << 20, '\0');
  for (std::int64_t done = 0, size = file.size(); done < size; done += static_cast<std::int64_t>(piece.size())) {
    piece.resize(std::min(piece.size(), static_cast<std::size_t>(size - done)));
    file.read_at(piece.data(), piece.size(), done);
    hash.add(piece);
  }
}

/// Of the bytes of a plain file, or of names and bytes of the plain files in a folder; empty where something cannot be
/// read, which whoever needs it will say.
std::string content_digest(const std::filesystem::path& path) {
  std::error_code unknown;
  const bool folder = std::filesystem::is_directory(path, unknown);
  if (!folder && !std::filesystem::is_regular_file(path, unknown)) return "";
  try {
    core::ContentHash hash;
    if (!folder) {
      add_content(path, hash);
      return hash.short_text();
    }
    std::set<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(path, unknown))
      if (entry.is_regular_file(unknown)) files.insert(entry.path());
    for (const std::filesystem::path& file : files) {
      hash.add(file.filename().string());
      add_content(file, hash);
    }
    return hash.short_text();
  } catch (const FileError&) {
    return "";
  }
}

/// The values of a text of lines "key = value" below "[section]", by full key.
Texts values_of(const std::string& text) {
  Texts values;
  std::string section;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    const std::size_t equals = line.find(" = ");
    if (!line.empty() && line.front() == '[')
      section = line.substr(1, line.find(']') - 1) + ".";
    else if (equals != std::string::npos)
      values[section + line.substr(0, equals)] = line.substr(equals + 3);
  }
  return values;
}

/// Whether a restart may have another value for a key: how the problem is solved, and what is written when. Older
/// checkpoints know the regulator.
bool may_change(const std::string& key) {
  static const std::set<std::string> sections{"run",    "time", "output",     "checkpoint", "history",  "filter",
                                              "sponge", "fftw", "stabilizer", "numerics",   "regulator"};
  return key != "time.start" && sections.count(key.substr(0, key.find('.'))) > 0;
}

/// Whether the new value of a key that may change goes without saying.
bool is_plain(const std::string& key) { return key.rfind("run.", 0) == 0 || key.find(".every_") != std::string::npos; }

/// The value of a key in an input that does not mention it, where it has one.
std::string default_value(const std::string& name) {
  const Key* key = find_key(name);
  return key == nullptr || key->required ? "" : key->value(Input());
}

const std::string content = "content ";

/// The values that count: in place of the name of a file the digest of its content.
Texts comparable(const std::string& resolved, const Texts& digests) {
  Texts values = values_of(resolved);
  for (auto& [key, value] : values)
    if (const auto digest = digests.find(key); digest != digests.end()) value = content + digest->second;
  return values;
}

std::string describe_change(const std::string& key, const std::string& before, const std::string& now) {
  if (before.rfind(content, 0) == 0 && now.rfind(content, 0) == 0)
    return key + ": the content of the file is not what it was";
  const auto shown = [](const std::string& value) { return value.empty() ? "(absent)" : value; };
  return fmt::format("{} = {}, was {}", key, shown(now), shown(before));
}

/// Keys of an ensemble that jobs may differ in.
bool may_differ(const std::string& key) {
  static const std::set<std::string> keys{"ensemble.events", "ensemble.ranks_per_event", "initial.event"};
  return keys.count(key) > 0 || key.rfind("run.", 0) == 0 || key.rfind("checkpoint.", 0) == 0;
}

std::string text_of(const Texts& values, const std::string& key) {
  const auto found = values.find(key);
  return found == values.end() ? default_value(key) : found->second;
}

std::set<std::string> keys_of(const Texts& a, const Texts& b) {
  std::set<std::string> keys;
  for (const Texts* values : {&a, &b})
    for (const auto& entry : *values) keys.insert(entry.first);
  return keys;
}

/// A text among attributes; empty where there is none.
std::string text_attribute(const core::Attributes& attributes, const std::string& name) {
  const auto found = attributes.find(name);
  const auto* text = found == attributes.end() ? nullptr : std::get_if<std::string>(&found->second);
  return text == nullptr ? "" : *text;
}

}  // namespace

Texts content_digests(const core::Ranks& ranks, const Input& input) {
  Texts digests;
  Input named = input;
  core::ContentHash tables;
  for (const Key& key : schema()) {
    if (key.unit != Unit::path || !key.applies(input)) continue;
    const std::string path = *std::get<std::string*>(key.bind(named));
    if (path.empty()) continue;
    const bool table = key.name != initial_file;
    std::string& digest = digests[key.name];
    if (table || ranks.is_root()) digest = content_digest(path);
    if (table) tables.add(std::string_view(digest));
  }
  if (const auto found = digests.find(initial_file); found != digests.end())
    found->second = core::broadcast_text(ranks.comm(), found->second);
  if (!same_everywhere(ranks.comm(), tables.digest()))
    throw InputError(input.path +
                     ": the ranks see different contents of the tables that this input names: their folder must be "
                     "the same on all machines");
  return digests;
}

std::string digest_text(const Texts& digests) {
  std::string text;
  for (const auto& [key, digest] : digests) text += key + " = " + digest + "\n";
  return text;
}

std::vector<std::string> changes_since(const io::FieldFile& checkpoint, const Input& input, const Texts& digests) {
  const Texts old_digests = values_of(checkpoint.attribute<std::string>("digests"));
  const Texts was = comparable(checkpoint.attribute<std::string>("input"), old_digests);
  const Texts is = comparable(input.resolved_toml, digests);
  std::vector<std::string> said;
  for (const std::string& key : keys_of(was, is)) {
    const std::string before = text_of(was, key), now = text_of(is, key);
    if (before == now || (may_change(key) && is_plain(key))) continue;
    const std::string change = describe_change(key, before, now);
    if (may_change(key)) {
      said.push_back("changed since the checkpoint: " + change);
    } else if (key == initial_file && now == content) {
      said.push_back("warning: initial.file cannot be read any more; the restart does not need it");
    } else {
      throw InputError(
          fmt::format("{}: {} in the checkpoint {}: a restart goes on with the same problem; a new one "
                      "needs another run.output, or --overwrite",
                      input.path, change, checkpoint.path().string()));
    }
  }
  return said;
}

void require_same_ensemble(const std::filesystem::path& file, const core::Attributes& attributes, const Input& input,
                           const Texts& digests) {
  const Texts was = comparable(text_attribute(attributes, "input"), values_of(text_attribute(attributes, "digests")));
  const Texts is = comparable(input.resolved_toml, digests);
  for (const std::string& key : keys_of(was, is)) {
    const std::string before = text_of(was, key), now = text_of(is, key);
    if (before == now || may_differ(key)) continue;
    throw InputError(
        fmt::format("{}: {} in {}: all events of an ensemble are of one problem; a new one needs another run.output, "
                    "or --overwrite",
                    input.path, describe_change(key, before, now), file.string()));
  }
}

}  // namespace ister::drivers
