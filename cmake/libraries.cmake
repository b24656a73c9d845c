# Every library that we did not write, under one name each. ARCHITECTURE.md gives the reason for each.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

function(portvakt_library name)
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET ${ARGN})
  add_library(Libraries::${name} INTERFACE IMPORTED)
  target_link_libraries(Libraries::${name} INTERFACE PkgConfig::${name} Threads::Threads)
endfunction()

portvakt_library(openssl_crypto libcrypto)
portvakt_library(openssl openssl)
portvakt_library(zlib zlib)
portvakt_library(isal libisal)
portvakt_library(nghttp2 libnghttp2)
portvakt_library(idn2 libidn2)
portvakt_library(psl libpsl)
portvakt_library(maxminddb libmaxminddb)
portvakt_library(yaml yaml-cpp)
portvakt_library(hiredis hiredis)
portvakt_library(spdlog spdlog)
portvakt_library(prometheus prometheus-cpp-core)
portvakt_library(sqlite sqlite3)

# Header-only packages without a pkg-config file.
add_library(Libraries::expected INTERFACE IMPORTED)
add_library(Libraries::cli11 INTERFACE IMPORTED)

if(PORTVAKT_TESTS)
  find_package(GTest REQUIRED)
  add_library(Libraries::gtest INTERFACE IMPORTED)
  target_link_libraries(Libraries::gtest INTERFACE GTest::gtest GTest::gmock GTest::gtest_main)
endif()
