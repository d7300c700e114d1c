// Explorers on a page without Jupyter: the traits of each are held here, in place of a kernel.
// A classic script, because a browser refuses modules that a file opened from disk loads.

const explorers = (() => {
  const makers = {}; // name of a class → a function that returns what its module exports
  const definitions = {}; // the same, made once

  /** What anywidget hands to `render`: the traits, and who hears of their changes. */
  function modelOf(traits) {
    const listeners = new Map(); // "change:size" or "change" → functions
    const tell = (event) => [...(listeners.get(event) ?? [])].forEach((heard) => heard());
    return {
      get: (name) => traits[name],
      set(name, value) {
        if (JSON.stringify(traits[name]) === JSON.stringify(value)) return;
        traits[name] = value;
        tell(`change:${name}`);
        tell("change");
      },
      on(event, heard) {
        if (!listeners.has(event)) listeners.set(event, new Set());
        listeners.get(event).add(heard);
      },
      off(event, heard) {
        if (heard) listeners.get(event)?.delete(heard);
        else listeners.delete(event);
      },
      save_changes() {}, // there is no kernel to tell
    };
  }

  return {
    shown: [], // {name, el, model, close} of each explorer on the page
    define: (name, make) => (makers[name] = make),
    /** Show one in every place that is marked for it. */
    start() {
      for (const place of document.querySelectorAll("[data-explorer]")) {
        const name = place.dataset.explorer;
        const model = modelOf(JSON.parse(place.querySelector("script").textContent));
        const el = document.createElement("div");
        place.append(el);
        definitions[name] ??= makers[name]();
        this.shown.push({ name, el, model, close: definitions[name].render({ model, el }) });
      }
    },
  };
})();
