// Registers one test for each `.case` file of this directory and each path
// through it. `--gtest_filter='*rekey_keeps_the_route*'` runs one file.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "cases/case_file.h"
#include "cases/case_run.h"

namespace rri::cases {
namespace {

class CaseTest : public testing::Test {
 public:
  CaseTest(const CaseFile& file, Variant variant) : file_(file), variant_(variant) {}

  void TestBody() override {
    if (file_.left_out.contains(std::string(to_string(variant_)))) GTEST_SKIP() << "the case says why";
    const auto wrong = variant_ == Variant::Plain ? run_plain(file_) : run_variant(file_, variant_);
    for (const auto& text : wrong) ADD_FAILURE() << text;
  }

 private:
  const CaseFile& file_;
  Variant variant_;
};

std::vector<CaseFile> read_cases(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() == ".case") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<CaseFile> files;
  for (const auto& path : paths) {
    std::ifstream in(path);
    std::stringstream text;
    text << in.rdbuf();
    auto file = parse_case(path.stem().string(), text.str());
    if (!file) {
      std::fprintf(stderr, "could not %s\n", file.error().text.c_str());
      std::exit(1);
    }
    files.push_back(std::move(*file));
  }
  return files;
}

void register_cases(const std::vector<CaseFile>& files) {
  for (const auto& file : files) {
    for (const auto variant :
         {Variant::Plain, Variant::Reversed, Variant::Duplicated, Variant::Split, Variant::Squashed}) {
      const auto name = std::string(to_string(variant));
      testing::RegisterTest(("case_" + name).c_str(), file.name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                            [&file, variant]() -> testing::Test* { return new CaseTest(file, variant); });
    }
  }
}

}  // namespace
}  // namespace rri::cases

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const auto files = rri::cases::read_cases(RRI_TESTS_DIR "/cases");
  if (files.empty()) {
    std::fprintf(stderr, "there are no case files\n");
    return 1;
  }
  rri::cases::register_cases(files);
  return RUN_ALL_TESTS();
}
