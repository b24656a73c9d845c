#include "insights/pages/page_style.h"

#include "proxy/base/crypto.h"

namespace portvakt::insights {
namespace {

constexpr std::string_view kStyle = R"css(
:root{color-scheme:light dark;--page:#f6f7f5;--card:#fff;--line:#dcdfda;--text:#1b1f1d;--quiet:#566059;
--all:#b7cfc3;--with:#14694c;--link:#0d5c41;--on:#fff}
@media(prefers-color-scheme:dark){:root{--page:#131716;--card:#1b211f;--line:#343d39;--text:#e6ebe8;--quiet:#a3aea8;
--all:#38564a;--with:#4fc394;--link:#6fd3a8;--on:#0d1512}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums}
header,main,footer{max-width:76rem;margin:0 auto;padding:0 1rem}
header{display:flex;flex-wrap:wrap;gap:.5rem 2rem;align-items:center;padding-block:1rem}
header h1{font-size:1.25rem;margin:0 auto 0 0;overflow-wrap:anywhere}
header h1 small{display:block;font-size:.8125rem;font-weight:400;color:var(--quiet)}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.5rem 1rem;z-index:1}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem;list-style:none;margin:0;padding:.25rem;background:var(--card);
border:1px solid var(--line);border-radius:.6rem}
nav a{display:block;padding:.25rem .75rem;border-radius:.4rem;text-decoration:none;color:var(--text)}
nav a:hover{background:var(--page)}
nav a[aria-current]{background:var(--with);color:var(--on);font-weight:600}
.said{font-size:1.125rem;max-width:52rem;margin:.5rem 0 1.5rem;text-wrap:pretty}
section{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1rem 1.25rem}
h2{font-size:1rem;margin:0}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:1rem;margin:0 0 1rem}
.figures div{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:.75rem 1.25rem}
dt{color:var(--quiet);font-size:.875rem}
dd{margin:0}dd.big{font-size:1.75rem;font-weight:650;line-height:1.25}
dd.note{font-size:.875rem;color:var(--quiet)}
.key{display:flex;flex-wrap:wrap;gap:0 1.25rem;color:var(--quiet);font-size:.875rem;margin:.25rem 0 1rem}
.key span::before{content:"";display:inline-block;width:.75em;height:.75em;border-radius:.15em;margin-inline-end:.4em;
background:var(--all)}.key .with::before{background:var(--with)}.key b{font-weight:400;margin-inline-start:auto}
svg{display:block;width:100%}
.chart{height:11rem;border-block-end:1px solid var(--line)}
.all{fill:var(--all)}.with{fill:var(--with)}.hit{fill:transparent}
g:hover .hit{fill:var(--line)}.open{opacity:.55}
.ends{display:flex;justify-content:space-between;color:var(--quiet);font-size:.8125rem;padding-block:.25rem}
summary{cursor:pointer;color:var(--link);font-size:.875rem;width:fit-content}
.tables{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr));gap:1rem;margin:1rem 0}
.tables section{min-width:0}
.tables header{padding:0 0 .25rem;gap:1rem;flex-wrap:nowrap}.tables h2{margin-inline-end:auto}
.tables header a{font-size:.875rem}
table{border-collapse:collapse;width:100%;font-size:.9375rem}
th{font-weight:500;color:var(--quiet);font-size:.8125rem;text-align:end;padding:.25rem 0 .25rem .75rem;white-space:nowrap}
td{padding:.3rem 0 .3rem .75rem;text-align:end;vertical-align:top;border-block-start:1px solid var(--line)}
th:first-child,tbody th{padding-inline-start:0;text-align:start}
tbody th{white-space:normal;font:inherit;color:inherit;width:100%;overflow-wrap:anywhere;vertical-align:top;
border-block-start:1px solid var(--line);padding-block:.3rem}
tbody svg{height:.375rem;margin-block-start:.2rem}
.none{color:var(--quiet);margin:.5rem 0}
footer{color:var(--quiet);font-size:.875rem;padding-block:.5rem 2rem}footer p{max-width:52rem}
@media(max-width:40rem){section,.figures div{padding-inline:.875rem}.figures{grid-template-columns:1fr 1fr;gap:.5rem}
dd.big{font-size:1.375rem}.chart{height:8rem}}
@media print{nav,.skip,.tables header a,summary{display:none}section,.figures div{break-inside:avoid}}
)css";

}  // namespace

std::string_view page_style() {
  return kStyle;
}

const std::string& page_policy() {
  static const std::string policy =
      "default-src 'none'; style-src 'sha256-" + crypto::base64(crypto::sha256(kStyle)) +
      "'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
  return policy;
}

}  // namespace portvakt::insights
