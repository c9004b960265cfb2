#include "drivers/analysis.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.hpp"
#include "drivers/print.hpp"
#include "io/atomic_file.hpp"

namespace ister::drivers {

void Results::add_to(CLI::App& app, bool required) {
  app.add_option("-o,--output", output, "HDF5 file for the results")->required(required)->type_name("FILE.h5");
  app.add_option("--csv", csv, "the results as a table as well")->type_name("FILE.csv");
}

void Results::write(const std::vector<io::NamedArray>& arrays, const core::Attributes& attributes,
                    const std::vector<io::NamedArray>& table, const std::string& comment,
                    std::vector<io::FileContent> besides) const {
  std::vector<io::FileContent> files = std::move(besides);
  if (output) files.push_back(io::hdf5_content(*output, arrays, attributes));
  if (csv) files.push_back(io::csv_content(*csv, table, comment));
  io::write_files(files);
  std::string names;
  for (const io::FileContent& file : files) names += (names.empty() ? "" : " and ") + file.path.string();
  if (!names.empty()) print_out("written: {}\n", names);
}

FilesOfOptions::FilesOfOptions(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    const std::string type = option->get_type_name();
    const bool is_file = option->get_positional() || type.find(".h5") != std::string::npos;
    const auto names = {"output", "csv", "events-csv", "report"};
    const bool is_written = std::any_of(names.begin(), names.end(), [&](auto n) { return option->check_lname(n); });
    auto& files = is_written ? written : read;
    if (is_file || &files == &written) files.insert(files.end(), option->results().begin(), option->results().end());
  }
}

void FilesOfOptions::check() const {
  const auto same = [](const std::filesystem::path& a, const std::filesystem::path& b) {
    std::error_code unknown;  // of files that are not there yet
    return a.lexically_normal() == b.lexically_normal() || std::filesystem::equivalent(a, b, unknown);
  };
  for (std::size_t i = 0; i < written.size(); ++i) {
    io::AtomicFile::require_writable(written[i]);
    for (const auto& input : read)
      if (same(written[i], input))
        throw InputError(written[i].string() + ": the results would be written over the input");
    for (std::size_t j = 0; j < i; ++j)
      if (same(written[i], written[j]))
        throw InputError(written[i].string() + ": two kinds of results would be written to the same file");
  }
}

}  // namespace ister::drivers
