#include "core/spectral/wisdom.hpp"

#include "core/spectral/line_transform.hpp"

namespace ister::core {

void forget_wisdom() { fftw_forget_wisdom(); }

void prefer_wisdom(const std::string& text) {
  const std::string known = export_wisdom();
  forget_wisdom();
  import_wisdom(text);
  import_wisdom(known);
}

}  // namespace ister::core
