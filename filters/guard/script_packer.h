// Makes a script of our own short for the page: comment lines, indentation and line ends go, and each name
// that ends in an underscore gets one letter. Not for scripts of others: it knows strings and regular
// expressions, and relies on a semicolon behind every statement and on no template literals. Pure, any
// thread.
#pragma once

#include <string>
#include <string_view>

namespace portvakt::guard {

std::string pack_script(std::string_view source);

}  // namespace portvakt::guard
