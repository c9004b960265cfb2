#include "io/event_format.hpp"

#include <algorithm>
#include <regex>
#include <utility>
#include <vector>

#include "core/base/input_file.hpp"

namespace ister::io {
namespace {

constexpr const char* blanks = " \t\r";

struct Beginning {
  std::vector<std::string> header;  ///< the comments before the first row
  std::vector<std::string> rows;    ///< the first two
};

Beginning beginning_of(const std::string& text) {
  Beginning result;
  for (std::size_t at = 0; at < text.size() && result.rows.size() < 2;) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    at = end + 1;
    line.erase(line.find_last_not_of(blanks) + 1);
    if (line.empty()) continue;
    const char first = line[line.find_first_not_of(blanks)];
    if (first != '#' && first != '%' && first != '!')
      result.rows.push_back(std::move(line));
    else if (result.rows.empty())
      result.header.push_back(std::move(line));
  }
  return result;
}

std::size_t count_words(const std::string& line) {
  std::size_t words = 0;
  for (std::size_t end = 0;;) {
    const std::size_t begin = line.find_first_not_of(blanks, end);
    if (begin == std::string::npos) return words;
    end = std::min(line.find_first_of(blanks, begin), line.size());
    ++words;
  }
}

EventFormat by_header(const std::vector<std::string>& header, std::size_t columns) {
  const std::pair<const char*, EventFormat> known[] = {
      {"OSCAR", {"a list of particles in an OSCAR format, as SMASH and UrQMD write", ""}},
      {"tau_in_fm", {"a table of KoMPoST for MUSIC, one row for each cell", "ip_glasma"}},
      {"<npart>=", {"a table of superMC, one row for each cell", "supermc"}},
  };
  for (const std::string& line : header) {
    for (const auto& [word, format] : known)
      if (line.find(word) != std::string::npos) return format;
    if (line.find("etamax=") != std::string::npos)
      return columns == 12 || columns == 28
                 ? EventFormat{"a table of T^{mu nu} of IP-Glasma, one row for each cell", "kompost"}
                 : EventFormat{"a table of MUSIC, IP-Glasma or KoMPoST, one row for each cell", "ip_glasma"};
    static const std::regex ccake(R"(#\s*0(\s+[-+.\deE]+){5,7}\s*)");
    if (line.size() < 200 && std::regex_match(line, ccake)) return {"a table of CCAKE, one row for each cell", "ccake"};
  }
  return {};
}

/// superMC writes no header; each number right-aligned in 22 characters.
bool is_super_mc(const std::filesystem::path& path, const Beginning& begin, std::size_t columns, std::size_t rows) {
  static const std::regex names(R"(.*([se]d|rho\w*)_event_.*|.*_block\..*|Initial[SE]d.*)");
  const std::string name = path.filename().string();
  const bool aligned = begin.rows[0].size() == 22 * columns && columns > 1 && begin.rows[0].front() == ' ';
  const bool usual_size = columns == 261 && rows == 261;
  return begin.header.empty() && (aligned || usual_size || (name.size() < 200 && std::regex_match(name, names)));
}

EventFormat by_columns(std::size_t columns) {
  switch (columns) {
    case 4:
      return {"a table of x, y, eta and a value, one row for each cell, as freestream-milne writes",
              "freestream_milne"};
    case 6:
      return {"a table of ICCING, one row for each cell", "ccake"};
    case 11:
    case 18:
      return {"a table of MUSIC or IP-Glasma, one row for each cell: coordinates, energy density, flow (and stresses)",
              "ip_glasma"};
    case 17:
      return {"a table of CCAKE, one row for each cell", "ccake"};
    case 12:
    case 28:
      return {"a table of T^{mu nu} as IP-Glasma and KoMPoST write, one row for each cell, or of particles", "kompost"};
    default:
      return {"a table, one row for each cell", ""};
  }
}

}  // namespace

EventFormat recognised_format(const std::filesystem::path& path, const std::string& text) {
  const Beginning begin = beginning_of(text);
  const std::size_t columns = begin.rows.empty() ? 0 : count_words(begin.rows[0]);
  if (EventFormat format = by_header(begin.header, columns); !format.what.empty() || begin.rows.empty()) return format;
  const auto rows = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  if (columns == 6 && begin.rows.size() == 2 && begin.rows[0].compare(0, 2, "0 ") == 0) return by_columns(6);
  const bool apart = begin.rows[0].find_first_of(",;") == std::string::npos;  // else the reader names what is wrong
  if (apart && columns <= 32 && rows >= 8 * columns) return by_columns(columns);
  if (is_super_mc(path, begin, columns, rows))
    return {
        "a block as superMC, iEBE and VISHNew use it: rows are x and columns y, the transpose of an event of "
        "TRENTo",
        "supermc"};
  return {};
}

std::string hint_of_format(const std::filesystem::path& path) {
  const EventFormat format = recognised_format(path, core::InputFile(path).begin(std::size_t{1} << 20));
  if (format.what.empty()) return "";
  return "; the file looks like " + format.what +
         (format.type.empty() ? "" : ", which initial.type = \"" + format.type + "\" reads");
}

}  // namespace ister::io
