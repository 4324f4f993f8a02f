// What Solara's page leaves out: its language, and permission to zoom.
document.documentElement.lang = "en";
(function () {
  var viewport = document.querySelector('meta[name="viewport"]');
  if (viewport) { viewport.setAttribute("content", "width=device-width, initial-scale=1"); }
})();

// On a narrow screen the drawer with the settings lies over the page: there it starts closed.
(function () {
  if (window.innerWidth >= 960) { return; }
  var seen = new MutationObserver(function () {
    var drawer = document.querySelector(".v-navigation-drawer--is-mobile.v-navigation-drawer--open");
    var button = document.querySelector(".v-app-bar__nav-icon");
    if (drawer && button) { seen.disconnect(); button.click(); }
  });
  seen.observe(document.documentElement, { subtree: true, childList: true, attributes: true });
})();
