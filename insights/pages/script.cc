#include "insights/pages/assets.h"

namespace portvakt::insights {
namespace {

// Everything works without it. It adds values under the pointer and the arrow keys, fetches only the main
// part of a page when a link leads to the same site of the reports, and keeps the real-time page fresh.
constexpr std::string_view kScript = R"js((() => {
'use strict';
const $ = (selector, root) => Array.from((root || document).querySelectorAll(selector));

// Charts: a cursor over the table's own figures.
function bringToLife(plot) {
  const rows = $('tbody tr', plot.closest('.chart'));
  const heads = $('thead th', plot.closest('.chart')).map(head => head.textContent);
  if (!rows.length || plot.tabIndex === 0) return;
  plot.tabIndex = 0;
  plot.setAttribute('role', 'slider');
  plot.setAttribute('aria-label', plot.dataset.title + '. ' + plot.dataset.help);
  plot.setAttribute('aria-valuemin', 0);
  plot.setAttribute('aria-valuemax', rows.length - 1);
  $('title', plot).forEach(title => title.remove());
  const cursor = document.createElement('div');
  const tip = document.createElement('div');
  cursor.className = 'cursor';
  tip.className = 'tip';
  cursor.hidden = tip.hidden = true;
  plot.append(cursor, tip);
  let place = rows.length - 1;
  const show = next => {
    place = Math.max(0, Math.min(rows.length - 1, next));
    const cells = $('th,td', rows[place]).map(cell => cell.textContent);
    const said = cells.map((cell, i) => i ? heads[i] + ': ' + cell : cell);
    const share = rows.length > 1 ? place / (rows.length - 1) : .5;
    cursor.hidden = tip.hidden = false;
    cursor.style.insetInlineStart = share * 100 + '%';
    tip.textContent = said.join('\n');
    const width = plot.clientWidth;
    tip.style.left = Math.max(0, Math.min(width - tip.offsetWidth, share * width + (share > .5 ? -tip.offsetWidth - 10 : 10))) + 'px';
    plot.setAttribute('aria-valuenow', place);
    plot.setAttribute('aria-valuetext', said.join(', '));
  };
  const hide = () => { cursor.hidden = tip.hidden = true; };
  plot.setAttribute('aria-valuenow', place);
  plot.setAttribute('aria-valuetext', $('th,td', rows[place]).map(cell => cell.textContent).join(', '));
  plot.addEventListener('pointermove', event => {
    const box = plot.getBoundingClientRect();
    show(Math.round((event.clientX - box.left) / box.width * (rows.length - 1)));
  });
  plot.addEventListener('pointerleave', () => document.activeElement === plot || hide());
  plot.addEventListener('focus', () => show(place));
  plot.addEventListener('blur', hide);
  plot.addEventListener('keydown', event => {
    const step = {ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 7, PageDown: -7}[event.key];
    if (step) show(place + step);
    else if (event.key === 'Home') show(0);
    else if (event.key === 'End') show(rows.length - 1);
    else if (event.key === 'Escape') return hide();
    else return;
    event.preventDefault();
  });
}

// The real-time page: the same answer as the API gives, as it comes.
let feed = null;
function follow() {
  if (feed) feed.close();
  feed = null;
  const root = $('[data-feed]')[0];
  if (!root) return;
  const number = new Intl.NumberFormat(document.documentElement.lang);
  const put = (name, value) => $('[data-live=' + name + ']', root).forEach(one => { one.textContent = number.format(value); });
  feed = new EventSource(root.dataset.feed);
  feed.onmessage = event => {
    const news = JSON.parse(event.data);
    for (const name of ['visitors', 'active', 'views']) put(name, news[name]);
    const minutes = news.tables.minutes.rows.map(row => row.page_views);
    const largest = Math.max(1, ...minutes);
    $('[data-live=bars] rect', root).forEach((bar, i) => {
      const height = 100 * minutes[i] / largest;
      bar.setAttribute('height', height);
      bar.setAttribute('y', 100 - height);
      bar.firstElementChild.textContent = number.format(minutes[i]);
    });
    for (const [id, table] of Object.entries(news.tables)) {
      const body = $('[data-sheet=' + id + '] tbody', root)[0];
      if (!body) continue;
      body.replaceChildren(...table.rows.map(row => {
        const line = document.createElement('tr');
        table.columns.forEach((column, i) => {
          const cell = document.createElement(i ? 'td' : 'th');
          if (!i) cell.scope = 'row';
          const value = row[column];
          cell.textContent = row[column + '_text'] || (typeof value === 'number' ? number.format(value) : value);
          line.append(cell);
        });
        return line;
      }));
    }
  };
}

function wake() {
  $('[data-plot]').forEach(bringToLife);
  follow();
}

// Partial refresh: the header and the main part of the next page take the places of these.
let asked = 0;
async function go(address, push) {
  const turn = ++asked;
  document.body.classList.add('busy');
  try {
    const answer = await fetch(address, {headers: {Accept: 'text/html'}, credentials: 'same-origin'});
    const type = answer.headers.get('Content-Type') || '';
    if (!answer.ok || answer.redirected || !type.startsWith('text/html')) throw 0;
    const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (turn !== asked) return;
    const focus = document.activeElement && (document.activeElement.getAttribute('aria-label') || document.activeElement.textContent);
    if (push) history.pushState(null, '', address);
    document.title = next.title;
    document.documentElement.lang = next.documentElement.lang;
    for (const part of ['.top', 'main', 'footer']) $(part)[0].replaceWith($(part, next)[0]);
    wake();
    const again = $('main a, main button, .top a').find(one => (one.getAttribute('aria-label') || one.textContent) === focus);
    (again || $('main')[0]).focus({preventScroll: true});
  } catch (fault) {
    location.assign(address);
  } finally {
    document.body.classList.remove('busy');
  }
}

const screens = ['/', '/overview', '/consent', '/held', '/goals', '/realtime', '/bots', '/notes', '/table'];
const ours = address => address.origin === location.origin && screens.includes(address.pathname) && location.pathname !== '/sign-in';

document.addEventListener('click', event => {
  const link = event.target.closest('a[href]');
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const address = new URL(link.href);
  if (link.hasAttribute('download') || link.classList.contains('skip') || !ours(address)) return;
  event.preventDefault();
  address.hash = '';
  go(address.href, true);
});
document.addEventListener('submit', event => {
  const form = event.target;
  const address = new URL(form.action);
  if (form.method !== 'get' || !ours(address)) return;
  event.preventDefault();
  address.search = new URLSearchParams(new FormData(form));
  go(address.href, true);
});
addEventListener('popstate', () => go(location.href, false));
// A menu closes when something else is chosen, or with Escape.
document.addEventListener('click', event => $('.top details[open], .picker details[open]').forEach(one => {
  if (!one.contains(event.target)) one.open = false;
}));
document.addEventListener('keydown', event => {
  if (event.key !== 'Escape') return;
  $('.top details[open], .picker details[open]').forEach(one => { one.open = false; one.firstElementChild.focus(); });
});
wake();
})();
)js";

}  // namespace

std::string_view script_text() {
  return kScript;
}

}  // namespace portvakt::insights
