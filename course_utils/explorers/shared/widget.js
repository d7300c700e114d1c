// The widget of every explorer: sliders, buttons, picture and words, keys, mouse, and the traits shared with Python.
// What is an explorer's own stands in its controls.js, which ends with `export default explorer({…})`.

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** A slider with its caption; `show` sets what it stands at. In place of its step there may be all numbers that it has a stop for. */
function slider(id, name, [label, symbol, least, greatest, step = 1], changed) {
  const stops = Array.isArray(step) ? step : null;
  const extent = stops ? { min: 0, max: stops.length - 1 } : { min: least, max: greatest, step };
  const value = element("output", { for: `${id}-${name}` });
  const input = element("input", { type: "range", id: `${id}-${name}`, ...extent });
  const caption = element("label", { for: `${id}-${name}` }, `${label} `, element("i", {}, symbol));
  const node = element("div", { class: "ex-knob", "data-knob": name });
  node.append(element("div", { class: "ex-caption" }, caption, value), input);
  input.addEventListener("input", () => changed(stops ? stops[input.value] : Number(input.value)));
  const show = (number) => {
    input.value = stops ? stops.indexOf(number) : number;
    if (stops) input.setAttribute("aria-valuetext", number);
    value.textContent = number;
  };
  return { node, input, show };
}

/** A drop-down list with its label. `choices` is {value: words}. */
function dropDown(id, name, label, choices, changed) {
  const options = Object.entries(choices).map(([value, words]) => element("option", { value }, words));
  const input = element("select", { id: `${id}-${name}` }, ...options);
  const node = element("div", { class: "ex-choice", "data-choice": name });
  node.append(element("label", { for: `${id}-${name}` }, label), input);
  input.addEventListener("change", () => changed(input.value));
  return { node, input, show: (value) => (input.value = value) };
}

/** Some radio buttons in a row. */
function radioButtons(id, name, legend, choices, changed) {
  const node = element("fieldset", { class: "ex-radio", "data-choice": name }, element("legend", {}, legend));
  const inputs = Object.entries(choices).map(([value, words]) => {
    const input = element("input", { type: "radio", name: `${id}-${name}`, value, id: `${id}-${name}-${value}` });
    node.append(element("span", {}, input, element("label", { for: input.id }, words)));
    input.addEventListener("change", () => changed(value));
    return input;
  });
  return { node, inputs, show: (chosen) => inputs.forEach((input) => (input.checked = input.value === chosen)) };
}

function button(words, label, pressed) {
  const node = element("button", { type: "button", class: "ex-button", "aria-label": label, title: label }, words);
  node.addEventListener("click", pressed);
  return node;
}

/** A canvas of this size in CSS pixels, sharp on every screen; returns a pen that is ready. */
function prepare(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const pixels = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== pixels[0] || canvas.height !== pixels[1]) {
    [canvas.width, canvas.height] = pixels;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.textBaseline = "middle";
  pen.lineJoin = "miter";
  return pen;
}

/** Colours of the page as they are now; the root hears which theme it is. What is in no page yet has no colour. */
function lookOf(root) {
  const ink = getComputedStyle(root).color;
  const [red, green, blue] = ink ? ink.match(/[\d.]+/g).map(Number) : [0, 0, 0];
  const look = red + green + blue > 384 ? DARK : LIGHT;
  root.classList.toggle("ex-dark", look.dark);
  return { ...look, ink: ink || look.ink };
}

/** A line of words; a part [text, knob] is marked when this knob has the focus. */
const lineOf = (line) =>
  element("div", {}, ...[line].flat().map((part) => (Array.isArray(part) ? element("b", { "data-knob": part[1] }, `${part[0]}`) : part)));

let instances = 0;

/**
 * What anywidget wants of an explorer.
 *
 * @param label   what it is, for a screen reader
 * @param help    which keys do what in the picture
 * @param clicks  what the mouse does there
 * @param keys    (api) → {key: what to do}
 * @param hit     (x, y, plan, scene) → changes that a click on this point means, or null
 * @param own     (api) → {nodes: below the choices, buttons: below the picture, show(scene), close()}, all optional
 * @param next    (values, tables) → changes of the next step, or null at the end; where it is given there is a Play button
 * @param first   (values, tables) → changes that go back to the first step
 * @param pace    milliseconds a step while it plays
 */
function explorer({ label, help, clicks, keys, hit, own = () => ({}), next = null, first, pace = 900 }) {
  function render({ model, el }) {
    const { names, knobs: ranges, choices: known, tables } = JSON.parse(model.get("_setup"));
    const id = `ex-${++instances}`;
    const root = element("div", { class: "explorer", role: "group", "aria-label": label });
    const live = element("p", { class: "ex-live", id: `${id}-live`, "aria-live": "polite" });
    const knobs = Object.fromEntries(
      Object.entries(ranges).map(([knob, range]) => [knob, slider(id, knob, range, (value) => api.set({ [knob]: value }))]),
    );
    const choices = Object.fromEntries(
      Object.entries(known).map(([choice, [legend, words]]) => {
        const many = Object.keys(words).length > 4;
        return [choice, (many ? dropDown : radioButtons)(id, choice, legend, words, (value) => api.set({ [choice]: value }))];
      }),
    );
    const canvas = element("canvas", { "aria-hidden": "true" });
    const trail = element("div", { class: "ex-trail", "aria-hidden": "true" });
    const attributes = { class: "ex-figure", tabindex: 0, role: "application", "aria-label": `${label}. ${help}` };
    const figure = element("div", { ...attributes, "aria-describedby": `${id}-live` }, canvas, trail);
    const play = element("button", { type: "button", class: "ex-button ex-play" });
    play.addEventListener("click", () => (timer === undefined ? start() : stop()));
    const hint = element("span", { class: "ex-hint" }, `${clicks} ${help}`);
    const sections = element("div", { class: "ex-words" });

    let scene, plan, timer, shown, spotBefore;
    let [setting, pending, width] = [false, false, 0];

    const api = {
      id, model, figure, tables,
      values: () => mend(Object.fromEntries(names.map((trait) => [trait, model.get(trait)])), tables),
      scene: () => scene,
      /** Set traits and show them at once; what is out of range is brought into it. */
      set(changes) {
        const wanted = mend({ ...api.values(), ...changes }, tables);
        if (same(wanted, shown)) return;
        setting = true;
        for (const trait of names) model.set(trait, wanted[trait]);
        setting = false;
        model.save_changes();
        update();
      },
      update: () => update(),
      say: (words) => (live.textContent = words),
      stop,
    };
    const { nodes = [], buttons = [], show = () => {}, close = () => {} } = own(api);

    function update(afresh = false) {
      const begin = performance.now();
      const values = api.values();
      const settings = [...Object.keys(knobs), ...Object.keys(choices)];
      const sameKnobs = shown && settings.every((name) => shown[name] === values[name]);
      const state = describe(values, tables, afresh ? undefined : shown);
      scene = { values, tables, state, look: lookOf(root) };
      shown = values;
      for (const [name, knob] of Object.entries(knobs)) knob.show(values[name]);
      for (const [name, choice] of Object.entries(choices)) choice.show(values[name]);
      show(scene);
      paint(sameKnobs && !afresh);
      write(state.sections);
      live.textContent = (sameKnobs ? "" : (state.news ?? "")) + state.words;
      for (const name of names) root.dataset[name.replace(/_(.)/g, (_, c) => c.toUpperCase())] = JSON.stringify(values[name]);
      root.getBoundingClientRect(); // the layout of what was written belongs to the time measured
      root.dataset.updateMs = (performance.now() - begin).toFixed(2);
    }

    /** The picture as it is now, at once; what jumped leaves a trail. */
    function paint(smoothly) {
      // What is hidden for a moment is drawn as wide as it was: JupyterLab changes its theme behind a curtain.
      const free = (figure.clientWidth || width) - 12;
      if (free <= 0) return;
      plan = layout(free, scene);
      draw(prepare(canvas, free, plan.height), plan, scene);
      const spot = typeof spotOf === "function" ? spotOf(plan, scene) : null;
      if (smoothly && spot && spotBefore && !same(spot, spotBefore)) follow(spotBefore, spot);
      spotBefore = spot;
    }

    /** An empty frame that goes from one place to another and fades. */
    function follow(...places) {
      if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) return;
      const frames = places.map(([x, y, width, height], k) => ({
        transform: `translate(${x}px, ${y}px)`, width: `${width}px`, height: `${height}px`, opacity: 1 - k,
      }));
      trail.getAnimations().forEach((animation) => animation.cancel());
      trail.animate(frames, { duration: 180, easing: "ease-out" });
    }

    function write(wanted = []) {
      sections.replaceChildren(
        ...wanted.map(([title, lines, kind = ""]) =>
          element("section", { class: kind }, ...(title ? [element("h4", {}, title)] : []), ...lines.map(lineOf)),
        ),
      );
      mark(document.activeElement?.closest?.("[data-knob]")?.dataset.knob);
    }

    /** Mark the numbers that come from a knob. */
    function mark(knob) {
      for (const node of root.querySelectorAll("[data-knob]")) node.classList.toggle("ex-marked", node.dataset.knob === knob);
    }

    function stop() {
      clearInterval(timer);
      timer = undefined;
      play.textContent = "▶ Play";
      live.setAttribute("aria-live", "polite");
    }
    function start() {
      if (!next(api.values(), tables)) api.set(first(api.values(), tables));
      play.textContent = "⏸ Pause";
      live.setAttribute("aria-live", "off"); // a sentence at each step would talk without end
      timer = setInterval(() => {
        const changes = next(api.values(), tables);
        if (changes) api.set(changes);
        else stop();
      }, pace);
    }

    // Keys
    const actions = { ...keys(api), ...(next ? { " ": () => play.click() } : {}) };
    figure.addEventListener("keydown", (event) => {
      const action = !(event.altKey || event.ctrlKey || event.metaKey) && actions[event.key];
      if (!action || (event.shiftKey && event.key.length > 1)) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key !== " ") stop();
      action();
    });
    root.addEventListener("keydown", (event) => {
      // Space scrolls no page from here: on a picture or a slider it would. On a picture no arrow, Home or End does.
      const moves = event.target === figure && /^(Arrow.+|Home|End)$/.test(event.key) && !event.ctrlKey && !event.metaKey;
      if (moves || (event.key === " " && !event.target.closest("button, select, input:not([type=range])"))) event.preventDefault();
      // Plain keys stay in here: JupyterLab would take arrows (next cell), Enter (edit) and X (cut the cell).
      // Chords such as Ctrl+S and Shift+Enter go on to it.
      const chord = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
      if (!chord && event.key !== "Tab" && event.key !== "Escape") event.stopPropagation();
    });
    root.addEventListener("focusin", (event) => mark(event.target.closest("[data-knob]")?.dataset.knob));
    root.addEventListener("focusout", () => mark(null));

    // Clicks and drags
    let dragging = false;
    const meant = (event) => {
      const corner = canvas.getBoundingClientRect();
      return plan && hit(event.clientX - corner.left, event.clientY - corner.top, plan, scene, event.type);
    };
    const go = (event) => {
      const changes = meant(event);
      canvas.style.cursor = changes ? "pointer" : "";
      const now = api.values();
      if (!dragging || !changes || Object.entries(changes).every(([name, value]) => same(value, now[name]))) return;
      stop();
      api.set(changes);
    };
    canvas.addEventListener("pointerdown", (event) => {
      dragging = true;
      figure.focus({ preventScroll: true });
      go(event);
    });
    canvas.addEventListener("pointermove", go);
    const release = () => (dragging = false);
    window.addEventListener("pointerup", release);

    // What is set from Python, another width, another theme
    const changed = () => {
      if (setting || pending || same(api.values(), shown)) return;
      pending = true;
      queueMicrotask(() => {
        pending = false;
        update();
      });
    };
    for (const name of names) model.on(`change:${name}`, changed);
    const redraw = () => update(true);
    const sizes = new ResizeObserver(() => {
      if (figure.clientWidth !== width) redraw();
      width = figure.clientWidth;
    });
    const themes = new MutationObserver(redraw);
    themes.observe(document.body, { attributes: true, attributeFilter: ["class", "data-jp-theme-light"] });
    // The colours of a theme may be loaded after it is named: explorer.css gives a change of colour an end.
    root.addEventListener("transitionend", (event) => event.target === root && event.propertyName === "color" && redraw());

    const bar = element("div", { class: "ex-bar" }, ...buttons, ...(next ? [play] : []), hint);
    root.append(
      element("div", { class: "ex-knobs" }, ...Object.values({ ...knobs, ...choices }).map(({ node }) => node)),
      ...nodes, figure, bar, sections, live,
    );
    el.append(root);
    stop();
    update();
    sizes.observe(figure);

    return () => {
      stop();
      close();
      sizes.disconnect();
      themes.disconnect();
      window.removeEventListener("pointerup", release);
      for (const name of names) model.off(`change:${name}`, changed);
    };
  }
  return { render };
}
