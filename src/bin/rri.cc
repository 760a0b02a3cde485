// rri -- the shell and the tools.
#include <cstdio>
#include <exception>

#include "app/rri_commands.h"

int main(int argc, char** argv) {
  try {
    return rri::app::run_rri(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rri: %s\n", error.what());
    return 1;
  }
}
