// core/tunnel_identities.h -- whom a connection takes, and by which certificates.
//
// Internal to core/tunnel_*.cc.
//
// charon expects one identity of a connection. It compares the identity that the peer sends,
// and with a certificate has that be the certificate's subject or one of its names.
#pragma once

#include <string>
#include <vector>

#include "core/tunnel_ike.h"
#include "model/certificate.h"

namespace rri::core {

/// Whom a profile takes: one without a profile, or where anybody is taken as well.
std::vector<ExpectedPeer> expected_peers(const IkeProfile* profile);

/// Those of the profile that a `crypto identity` takes too, as narrow as both together.
std::vector<ExpectedPeer> expected_peers(const IkeProfile* profile, const std::vector<IdentityMatch>& required);

/// Those of charon's certificates with a private key that fit best: to the trustpoints that sign for the
/// side (of all, where it names none), then to our identity. More than one: charon has to choose.
std::vector<const Certificate*> own_certificates(const IkeSide& side, const Config& config, const std::vector<Certificate>& all,
                                                 const std::string& local_id);

/// The authorities (DER) of the trustpoints by which the side verifies peers. Empty where all of charon's
/// are: it has one, or the side names none. A trustpoint whose authority is not known is told, and then all are.
std::vector<std::string> trusted_authorities(const IkeSide& side, const Config& config, const std::vector<Certificate>& all, Remarks& remarks);

}  // namespace rri::core
