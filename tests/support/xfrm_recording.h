// tests/support/xfrm_recording.h -- datagrams recorded from NETLINK_XFRM groups.
//
// tests/data/xfrm/NAME.bin: for each datagram its time (u64, microseconds), its
// length (u32) and its bytes, little endian. NAME.txt: what `ip xfrm monitor` said of
// the same, with `####` lines for what was done meanwhile. The keys are of a lab.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "io/netlink/codec.h"
#include "io/netlink/xfrm_codec.h"

namespace rri::netlink::test {

inline std::string xfrm_data(const std::string& file) {
  const auto path = std::string(RRI_TESTS_DIR) + "/data/xfrm/" + file;
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.good()) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Recorded {
  std::uint64_t at = 0;  // microseconds since 1970
  std::vector<std::uint8_t> datagram;
};

inline std::vector<Recorded> load_xfrm(const std::string& name) {
  const auto bytes = xfrm_data(name + ".bin");
  std::vector<Recorded> all;
  for (std::size_t at = 0; at + 12 <= bytes.size();) {
    std::uint64_t time = 0;
    std::uint32_t length = 0;
    std::memcpy(&time, bytes.data() + at, sizeof time);
    std::memcpy(&length, bytes.data() + at + sizeof time, sizeof length);
    at += 12;
    EXPECT_LE(at + length, bytes.size());
    all.push_back({time,
                   {bytes.begin() + static_cast<std::ptrdiff_t>(at),
                    bytes.begin() + static_cast<std::ptrdiff_t>(at + length)}});
    at += length;
  }
  return all;
}

/// All news in one datagram; it must be well-formed to its end.
inline std::vector<XfrmNews> news_of(const std::vector<std::uint8_t>& datagram) {
  std::vector<XfrmNews> found;
  MessageReader reader(datagram);
  while (const auto message = reader.next()) {
    if (auto news = parse_xfrm(*message)) found.push_back(*std::move(news));
  }
  EXPECT_FALSE(reader.malformed());
  return found;
}

}  // namespace rri::netlink::test
