// Waiting for what is worked out, following a class, and copying a text: all that the plain pages need a script for.
(function () {
  var bar = document.querySelector("[data-state]");
  function look() {
    fetch(bar.dataset.state).then(function (answer) { return answer.json(); }).then(function (now) {
      if (now.over) { location.reload(); return; }
      if (now.of) { bar.max = now.of + 1; bar.value = now.done; }
      var told = document.querySelector("[data-told]");
      if (told && now.of) { told.textContent = Math.round(100 * now.done / (now.of + 1)) + " % done"; }
      setTimeout(look, 500);
    }, function () { setTimeout(look, 3000); });
  }
  if (bar) { look(); }
  var live = document.querySelector("[data-live]");
  function watch() {
    fetch(live.dataset.live).then(function (answer) { return answer.json(); }).then(function (now) {
      if (now.over) { location.reload(); return; }
      if (live.dataset.shown !== now.html) { live.innerHTML = now.html; live.dataset.shown = now.html; }
      setTimeout(watch, 1000);
    }, function () { setTimeout(watch, 3000); });
  }
  if (live) { watch(); }
  var phone = document.querySelector("[data-look]");
  function ask() {
    fetch(phone.dataset.look).then(function (answer) { return answer.json(); }).then(function (now) {
      if (now.mark !== phone.dataset.mark) { location.replace(location.href); return; }
      setTimeout(ask, 2000);
    }, function () { setTimeout(ask, 5000); });
  }
  if (phone) { ask(); }
  document.querySelectorAll("[data-copy]").forEach(function (button) {
    button.addEventListener("click", function () {
      var text = document.getElementById(button.dataset.copy).innerText;
      function done() { button.textContent = "Copied"; }
      if (navigator.clipboard) { navigator.clipboard.writeText(text).then(done); return; }
      var range = document.createRange(); // a page that came without https may only be copied from by hand
      range.selectNodeContents(document.getElementById(button.dataset.copy));
      var chosen = getSelection();
      chosen.removeAllRanges();
      chosen.addRange(range);
      if (document.execCommand("copy")) { done(); }
    });
  });
  document.querySelectorAll("form[data-once]").forEach(function (form) {
    form.addEventListener("submit", function () {
      setTimeout(function () { form.querySelectorAll("button").forEach(function (one) { one.disabled = true; }); }, 0);
    });
  });
  addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-once] button").forEach(function (one) { one.disabled = false; });
  });
})();
