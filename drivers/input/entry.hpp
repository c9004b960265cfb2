#pragma once
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "drivers/input/schema.hpp"

/// How the lines of the schema are written.
namespace ister::drivers {

/// Where a key's value lives, from the member that holds it.
template <class T>
Member member(T& value) {
  if constexpr (std::is_enum_v<T>) {
    return Enumeration{&value, [](const void* p) { return static_cast<int>(*static_cast<const T*>(p)); },
                       [](void* p, int i) { *static_cast<T*>(p) = static_cast<T>(i); }};
  } else {
    return &value;
  }
}

template <class T>
Member member(std::array<T, 3>& values, core::Grid& grid) {
  return PerDirection<T>{&values, &grid};
}

#define ISTER_MEMBER(path) [](Input& in) -> Member { return member(in.path); }
#define ISTER_PER_DIRECTION(path) [](Input& in) -> Member { return member(in.grid.path, in.grid); }

/// Fills in a Key by chained calls, so that the table below reads as a list.
struct Entry {
  Key key;

  Entry(std::string name, Member (*bind)(Input&), std::string doc) {
    key.name = std::move(name);
    key.bind = bind;
    key.doc = std::move(doc);
  }
  Entry in(Unit unit) && {
    key.unit = unit;
    return std::move(*this);
  }
  Entry above(double low) && {
    key.low = low;
    key.low_excluded = true;
    return std::move(*this);
  }
  Entry at_least(double low) && {
    key.low = low;
    return std::move(*this);
  }
  Entry at_most(double high) && {
    key.high = high;
    return std::move(*this);
  }
  Entry within(double low, double high) && { return std::move(*this).at_least(low).at_most(high); }
  Entry entries(int low, int high) && {
    key.min_entries = low;
    key.max_entries = high;
    return std::move(*this);
  }
  Entry choices(std::vector<std::string> texts) && {
    key.choices = std::move(texts);
    return std::move(*this);
  }
  Entry required() && {
    key.required = true;
    return std::move(*this);
  }
  Entry when(std::string selector, std::vector<std::string> texts = {}) && {
    key.conditions.push_back({std::move(selector), std::move(texts)});
    return std::move(*this);
  }
};

/// The keys of the section [initial].
std::vector<Entry> initial_keys();

}  // namespace ister::drivers
