// tests/property/random_world.h -- random configurations and events, and the
// shortest script that leads to the state that events have led to.
//
// Everything comes from one seed. Prefixes of a peer are its own within one
// crypto map entry, so that nothing depends on who came first (SPEC.md 3.3):
// what is left must be a function of the state.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace rri::property {

class RandomWorld {
 public:
  explicit RandomWorld(std::uint64_t seed) : random_(seed) {}

  /// A whole configuration: two interfaces, redundancy, static and dynamic
  /// entries of all kinds, VRFs, `ip route` lines.
  std::string make_config();
  /// One more EVENTS line (or a whole `config` block), and what it does to the state.
  std::string make_event();
  /// EVENTS that lead from the same configuration straight to the state now,
  /// hold-downs over.
  [[nodiscard]] std::string shortest_script() const;

 private:
  std::size_t below(std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_);
  }
  bool chance(int percent) { return below(100) < static_cast<std::size_t>(percent); }
  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }

  std::string make_entry(int sequence);
  std::string reverse_route_words();
  std::string sa_up();
  std::string sa_down();
  std::string sa_rekey();
  std::string link_event();
  std::string group_event();
  std::string route_event();
  std::string config_event();

  std::mt19937_64 random_;
  std::map<std::uint64_t, std::string> live_;  // id -> the words behind it in `sa up`
  std::uint64_t next_id_ = 1;
  std::set<std::string> links_down_;
  std::set<std::string> groups_active_;
  std::map<std::string, std::string> routes_;  // prefix -> the words behind it
  std::map<std::string, std::string> edits_;   // what a line sets -> config block that sets it last
};

}  // namespace rri::property
