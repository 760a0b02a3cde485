// app/ping.h -- `ping` and `traceroute` in IOS's words, by the programs of this host.
//
// They run where `rri` runs and with its user's rights: rrid sends no packets.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "app/command_runner.h"
#include "shell/exec_grammar.h"

namespace rri::app {

/// Gives the address of an IOS interface, nothing for other words.
using AddressOf = std::function<std::optional<std::string>(const std::string& interface)>;

/// Carries `match` (Ping, Traceroute) out; "" or what IOS would print of the trouble.
std::string run_probe(const shell::ExecMatch& match, const AddressOf& address_of, const Print& print, const StopKeys& keys);

/// Whether this is an address or may be the name of a host, and no option of a program.
bool may_be_host(std::string_view target);

/// The sign of a line of ping(8), nothing for lines that tell of no packet.
std::optional<char> sign_of(std::string_view line);

/// A line of traceroute(8) as IOS prints it, with its line end: "  1 10.0.0.1 4 msec 0 msec *"; each further
/// router of a hop has a line of its own.
std::string hop_line(std::string_view line);

struct RoundTrips {
  unsigned sent = 0;
  unsigned received = 0;
  double least = 0;  // milliseconds
  double most = 0;
  double total = 0;

  /// Of the next packet; none: it was not answered.
  void add(std::optional<double> millis);
};

/// "Success rate is 100 percent (5/5), round-trip min/avg/max = 1/1/4 ms".
std::string success_line(const RoundTrips& trips);

}  // namespace rri::app
