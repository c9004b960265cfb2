#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string_view>
#include <typeinfo>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/content_hash.hpp"
#include "core/base/error.hpp"
#include "core/kernels/cache/shuffled_lz4.hpp"

namespace ister::core {

/// Names an array of T by what it was computed from:
///   CacheKey<double>("two-time").with(frames, count).with(dt)
/// Keys are equal when T, the kind and all bits of the content are.
template <class T>
class CacheKey {
 public:
  explicit CacheKey(std::string_view kind) { m_hash.add(typeid(T).name()).add(kind); }

  /// What ContentHash::add takes: a number, a text, or a pointer to numbers and their count.
  template <class... Content>
  CacheKey& with(const Content&... content) {
    m_hash.add(content...);
    return *this;
  }
  [[nodiscard]] Digest digest() const { return m_hash.digest(); }

 private:
  ContentHash m_hash;
};

/// What a cache did since it was made, and what it holds.
struct CacheStatistics {
  std::uint64_t hits = 0, misses = 0;
  std::uint64_t insertions = 0;
  std::uint64_t evictions = 0;         ///< least recently used ones that made room
  std::uint64_t expiries = 0;          ///< removed because of their age
  std::uint64_t refusals = 0;          ///< larger than the whole cache, so never in it
  std::size_t entries = 0, bytes = 0;  ///< held now
  std::size_t most_bytes = 0;          ///< the high-water mark of `bytes`
};

/// Keeps computed arrays in memory and forgets the least recently used first. A value never changes once it is in; who
/// has got it keeps it, whatever the cache forgets. Safe to use from several threads; compression and decompression
/// run outside of the lock. Nothing goes to disk. For programs that use the library: `ister` itself computes nothing
/// twice.
class Cache {
 public:
  using Clock = std::chrono::steady_clock;
  template <class T>
  using Values = std::shared_ptr<const std::vector<T>>;

  struct Options {
    std::size_t max_bytes = std::size_t{1} << 28;  ///< of the values as they are held, compressed or not
    std::size_t max_entries = 1 << 16;
    Clock::duration max_age = Clock::duration::max();  ///< since the insertion
    bool compress = false;
    double least_saving = 0.05;  ///< part of the bytes; a value that compresses less is kept as it is
    /// Called once in each find and insert, under the lock: its times must not decrease.
    std::function<Clock::time_point()> now = Clock::now;
  };

  explicit Cache(Options options) : m_options(std::move(options)) {}
  Cache(const Cache&) = delete;
  Cache& operator=(const Cache&) = delete;

  /// The value, which becomes the most recently used one; null where it is not there or too old.
  template <class T>
  [[nodiscard]] Values<T> find(const CacheKey<T>& key) {
    const Stored stored = touch(key.digest());
    if (!stored.packed) return std::static_pointer_cast<const std::vector<T>>(stored.values);
    const auto values = std::make_shared<std::vector<T>>(stored.count);
    ISTER_REQUIRE(unpack(*stored.packed, sizeof(T), stored.count, values->data()));
    return values;
  }

  /// Takes `values` in as the most recently used, unless something is there under the key already: that stays, and
  /// becomes the most recently used. What is larger than max_bytes is refused, and counted. Returns what was given.
  template <class T>
  Values<T> insert(const CacheKey<T>& key, std::vector<T> values) {
    static_assert(std::is_trivially_copyable_v<T>, "values are compressed byte by byte");
    const Values<T> shared = std::make_shared<const std::vector<T>>(std::move(values));
    Stored stored{shared, nullptr, shared->size(), shared->capacity() * sizeof(T)};
    if (m_options.compress) compress(stored, shared->data(), sizeof(T));
    store(key.digest(), std::move(stored));
    return shared;
  }

  /// The value, computed by `make` where it is not there. Threads that miss at the same time all compute it.
  template <class T, class Make>
  Values<T> find_or_insert(const CacheKey<T>& key, const Make& make) {
    if (const Values<T> found = find(key)) return found;
    return insert(key, make());
  }

  void clear();
  [[nodiscard]] CacheStatistics statistics() const;
  /// The most recently used first.
  [[nodiscard]] std::vector<Digest> keys() const;

 private:
  /// One of `values` and `packed` is null.
  struct Stored {
    std::shared_ptr<const void> values;
    std::shared_ptr<const std::vector<char>> packed;
    std::size_t count = 0, bytes = 0;
  };
  struct Entry {
    Digest key;
    Stored stored;
    Clock::time_point inserted;
    std::list<Digest>::iterator age;  ///< its place in m_by_age
  };
  using Entries = std::list<Entry>;
  struct Hash {
    std::size_t operator()(const Digest& d) const { return static_cast<std::size_t>(d.first ^ d.second); }
  };

  void compress(Stored& stored, const void* values, std::size_t element_size) const;
  Stored touch(const Digest& key);
  void store(const Digest& key, Stored stored);
  void remove_expired(Clock::time_point now);
  void remove(Entries::iterator entry);

  const Options m_options;
  mutable std::mutex m_mutex;
  Entries m_entries;           // the most recently used first
  std::list<Digest> m_by_age;  // the oldest first
  std::unordered_map<Digest, Entries::iterator, Hash> m_index;
  CacheStatistics m_statistics;
};

}  // namespace ister::core
