#include <fftw3.h>
#include <sys/mman.h>

#include <vector>

#include "core/spectral/line_transform.hpp"
#include "io/crc64.hpp"
#include "io/guarded_read.hpp"
#include "io/wisdom.hpp"
#include "tests/fuzz/harness.hpp"

namespace {

using namespace ister;

/// Gives texts to FFTW many at a time in one guarded child, for to start one takes a hundred times longer than a text.
/// Where FFTW crashes on one, the next child goes on behind it.
class ManyTexts {
 public:
  static constexpr std::size_t most = 128;

  void add(std::string text) {
    m_texts.push_back(std::move(text));
    if (m_texts.size() < most) return;
    for (*m_next = 0; *m_next < m_texts.size();)
      fuzz::read_or_refuse([&] { io::read_guarded("wisdom", "FFTW", [&](io::Budget&) { import_the_rest(); }); });
    m_texts.clear();
  }

 private:
  void import_the_rest() {
    while (*m_next < m_texts.size()) {
      const std::string& text = m_texts[(*m_next)++];
      fuzz::read_or_refuse([&] { core::import_wisdom(text); });
      fftw_forget_wisdom();
    }
  }

  std::vector<std::string> m_texts;
  std::size_t* m_next = static_cast<std::size_t*>(  // shared with the children
      ::mmap(nullptr, sizeof(std::size_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
};

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  fuzz::begin_session();
  return 0;
}

// FFTW's wisdom, as checkpoints keep it: the seeds and some others as a restart takes them.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static ManyTexts texts;
  static std::size_t count = 0;
  if (count++ >= ManyTexts::most && io::crc64(data, size) % 64 != 0) {
    texts.add(fuzz::text_of(data, size));
    return 0;
  }
  fuzz::read_or_refuse([&] { io::import_wisdom(MPI_COMM_SELF, "wisdom", fuzz::text_of(data, size)); });
  fftw_forget_wisdom();
  return 0;
}
