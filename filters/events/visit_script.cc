#include "filters/events/visit_script.h"

namespace portvakt::events {
namespace {

// The same event may reach a page twice (a click in a page that navigates itself, hide and unload): each
// place tells once. Time is told whenever the page leaves the foreground, since the moment when it came
// there, so that the parts add up.
constexpr std::string_view kSource = R"js((function(w,d,l,h,u){
var c=screen.width,k=c<480?'xs':c<768?'s':c<1024?'m':c<1440?'l':'xl',p,b,
o=function(){return l.pathname+l.search},
t=function(){return d.visibilityState=='hidden'?0:performance.now()},
n=function(e,a,s){try{w.portvakt.purposes.indexOf('analytics')<0||navigator.sendBeacon(u,[e,k,s,p,a].join('\n'))}catch(x){}},
q=function(){b&&n('leave','',Math.round((performance.now()-b)/1e3));b=0},
g=function(){o()!=p&&(q(),p=o(),b=t(),n('view'))},
f=function(e){var a=e.target.closest&&e.target.closest('a[href],area[href]');
if(a&&/^https?:$/.test(a.protocol)&&(e.type=='click'||e.button==1))
a.host!=l.host?n('outbound',a.origin):(a.hasAttribute('download')||/\.(7z|apk|csv|dmg|docx?|dwg|epub|exe|gz|ics|mp[34]|msi|ods|odt|pdf|pptx?|rar|step|stp|tar|txt|xlsx?|zip)$/i.test(a.pathname))&&n('download',a.pathname)};
p=o();b=t();
['pushState','replaceState'].map(function(m){var r=h[m];h[m]=function(){var v=r.apply(h,arguments);g();return v}});
[[w,'popstate',g],[w,'hashchange',g],[w,'pagehide',q],[w,'pageshow',function(){b=b||t()}],
[d,'visibilitychange',function(){t()?b=b||t():q()}],[d,'click',f],[d,'auxclick',f],
[d,'submit',function(e){var a;try{a=new URL((e.submitter||e.target).getAttribute('formaction')||e.target.getAttribute('action')||'',d.baseURI);
a.pathname.indexOf(u.slice(0,-4))&&n('form',a.host==l.host?a.pathname:a.origin)}catch(x){}}]
].map(function(x){x[0].addEventListener(x[1],x[2],true)})
})(window,document,location,history,'@')
)js";

}  // namespace

std::string visit_script(std::string_view consent_path) {
  std::string out;
  for (const char c : kSource) {
    if (c == '@') {
      out.append(consent_path).append(kNotePath);
    } else if (c != '\n') {
      out.push_back(c);
    }
  }
  return out;
}

}  // namespace portvakt::events
