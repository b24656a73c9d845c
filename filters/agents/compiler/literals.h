// What a text must hold for an expression to match: a set of literals of which at least one has to be there.
// Used by the build alone.
#pragma once

#include <set>
#include <string>

#include "filters/agents/compiler/expression.h"

namespace portvakt::agents {

/// In lower case, each at least kLiteralKey bytes; empty if the expression has none that would help.
std::set<std::string> required_literals(const Node& node);

/// Whether the node takes one of a few texts that are written in the expression.
bool takes_known_texts(const Node& node);

}  // namespace portvakt::agents
