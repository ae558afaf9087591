// Runs a page's script without a browser and prints what it tells at points of its 300 px map.
"use strict";
const html = require("fs").readFileSync(process.argv[2], "utf8");
const found = html.match(/<script id="run"[^>]*>([^]*?)<\/script>\s*<script>([^]*?)<\/script>/);
const context = () => new Proxy({}, {
  get: (own, name) => (name in own ? own[name]
    : name === "createImageData" ? (w, h) => ({ data: new Uint8ClampedArray(4 * w * h) }) : () => undefined),
  set: (own, name, value) => { own[name] = value; return true; },
});
const elements = {};
function element(id) {
  return elements[id] ||= {
    handlers: {}, style: {}, dataset: {}, children: [], drawn: context(),
    clientWidth: 300, clientHeight: 300, offsetWidth: 50, offsetHeight: 50,
    textContent: id === "run" ? found[1] : "",
    addEventListener(name, then) { this.handlers[name] = then; },
    appendChild(child) { this.children.push(child.textContent || child); },
    setAttribute() {},
    getContext() { return this.drawn; },
    getBoundingClientRect: () => ({ left: 0, top: 0, width: 300, height: 300 }),
  };
}
global.window = {
  matchMedia: () => ({ matches: false, addEventListener() {} }),
  devicePixelRatio: 1, innerWidth: 1000, innerHeight: 800, addEventListener() {},
};
let made = 0;
global.document = {
  getElementById: element, createElement: () => element(`made ${made++}`),
  createTextNode: (textContent) => ({ textContent }),
  documentElement: { dataset: {} }, addEventListener() {}, fonts: null,
};
global.getComputedStyle = () => ({ getPropertyValue: () => "#123456" });
global.requestAnimationFrame = () => {};
eval(found[2]);
for (const [clientX, clientY] of JSON.parse(process.argv[3])) {
  element("tip").children = [];
  elements.output.handlers.pointermove({ clientX, clientY });
  console.log(element("tip").children.join(" "));
}
