#include "drivers/machine/instruction_set.hpp"

#include <stdio.h>
#include <unistd.h>

#include "instructions_required.hpp"

namespace ister::drivers {

const char* first_missing(const Instructions* list, int count) {
  for (int i = 0; i < count; ++i)
    if (!list[i].available) return list[i].name;
  return nullptr;
}

void require_instructions() {
#ifdef __x86_64__
  __builtin_cpu_init();
#define ISTER_INSTRUCTIONS(name) {name, __builtin_cpu_supports(name) != 0},
  const Instructions required[] = {ISTER_REQUIRED(ISTER_INSTRUCTIONS){"", true}};
#undef ISTER_INSTRUCTIONS
  const char* missing = first_missing(required, sizeof required / sizeof required[0]);
  if (missing == nullptr) return;
  char text[300];
  const int length =
      snprintf(text, sizeof text,
               "ister: this build (ISTER_ARCH=%s) needs the instructions %s, which the processor here does not have: "
               "build on this kind of machine, or with ISTER_ARCH=x86-64-v3 or ISTER_ARCH=portable for several\n",
               ISTER_ARCH, missing);
  [[maybe_unused]] const auto written = write(STDERR_FILENO, text, static_cast<size_t>(length));
  _exit(70);
#endif
}

}  // namespace ister::drivers
