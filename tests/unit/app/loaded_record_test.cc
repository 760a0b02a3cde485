#include "app/loaded_record.h"

#include <gtest/gtest.h>

namespace rri::app {
namespace {

TEST(LoadedRecord, reads_back_what_it_wrote_and_nothing_else) {
  CharonConnection connection;
  connection.name = "rri-mymap-10-198_51_100_2";
  connection.settings.set("version", "2");
  const auto before = fingerprint(connection);
  const LoadedRecord record{"Nov 26 13:46:29 2026", {{connection.name, before}}};
  EXPECT_EQ(parse_record(render_record(record)), record);
  connection.settings.set("mobike", "no");
  EXPECT_NE(fingerprint(connection), before);
  EXPECT_TRUE(is_same_start("Nov 26 13:46:29 2026", "Nov 26 13:46:30 2026"));
  EXPECT_FALSE(is_same_start("Nov 26 13:46:29 2026", "Nov 26 13:46:33 2026"));
  EXPECT_FALSE(is_same_start("", ""));
  EXPECT_EQ(parse_record("rubbish\nrri-a x\nrri-b\n\nrri-c 0\nother 7\nsince"), LoadedRecord());
}

}  // namespace
}  // namespace rri::app
