#pragma once
#include <cstddef>
#include <random>
#include <string>
#include <vector>

namespace ister::fuzz {

/// Makes new inputs from old ones: flips, cuts, copies, splices, words of the inputs themselves, extreme numbers.
class Mutator {
 public:
  /// The words are those of `texts`; what comes out is cut at `longest` bytes.
  Mutator(const std::vector<std::string>& texts, std::size_t longest, std::uint64_t seed);

  /// Another input to start from.
  void add(std::string input) { m_inputs.push_back(std::move(input)); }

  /// One of the inputs after some changes.
  std::string next();

 private:
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : m_random() % bound; }
  template <class List>
  auto& any(List& list) {
    return list[below(list.size())];
  }
  void change(std::string& text);
  void put(std::string& text, const std::string& piece);
  void change_bytes(std::string& text);
  void change_lines(std::string& text);
  void change_number(std::string& text);
  void collect_words(const std::string& text);

  std::vector<std::string> m_inputs, m_words;
  std::size_t m_longest;
  std::mt19937_64 m_random;
};

}  // namespace ister::fuzz
