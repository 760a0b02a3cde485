// config/arguments.h -- the typed values of the pattern language.
//
// A type reads one word (an interface name two, `text` the rest of the line) and
// gives its canonical text, so that two ways to write one value are one value.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/lexer.h"

namespace rri {

struct ArgumentType {
  enum class Kind : std::uint8_t {
    Word,        // word
    Text,        // text: the rest of the line
    Number,      // 1-65535
    Address,     // addr
    Address4,    // addr4
    Address6,    // addr6
    Mask,        // mask: contiguous
    Wildcard,    // wildcard: any dotted quad
    Prefix4,     // prefix4: A.B.C.D/N
    Prefix6,     // prefix6
    MaskLength,  // masklen: /24
    Interface,   // interface
    Peer,        // peer: an address or a host name
    Path,        // path: begins with a slash
    ExtendedAcl, // extacl: 100-199, 2000-2699
    StandardAcl, // stdacl: 1-99, 1300-1999
    AclName,     // aclname: a name, or the number of an extended list
    StandardName,  // stdname: a name, or the number of a standard list
    AnyAclName,  // anyacl: a name, or the number of either
    Protocol, Protocol6, TcpPort, UdpPort, IcmpType, Icmp6Type, Dscp, Precedence, Tos,
    RouteDistinguisher,
    TcpFlag,     // +ack, -fin
  };
  Kind kind = Kind::Word;
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};

/// The type a pattern names; a bug when it names none.
ArgumentType argument_type(std::string_view name);

/// Whether an access list of this name is a standard one by its number.
bool is_standard_number(std::string_view name);

/// What the type is called in help and errors: "<1-65535>", "A.B.C.D".
std::string describe_argument(const ArgumentType& type);

struct ArgumentMatch {
  std::size_t words = 0;  // taken; 0: does not fit
  std::string text;       // canonical
  bool number_out_of_range = false;
};

/// Reads a value at word `index` of `line`.
ArgumentMatch match_argument(const ArgumentType& type, const LexedLine& line, std::size_t index);

}  // namespace rri
