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

// Keys for whoever stands in front of a class: space plays, the right arrow steps, N plays a scene, E goes to the meeting's end, P presents,
// R reveals. Where something with keys of its own has the focus, they are its.
(function () {
  var keys = { " ": "play", ArrowRight: "step", n: "scene", N: "scene", p: "present", P: "present", e: "end", E: "end", r: "reveal", R: "reveal" };
  var own = "input, textarea, select, a, [role=slider], [role=tab], [role=listbox], [role=option], [role=switch], .v-select";
  document.addEventListener("keydown", function (event) {
    var name = keys[event.key];
    if (!name || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) { return; }
    var at = event.target;
    if (at.closest && (at.closest(own) || (event.key === " " && at.closest("button")))) { return; }
    var button = document.querySelector("button[data-key=" + name + "]:not([disabled])");
    if (button) { event.preventDefault(); button.click(); }
  });
})();

// What Solara and Vuetify leave out for those who cannot see, or use no mouse: names of buttons with a picture only;
// a field of choices that is one thing and not a button with a field in it; a page that keys can scroll.
(function () {
  function name() {
    var menu = document.querySelector(".v-app-bar__nav-icon");
    if (menu && !menu.hasAttribute("aria-label")) { menu.setAttribute("aria-label", "Settings"); }
    document.querySelectorAll(".v-app-bar .v-toolbar__content > button:not([aria-label])").forEach(function (one) {
      if (!one.textContent.trim() || one.querySelector(".v-icon")) { one.setAttribute("aria-label", "Light or dark"); }
    });
    document.querySelectorAll(".v-select .v-input__slot[role=button], .v-select .v-input__slot[aria-expanded]").forEach(function (slot) {
      var field = slot.querySelector("input:not([type=hidden])");
      if (!field) { return; }
      field.setAttribute("role", "combobox");
      field.setAttribute("aria-haspopup", "listbox");
      field.setAttribute("aria-expanded", slot.getAttribute("aria-expanded") || "false");
      ["role", "aria-haspopup", "aria-expanded", "aria-owns"].forEach(function (one) { slot.removeAttribute(one); });
    });
    document.querySelectorAll(".v-application div[style*='overflow: auto']:not([tabindex])").forEach(function (one) {
      one.setAttribute("tabindex", "0");
    });
  }
  new MutationObserver(name).observe(document.documentElement, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["aria-expanded"]
  });
})();

// Saving what is on screen is the same on every page of the demo.
(function () {
  var script = document.createElement("script");
  script.src = "/site/save.js";
  document.head.appendChild(script);
})();

// For a wall: the teams alone, in large letters, as full as the screen allows.
(function () {
  document.addEventListener("click", function (event) {
    if (!event.target.closest || !event.target.closest("[data-present]")) { return; }
    var on = document.documentElement.classList.toggle("cosim-presenting");
    if (on && document.documentElement.requestFullscreen) { document.documentElement.requestFullscreen().catch(function () {}); }
    if (!on && document.fullscreenElement) { document.exitFullscreen(); }
  });
  document.addEventListener("fullscreenchange", function () {
    if (!document.fullscreenElement) { document.documentElement.classList.remove("cosim-presenting"); }
  });
})();
