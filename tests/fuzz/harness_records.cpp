#include <algorithm>

#include "io/crc64.hpp"
#include "io/history.hpp"
#include "io/run_lock.hpp"
#include "tests/fuzz/harness.hpp"

// What a run finds of an earlier one: the history that a checkpoint speaks of, and the lock.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ister;
  const std::string text = fuzz::text_of(data, size), half = text.substr(0, size / 2);
  const io::LockHolder holder = io::LockHolder::parse(text);
  (void)holder.name();
  (void)holder.is_gone();
  (void)holder.is_orphan();
  io::HistoryMark mark;
  mark.rows = std::count(half.begin(), half.end(), '\n') - 1;
  mark.bytes = static_cast<std::int64_t>(half.size());
  mark.crc = io::crc64(half.data(), half.size());
  return fuzz::read_or_refuse([&] { io::History(fuzz::file_of(text), {"step", "time", "e_max"}, mark).verify(); });
}
