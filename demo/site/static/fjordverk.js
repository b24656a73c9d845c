// Fjordverk's own script: marks the page in the menu and tells the measuring tools of the newsletter form.
(function () {
  'use strict';
  document.querySelectorAll('.top nav a').forEach(function (link) {
    if (link.pathname === location.pathname) link.setAttribute('aria-current', 'page');
  });
  var form = document.querySelector('form.own');
  if (form) {
    form.addEventListener('submit', function () {
      if (window.gtag) window.gtag('event', 'sign_up', {method: 'newsletter'});
    });
  }
  document.documentElement.dataset.fjordverk = 'ready';
})();
