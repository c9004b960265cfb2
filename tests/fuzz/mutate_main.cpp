// The driver of a harness where the compiler has no libFuzzer; takes those options of libFuzzer's:
//   fuzz_NAME [-runs=N] [-max_total_time=SECONDS] [-seed=N] [-artifact_prefix=PREFIX] SEED_FILE_OR_FOLDER...
// Exit code 1 where an input crashed the harness, took it over 10 s of processor time, a minute, or over 4 GB: each
// such input is stored in a file named PREFIX, what happened, and a checksum.
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <thread>

#include "io/crc64.hpp"
#include "tests/fuzz/coverage.hpp"
#include "tests/fuzz/harness.hpp"
#include "tests/fuzz/mutation.hpp"
#include "tests/scratch_folder.hpp"

extern "C" __attribute__((weak)) int LLVMFuzzerInitialize(int* argc, char*** argv);

namespace {

using namespace ister;

constexpr std::size_t longest_input = 1 << 16, most_inputs = 1024;
constexpr double processor_limit = 10.0, time_limit = 60.0;  // s, of one execution; others may keep the processors busy
constexpr double memory_limit = 4e9;                         // bytes
constexpr double slow = 0.1;                                 // s of a processor; what is slower is not changed further
constexpr int most_findings = 10;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

struct Options {
  std::uint64_t runs = UINT64_MAX, seed = 1;
  double seconds = 1e9;
  std::string prefix;
  std::vector<std::string> inputs;

  Options(int argc, char** argv) {
    std::vector<std::filesystem::path> files;
    for (const std::string& word : std::vector<std::string>(argv + 1, argv + argc)) {
      const auto given = [&](const std::string& option) { return word.rfind(option, 0) == 0; };
      const std::string value = word.substr(word.find('=') + 1);
      if (given("-runs="))
        runs = std::stoull(value);
      else if (given("-seed="))
        seed = std::stoull(value);
      else if (given("-max_total_time="))
        seconds = std::stod(value);
      else if (given("-artifact_prefix="))
        prefix = value;
      else
        add(word, files);
    }
    std::sort(files.begin(), files.end());
    if (files.size() > most_inputs) files.resize(most_inputs);
    for (const auto& path : files) {
      std::ifstream file(path, std::ios::binary);
      inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
  }

 private:
  static void add(const std::filesystem::path& path, std::vector<std::filesystem::path>& files) {
    if (!std::filesystem::is_directory(path)) return files.push_back(path);
    for (const auto& entry : std::filesystem::directory_iterator(path)) add(entry.path(), files);
  }
};

/// What the process that executes leaves in memory for the one that watches it.
struct Execution {
  std::atomic<std::uint64_t> count;
  std::atomic<double> began;  ///< 0 between executions
  double processor_before;    ///< s, of the process and its children at that moment
  double longest;             ///< s of processor time
  bool quick[most_inputs];    ///< of the inputs that are given
  double peak;                ///< bytes, of the process or of a child that it had
  std::size_t size;
  char input[longest_input];
};

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

/// Of this process and the children that it had.
struct Usage {
  double processor = 0, peak = 0;  ///< s, bytes
  Usage() {
    for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
      rusage usage{};
      ::getrusage(who, &usage);
      processor += seconds(usage.ru_utime) + seconds(usage.ru_stime);
      peak = std::max(peak, 1024.0 * static_cast<double>(usage.ru_maxrss));
    }
  }
};

/// Of a process, the children that it had and the one that it has [s].
double processor_time_of(pid_t process) {
  const std::string folder = "/proc/" + std::to_string(process) + "/";
  std::ifstream file(folder + "stat");
  std::string word;
  file.ignore(4096, ')');
  for (int i = 0; i < 11; ++i) file >> word;
  double ticks = 0;
  for (int i = 0; i < 4; ++i) file >> word, ticks += std::strtod(word.c_str(), nullptr);
  pid_t child = 0;
  std::ifstream(folder + "task/" + std::to_string(process) + "/children") >> child;
  return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK)) + (child > 0 ? processor_time_of(child) : 0.0);
}

double memory_of(pid_t process) {
  double pages = 0;
  std::ifstream("/proc/" + std::to_string(process) + "/statm").ignore(64, ' ') >> pages;
  return pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

/// The processor time that it took [s].
double execute(const std::string& input, Execution& execution) {
  execution.size = std::min(input.size(), longest_input);
  std::memcpy(execution.input, input.data(), execution.size);
  const std::vector<std::uint8_t> exact(execution.input, execution.input + execution.size);
  execution.processor_before = Usage().processor;
  execution.began = now();
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
  const Usage usage;
  const double took = usage.processor - execution.processor_before;
  execution.longest = std::max(execution.longest, took);
  execution.peak = std::max(execution.peak, usage.peak);
  if (execution.peak > memory_limit) std::abort();
  execution.began = 0;
  ++execution.count;
  return took;
}

/// First all inputs that are given, then new ones. Goes on where a process before has ended with one that crashed.
[[noreturn]] void work(const Options& options, std::uint64_t first, double end, Execution& execution) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::setpgid(0, 0);
  int argc = 0;
  char** argv = nullptr;
  if (LLVMFuzzerInitialize != nullptr) LLVMFuzzerInitialize(&argc, &argv);
  const std::vector<std::string>& inputs = options.inputs;
  fuzz::Mutator mutator(inputs, longest_input, options.seed + first);
  for (std::uint64_t n = 0; n < std::min<std::uint64_t>(first, inputs.size()); ++n)
    if (execution.quick[n]) mutator.add(inputs[n]);
  for (std::uint64_t n = first; n < std::max<std::uint64_t>(options.runs, inputs.size()) && now() < end; ++n) {
    const bool given = n < inputs.size();
    const std::string input = given ? inputs[n] : mutator.next();
    const bool quick = execute(input, execution) < slow, grew = fuzz::coverage_grew();
    if (given) execution.quick[n] = quick;
    if (quick && (given || grew)) mutator.add(input);
  }
  ::_exit(0);
}

/// What became of a process that executes: nothing where it came to its end.
std::string watch(pid_t worker, const Execution& execution) {
  std::string stopped;
  for (int status = 0;; std::this_thread::sleep_for(std::chrono::milliseconds(20))) {
    if (::waitpid(worker, &status, WNOHANG) == worker)
      return !stopped.empty() ? stopped : status == 0 ? "" : execution.peak > memory_limit ? "memory" : "crash";
    const double began = execution.began;
    if (began > 0 &&
        (now() - began > time_limit || processor_time_of(worker) - execution.processor_before > processor_limit))
      stopped = "hang";
    if (memory_of(worker) > memory_limit) stopped = "memory";
    if (!stopped.empty()) ::kill(-worker, SIGKILL);
  }
}

void store(const std::string& what, const Options& options, const Execution& execution) {
  const std::filesystem::path path =
      options.prefix + what + "-" + io::crc64_text(io::crc64(execution.input, execution.size));
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary).write(execution.input, static_cast<std::streamsize>(execution.size));
  std::printf("%s: %s\n", what.c_str(), path.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  const Options options(argc, argv);
  const tests::ScratchFolder folder;  // of what a process that crashes leaves behind
  ::setenv("TMPDIR", folder.path().c_str(), 1);
  void* memory = ::mmap(nullptr, sizeof(Execution), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return std::perror("mmap"), 1;
  auto& execution = *static_cast<Execution*>(memory);
  const double begin = now(), end = begin + options.seconds;
  int findings = 0;
  for (std::uint64_t first = 0;; first = ++execution.count) {
    std::fflush(nullptr);
    const pid_t worker = ::fork();
    if (worker == 0) work(options, first, end, execution);
    const std::string what = watch(worker, execution);
    if (what.empty()) break;
    store(what, options, execution);
    execution.began = 0;
    execution.peak = std::min(execution.peak, memory_limit);
    if (++findings == most_findings || now() > end) break;
  }
  std::printf(
      "%llu executions in %.1f s, %d of them not as they should; the longest took %.3f s of a processor, at most %.0f "
      "MB\n",
      static_cast<unsigned long long>(execution.count), now() - begin, findings, execution.longest,
      1e-6 * execution.peak);
  return findings == 0 ? 0 : 1;
}
