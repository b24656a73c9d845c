#include "insights/pages/assets.h"

namespace portvakt::insights {
namespace {

constexpr std::string_view kStyle =
    R"css(:root{color-scheme:light dark;--page:#f5f6f4;--card:#fff;--line:#e0e4df;--text:#19211d;--quiet:#566159;
--soft:#e4eee8;--band:#d9ebe1;--now:#16704f;--area:#16704f1c;--before:#7c8881;--note:#e9b64a55;--on:#fff;--fault:#a3221c}
@media(prefers-color-scheme:dark){:root{--page:#111614;--card:#1a211e;--line:#323c37;--text:#e7ece9;--quiet:#a5b1aa;
--soft:#26382f;--band:#24392f;--now:#5bcb9c;--area:#5bcb9c22;--before:#8d9a93;--note:#d9a53a44;--on:#0d1512;--fault:#ff9c94}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.top,main,footer{max-width:74rem;margin:0 auto;padding:0 1rem}
main:focus{outline:0}
a{color:var(--now)}
:focus-visible{outline:3px solid var(--now);outline-offset:2px;border-radius:.3rem}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.5rem 1rem;z-index:9}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.top{display:flex;flex-wrap:wrap;align-items:center;gap:.25rem 1rem;padding-block:.75rem .25rem}
.brand{font-weight:700;letter-spacing:-.01em;margin:0;color:var(--now)}
.site{font-weight:600;margin:0}
.tag{background:var(--soft);color:var(--text);border-radius:1rem;padding:.05rem .6rem;margin:0;font-size:.8rem}
.end{margin-inline-start:auto;display:flex;gap:.5rem}
.menu{flex-basis:100%;border-block-end:1px solid var(--line);margin-block-start:.25rem}
.menu ul{display:flex;flex-wrap:wrap;gap:0 .25rem;list-style:none;margin:0;padding:0}
.menu a{display:block;padding:.45rem .6rem;text-decoration:none;color:var(--quiet);border-block-end:2px solid transparent}
.menu a:hover{color:var(--text)}
.menu a[aria-current]{color:var(--text);font-weight:600;border-color:var(--now)}
summary{cursor:pointer}
.top details,.picker details{position:relative}
.top summary,.picker summary,.fixed{list-style:none;padding:.35rem .7rem;border:1px solid var(--line);border-radius:.5rem;background:var(--card)}
.top summary::-webkit-details-marker,.picker summary::-webkit-details-marker{display:none}
.sites summary{font-weight:600}.sites summary::after,.period summary b::after{content:" \25be";color:var(--quiet)}
.languages summary{text-transform:uppercase;font-size:.85rem}
.top details ul{position:absolute;z-index:5;min-width:11rem;margin:.25rem 0 0;padding:.35rem;list-style:none;background:var(--card);
border:1px solid var(--line);border-radius:.5rem;box-shadow:0 .5rem 1.5rem #0002}
.top details li a,.top details button{display:block;width:100%;text-align:start;padding:.4rem .6rem;border:0;border-radius:.3rem;
background:none;font:inherit;color:inherit;text-decoration:none;cursor:pointer}
.top details li a:hover,.top details button:hover{background:var(--soft)}
.top details a[aria-current]{font-weight:600}
.end details ul{inset-inline-end:0}
.picker{display:flex;flex-wrap:wrap;gap:.5rem;align-items:start;margin:.75rem 0}
.period,.fixed{margin-inline-start:auto;text-align:end}.fixed{margin-block:0}
.period small,.fixed small{margin-inline-start:.6rem;color:var(--quiet);font-size:.8rem;line-height:1.35}
.picker details[open]>form{position:absolute;z-index:5;inset-inline-end:0;margin-block-start:.25rem;width:max-content;max-width:calc(100vw - 2rem);
background:var(--card);border:1px solid var(--line);border-radius:.5rem;box-shadow:0 .5rem 1.5rem #0002;padding:1rem;text-align:start}
.picker .filter[open]>form{inset-inline:0 auto}
.chips{display:flex;flex-wrap:wrap;gap:.4rem;list-style:none;margin:0;padding:0}
.chips li{display:flex;background:var(--soft);border-radius:.5rem;padding:.35rem .3rem .35rem .7rem}
.chips a{padding:0 .5rem;text-decoration:none;font-weight:700;color:inherit}
.choices{display:grid;gap:.75rem}
.choices label{display:grid;gap:.2rem;font-size:.85rem;color:var(--quiet)}
.choices .dates{display:flex;flex-wrap:wrap;gap:.75rem}
.inline{grid-template-columns:minmax(0,20rem) max-content;align-items:end;margin-block-end:1rem}
input,select,textarea{font:inherit;color:var(--text);background:var(--page);border:1px solid var(--before);border-radius:.4rem;padding:.4rem .55rem;max-width:100%;min-width:0}
button{font:inherit;cursor:pointer;border:1px solid var(--before);border-radius:.4rem;padding:.35rem .8rem;background:var(--card);color:var(--text);justify-self:start}
.choices>button{background:var(--now);border-color:var(--now);color:var(--on);font-weight:600}
.said{font-size:1.15rem;line-height:1.45;max-width:56rem;margin:.75rem 0 1rem;text-wrap:pretty}
.card{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1rem 1.1rem;min-width:0}
h1{font-size:1.35rem;margin:.75rem 0}
h2{font-size:1rem;margin:0 0 .25rem}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,28rem),1fr));gap:1rem;margin:1rem 0}
.cards .wide{grid-column:1/-1}
.live-top{margin-block-start:1rem}.stack{display:grid;gap:1rem;margin:1rem 0;grid-template-columns:minmax(0,1fr)}
.lead{padding:0;overflow:hidden}
.lead>:not(.figures){margin-inline:1.1rem}
.figures{display:grid;grid-template-columns:repeat(6,1fr);list-style:none;margin:0;padding:0;border-block-end:1px solid var(--line)}
.figures.live{grid-template-columns:repeat(3,1fr)}
.figures li{border-inline-end:1px solid var(--line)}.figures li:last-child{border:0}
.figure{display:block;height:100%;padding:.85rem 1.1rem;text-decoration:none;color:inherit;border-block-end:3px solid transparent}
a.figure:hover{background:var(--page)}
a.figure[aria-current]{border-color:var(--now)}
a.figure:focus-visible{outline-offset:-3px}
.figure .label,.steps .label{display:block;font-size:.85rem;color:var(--quiet)}
.figure strong{font-size:1.5rem;white-space:nowrap;line-height:1.2;font-weight:700;letter-spacing:-.01em;margin-inline-end:.4rem}
.change{font-weight:600;font-size:.85rem;color:var(--text);white-space:nowrap}
.note{display:block;font-size:.8rem;line-height:1.35;color:var(--quiet)}
.chart{padding-block:.75rem 1rem;position:relative}
.chart .top{display:block;margin:0;padding:0;font-size:.75rem;color:var(--quiet);text-align:end;line-height:1}
.plot{height:13rem;border-block-end:1px solid var(--line);position:relative;border-block-start:1px dashed var(--line)}
.plot svg{display:block;width:100%;height:100%;overflow:visible}
svg path{fill:none;vector-effect:non-scaling-stroke;stroke-linejoin:round}
path.now{stroke:var(--now);stroke-width:2.25}
path.open{stroke-dasharray:4 4}
path.area{fill:var(--area)}path.band{fill:var(--band)}
path.before{stroke:var(--before);stroke-width:1.5;stroke-dasharray:1.5 3.5;stroke-linecap:round}
.note rect{fill:var(--note)}
.hit{fill:transparent}.hit:hover{fill:var(--area)}
.axis{display:flex;justify-content:space-between;font-size:.75rem;color:var(--quiet);padding-block:.25rem}
.legend{display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;margin:.25rem 0;font-size:.8rem;color:var(--quiet)}
.legend span{display:inline-flex;align-items:center}
.legend span::before{content:"";width:1rem;height:0;border-block-start:2.5px solid var(--now);margin-inline-end:.4rem}
.legend .before::before{border-block-start:2px dotted var(--before)}
.legend .band::before{height:.7rem;border:0;background:var(--band)}
.legend .note{font-size:inherit}.legend .note::before{height:.7rem;border:0;background:var(--note)}
.notes{margin:.25rem 0;padding:0;list-style:none;font-size:.8rem;color:var(--quiet)}
.cursor{position:absolute;inset-block:0;width:1px;background:var(--quiet);pointer-events:none}
.tip{position:absolute;top:.25rem;z-index:4;background:var(--text);color:var(--card);font-size:.8rem;line-height:1.4;padding:.35rem .6rem;border-radius:.4rem;pointer-events:none;white-space:pre-line;max-width:16rem}
.twin{font-size:.9rem;margin-block-start:.5rem}.twin summary{color:var(--now);width:fit-content;font-size:.8rem}
.scroll{overflow-x:auto;max-height:24rem;overflow-y:auto}
table{border-collapse:collapse;width:100%}
th,td{padding:.3rem 0 .3rem .75rem;text-align:end;vertical-align:top}
thead th{font-weight:500;font-size:.8rem;color:var(--quiet);vertical-align:bottom;line-height:1.3}
th:first-child{text-align:start;padding-inline-start:0;font-weight:400}
.words{text-align:start}.scroll td{white-space:nowrap}.scroll td.words{white-space:normal;min-width:6rem}table{overflow-wrap:normal}tbody th{overflow-wrap:anywhere}
tbody th{width:50%;min-width:7rem}
.ranked td{white-space:nowrap}
.ranked th div{position:relative;padding:.1rem .5rem;margin-inline-start:-.5rem}
.ranked th a{position:relative;color:inherit;text-decoration:none;display:block}
.ranked th a:hover{text-decoration:underline}
.bar{position:absolute;inset:0;width:100%;height:100%;border-radius:.25rem}
.bar rect{fill:var(--soft)}
.scroll tbody tr{border-block-start:1px solid var(--line)}
.other{color:var(--quiet)}.quiet{color:var(--quiet)}
.ranked .change{color:var(--quiet);font-weight:400;font-size:.8rem;display:inline-block;min-width:3.2em}
.tabs{display:flex;flex-wrap:wrap;gap:.1rem .9rem;list-style:none;margin:0 0 .5rem;padding:0;font-size:.85rem;color:var(--quiet)}
.tabs a{color:var(--quiet);text-decoration:none;display:inline-block;padding:.15rem 0}
.tabs a:hover{color:var(--text)}
.tabs a[aria-current]{color:var(--now);font-weight:600;text-decoration:underline;text-underline-offset:.3em;text-decoration-thickness:2px}
.foot{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin:.5rem 0 0;font-size:.8rem}
.foot .exports{margin-inline-start:auto;display:flex;gap:.75rem}
.cards .card{display:flex;flex-direction:column}.cards .foot{margin-block-start:auto;padding-block-start:.5rem}
.none{color:var(--quiet);margin:.5rem 0}
.steps{list-style:none;margin:0;padding:.75rem 0;display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem}
.steps li{position:relative;padding:.5rem .75rem .8rem;border-radius:.5rem;background:var(--page);overflow:hidden}
.steps strong{font-size:1.35rem;margin-inline-end:.4rem}.steps .note{display:inline}
.steps .bar{inset:auto 0 0;height:.35rem;border-radius:0}.steps .bar rect{fill:var(--now)}
.minutes{display:block;width:calc(100% - 2.2rem);height:8rem;margin-block:.5rem 1rem}.minutes rect{fill:var(--now)}
.list{list-style:none;margin:0;padding:0}
.list li{display:flex;flex-wrap:wrap;gap:.25rem .75rem;align-items:center;padding:.5rem 0;border-block-start:1px solid var(--line)}
.list li:first-child{border:0}
.list form{margin-inline-start:auto}
.buttons{display:flex;flex-wrap:wrap;gap:.35rem}
.buttons button,.list button{font-size:.85rem;padding:.2rem .6rem}
pre,code{background:var(--page);border-radius:.4rem;padding:.1rem .3rem;font-size:.9em}
pre{padding:.75rem;overflow-x:auto}
.sites-list{list-style:none;margin:1rem 0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,20rem),1fr));gap:1rem}
.sites-list p{margin:0;font-size:.8rem}
.spark{display:block;width:100%;height:4rem;margin-block:.5rem}
.sites-list dl{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:0}
.sites-list dt{font-size:.8rem;color:var(--quiet)}.sites-list dd{margin:0;font-size:1.15rem;font-weight:600}
.bare main{max-width:24rem;padding-block:4rem}
.bare .card,.bare form{margin-block:1rem}
.fault{color:var(--fault);font-weight:600}
.busy main{opacity:.6}
footer{color:var(--quiet);font-size:.8rem;padding-block:.5rem 2rem}footer p{max-width:60rem}
@media(max-width:60rem){.figures{grid-template-columns:repeat(3,1fr)}.figures li{border-block-end:1px solid var(--line)}}
@media(max-width:40rem){.figures,.figures.live{grid-template-columns:1fr 1fr}.figure{padding:.6rem .8rem}.figure strong{font-size:1.35rem}
.said{font-size:1.05rem}.plot{height:10rem}.card{padding:.8rem}.lead{padding:0}.lead>:not(.figures){margin-inline:.8rem}.minutes{width:calc(100% - 1.6rem)}
.inline{grid-template-columns:1fr}.period{margin-inline-start:0;text-align:start}.picker details[open]>form{inset-inline:0 auto}
.ranked .change{display:block;min-width:0}.period small,.fixed small{display:block;margin:0}th,td{padding-inline-start:.5rem}.axis .mid{display:none}.ranked thead th{overflow-wrap:anywhere;hyphens:auto;font-size:.72rem}.ranked tbody th{min-width:5rem;width:40%}}
@media(forced-colors:active){path.now{stroke:CanvasText}.bar rect,.minutes rect{fill:Highlight}}
@media print{.menu,.skip,.exports,.end,.tabs li:not(:has([aria-current])),.picker .filter,form,.twin summary{display:none!important}
body{background:#fff}.card,.figure{break-inside:avoid}.cards{display:block}.cards .card{margin-block-end:1rem}}
)css";

}  // namespace

std::string_view style_text() {
  return kStyle;
}

}  // namespace portvakt::insights
