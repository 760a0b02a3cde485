// io/vici/certificate.h -- what an X.509 certificate says of whose it is.
#pragma once

#include <string_view>

#include "model/certificate.h"

namespace rri::vici {

/// Subject, issuer, host names and mail addresses of a certificate (DER). What cannot be read stays empty:
/// charon took it, so it is a certificate, and only who chooses among several misses it.
Certificate read_certificate(std::string_view der);

}  // namespace rri::vici
