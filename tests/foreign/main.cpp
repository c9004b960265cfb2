#include <cstdio>

#include "drivers/machine/instruction_set.hpp"

namespace {

[[gnu::section(".preinit_array"),
  gnu::used]] void (*const before_all_initialisers)() = ister::drivers::require_instructions;

const int initialised = std::puts("an initialiser ran");

}  // namespace

int main() { return std::puts("main ran") < initialised; }
