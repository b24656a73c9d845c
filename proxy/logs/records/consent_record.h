// A consent receipt as it goes to the site's consent stream: what was chosen, when, under which texts. Same
// encoding as an access record. It names nobody: the visitor id is written only when analytics was granted,
// and without it the time is rounded to the minute.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "filters/consent/consent_receipt.h"
#include "proxy/logs/records/record_field.h"

namespace portvakt::logs {

/// References live until encode() returns.
struct ConsentRecord {
  std::string_view site;
  const consent::ConsentReceipt& receipt;
  const filters::PurposeNames& purposes;
};

/// `id t site receipt choice how purposes vendors_granted vendors_refused policy text language region
/// visitor event refused rule signal expires`; the shipper adds `chain`. config/consent-receipts.md tells
/// what each means.
std::span<const RecordField<ConsentRecord>> consent_fields();

/// Appends the payload to `out`.
void encode(const ConsentRecord& record, std::string& out);

}  // namespace portvakt::logs
