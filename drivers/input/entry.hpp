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
struct Entry : core::RuleWriter<Entry> {
  Key key;

  Entry(std::string name, std::function<Member(Input&)> bind, std::string doc) {
    key.name = std::move(name);
    key.bind = std::move(bind);
    key.doc = std::move(doc);
  }
  Entry when(std::string selector, std::vector<std::string> texts = {}) && {
    key.conditions.push_back({std::move(selector), std::move(texts)});
    return std::move(*this);
  }
  core::Rule& written() { return key; }
};

}  // namespace ister::drivers
