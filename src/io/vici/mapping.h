// io/vici/mapping.h -- what a VICI message says about SAs, in our words.
//
// charon describes an IKE_SA in one way everywhere: a section named after the
// connection, with its CHILD_SAs in `child-sas`. Events put more or less of it
// around: read_ike() reads one such section, and the session decides what the
// event around it means.
//
// Traps (FACTS: 5.9.8): a section may be named "(unnamed)" before a connection
// is chosen; `state` in a down event still says INSTALLED; a child is named
// NAME-ID in lists and in child-updown but plain NAME in child-rekey, so only
// `uniqueid` inside counts; protocol and port of a selector are printed as names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/vici/codec.h"
#include "model/sa.h"

namespace rri::vici {

/// One CHILD_SA of a message.
struct ChildReport {
  Sa sa;
  /// Whether it makes routes now: tunnel mode (not BEET, not transport), state
  /// INSTALLED, UPDATING or REKEYING (not REKEYED or DELETED, which are inbound
  /// leftovers for some seconds), IKE_SA not PASSIVE, and the peer is known.
  bool carries_traffic = false;
  /// What could not be read of it, complete sentences for the log.
  std::vector<std::string> problems;
};

/// What an IKE_SA's section says of itself; its children inherit from it.
struct IkeReport {
  std::uint64_t id = 0;
  std::string connection;
  std::optional<IpAddress> peer;
  std::optional<IpAddress> local;
  /// The user if one was authenticated (EAP, XAuth), else the IKE identity: with
  /// EAP or XAuth the IKE identity is what the client chose to say, or one name
  /// for a whole group. "" when unknown or %any.
  std::string identity;
  std::uint32_t if_id = 0;
  bool passive = false;  // the standby side of charon's ha plugin
};

/// Reads an IKE_SA's section. Nothing when it has no `uniqueid`.
std::optional<IkeReport> read_ike(std::string_view connection, const SectionView& section);

/// Reads one CHILD_SA's section. Nothing when it has no `uniqueid`.
std::optional<ChildReport> read_child(const IkeReport& ike, const SectionView& section);

/// All children in an IKE_SA's `child-sas`, as lists and child-updown have them.
std::vector<ChildReport> read_children(const IkeReport& ike, const SectionView& section);

}  // namespace rri::vici
