// What is on screen, to keep: both tables as one picture (PNG), or everybody's voice and influence as a table (CSV).
(function () {
  function hand_out(name, blob) {
    var link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  }
  function tables() { return Array.prototype.slice.call(document.querySelectorAll("svg[data-testid=table]")); }
  function quoted(text) { return /[",\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text; }
  function csv() {
    var lines = ["team,meeting,turn,person,name,role,voice,influence"];
    tables().forEach(function (table) {
      table.querySelectorAll("[data-person]").forEach(function (one) {
        var of = table.dataset, is = one.dataset;
        lines.push([of.team, +of.meeting + 1, of.turn, is.person, is.name, is.role, is.voice, is.influence].map(quoted).join(","));
      });
    });
    hand_out("cosim.csv", new Blob([lines.join("\n") + "\n"], { type: "text/csv" }));
  }
  function plain(svg) { // a picture that stands alone knows nothing of the page's colours
    var style = getComputedStyle(svg);
    var copy = svg.cloneNode(true);
    copy.setAttribute("width", svg.viewBox.baseVal.width);
    copy.setAttribute("height", svg.viewBox.baseVal.height);
    copy.setAttribute("style", "color:" + style.color + ";font-family:" + style.fontFamily.replace(/"/g, "'"));
    return new XMLSerializer().serializeToString(copy).replace(/var\((--[\w-]+)(?:,\s*([^()]*))?\)/g, function (_, name, other) {
      return style.getPropertyValue(name).trim() || other || "#ffffff";
    });
  }
  function png() {
    var all = tables(), head = 74, scale = 2, wide = 0, tall = 0;
    all.forEach(function (one) { wide += one.viewBox.baseVal.width; tall = Math.max(tall, one.viewBox.baseVal.height); });
    var canvas = document.createElement("canvas");
    canvas.width = wide * scale;
    canvas.height = (tall + head) * scale;
    var pen = canvas.getContext("2d"), page = getComputedStyle(all[0]);
    pen.scale(scale, scale);
    pen.fillStyle = page.getPropertyValue("--cosim-paper").trim() || "#ffffff";
    pen.fillRect(0, 0, wide, tall + head);
    var left = 0;
    Promise.all(all.map(function (one) {
      return new Promise(function (done, fail) {
        var picture = new Image(), x = left;
        left += one.viewBox.baseVal.width;
        picture.onload = function () {
          var card = one.closest("section"), words = card.querySelector(".cosim-headline p"), ways = card.querySelector(".cosim-ways");
          pen.drawImage(picture, x, head, one.viewBox.baseVal.width, one.viewBox.baseVal.height);
          pen.fillStyle = page.color;
          pen.font = "bold 18px sans-serif";
          pen.fillText("Team " + one.dataset.team + ": " + (ways ? ways.textContent : ""), x + 14, 26, 530);
          pen.font = "15px sans-serif";
          pen.fillText(words ? words.textContent : "", x + 14, 52, 530);
          done();
        };
        picture.onerror = fail;
        picture.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(plain(one));
      });
    })).then(function () { canvas.toBlob(function (blob) { hand_out("cosim.png", blob); }, "image/png"); });
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-save]");
    if (!button || !tables().length) { return; }
    if (button.dataset.save === "png") { png(); } else { csv(); }
  });
})();
