#include "io/vici/certificate.h"

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

namespace rri::vici {
namespace {

struct Free {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};

DistinguishedName read_name(const X509_NAME* from) {
  DistinguishedName name;
  for (int i = 0; i < X509_NAME_entry_count(from); ++i) {
    const auto* entry = X509_NAME_get_entry(from, i);
    const int type = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));
    unsigned char* text = nullptr;
    const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry));
    if (size < 0) continue;
    if (type != NID_undef) name.add(OBJ_nid2sn(type), {reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)});
    OPENSSL_free(text);
  }
  return name;
}

std::vector<std::string> read_other_names(const X509* certificate) {
  std::vector<std::string> names;
  const std::unique_ptr<GENERAL_NAMES, Free> all(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()); ++i) {
    const auto* one = sk_GENERAL_NAME_value(all.get(), i);
    if (one->type != GEN_DNS && one->type != GEN_EMAIL) continue;
    const auto* text = one->d.ia5;  // of both kinds
    names.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)), static_cast<std::size_t>(ASN1_STRING_length(text)));
  }
  return names;
}

}  // namespace

Certificate read_certificate(std::string_view der) {
  Certificate out;
  out.der = der;
  const auto* data = reinterpret_cast<const unsigned char*>(der.data());
  const std::unique_ptr<X509, Free> certificate(d2i_X509(nullptr, &data, static_cast<long>(der.size())));
  if (!certificate) return out;
  out.subject = read_name(X509_get_subject_name(certificate.get()));
  out.issuer = read_name(X509_get_issuer_name(certificate.get()));
  out.names = read_other_names(certificate.get());
  return out;
}

}  // namespace rri::vici
