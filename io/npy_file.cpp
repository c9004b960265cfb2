#include "io/npy_file.hpp"

#include <algorithm>
#include <cstring>
#include <regex>
#include <string>

#include "core/base/error.hpp"
#include "core/base/input_file.hpp"

// "\x93NUMPY", two bytes of version, the length of the header (2 bytes little-endian, 4 from version 2 on), and a
// header
// "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }" before the numbers.
namespace ister::io {
namespace {

constexpr std::uint64_t most_numbers = 200'000'000;

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& what) {
  throw FileError(path.string() + ": " + what);
}

struct Header {
  bool swapped = false;     ///< big-endian
  std::size_t size = 0;     ///< of a number [bytes]
  std::int64_t begin = 0;   ///< of the numbers in the file
  std::uint64_t count = 1;  ///< of numbers
};

std::string text_of_header(const core::InputFile& file, std::int64_t& begin) {
  unsigned char head[12] = {};
  if (file.size() < 12 || (file.read_at(head, sizeof head, 0), std::memcmp(head, "\x93NUMPY", 6) != 0))
    refuse(file.path(), "not an array that numpy.save wrote");
  const bool is_long = head[6] >= 2;
  const std::uint32_t length =
      is_long ? head[8] | head[9] << 8 | head[10] << 16 | static_cast<std::uint32_t>(head[11]) << 24
              : static_cast<std::uint32_t>(head[8] | head[9] << 8);
  begin = is_long ? 12 : 10;
  if (length > 65535 || begin + length > file.size()) refuse(file.path(), "its header is not complete");
  std::string text(length, '\0');
  file.read_at(text.data(), text.size(), begin);
  begin += length;
  return text;
}

Header read_header(const core::InputFile& file, std::vector<std::uint64_t>& extents) {
  Header header;
  const std::string text = text_of_header(file, header.begin);
  std::smatch found;
  if (!std::regex_search(text, found, std::regex(R"('descr':\s*'([<>|=])f([48])')")))
    refuse(file.path(), "its numbers are not reals of 4 or 8 bytes");
  header.swapped = found[1] == ">";
  header.size = found[2] == "4" ? 4 : 8;
  if (!std::regex_search(text, std::regex(R"('fortran_order':\s*False)")))
    refuse(file.path(), "is in Fortran order: save numpy.ascontiguousarray(array)");
  if (!std::regex_search(text, found, std::regex(R"('shape':\s*\(([0-9, ]*)\))"))) refuse(file.path(), "has no shape");
  const std::string shape = found[1];
  const std::regex digits("[0-9]{1,9}");
  for (std::sregex_iterator word(shape.begin(), shape.end(), digits), end; word != end; ++word) {
    extents.push_back(std::stoull(word->str()));
    header.count *= extents.back();
    if (header.count > most_numbers) refuse(file.path(), "claims more numbers than are read");
  }
  if (file.size() - header.begin != static_cast<std::int64_t>(header.count * header.size))
    refuse(file.path(), "is not complete: its shape is (" + shape + ")");
  return header;
}

template <class Real>
void convert(const std::vector<unsigned char>& bytes, bool swapped, std::vector<double>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    unsigned char number[sizeof(Real)];
    std::memcpy(number, bytes.data() + i * sizeof(Real), sizeof(Real));
    if (swapped) std::reverse(std::begin(number), std::end(number));
    Real value;
    std::memcpy(&value, number, sizeof(Real));
    values[i] = value;
  }
}

}  // namespace

NumberArray read_npy(const std::filesystem::path& path) {
  const core::InputFile file(path);
  NumberArray array;
  const Header header = read_header(file, array.extents);
  std::vector<unsigned char> bytes(header.count * header.size);
  file.read_at(bytes.data(), bytes.size(), header.begin);
  array.values.resize(header.count);
  if (header.size == 4)
    convert<float>(bytes, header.swapped, array.values);
  else
    convert<double>(bytes, header.swapped, array.values);
  return array;
}

}  // namespace ister::io
