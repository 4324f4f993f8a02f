// Plays the recordings that lie in this very page; nothing is asked of anywhere.
(function () {
  var pause = 2200, frames = [], at = 0, timer = 0, lesson = null;
  var stage = document.getElementById("stage"), bar = document.getElementById("place"), play = document.getElementById("play");
  function unpacked(name) {
    var text = document.getElementById("data-" + name).textContent.trim();
    var bytes = Uint8Array.from(atob(text), function (one) { return one.charCodeAt(0); });
    var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).json();
  }
  function show(to) {
    at = Math.max(0, Math.min(to, frames.length - 1));
    stage.innerHTML = frames[at];
    bar.value = at;
    bar.setAttribute("aria-valuetext", "scene " + (at + 1) + " of " + frames.length);
  }
  function decided() { return stage.querySelector(".cosim-card") !== null; }
  function stop() { clearInterval(timer); timer = 0; play.textContent = "Play"; }
  function start() {
    if (at >= frames.length - 1) { show(0); }
    play.textContent = "Pause";
    timer = setInterval(function () {
      show(at + 1);
      if (decided() || at >= frames.length - 1) { stop(); } // what was decided is to be read
    }, pause);
  }
  function next() { stop(); show(at + 1); }
  function end() { stop(); do { show(at + 1); } while (at < frames.length - 1 && !decided()); }
  function open(name) {
    stop();
    unpacked(name).then(function (data) {
      lesson = name;
      frames = data.frames;
      bar.max = frames.length - 1;
      document.querySelectorAll("[data-lesson]").forEach(function (one) { one.hidden = one.dataset.lesson !== name; });
      document.querySelectorAll("[data-open]").forEach(function (one) {
        one.setAttribute("aria-current", one.dataset.open === name ? "true" : "false");
      });
      document.getElementById("spreads").innerHTML = data.spreads;
      document.getElementById("reveal").open = false;
      document.getElementById("answers").innerHTML = data.answers;
      show(0);
      if (location.hash !== "#" + name) { history.replaceState(null, "", "#" + name); }
    });
  }
  play.addEventListener("click", function () { if (timer) { stop(); } else { start(); } });
  document.getElementById("next").addEventListener("click", next);
  document.getElementById("end").addEventListener("click", end);
  bar.addEventListener("input", function () { stop(); show(+bar.value); });
  document.querySelectorAll("[data-open]").forEach(function (one) {
    one.addEventListener("click", function (event) { event.preventDefault(); open(one.dataset.open); });
  });
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, a, button, summary")) { return; }
    if (event.key === " ") { play.click(); event.preventDefault(); }
    if (event.key === "ArrowRight" || event.key === "n") { next(); event.preventDefault(); }
    if (event.key === "e") { end(); }
    if (event.key === "r") { document.getElementById("reveal").open = true; }
  });
  var first = document.querySelector("[data-open]").dataset.open, wanted = location.hash.slice(1);
  open(document.getElementById("data-" + wanted) ? wanted : first);
})();
