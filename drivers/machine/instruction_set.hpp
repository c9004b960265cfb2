#pragma once

// Compiled for every processor of its kind, whatever the flags of the build, and free of the standard library, whose
// inline functions may come from files that are not.
namespace ister::drivers {

struct Instructions {
  const char* name;
  bool available;
};

/// The name of the first that is not available; null where all are.
const char* first_missing(const Instructions* list, int count);

/// Where the processor lacks instructions that the compiler was allowed to use, ends the process with a message and
/// exit code 70. Called before any initialiser, those of shared libraries included: see main.cpp.
void require_instructions();

}  // namespace ister::drivers
