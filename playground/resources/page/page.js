"use strict";
(function () {
  const run = JSON.parse(document.getElementById("run").textContent);
  const bytes = Uint8Array.from(atob(run.numbers), (c) => c.charCodeAt(0));
  const numbers = new Float32Array(bytes.buffer);
  const $ = (id) => document.getElementById(id);
  const sizes = [run.inputs.length, ...run.sizes];
  const nLayers = run.sizes.length, nFrames = run.frames.length;
  const perFrame = run.perFrame;
  const nNeurons = run.sizes.reduce((a, b) => a + b, 0);
  const multi = run.sizes[nLayers - 1] > 1;
  const curve = run.nInputs === 1;
  let frame = nFrames - 1, playing = false, last = 0, hovered = null, dark = false;
  const media = window.matchMedia("(prefers-color-scheme: dark)");
  let colours = null;

  // The network's own arithmetic, on the weights of a frame.
  const erf = (x) => {
    const t = 1 / (1 + 0.3275911 * Math.abs(x));
    const y = 1 - ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * Math.exp(-x * x);
    return x < 0 ? -y : y;
  };
  const sigmoid = (z) => 1 / (1 + Math.exp(-z));
  const ACTIVATION = {
    tanh: Math.tanh, relu: (z) => Math.max(z, 0), sigmoid, linear: (z) => z,
    leaky_relu: (z) => (z > 0 ? z : 0.01 * z), elu: (z) => (z >= 0 ? z : Math.expm1(z)),
    softplus: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
    gelu: (z) => 0.5 * z * (1 + erf(z / Math.SQRT2)), silu: (z) => z * sigmoid(z),
  };
  const FEATURE = {
    x1_squared: (x) => x[0] * x[0], x2_squared: (x) => x[1] * x[1], x1_x2: (x) => x[0] * x[1],
    sin_x1: (x) => Math.sin(x[0]), sin_x2: (x) => Math.sin(x[1]),
    cos_x1: (x) => Math.cos(x[0]), cos_x2: (x) => Math.cos(x[1]),
  };
  const featureOf = (name) => FEATURE[name] || ((x) => x[parseInt(name.slice(1), 10) - 1]);
  const features = run.inputs.map(featureOf);
  const starts = [];
  for (let k = 0, at = 0; k < nLayers; k++) { starts.push(at); at += sizes[k + 1] * (sizes[k] + 1); }
  const weight = (f, layer, row, column) => numbers[f * perFrame + starts[layer] + row * (sizes[layer] + 1) + column];
  const ring = (f, layer, row) => {
    let at = f * perFrame + run.nParameters;
    for (let k = 0; k < layer; k++) at += run.sizes[k];
    return numbers[at + row];
  };
  function answer(f, x, all) {
    let a = features.map((g) => g(x));
    if (all) all.push(a);
    for (let k = 0; k < nLayers; k++) {
      const act = ACTIVATION[run.activations[k]], n = sizes[k], out = new Array(sizes[k + 1]);
      let at = f * perFrame + starts[k];
      for (let i = 0; i < out.length; i++) {
        let z = numbers[at + n];
        for (let j = 0; j < n; j++) z += numbers[at + j] * a[j];
        out[i] = act(z);
        at += n + 1;
      }
      a = out;
      if (all) all.push(a);
    }
    return a;
  }
  const shares = (z) => { const m = Math.max(...z), e = z.map((v) => Math.exp(v - m)), s = e.reduce((p, q) => p + q, 0); return e.map((v) => v / s); };
  const onSigns = (v) => run.scale[0] * v + run.scale[1];
  // What the window calls ŷ: a map's values, where truth values are 0 and 1 again.
  const prediction = (v) => (curve ? v : run.logical ? (onSigns(v) + 1) / 2 : onSigns(v));
  function point(u, v) {
    const x = run.held.slice();
    x[run.shown[0]] = u;
    if (run.nInputs > 1) x[run.shown[1]] = v;
    return x;
  }

  // Colours.
  const hex = (c) => [parseInt(c.slice(1, 3), 16), parseInt(c.slice(3, 5), 16), parseInt(c.slice(5, 7), 16)];
  const css = (c) => `rgb(${c[0]},${c[1]},${c[2]})`;
  const mix = (a, b, t) => a.map((v, k) => Math.round(v + (b[k] - v) * Math.min(1, Math.max(0, t))));
  function takeColours() {
    const style = getComputedStyle(document.documentElement), c = {};
    for (const name of ["paper", "panel", "line", "line-strong", "ink1", "ink2", "ink3", "fill", "neg", "pos", "quiet", "grad", "danger", "class3", "class4", "class5"])
      c[name] = hex(style.getPropertyValue("--" + name).trim());
    c.table = run.tables[dark ? "dark" : "light"].map((n) => [n >> 16 & 255, n >> 8 & 255, n & 255]);
    c.classes = multi ? [c.pos, c.neg, c.class3, c.class4, c.class5] : [c.pos, c.neg];
    colours = c;
  }
  const field = (v) => colours.table[Math.round(Math.max(-1, Math.min(1, v || 0)) * 127 + 128)];

  // Maps of all neurons over the plane, kept per frame.
  const GRID = run.nParameters > 4000 ? 12 : 24, WIDE = run.nParameters > 1500 ? 40 : 90;
  const cache = new Map();
  function maps(f) {
    if (cache.has(f)) return cache.get(f);
    const found = { tiles: [], wide: [], input: [] };
    for (let k = 0; k < nNeurons; k++) found.tiles.push(new Float32Array(GRID * GRID));
    for (let k = 0; k < sizes[0]; k++) found.input.push(new Float32Array(GRID * GRID));
    const tick = (i, n) => run.low + (i + 0.5) * (run.high - run.low) / n;
    for (let r = 0; r < GRID; r++) for (let c = 0; c < GRID; c++) {
      const all = [];
      answer(f, point(tick(c, GRID), tick(r, GRID)), all);
      all[0].forEach((v, k) => { found.input[k][r * GRID + c] = v; });
      let at = 0;
      for (let k = 1; k < all.length; k++) for (const v of all[k]) found.tiles[at++][r * GRID + c] = v;
    }
    if (!curve) for (let r = 0; r < WIDE; r++) for (let c = 0; c < WIDE; c++)
      found.wide.push(answer(f, point(tick(c, WIDE), tick(r, WIDE))));
    if (cache.size > 40) cache.delete(cache.keys().next().value);
    cache.set(f, found);
    return found;
  }
  const stamps = new Map();
  function picture(key, n, colourAt) {
    let canvas = stamps.get(key);
    if (!canvas || canvas.width !== n) { canvas = document.createElement("canvas"); canvas.width = canvas.height = n; stamps.set(key, canvas); }
    const context = canvas.getContext("2d"), image = context.createImageData(n, n);
    for (let r = 0; r < n; r++) for (let c = 0; c < n; c++) {
      const rgb = colourAt((n - 1 - r) * n + c), at = 4 * (r * n + c);
      image.data[at] = rgb[0]; image.data[at + 1] = rgb[1]; image.data[at + 2] = rgb[2]; image.data[at + 3] = 255;
    }
    context.putImageData(image, 0, 0);
    return canvas;
  }
  function fitted(canvas) {
    const ratio = window.devicePixelRatio || 1, w = canvas.clientWidth, h = canvas.clientHeight;
    if (canvas.width !== Math.round(w * ratio) || canvas.height !== Math.round(h * ratio)) {
      canvas.width = Math.round(w * ratio); canvas.height = Math.round(h * ratio);
    }
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, w, h);
    return [context, w, h];
  }
  function text(c, words, x, y, size, colour, align, face) {
    c.font = `${face || 400} ${size}px Inter, system-ui, sans-serif`;
    c.fillStyle = css(colour); c.textAlign = align || "left"; c.textBaseline = "middle";
    c.fillText(words, x, y);
  }
  function rounded(c, x, y, w, h, r) {
    c.beginPath();
    c.moveTo(x + w / 2, y);
    c.arcTo(x + w, y, x + w, y + h, r); c.arcTo(x + w, y + h, x, y + h, r);
    c.arcTo(x, y + h, x, y, r); c.arcTo(x, y, x + w, y, r); c.closePath();
  }

  // The network.
  let places = [], edges = [], reference = 1;
  function layout(w, h) {
    const most = Math.max(...sizes), left = w < 520 ? 46 : 74, right = w < 520 ? 30 : 64, top = 52, foot = 22;
    const pitch = Math.min(65, (h - top - foot) / most), tile = Math.max(5, Math.min(46, pitch - Math.min(19, pitch * 0.3)));
    const side = Math.min(tile, (w - left - right) / nLayers * 0.6);
    places = sizes.map((n, k) => {
      const x = left + (w - left - right) * k / nLayers;
      return Array.from({ length: n }, (_, i) => ({ x, y: top + (h - top - foot) / 2 + (i - (n - 1) / 2) * pitch, side, layer: k - 1, index: i }));
    });
  }
  function quantile(f) {
    const sample = [];
    for (let k = 0; k < nLayers; k++) for (let i = 0; i < sizes[k + 1]; i++) for (let j = 0; j < sizes[k]; j++) sample.push(Math.abs(weight(f, k, i, j)));
    sample.sort((a, b) => a - b);
    return sample[Math.floor(0.985 * (sample.length - 1))] || 1;
  }
  function drawNetwork() {
    const [c, w, h] = fitted($("network"));
    if (w < 2 || h < 2) return;
    layout(w, h);
    reference = quantile(frame);
    const found = maps(frame), own = hovered && hovered.kind === "neuron" ? hovered : null;
    edges = [];
    for (let k = 0; k < nLayers; k++) for (let i = 0; i < sizes[k + 1]; i++) for (let j = 0; j < sizes[k]; j++) {
      const value = weight(frame, k, i, j), from = places[k][j], to = places[k + 1][i], n = sizes[k];
      const share = Math.abs(value) / reference;
      edges.push({ k, i, j, value, share, x0: from.x + from.side / 2 + 5, y0: from.y, x1: to.x - to.side / 2 - 5, y1: to.y + Math.min(26, to.side * 0.6) * ((j + 0.5) / n - 0.5) });
    }
    edges.sort((a, b) => a.share - b.share);
    const many = edges.length > 1500;
    for (const e of edges) {
      if (many && e.share < 0.35) continue;
      const mine = !own || (own.layer === e.k && own.index === e.i) || (own.layer === e.k - 1 && own.index === e.j);
      const strong = mix(colours.quiet, e.value < 0 ? colours.neg : colours.pos, Math.pow(Math.min(1, e.share), 0.6));
      c.strokeStyle = css(mine ? strong : mix(colours.paper, strong, 0.22));
      c.lineWidth = Math.min(7.1, 0.7 + 5.6 * e.share) * Math.min(1, places[0][0].side / 34 + 0.25);
      const bend = (e.x1 - e.x0) * 0.5;
      c.beginPath(); c.moveTo(e.x0, e.y0); c.bezierCurveTo(e.x0 + bend, e.y0, e.x1 - bend, e.y1, e.x1, e.y1); c.stroke();
    }
    if (hovered && hovered.kind === "edge") {
      const e = edges.find((one) => one.k === hovered.k && one.i === hovered.i && one.j === hovered.j);
      if (e) { c.strokeStyle = css(colours.ink1); c.lineWidth = Math.min(7.1, 0.7 + 5.6 * e.share) + 3.4; const bend = (e.x1 - e.x0) * 0.5; c.beginPath(); c.moveTo(e.x0, e.y0); c.bezierCurveTo(e.x0 + bend, e.y0, e.x1 - bend, e.y1, e.x1, e.y1); c.stroke(); c.strokeStyle = css(e.value < 0 ? colours.neg : colours.pos); c.lineWidth -= 3.4; c.stroke(); }
    }
    let largest = 0;
    for (let k = 0; k < nLayers; k++) for (let i = 0; i < sizes[k + 1]; i++) largest = Math.max(largest, ring(frame, k, i) || 0);
    let at = 0;
    places.forEach((column, k) => {
      const inputs = k === 0, name = inputs ? "Inputs" : k === nLayers ? "Output" : `Hidden ${k}`;
      text(c, w < 520 ? (inputs ? "In" : k === nLayers ? "Out" : `H${k}`) : name, column[0].x, 18, 12, colours.ink1, "center", 600);
      if (w >= 520) text(c, inputs ? "" : run.activationWords[k - 1], column[0].x, 34, 11, colours.ink3, "center");
      const group = inputs ? found.input : found.tiles.slice(at, at + column.length);
      const bounded = !inputs && ["tanh", "sigmoid"].includes(run.activations[k - 1]);
      column.forEach((p, i) => {
        const values = group[i];
        let size = 1;
        if (!bounded) { size = 0; (inputs ? [values] : group).forEach((m) => { for (const v of m) if (Math.abs(v) > size) size = Math.abs(v); }); size = size || 1; }
        const half = p.side / 2, radius = Math.min(7, p.side / 5);
        c.save();
        if (!inputs) { rounded(c, p.x - half - 4, p.y - half - 4, p.side + 8, p.side + 8, radius + 4); c.fillStyle = css(colours.paper); c.fill(); }
        rounded(c, p.x - half, p.y - half, p.side, p.side, radius); c.clip();
        c.imageSmoothingEnabled = true;
        c.drawImage(picture(`${k}.${i}`, GRID, (m) => field(k === nLayers && !multi && run.nClasses ? onSigns(values[m]) : values[m] / size)), p.x - half, p.y - half, p.side, p.side);
        c.restore();
        rounded(c, p.x - half + 0.5, p.y - half + 0.5, p.side - 1, p.side - 1, radius); c.strokeStyle = css(mix(colours.paper, colours.ink1, 0.3)); c.lineWidth = 1; c.stroke();
        if (inputs) { text(c, run.inputWords[i], p.x - half - 8, p.y, 14, colours.ink1, "right"); return; }
        const share = largest > 0 ? Math.min(1, (ring(frame, k - 1, i) || 0) / largest) : 0;
        rounded(c, p.x - half - 4, p.y - half - 4, p.side + 8, p.side + 8, radius + 4); c.strokeStyle = css(colours.line); c.stroke();
        if (share > 0) { const length = 4 * (p.side + 8) - 8 * (radius + 4) + 2 * Math.PI * (radius + 4); c.setLineDash([length * share, length * 2]); c.strokeStyle = css(colours.grad); c.lineWidth = 2.6; c.stroke(); c.setLineDash([]); }
        const bias = weight(frame, k - 1, i, sizes[k - 1]);
        if (p.side > 22) { c.beginPath(); c.arc(p.x - half - 1, p.y + half + 0.5, 4, 0, 7); c.fillStyle = css(field(bias)); c.fill(); c.strokeStyle = css(bias < 0 ? colours.neg : colours.pos); c.lineWidth = 1.3; c.stroke(); }
        if (hovered && hovered.kind === "neuron" && hovered.layer === k - 1 && hovered.index === i) { rounded(c, p.x - half - 8, p.y - half - 8, p.side + 16, p.side + 16, radius + 8); c.strokeStyle = css(colours.ink1); c.lineWidth = 2; c.stroke(); }
      });
      if (!inputs) at += column.length;
    });
  }

  // The output map, or one neuron's while it is pointed at.
  const spot = (u, v, side) => [(u - run.low) / (run.high - run.low) * side, side - (v - run.low) / (run.high - run.low) * side];
  function shape(c, kind, r) {
    c.beginPath();
    if (kind === 0) c.arc(0, 0, r, 0, 7);
    else { const n = [0, 4, 4, 3, 10][kind], turn = kind === 2 ? Math.PI / 4 : -Math.PI / 2; for (let k = 0; k < n; k++) { const t = turn + 2 * Math.PI * k / n, d = r * 1.25 * (kind === 4 && k % 2 ? 0.5 : 1); c.lineTo(d * Math.cos(t), d * Math.sin(t)); } c.closePath(); }
  }
  function drawOutput() {
    const [c, w, h] = fitted($("output")), side = Math.min(w, h);
    if (side < 2) return;
    const found = maps(frame), own = hovered && hovered.kind === "neuron" && hovered.layer >= 0 && !(hovered.layer === nLayers - 1 && !multi) ? hovered : null;
    let at = 0;
    if (own) for (let k = 0; k < own.layer; k++) at += sizes[k + 1];
    $("output-title").textContent = own ? `Output · ${own.layer === nLayers - 1 ? "Output" : "Hidden " + (own.layer + 1)} · ${own.index + 1}` : "Output";
    c.save(); rounded(c, 0, 0, side, side, 4); c.clip(); c.imageSmoothingEnabled = true; c.imageSmoothingQuality = "high";
    if (curve) {
      c.fillStyle = css(colours.paper); c.fillRect(0, 0, side, side);
      let low = Infinity, high = -Infinity;
      const ys = Array.from({ length: 200 }, (_, k) => answer(frame, [run.low + (run.high - run.low) * k / 199])[0]);
      for (const v of ys.concat(run.points.map((p) => p[2]))) { low = Math.min(low, v); high = Math.max(high, v); }
      const y = (v) => side * (0.92 - 0.84 * (v - low) / (high - low || 1)), x = (u) => (u - run.low) / (run.high - run.low) * side;
      run.points.forEach((p) => { c.beginPath(); c.arc(x(p[0]), y(p[2]), 3, 0, 7); c.strokeStyle = c.fillStyle = css(colours.ink3); p[3] ? c.fill() : c.stroke(); });
      c.beginPath(); ys.forEach((v, k) => c.lineTo(x(run.low + (run.high - run.low) * k / 199), y(v))); c.strokeStyle = css(colours.pos); c.lineWidth = 2.4; c.stroke();
      c.restore(); return;
    }
    let image;
    if (own) { const values = found.tiles[at + own.index]; let size = 1e-9; for (const v of values) size = Math.max(size, Math.abs(v)); if (["tanh", "sigmoid"].includes(run.activations[own.layer])) size = 1; image = picture("own", GRID, (m) => field(values[m] / size)); }
    else if (multi) image = picture("wide", WIDE, (m) => { const p = shares(found.wide[m]); let best = 0; p.forEach((v, k) => { if (v > p[best]) best = k; }); return mix(colours.table[128], colours.classes[best], 0.75 * (p[best] - 1 / p.length) / (1 - 1 / p.length)); });
    else image = picture("wide", WIDE, (m) => field(onSigns(found.wide[m][0])));
    c.drawImage(image, 0, 0, side, side);
    if (!own && !multi) contour(c, found.wide, side);
    for (const p of run.points) {
      const [px, py] = spot(p[0], p[1], side), kind = run.nClasses ? p[2] : 0;
      const tone = run.nClasses ? colours.classes[kind] : mix(colours.ink3, p[2] > 0 ? colours.pos : colours.neg, Math.pow(Math.min(1, Math.abs(p[2])), 0.6));
      c.save(); c.translate(Math.max(4, Math.min(side - 4, px)), Math.max(4, Math.min(side - 4, py)));
      shape(c, kind, 3.1); c.lineWidth = 2.4; c.strokeStyle = css(colours.paper); c.stroke();
      if (p[3]) { c.fillStyle = css(tone); c.fill(); } else { c.fillStyle = css(colours.paper); c.fill(); shape(c, kind, 2.4); c.lineWidth = 1.5; c.strokeStyle = css(tone); c.stroke(); }
      c.restore();
    }
    c.restore();
  }
  function contour(c, wide, side) {
    const step = side / WIDE, v = (r, k) => onSigns(wide[r * WIDE + k][0]);
    c.beginPath();
    for (let r = 0; r < WIDE - 1; r++) for (let k = 0; k < WIDE - 1; k++) {
      const a = v(r, k), b = v(r, k + 1), d = v(r + 1, k), e = v(r + 1, k + 1), cut = [];
      if (a < 0 !== b < 0) cut.push([k + a / (a - b), r]);
      if (a < 0 !== d < 0) cut.push([k, r + a / (a - d)]);
      if (b < 0 !== e < 0) cut.push([k + 1, r + b / (b - e)]);
      if (d < 0 !== e < 0) cut.push([k + d / (d - e), r + 1]);
      if (cut.length >= 2) { c.moveTo((cut[0][0] + 0.5) * step, side - (cut[0][1] + 0.5) * step); c.lineTo((cut[1][0] + 0.5) * step, side - (cut[1][1] + 0.5) * step); }
    }
    c.globalAlpha = 0.55; c.strokeStyle = css(colours.ink1); c.lineWidth = 1; c.stroke(); c.globalAlpha = 1;
  }

  // The loss.
  const LOSS_LEFT = 44, LOSS_RIGHT = 10;
  function drawLoss() {
    const [c, w, h] = fitted($("loss")), left = LOSS_LEFT, foot = 18, right = LOSS_RIGHT, top = 6;
    if (w < 60 || h < 40) return;
    const known = run.history.train.concat(run.history.test).filter((v) => v > 0 && isFinite(v));
    if (!known.length) return;
    const low = Math.log10(Math.min(...known)), high = Math.log10(Math.max(...known)), span = Math.max(0.3, high - low);
    const end = Math.max(1, run.history.epochs[run.history.epochs.length - 1]);
    const x = (e) => left + (w - left - right) * e / end, y = (v) => top + (h - top - foot) * (1 - (Math.log10(Math.max(v, 1e-12)) - low) / span);
    let ticks = []; for (let k = Math.ceil(low); k <= high; k++) ticks.push(Math.pow(10, k));
    if (ticks.length < 2) ticks = [Math.pow(10, low), Math.pow(10, high)];
    for (const t of ticks) { c.strokeStyle = css(colours.line); c.lineWidth = 1; c.beginPath(); c.moveTo(left, y(t)); c.lineTo(w - right, y(t)); c.stroke(); text(c, t < 0.001 || t >= 1e4 ? power(t) : Number(t.toPrecision(2)).toString(), left - 6, y(t), 11, colours.ink3, "right"); }
    text(c, "0", left, h - 7, 11, colours.ink3); text(c, String(end), w - right, h - 7, 11, colours.ink3, "right");
    const draw = (series, colour, dash, width) => {
      for (const past of [false, true]) {
        c.save(); c.beginPath(); c.rect(past ? 0 : x(run.frames[frame].epoch), 0, past ? x(run.frames[frame].epoch) : w, h); c.clip();
        c.globalAlpha = past ? 1 : 0.32; c.strokeStyle = css(colour); c.lineWidth = width; c.setLineDash(dash); c.lineJoin = "round"; c.beginPath();
        series.forEach((v, k) => { if (v > 0 && isFinite(v)) c.lineTo(x(run.history.epochs[k]), y(v)); });
        c.stroke(); c.restore();
      }
    };
    draw(run.history.test, colours.ink3, [3.5, 2.5], 1.3);
    draw(run.history.train, colours.ink1, [], 1.8);
    const at = x(run.frames[frame].epoch);
    c.strokeStyle = css(colours["line-strong"]); c.lineWidth = 1; c.beginPath(); c.moveTo(at, top); c.lineTo(at, h - foot); c.stroke();
    c.fillStyle = css(colours.ink1); c.beginPath(); c.arc(at, y(run.frames[frame].train), 3.7, 0, 7); c.fill();
  }

  // Words.
  function power(v) {
    const [m, e] = v.toExponential(1).split("e"), raised = [...e.replace("+", "")].map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]).join("");
    return (m === "1.0" ? "" : `${m}×`) + `10${raised}`;
  }
  const minus = (s) => s.replace("-", "\u2212");
  const number = (v, d) => v === null || !isFinite(v) ? "–" : minus(Math.abs(v) !== 0 && (Math.abs(v) < 1e-4 || Math.abs(v) >= 1e4) ? power(v) : v.toFixed(d));
  function draw() {
    const now = run.frames[frame];
    $("epoch").textContent = now.epoch; $("where").textContent = `epoch ${now.epoch}`;
    $("train").textContent = number(now.train, 4); $("test").textContent = number(now.test, 4);
    $("accuracy").textContent = now.accuracy === null ? "–" : `${(100 * now.accuracy).toFixed(1)}\u2009%`;
    $("scrub").value = frame; $("scrub").setAttribute("aria-valuetext", `epoch ${now.epoch}`);
    drawNetwork(); drawOutput(); drawLoss();
  }
  function go(f) { frame = Math.max(0, Math.min(nFrames - 1, f)); draw(); }
  function play(on) { playing = on; $("play").textContent = on ? "Pause" : "Play"; if (on) { if (frame === nFrames - 1) frame = 0; last = 0; requestAnimationFrame(tick); } }
  function tick(time) {
    if (!playing) return;
    if (!last) last = time;
    if (time - last >= Math.max(33, 8000 / nFrames)) { last = time; go(frame + 1); if (frame >= nFrames - 1) { play(false); return; } }
    requestAnimationFrame(tick);
  }
  function tip(x, y, title, lines) {
    const box = $("tip");
    box.textContent = "";
    const head = document.createElement("b"); head.textContent = title; box.appendChild(head);
    box.appendChild(document.createTextNode(lines.join("\n")));
    box.style.display = "block";
    box.style.left = `${Math.min(x + 16, window.innerWidth - box.offsetWidth - 8)}px`;
    box.style.top = `${Math.min(y + 16, window.innerHeight - box.offsetHeight - 8)}px`;
  }
  const hide = () => { $("tip").style.display = "none"; };
  const nameOf = (layer, index) => layer < 0 ? run.inputWords[index] : layer === nLayers - 1 ? (multi ? `Output · ${index + 1}` : "Output") : `Hidden ${layer + 1} · ${index + 1}`;
  function pointed(event) {
    const box = $("network").getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    for (const column of places) for (const p of column) if (Math.abs(x - p.x) < p.side / 2 + 5 && Math.abs(y - p.y) < p.side / 2 + 5) return { kind: "neuron", layer: p.layer, index: p.index };
    let best = null, near = 6;
    for (const e of edges) {
      if (x < e.x0 || x > e.x1) continue;
      let t = (x - e.x0) / (e.x1 - e.x0), lo = 0, hi = 1;
      for (let k = 0; k < 12; k++) { const m = (lo + hi) / 2, q = 1.5 * m * (1 - m) * (1 - m) + 1.5 * m * m * (1 - m) + m * m * m; if (q < t) lo = m; else hi = m; }
      t = (lo + hi) / 2;
      const ey = e.y0 + (e.y1 - e.y0) * (3 * t * t * (1 - t) + t * t * t), d = Math.abs(ey - y) - e.share;
      if (d < near) { near = d; best = { kind: "edge", k: e.k, i: e.i, j: e.j }; }
    }
    return best;
  }
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  function over(event) {
    const target = pointed(event);
    if (!same(target, hovered)) { hovered = target; drawNetwork(); drawOutput(); }
    if (!target) { hide(); return; }
    if (target.kind === "edge") tip(event.clientX, event.clientY, `${nameOf(target.k - 1, target.j)} → ${nameOf(target.k, target.i)}`, [`weight ${number(weight(frame, target.k, target.i, target.j), 3)}`]);
    else if (target.layer < 0) tip(event.clientX, event.clientY, nameOf(-1, target.index), ["an input"]);
    else tip(event.clientX, event.clientY, nameOf(target.layer, target.index), [run.activationWords[target.layer], `bias ${number(weight(frame, target.layer, target.index, sizes[target.layer]), 3)}`, `mean |∂L/∂${run.gradientOf[target.layer]}| ${number(ring(frame, target.layer, target.index), 4)}`]);
  }
  $("network").addEventListener("pointermove", over);
  $("network").addEventListener("pointerdown", over);
  $("network").addEventListener("pointerleave", () => { hide(); if (hovered) { hovered = null; drawNetwork(); drawOutput(); } });
  $("output").addEventListener("pointermove", (event) => {
    const box = $("output").getBoundingClientRect(), side = Math.min(box.width, box.height);
    const u = run.low + (event.clientX - box.left) / side * (run.high - run.low), v = run.high - (event.clientY - box.top) / side * (run.high - run.low);
    const a = answer(frame, point(u, v));
    const lines = multi ? shares(a).map((p, k) => `class ${run.classNames[k]}: ${(100 * p).toFixed(0)}\u2009%`) : [`ŷ = ${number(prediction(a[0]), 3)}`];
    tip(event.clientX, event.clientY, curve ? `x = ${number(u, 2)}` : `${run.axisWords[0]} = ${number(u, 2)}, ${run.axisWords[1]} = ${number(v, 2)}`, lines);
  });
  $("output").addEventListener("pointerleave", hide);
  const seek = (event) => { const box = $("loss").getBoundingClientRect(), e = (event.clientX - box.left - LOSS_LEFT) / (box.width - LOSS_LEFT - LOSS_RIGHT) * run.frames[nFrames - 1].epoch; let best = 0; run.frames.forEach((f, k) => { if (Math.abs(f.epoch - e) < Math.abs(run.frames[best].epoch - e)) best = k; }); play(false); go(best); };
  $("loss").addEventListener("pointerdown", seek);
  $("loss").addEventListener("pointermove", (event) => { if (event.buttons) seek(event); });
  $("play").addEventListener("click", () => play(!playing));
  $("scrub").max = nFrames - 1;
  $("scrub").addEventListener("input", () => { play(false); go(Number($("scrub").value)); });
  function wear(d) { dark = d; document.documentElement.dataset.theme = d ? "dark" : "light"; $("theme").textContent = d ? "Light" : "Dark"; takeColours(); draw(); }
  $("theme").addEventListener("click", () => wear(!dark));
  media.addEventListener("change", (event) => wear(event.matches));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.tagName === "BUTTON" && (event.key === " " || event.key === "Enter")) return;
    const steps = { ArrowLeft: -1, ArrowRight: 1, "[": -1, "]": 1 };
    if (event.key === " ") play(!playing);
    else if (event.key in steps) { play(false); go(frame + steps[event.key] * (event.shiftKey ? 10 : 1)); }
    else if (event.key === "Home") { play(false); go(0); }
    else if (event.key === "End") { play(false); go(nFrames - 1); }
    else if (event.key.toLowerCase() === "d") wear(!dark);
    else return;
    event.preventDefault();
  });
  window.addEventListener("resize", draw);
  wear(media.matches);
  if (document.fonts && document.fonts.ready) document.fonts.ready.then(draw);
  const key = $("output-key");
  key.textContent = curve ? "samples and the network's curve" : "filled: train, hollow: test";
})();
