// io/vici/connection_message.h -- connections and keys as VICI messages.
#pragma once

#include "base/result.h"
#include "io/vici/command_channel.h"
#include "model/certificate.h"
#include "model/charon.h"

namespace rri::vici {

/// `load-conn`: adds the connection, or changes the one of that name. Children with start_action
/// `start` are loaded with `none`, for the caller to initiate: charon would end their SAs with
/// each change of theirs, were it only of a lifetime.
Result<Request> load_connection(const CharonConnection& connection);
/// `load-shared`: adds the key, or replaces the one with that id.
Result<Request> load_key(const CharonKey& key);

/// `unload-conn`, `unload-shared`, `terminate` of an IKE_SA (without waiting for the
/// peer) and of a CHILD_SA. None waits: on 5.9.8 a waiting command can block charon.
Request unload_connection(std::string_view name);
Request unload_key(std::string_view id);
Request terminate_ike(std::string_view connection);
/// One IKE SA, without asking its peer.
Request terminate_ike_sa(std::uint64_t id);
Request terminate_child(std::string_view connection, std::string_view child);

/// What a reply says: an error with charon's reason when it is not `success=yes`.
Result<> check_reply(const Result<Reply>& reply, std::string_view operation);

/// The items of one list of a reply: `conns` of get-conns, `keys` of get-shared, `plugins` of stats.
Result<std::vector<std::string>> list_in_reply(const Result<Reply>& reply, std::string_view list);

/// When charon was started, of a reply to `stats`: its own words, "" where it does not say.
std::string charon_since(const Reply& reply);

/// `initiate` of one child; charon goes on with it by itself.
Request initiate_child(std::string_view connection, std::string_view child);

/// `list-sas` of one IKE SA; then the IKE SAs of such a reply.
Request list_ike_sa(std::uint64_t id);
struct IkeState {
  std::string connection;
  std::string peer;          // its address
  std::string state;         // "CONNECTING"
  bool waits = false;        // has asked the peer something, and has no answer yet
};
std::vector<IkeState> ike_states(const Reply& reply);

/// `list-certs`; then, of its reply, the authorities and those whose private key charon has, in an
/// order of their own.
Request list_certificates();
Result<std::vector<Certificate>> certificates_in(const Result<Reply>& reply);

}  // namespace rri::vici
