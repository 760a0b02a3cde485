// io/vici/ike_sas.h -- `list-sas` for people: every IKE SA with counters and lifetimes.
//
// Read over the command connection when somebody asks, and forgotten again. What
// routing needs comes by the event connection (session.h), which this never touches.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/vici/codec.h"
#include "io/vici/command_channel.h"
#include "model/ike_sa.h"

namespace rri::vici {

/// `list-sas` of all IKE SAs, each event to `on_streamed`. It waits for those that are busy, at most `timeout`.
Request make_list_request(Millis timeout, std::function<void(std::string_view message)> on_streamed);

/// One IKE SA's section, with its children. Nothing when it has no `uniqueid`.
/// Selectors that cannot be read are left out.
std::optional<IkeSa> read_ike_sa(std::string_view connection, const SectionView& section);

/// Hands on the SAs of one `list-sa` event. An error when it is no VICI.
Result<> read_ike_sas(std::string_view message, const std::function<void(IkeSa)>& take);

/// All SAs of a short list, by id: of one that is not read as it comes.
Result<std::vector<IkeSa>> read_ike_sas(const Reply& reply);

/// A connection that charon has loaded, as far as people ask for it.
struct ConnectionReport {
  struct Child {
    std::string name;
    std::vector<std::string> local;   // selectors as charon prints them: "10.1.0.0/16", "dynamic"
    std::vector<std::string> remote;
  };
  std::string name;
  std::vector<std::string> peers;     // addresses, names, "%any"
  std::string local_authentication;   // "pre-shared key", "public key"
  std::string peer_authentication;
  std::vector<Child> children;
};

/// `list-conns`; then its reply, in charon's order, at most kMaxListedSas.
Request make_connections_request(Millis timeout);
Result<std::vector<ConnectionReport>> read_connections(const Reply& reply);

/// `initiate` of one child, which returns at once; with `wait` when it is up, or could not come up so soon.
Result<Request> make_initiate_request(const std::string& connection, const std::string& child, Millis timeout,
                                      std::optional<Millis> wait = std::nullopt);

/// `terminate`, which returns at once: the SAs go by themselves.
Result<Request> make_terminate_request(const SaTermination& which, Millis timeout);

/// An error when charon refused; its reason is in it.
Result<> check_success(const Reply& reply, std::string_view what);

}  // namespace rri::vici
