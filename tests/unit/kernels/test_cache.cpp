// Compiled a second time, alone, by thread_sanitizer.sh: nothing here needs Kokkos or MPI.
#include "core/kernels/cache/cache.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <random>
#include <thread>

namespace ister::tests {
namespace {

using namespace core;

using Clock = Cache::Clock;
using Values = std::vector<double>;

Clock::time_point at(std::int64_t tick) { return Clock::time_point(Clock::duration(tick)); }
CacheKey<double> key_of(int number) { return CacheKey<double>("test").with(number); }

/// What number `number` stands for: a content that depends on it, of its own size.
Values value_of(int number) { return Values(static_cast<std::size_t>(number * 37 % 101), 0.5 * number); }

/// The rules of the cache written down as plainly as possible.
class Model {
 public:
  explicit Model(const Cache::Options& options) : m_options(options) {}

  bool find(int number, Clock::time_point now) {
    remove_expired(now);
    const auto found = position(number);
    ++(found == m_entries.end() ? m_statistics.misses : m_statistics.hits);
    if (found == m_entries.end()) return false;
    std::rotate(m_entries.begin(), found, found + 1);
    return true;
  }

  void insert(int number, Clock::time_point now) {
    remove_expired(now);
    if (const auto found = position(number); found != m_entries.end()) {
      std::rotate(m_entries.begin(), found, found + 1);
      return;
    }
    const std::size_t size = value_of(number).size() * sizeof(double);
    if (size > m_options.max_bytes) {
      ++m_statistics.refusals;
      return;
    }
    for (; bytes() + size > m_options.max_bytes || m_entries.size() == m_options.max_entries; m_entries.pop_back())
      ++m_statistics.evictions;
    m_entries.insert(m_entries.begin(), {number, now});
    ++m_statistics.insertions;
  }

  [[nodiscard]] std::vector<int> numbers() const {
    std::vector<int> numbers;
    for (const Entry& entry : m_entries) numbers.push_back(entry.number);
    return numbers;
  }
  [[nodiscard]] CacheStatistics statistics() const {
    CacheStatistics statistics = m_statistics;
    statistics.entries = m_entries.size();
    statistics.bytes = bytes();
    return statistics;
  }

 private:
  struct Entry {
    int number;
    Clock::time_point inserted;
  };

  [[nodiscard]] std::vector<Entry>::iterator position(int number) {
    return std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry& e) { return e.number == number; });
  }
  [[nodiscard]] std::size_t bytes() const {
    std::size_t sum = 0;
    for (const Entry& entry : m_entries) sum += value_of(entry.number).size() * sizeof(double);
    return sum;
  }
  void remove_expired(Clock::time_point now) {
    const auto expired = [&](const Entry& e) { return now - e.inserted > m_options.max_age; };
    const auto rest = std::remove_if(m_entries.begin(), m_entries.end(), expired);
    m_statistics.expiries += static_cast<std::uint64_t>(m_entries.end() - rest);
    m_entries.erase(rest, m_entries.end());
  }

  const Cache::Options& m_options;
  std::vector<Entry> m_entries;
  CacheStatistics m_statistics;
};

void expect_equal(const CacheStatistics& a, const CacheStatistics& b) {
  EXPECT_EQ(a.hits, b.hits);
  EXPECT_EQ(a.misses, b.misses);
  EXPECT_EQ(a.insertions, b.insertions);
  EXPECT_EQ(a.evictions, b.evictions);
  EXPECT_EQ(a.expiries, b.expiries);
  EXPECT_EQ(a.refusals, b.refusals);
  EXPECT_EQ(a.entries, b.entries);
  EXPECT_EQ(a.bytes, b.bytes);
}

std::vector<Digest> digests(const std::vector<int>& numbers) {
  std::vector<Digest> result;
  for (const int number : numbers) result.push_back(key_of(number).digest());
  return result;
}

Cache::Options small_options() {
  Cache::Options options;
  options.max_bytes = 99 * sizeof(double) * 4;  // values have up to 100 numbers, so about eight fit
  options.max_entries = 9;
  options.max_age = Clock::duration(20);
  return options;
}

TEST(Cache, MillionRandomOperationsFollowTheModel) {
  std::mt19937_64 random(3);
  std::int64_t now = 0;
  for (const std::size_t max_bytes : {small_options().max_bytes, 90 * sizeof(double)}) {  // the second refuses some
    Cache::Options options = small_options();
    options.max_bytes = max_bytes;
    options.now = [&] { return at(now); };
    Cache cache(options);
    Model model(options);
    for (int operation = 0; operation < 500000; ++operation) {
      const int number = static_cast<int>(random() % 24);
      now += static_cast<std::int64_t>(random() % 4);
      if (random() % 2 == 0) {
        const auto found = cache.find(key_of(number));
        ASSERT_EQ(found != nullptr, model.find(number, at(now)));
        if (found) {
          ASSERT_EQ(*found, value_of(number));
        }
      } else {
        ASSERT_EQ(*cache.insert(key_of(number), value_of(number)), value_of(number));
        model.insert(number, at(now));
      }
      ASSERT_EQ(cache.keys(), digests(model.numbers()));
      ASSERT_EQ(cache.statistics().bytes, model.statistics().bytes);
      ASSERT_LE(cache.statistics().most_bytes, max_bytes);
    }
    expect_equal(cache.statistics(), model.statistics());
    EXPECT_GT(cache.statistics().evictions, 10000u);
    EXPECT_GT(cache.statistics().expiries, 5000u);
    EXPECT_EQ(cache.statistics().refusals > 0, max_bytes < 100 * sizeof(double));
  }
}

/// The clock is called once in every operation and under the lock: it writes the log, and time is its length.
TEST(Cache, EightThreadsLeaveWhatTheirLogReplayedLeaves) {
  struct Operation {
    bool insertion;
    int number;
  };
  static thread_local Operation current;
  std::vector<Operation> log;
  Cache::Options options = small_options();
  options.now = [&] {
    log.push_back(current);
    return at(static_cast<std::int64_t>(log.size()));
  };
  Cache cache(options);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (unsigned seed = 0; seed < 8; ++seed)
    threads.emplace_back([&, seed] {
      std::mt19937_64 random(seed);
      for (int operation = 0; operation < 5000; ++operation) {
        current = {random() % 2 == 0, static_cast<int>(random() % 24)};
        const auto got = current.insertion ? cache.insert(key_of(current.number), value_of(current.number))
                                           : cache.find(key_of(current.number));
        if (got && *got != value_of(current.number)) ++wrong;
        if (operation % 64 == 0 && cache.statistics().bytes > options.max_bytes) ++wrong;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  ASSERT_EQ(log.size(), 40000u);
  Model model(options);
  for (std::size_t i = 0; i < log.size(); ++i) {
    const Clock::time_point now = at(static_cast<std::int64_t>(i + 1));
    if (log[i].insertion)
      model.insert(log[i].number, now);
    else
      model.find(log[i].number, now);
  }
  EXPECT_EQ(cache.keys(), digests(model.numbers()));
  expect_equal(cache.statistics(), model.statistics());
}

TEST(Cache, ThreadsShareCompressedValues) {
  Cache::Options options = small_options();
  options.max_age = Clock::duration::max();
  options.compress = true;
  Cache cache(options);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (unsigned seed = 0; seed < 8; ++seed)
    threads.emplace_back([&, seed] {
      std::mt19937_64 random(seed);
      for (int operation = 0; operation < 1000; ++operation) {
        const int number = static_cast<int>(random() % 24);
        if (*cache.find_or_insert(key_of(number), [&] { return value_of(number); }) != value_of(number)) ++wrong;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(cache.statistics().hits + cache.statistics().misses, 8000u);
}

TEST(Cache, ValuesOutliveTheirEntry) {
  Cache cache({});
  const auto first = cache.insert(key_of(1), {1.0, 2.0});
  EXPECT_EQ(*cache.insert(key_of(1), {3.0}), Values{3.0});
  EXPECT_EQ(*cache.find(key_of(1)), (Values{1.0, 2.0})) << "what is in stays as it is";
  cache.clear();
  EXPECT_EQ(cache.find(key_of(1)), nullptr);
  EXPECT_EQ(*first, (Values{1.0, 2.0}));
  EXPECT_EQ(cache.statistics().bytes, 0u);
}

TEST(Cache, BytesAreThoseOfTheCapacity) {
  Cache cache({});
  Values values(10, 1.0);
  values.reserve(50);
  cache.insert(key_of(1), values);  // the copy has its own capacity
  EXPECT_EQ(cache.statistics().bytes, 10 * sizeof(double));
  cache.insert(key_of(2), std::move(values));
  EXPECT_EQ(cache.statistics().bytes, 60 * sizeof(double));
}

TEST(Cache, KeysAreTypedAndOfContent) {
  const double numbers[] = {1.0, 2.0};
  const auto key = CacheKey<double>("kind").with(numbers, 2).with(3);
  EXPECT_EQ(key.digest(), CacheKey<double>("kind").with(numbers, 2).with(3).digest());
  std::vector<Digest> all = {key.digest(),
                             CacheKey<float>("kind").with(numbers, 2).with(3).digest(),
                             CacheKey<double>("other").with(numbers, 2).with(3).digest(),
                             CacheKey<double>("kind").with(numbers, 1).with(3).digest(),
                             CacheKey<double>("kind").with(numbers, 2).with(4).digest(),
                             CacheKey<double>("kind").with(numbers, 1).with(2.0).with(3).digest(),
                             CacheKey<double>("kind").with(3).with(numbers, 2).digest(),
                             CacheKey<double>("kind").with("ab").with("c").digest(),
                             CacheKey<double>("kind").with("a").with("bc").digest(),
                             CacheKey<double>("kind").with("abc").digest()};
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(all[i], all[j]) << i << " " << j;
}

TEST(Cache, DigestsChangeWithEveryBitAndSpreadEvenly) {
  std::uint64_t words[4] = {0, 1, ~std::uint64_t{0}, 0x8000000000000000};
  const auto digest = [&] { return ContentHash().add(words, 4).digest(); };
  const Digest before = digest();
  const auto bits = [](std::uint64_t a, std::uint64_t b) { return __builtin_popcountll(a ^ b); };
  double flipped = 0.0;
  for (auto& word : words)
    for (int bit = 0; bit < 64; ++bit) {
      word ^= std::uint64_t{1} << bit;
      const Digest after = digest();
      EXPECT_NE(after, before);
      flipped += bits(after.first, before.first) + bits(after.second, before.second);
      word ^= std::uint64_t{1} << bit;
    }
  EXPECT_NEAR(flipped / 256, 64.0, 8.0);
  EXPECT_EQ(ContentHash().add("x").short_text().size(), 16u);
  EXPECT_NE(ContentHash().add("x").short_text(), ContentHash().add("y").short_text());
}

TEST(Cache, CompressesOnlyWhereItPays) {
  std::mt19937_64 random(1);
  Values smooth(4000), noise(4000);
  for (std::size_t i = 0; i < smooth.size(); ++i) {
    smooth[i] = 1.0 + 0.1 * std::exp(-1e-3 * static_cast<double>(i));
    const std::uint64_t bits = random();
    std::memcpy(&noise[i], &bits, sizeof bits);
  }
  Cache::Options options;
  options.compress = true;
  Cache cache(options);
  cache.insert(key_of(1), noise);
  EXPECT_EQ(cache.statistics().bytes, 4000 * sizeof(double));
  const auto same = cache.find(key_of(1));
  EXPECT_EQ(std::memcmp(same->data(), noise.data(), 4000 * sizeof(double)), 0);
  cache.insert(key_of(2), smooth);
  const std::size_t packed = cache.statistics().bytes - 4000 * sizeof(double);
  EXPECT_LT(packed, 0.95 * 4000 * sizeof(double));
  EXPECT_EQ(*cache.find(key_of(2)), smooth);
  cache.insert(key_of(3), Values{});
  EXPECT_TRUE(cache.find(key_of(3))->empty());
}

TEST(Cache, DamagedPackedBytesAreFound) {
  const std::vector<std::int32_t> values(1000, 7);
  std::vector<char> packed = pack(values.data(), sizeof(std::int32_t), values.size(), 4000);
  ASSERT_FALSE(packed.empty());
  std::vector<std::int32_t> back(1000);
  EXPECT_TRUE(unpack(packed, sizeof(std::int32_t), 1000, back.data()));
  EXPECT_EQ(back, values);
  packed.pop_back();
  EXPECT_FALSE(unpack(packed, sizeof(std::int32_t), 1000, back.data()));
}

}  // namespace
}  // namespace ister::tests
