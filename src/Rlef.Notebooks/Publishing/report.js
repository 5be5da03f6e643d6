(function () {
  "use strict";
  var dark = window.matchMedia("(prefers-color-scheme: dark)");

  // A figure says what it shows; ground, text and grid colours follow the page.
  function themed(layout, night) {
    var copy = JSON.parse(JSON.stringify(layout || {}));
    copy.paper_bgcolor = copy.plot_bgcolor = "rgba(0,0,0,0)";
    copy.font = Object.assign({}, copy.font, { color: night ? "#e2e7ed" : "#1b1f24" });
    if (night && copy.template && copy.template.layout) delete copy.template.layout.font;
    ["xaxis", "yaxis"].forEach(function (axis) { copy[axis] = copy[axis] || {}; });
    Object.keys(copy).filter(function (key) { return /^[xy]axis\d*$/.test(key); }).forEach(function (axis) {
      ["gridcolor", "zerolinecolor", "linecolor"].forEach(function (name) { copy[axis][name] = night ? "#353d47" : "#d5dae0"; });
    });
    copy.modebar = Object.assign({ bgcolor: "rgba(0,0,0,0)" }, copy.modebar);
    if (copy.title && copy.margin) copy.margin.t = Math.min(copy.margin.t, 40);
    delete copy.title;
    copy.autosize = true;
    delete copy.width;
    return copy;
  }

  function draw(night) {
    if (!window.Plotly) return;
    document.querySelectorAll("figure > .plot").forEach(function (place) {
      var figure = JSON.parse(place.nextElementSibling.textContent);
      if (!place.classList.contains("js-plotly-plot")) place.textContent = "";
      // The page's own text can wrap, a title within the drawing cannot.
      place.previousElementSibling.hidden = !place.previousElementSibling.textContent;
      window.Plotly.react(place, figure.data, themed(figure.layout, night), Object.assign({ responsive: true, displaylogo: false }, figure.config));
    });
  }

  draw(dark.matches);
  dark.addEventListener("change", function () { draw(dark.matches); });
  window.addEventListener("beforeprint", function () { draw(false); });
  window.addEventListener("afterprint", function () { draw(dark.matches); });

  var button = document.getElementById("toggle-code");
  if (button) button.addEventListener("click", function () {
    var hide = button.getAttribute("aria-pressed") !== "true";
    document.querySelectorAll("details.code").forEach(function (code) { code.open = !hide; });
    button.setAttribute("aria-pressed", String(hide));
    button.textContent = hide ? "Show code" : "Hide code";
  });
})();
