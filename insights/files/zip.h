// One archive of several files, as everybody's computer opens it (PKWARE's APPNOTE 6.3, entries stored as
// they are). Written by hand: a few kilobytes of CSV need no compression, and a library would be larger than
// these two records of a format. Up to 4 GiB. A pure function.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace portvakt::insights {

/// Names and contents; names are ours, of letters, digits, `-` and `.`.
std::string zip_archive(const std::vector<std::pair<std::string, std::string>>& files);

}  // namespace portvakt::insights
