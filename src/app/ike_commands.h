// app/ike_commands.h -- what people ask of the IKE daemon, over vici::Client's command connection.
//
// Answers come later. Each callback is called exactly once: with the answer, with
// why there is none (charon is not there, or gave none within kAnswerTimeout), or,
// when the client is taken down meanwhile, with that. Commands of several people
// share one list while it is being read, so that asking often costs charon little.
//
// `clear crypto sa counters`: charon cannot reset its counters. What they were is
// kept here, by CHILD_SA, and taken off what is shown; a rekeyed SA starts at 0 anyway.
//
// With `ike xfrm` the kernel tells counters, SPIs and lifetimes, and nobody can be asked
// to end or start anything: an SA deleted behind the IKE daemon's back loses traffic.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "base/in_turns.h"
#include "core/snapshot.h"
#include "io/vici/client.h"
#include "io/vici/ike_sas.h"
#include "io/xfrm/watcher.h"
#include "shell/ike_access.h"

namespace rri::app {

class IkeCommands {
 public:
  using FindClient = std::function<vici::Client*()>;     // nullptr: there is no charon
  using FindKernel = std::function<xfrm::Watcher*()>;    // nullptr: not `ike xfrm`
  using FindConfig = std::function<std::shared_ptr<const Config>()>;  // the one in force

  /// Index of the peer of an entry that is called; nothing where rrid chooses none.
  using ChosenPeer = std::function<std::optional<std::size_t>(const EntryName&)>;

  IkeCommands(FindClient client, FindKernel kernel, FindConfig config, ChosenPeer chosen = nullptr, InTurns in_turns = nullptr);
  IkeCommands(const IkeCommands&) = delete;
  IkeCommands& operator=(const IkeCommands&) = delete;

  /// For the shell. This must outlive what is made of it.
  shell::IkeAccess access();

 private:
  using OnSas = shell::IkeAccess::OnSas;
  using OnDone = shell::IkeAccess::OnDone;
  using OnReply = std::function<void(Result<vici::Reply>)>;
  using Baselines = std::map<std::uint64_t, std::pair<Traffic, Traffic>>;  // in and out, by CHILD_SA
  struct Listing;

  void read(bool with_authentication, OnSas done);
  std::shared_ptr<Listing> make_listing(OnSas done);
  /// Fills `listing`, and hands it to all who wait for it by then.
  void read_list(const std::shared_ptr<Listing>& listing);
  void take(IkeSa ike, Listing& listing) const;
  void on_list(const std::shared_ptr<Listing>& listing, Result<> result);
  void terminate(const std::vector<SaTermination>& which, OnDone done);
  void initiate(const EntryName& entry, OnDone done);
  void start_children(const EntryName& entry, const std::vector<vici::ConnectionReport>& connections, OnDone done);
  void clear_counters(OnDone done);
  /// Asks charon, or fails at once where nobody would answer.
  void ask(vici::Request request, OnReply on_reply);

  FindClient client_;
  FindKernel kernel_;
  FindConfig config_;
  ChosenPeer chosen_;
  InTurns in_turns_;
  std::weak_ptr<Listing> listing_;  // the last one, while it is being read
  std::shared_ptr<const Baselines> baselines_ = std::make_shared<const Baselines>();
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);  // replies may come when we are gone
};

/// The children to start for an entry: those of the first of its peers, from `chosen` or
/// else the default one on, that charon has a connection to, as far as the entry's access list permits their selectors (all of
/// them where it has no list, or charon no plain selectors). With our own connections
/// in charon only those of that entry count.
std::vector<std::pair<std::string, std::string>> find_children_to_start(const Config& config, const EntryName& entry,
                                                                       const std::vector<vici::ConnectionReport>& connections,
                                                                       std::optional<std::size_t> chosen = std::nullopt);

}  // namespace rri::app
