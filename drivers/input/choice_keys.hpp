#pragma once
#include <string>
#include <vector>

#include "core/base/options.hpp"
#include "drivers/input/entry.hpp"

/// Sections whose `type` is a choice that brings keys of its own.
namespace ister::drivers {

/// Such a section: where an Input holds it, and what may be chosen.
struct ChoiceSection {
  std::string name;
  std::vector<const core::Choice*> choices;
  std::string& (*type)(Input&);
  core::OptionValues& (*values)(Input&);
};

/// [eos] and [initial].
const std::vector<ChoiceSection>& choice_sections();

/// The one of that name.
const ChoiceSection& choice_section(const std::string& name);

/// `section`.type, with what may be chosen.
Entry type_key(const ChoiceSection& section, std::string doc);

/// The keys of all choices, a line for each name, in the order in which the choices have them. Where choices share a
/// name they share its rule (an internal error if not) but for meaning and default, and the line says which has what.
std::vector<Entry> choice_keys(const ChoiceSection& section);

/// Pairs of keys one of which stands in place of the other.
std::vector<std::vector<std::string>> exclusive_choice_keys();

/// Gives every key of the chosen types its value, given or default, and drops values of other types' keys.
void complete_choices(Input& input);

/// Whether an `initial.type` is the data of another code. Asked here, since files that read TOML know no Kokkos.
bool is_foreign_type(const std::string& initial_type);

/// The choice that an input's type names; nullptr where there is no such one.
const core::Choice* chosen(const ChoiceSection& section, const Input& input);

}  // namespace ister::drivers
