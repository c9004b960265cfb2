#include "core/kernels/cache/cache.hpp"

#include <algorithm>

namespace ister::core {

void Cache::compress(Stored& stored, const void* values, std::size_t element_size) const {
  const auto limit = static_cast<std::size_t>((1.0 - m_options.least_saving) * static_cast<double>(stored.bytes));
  std::vector<char> packed = pack(values, element_size, stored.count, limit);
  if (packed.empty()) return;
  stored.bytes = packed.capacity();
  stored.packed = std::make_shared<const std::vector<char>>(std::move(packed));
  stored.values = nullptr;
}

Cache::Stored Cache::touch(const Digest& key) {
  const std::lock_guard lock(m_mutex);
  remove_expired(m_options.now());
  const auto found = m_index.find(key);
  if (found == m_index.end()) {
    ++m_statistics.misses;
    return {};
  }
  ++m_statistics.hits;
  m_entries.splice(m_entries.begin(), m_entries, found->second);
  return found->second->stored;
}

void Cache::store(const Digest& key, Stored stored) {
  const std::lock_guard lock(m_mutex);
  const Clock::time_point now = m_options.now();
  remove_expired(now);
  if (const auto found = m_index.find(key); found != m_index.end()) {
    m_entries.splice(m_entries.begin(), m_entries, found->second);
    return;
  }
  if (stored.bytes > m_options.max_bytes || m_options.max_entries == 0) {
    ++m_statistics.refusals;
    return;
  }
  while (m_statistics.bytes > m_options.max_bytes - stored.bytes || m_entries.size() >= m_options.max_entries) {
    remove(std::prev(m_entries.end()));
    ++m_statistics.evictions;
  }
  m_statistics.bytes += stored.bytes;
  m_statistics.most_bytes = std::max(m_statistics.most_bytes, m_statistics.bytes);
  ++m_statistics.insertions;
  m_entries.push_front({key, std::move(stored), now, m_by_age.insert(m_by_age.end(), key)});
  m_index.emplace(key, m_entries.begin());
}

void Cache::remove_expired(Clock::time_point now) {
  while (!m_by_age.empty()) {
    const auto oldest = m_index.at(m_by_age.front());
    if (now - oldest->inserted <= m_options.max_age) return;
    remove(oldest);
    ++m_statistics.expiries;
  }
}

void Cache::remove(Entries::iterator entry) {
  m_statistics.bytes -= entry->stored.bytes;
  m_index.erase(entry->key);
  m_by_age.erase(entry->age);
  m_entries.erase(entry);
}

void Cache::clear() {
  const std::lock_guard lock(m_mutex);
  m_index.clear();
  m_by_age.clear();
  m_entries.clear();
  m_statistics.bytes = 0;
}

CacheStatistics Cache::statistics() const {
  const std::lock_guard lock(m_mutex);
  CacheStatistics statistics = m_statistics;
  statistics.entries = m_entries.size();
  return statistics;
}

std::vector<Digest> Cache::keys() const {
  const std::lock_guard lock(m_mutex);
  std::vector<Digest> keys;
  keys.reserve(m_entries.size());
  for (const Entry& entry : m_entries) keys.push_back(entry.key);
  return keys;
}

}  // namespace ister::core
