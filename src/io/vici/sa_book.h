// io/vici/sa_book.h -- which SAs the reader of our events has been told of.
//
// The book turns statements of charon into core events, and says nothing twice.
// It keeps no SA, only a fingerprint of its data and the IKE_SA it was last seen
// under, so that a million SAs cost tens of bytes each.
//
// Keyed by the CHILD_SA's uniqueid alone: an IKE rekey moves children to another
// IKE_SA without an event of theirs.
//
// While a full list is read, statements also go into the list that will be
// delivered: an event that comes between two parts of a list is newer than the
// parts before it, and the list's later parts are newer than the event.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/inlined_vector.h>

#include <cstdint>
#include <vector>

#include "core/effects.h"
#include "core/events.h"
#include "io/vici/ike_story.h"
#include "io/vici/mapping.h"

namespace rri::vici {

/// What follows from what came in. Order matters within each member.
struct Output {
  std::string send;  // bytes for charon
  std::vector<core::Event> events;
  std::vector<core::LogLine> log;
  std::vector<IkeStory> stories;  // for people who debug
  std::vector<std::string> dead_peers;  // connections whose peer no longer answered

  void say(core::LogLine::Level level, std::string text) { log.push_back({level, std::move(text)}); }
};

class SaBook {
 public:
  /// The child is up: SaUp, unless that is known. What does not carry traffic is ignored.
  void put(std::uint64_t ike, ChildReport child, Output& out);
  /// The child is gone: SaDown, if it was known.
  void drop(std::uint64_t child, Output& out);
  /// `replacement` took the place of `old_child`: SaRekeyed and SaUp, in whatever
  /// order and however often charon says so. Never SaDown.
  void rekey(std::uint64_t ike, std::uint64_t old_child, ChildReport replacement, Output& out);
  /// All children of one IKE_SA move to another. Tells nobody.
  void move_children(std::uint64_t old_ike, std::uint64_t new_ike);

  /// Takes over what a list of one IKE_SA says. Children that it says are no
  /// longer live are dropped, after the new ones are told; one with the same data
  /// as a new one was rekeyed. Gives the children that it does not mention: they
  /// may have moved, and have to be looked for.
  std::vector<std::uint64_t> merge(std::uint64_t ike, std::vector<ChildReport> children, Output& out);

  /// From here until finish_list() statements are collected.
  void begin_list();
  /// A part of the list. Replaces what was collected of these children; tells nothing.
  void add_to_list(std::uint64_t ike, std::vector<ChildReport> children, Output& out);
  /// Tells the collected list as SaList, by id.
  void finish_list(Output& out);
  [[nodiscard]] bool is_listing() const { return listing_; }

  /// Forgets everything, and tells nobody: after a lost connection.
  void clear();

  [[nodiscard]] std::size_t size() const { return known_.size(); }
  [[nodiscard]] std::vector<std::uint64_t> children_of(std::uint64_t ike) const;

 private:
  struct Known {
    std::uint64_t ike = 0;
    std::uint64_t fingerprint = 0;  // of all but the id
  };
  struct Listed {
    Known known;
    Sa sa;
  };

  void add_to_list(Sa sa, Known known);
  void warn_of_oversized(Output& out) const;
  void remember(std::uint64_t child, Known known);
  void forget(std::uint64_t child);
  void unlink(std::uint64_t ike, std::uint64_t child);

  absl::flat_hash_map<std::uint64_t, Known> known_;
  absl::flat_hash_map<std::uint64_t, absl::InlinedVector<std::uint64_t, 2>> by_ike_;
  bool listing_ = false;
  std::vector<Listed> list_;  // some are replaced or gone: list_places_ knows which count
  absl::flat_hash_map<std::uint64_t, std::size_t> list_places_;
};

}  // namespace rri::vici
