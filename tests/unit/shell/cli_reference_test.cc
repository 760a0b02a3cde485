#include "shell/cli_reference.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace rri::shell {
namespace {

TEST(CliReference, the_documentation_is_current) {
  std::ifstream file(std::string(RRI_TESTS_DIR) + "/../docs/cli.md");
  ASSERT_TRUE(file) << "docs/cli.md is missing";
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), render_cli_reference()) << "make it again: rri cli-reference > docs/cli.md";
}

TEST(CliReference, marks_of_the_matcher_are_left_out) {
  const auto text = render_cli_reference();
  EXPECT_NE(text.find("    set reverse-route distance <distance:1-255>\n"), std::string::npos);
  EXPECT_NE(text.find("    fail-closed {on | off}\n"), std::string::npos);
  EXPECT_EQ(text.find(" ^ "), std::string::npos);
  EXPECT_EQ(text.find("Carried:"), std::string::npos);
}

}  // namespace
}  // namespace rri::shell
