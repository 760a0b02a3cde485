// show/crypto_sas.h -- the live SAs in IOS's layout, or as JSON.
//
// The layouts are those that Cisco's command references print and that public
// parsers (ntc-templates, Genie) cut up line by line. A line of ours stands at the
// left margin and begins with "Crypto map entry:", which those parsers pass over.
//
// What IOS prints and nobody here knows:
//   - kilobytes left: counted down from IOS's default of 4608000, since strongSwan
//     does not tell whether it has a volume limit;
//   - the anti-replay window: what the entry asks for, strongSwan's default of 32 where connections are not ours.
//
// JSON: {"sas": [...]}, one object for each CHILD_SA or IKE SA; what is not known is null.
#pragma once

#include <memory>

#include "base/pieces.h"
#include "show/routes.h"
#include "show/sa_picture.h"

namespace rri::show {

using SharedPicture = std::shared_ptr<const SaPicture>;

Pieces ipsec_sas(SharedPicture picture, const SaQuery& query, Format format);

enum class SessionForm : std::uint8_t { Usual, Detail, Brief };
/// One block for each peer and interface: those with SAs, and entries of static
/// maps on an interface that have none (DOWN).
Pieces crypto_sessions(SharedPicture picture, const SaQuery& query, SessionForm form, Format format);

/// IKEv1.
Pieces isakmp_sas(SharedPicture picture, const SaQuery& query, Format format);
/// `show crypto isakmp sa count`.
Pieces isakmp_sa_count(SharedPicture picture, Format format);
/// IKEv2.
Pieces ikev2_sas(SharedPicture picture, const SaQuery& query, Format format);
Pieces ikev2_sessions(SharedPicture picture, const SaQuery& query, Format format);

/// `show crypto engine connections active`.
Pieces engine_connections(SharedPicture picture, Format format);

}  // namespace rri::show
