// app/rri_commands.h -- the command line of rri.
//
//   rri [--socket PATH] [-c COMMAND]... [--json]      asks rrid
//   rri plan CONFIG [EVENTS] [--json]                 needs no rrid and no root
//   rri doctor [--config FILE] [--json]               what is wrong here, and its cure
//   rri render frr [CONFIG]                          configuration for our neighbours
//   rri flush [--protocol N]                          takes all our routes out
//   rri flush --interface IF [--config FILE]          those of the maps on an interface, when rrid is dead
//   rri health                                        whether this router may hold a redundancy group
#pragma once

namespace rri::app {

/// Gives the exit status: 0; 1 when a command failed; 2 for wrong usage.
int run_rri(int argc, const char* const* argv);

}  // namespace rri::app
