// What Solara's page leaves out: its language, and permission to zoom.
document.documentElement.lang = "en";
(function () {
  var viewport = document.querySelector('meta[name="viewport"]');
  if (viewport) { viewport.setAttribute("content", "width=device-width, initial-scale=1"); }
})();
