// config/acl_entry.h -- access list entries in the words in which IOS prints them.
#pragma once

#include "config/document.h"

namespace rri {

/// Rewrites an entry that a row took, so that all ways to write it give the same words:
/// `host A` for A with wildcard 0.0.0.0 (A alone in a standard list), `any` for all ones, no
/// address bits under the wildcard, and names for numbers that have one. (Ports, DSCP and the
/// like have their names from arguments.h already.)
void canonicalise_entry(Line& entry);

}  // namespace rri
