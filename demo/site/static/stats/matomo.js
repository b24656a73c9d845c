// A stand-in for Matomo's tracker: reports one page view to the address that the page configured.
(function () {
  var queue = window._paq || [], settings = {};
  queue.forEach(function (call) { settings[call[0]] = call[1]; });
  new Image().src = (settings.setTrackerUrl || '/stats/matomo.php') + '?idsite=' + (settings.setSiteId || 1) +
    '&rec=1&action_name=' + encodeURIComponent(document.title);
})();
