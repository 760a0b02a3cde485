// model/certificate.h -- what is to be known of a certificate that charon has.
#pragma once

#include <string>
#include <vector>

#include "model/distinguished_name.h"

namespace rri {

struct Certificate {
  std::string der;
  DistinguishedName subject;
  DistinguishedName issuer;
  std::vector<std::string> names;  // subjectAltName: host names and mail addresses
  bool has_key = false;            // charon has its private key
  bool is_authority = false;

  friend bool operator==(const Certificate&, const Certificate&) = default;
};

}  // namespace rri
