#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ister::io {

/// Removes a file; FileError where that fails, nothing where there is none.
void remove_file(const std::filesystem::path& path);

/// The files of one run, `<name>_...` in its folder. Functions that touch the disk are for rank 0 (within
/// on_rank_zero) and throw FileErrors.
class RunFiles {
 public:
  RunFiles(std::filesystem::path folder, std::string name);

  [[nodiscard]] const std::filesystem::path& folder() const { return m_folder; }
  [[nodiscard]] const std::string& name() const { return m_name; }

  [[nodiscard]] std::filesystem::path state(std::int64_t step) const;
  [[nodiscard]] std::filesystem::path checkpoint(std::int64_t step) const;
  [[nodiscard]] std::filesystem::path history() const { return m_folder / (m_name + "_history.csv"); }
  [[nodiscard]] std::filesystem::path observers() const { return m_folder / (m_name + "_observers.h5"); }
  [[nodiscard]] std::filesystem::path surface() const { return m_folder / (m_name + "_surface.h5"); }
  [[nodiscard]] std::filesystem::path eos() const { return m_folder / (m_name + "_eos.csv"); }
  [[nodiscard]] std::filesystem::path profile() const { return m_folder / (m_name + "_profile.json"); }
  [[nodiscard]] std::filesystem::path xdmf() const { return m_folder / (m_name + ".xdmf"); }

  [[nodiscard]] std::filesystem::path lock() const { return m_folder / (m_name + ".lock"); }

  /// Makes the folder, with those above it, and checks that files can be written there.
  void create_folder() const;

  /// What the folder holds of this run; neither its lock nor leftovers of interrupted writes count.
  [[nodiscard]] std::vector<std::filesystem::path> existing() const;
  /// Steps of the snapshots and of the checkpoints in the folder, ascending.
  [[nodiscard]] std::vector<std::int64_t> state_steps() const;
  [[nodiscard]] std::vector<std::int64_t> checkpoint_steps() const;

  /// Each of these removes checkpoints before all else, newest first, and leftovers of interrupted writes last:
  /// whenever it is interrupted, the newest checkpoint still has what it counts on. For a run that begins: what is left
  /// of another, all but these files.
  void remove_all_but(const std::vector<std::filesystem::path>& kept) const;
  /// For a restart from `step`: later snapshots and checkpoints, all but these files.
  void remove_after(std::int64_t step, const std::vector<std::filesystem::path>& kept) const;

 private:
  [[nodiscard]] std::vector<std::string> entries() const;
  [[nodiscard]] std::vector<std::int64_t> steps(const std::string& kind) const;
  [[nodiscard]] bool is_ours(const std::string& entry) const;
  [[nodiscard]] bool is_leftover(const std::string& entry) const;
  void remove(std::int64_t after, std::vector<std::filesystem::path> others,
              const std::vector<std::filesystem::path>& kept) const;

  std::filesystem::path m_folder;
  std::string m_name;
};

}  // namespace ister::io
