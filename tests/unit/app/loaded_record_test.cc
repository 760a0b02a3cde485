#include "app/loaded_record.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace rri::app {
namespace {

CharonConnection make_connection(const std::string& device, const std::vector<std::string>& children = {"rri-mymap-10-a"}) {
  CharonConnection connection;
  connection.name = "rri-mymap-10-198_51_100_2";
  connection.settings.set("version", "2");
  connection.settings.set("rekey_time", fmt::format("{}s", children.size()));
  auto& all = connection.settings.section("children");
  for (const auto& name : children) {
    auto& child = all.section(name);
    child.set_list("local_ts", {name});
    child.set("if_id_in", device);
  }
  return connection;
}

TEST(LoadedRecord, reads_back_what_it_wrote_and_nothing_else) {
  const auto connection = make_connection("1");
  const auto before = fingerprint(connection);
  const LoadedRecord record{"Nov 26 13:46:29 2026", {{connection.name, before}}};
  EXPECT_EQ(parse_record(render_record(record)), record);
  const auto longer = fingerprint(make_connection("1", {"rri-mymap-10-a", "rri-mymap-10-b"}));
  EXPECT_NE(longer.settings, before.settings);
  EXPECT_EQ(longer.substance, before.substance) << "no SA carries lifetimes, or other lines";
  EXPECT_NE(fingerprint(make_connection("2")).substance, before.substance);
  EXPECT_EQ(parse_record("since x\nrri-a 7\n").connections.at("rri-a"), (Fingerprint{7, 0})) << "of an older rrid";
  EXPECT_TRUE(is_same_start("Nov 26 13:46:29 2026", "Nov 26 13:46:30 2026"));
  EXPECT_FALSE(is_same_start("Nov 26 13:46:29 2026", "Nov 26 13:46:33 2026"));
  EXPECT_FALSE(is_same_start("", ""));
  EXPECT_EQ(parse_record("rubbish\nrri-a x\nrri-b\n\nrri-c 0\nother 7\nsince"), LoadedRecord());
}

}  // namespace
}  // namespace rri::app
