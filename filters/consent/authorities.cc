#include "filters/consent/authorities.h"

#include <algorithm>
#include <array>

namespace portvakt::consent {
namespace {

constexpr std::array<KnownAuthority, 33> kAuthorities = {{
    {"AT", "Datenschutzbehörde", "https://www.dsb.gv.at/"},
    {"BE", "GBA / APD", "https://www.dataprotectionauthority.be/"},
    {"BG", "КЗЛД", "https://www.cpdp.bg/"},
    {"CH", "EDÖB / PFPDT", "https://www.edoeb.admin.ch/"},
    {"CY", "Commissioner for Personal Data Protection", "https://www.dataprotection.gov.cy/"},
    {"CZ", "ÚOOÚ", "https://uoou.gov.cz/"},
    {"DE", "BfDI", "https://www.bfdi.bund.de/"},
    {"DK", "Datatilsynet", "https://www.datatilsynet.dk/"},
    {"EE", "Andmekaitse Inspektsioon", "https://www.aki.ee/"},
    {"ES", "AEPD", "https://www.aepd.es/"},
    {"FI", "Tietosuojavaltuutettu", "https://tietosuoja.fi/"},
    {"FR", "CNIL", "https://www.cnil.fr/"},
    {"GB", "ICO", "https://ico.org.uk/"},
    {"GR", "ΑΠΔΠΧ", "https://www.dpa.gr/"},
    {"HR", "AZOP", "https://azop.hr/"},
    {"HU", "NAIH", "https://www.naih.hu/"},
    {"IE", "Data Protection Commission", "https://www.dataprotection.ie/"},
    {"IS", "Persónuvernd", "https://www.personuvernd.is/"},
    {"IT", "Garante privacy", "https://www.garanteprivacy.it/"},
    {"LI", "Datenschutzstelle", "https://www.datenschutzstelle.li/"},
    {"LT", "VDAI", "https://vdai.lrv.lt/"},
    {"LU", "CNPD", "https://cnpd.public.lu/"},
    {"LV", "Datu valsts inspekcija", "https://www.dvi.gov.lv/"},
    {"MT", "IDPC", "https://idpc.org.mt/"},
    {"NL", "Autoriteit Persoonsgegevens", "https://www.autoriteitpersoonsgegevens.nl/"},
    {"NO", "Datatilsynet", "https://www.datatilsynet.no/"},
    {"PL", "UODO", "https://uodo.gov.pl/"},
    {"PT", "CNPD", "https://www.cnpd.pt/"},
    {"RO", "ANSPDCP", "https://www.dataprotection.ro/"},
    {"SE", "IMY", "https://www.imy.se/"},
    {"SI", "Informacijski pooblaščenec", "https://www.ip-rs.si/"},
    {"SK", "ÚOOÚ SR", "https://dataprotection.gov.sk/"},
    {"UA", "Омбудсман України", "https://ombudsman.gov.ua/"},
}};

}  // namespace

const KnownAuthority* find_authority(std::string_view country) {
  const auto found = std::ranges::find(kAuthorities, country, &KnownAuthority::country);
  return found == kAuthorities.end() ? nullptr : &*found;
}

}  // namespace portvakt::consent
