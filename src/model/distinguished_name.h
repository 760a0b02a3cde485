// model/distinguished_name.h -- subjects of certificates as IOS, charon and OpenSSL write them.
//
// A value: the parts in the order written. Types are brought to charon's names ("E" for
// `ea`, "unstructuredName" for `hostname`), values are compared ignoring case, as IOS does.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rri {

struct DistinguishedName {
  std::vector<std::pair<std::string, std::string>> parts;  // {"CN", "hub.example.com"}

  /// "cn=hub, o=Lab", "cn = hub,o = Lab", with quotes around or not; nothing where a part has no type that
  /// charon knows. A comma within a value stays there: "O=Lab, Inc" has one part.
  static std::optional<DistinguishedName> parse(std::string_view text);

  /// Appends a part; false when charon has no name for its type.
  bool add(std::string_view type, std::string_view value);
  /// Adds the parts of `other` that are not there yet.
  void add_missing(const DistinguishedName& other);
  /// Whether all parts of `other` are among these, in any order.
  [[nodiscard]] bool contains(const DistinguishedName& other) const;
  /// "CN=hub, O=Lab"; with slashes where a value has a comma.
  [[nodiscard]] std::string to_string() const;

  friend bool operator==(const DistinguishedName&, const DistinguishedName&) = default;
};

}  // namespace rri
