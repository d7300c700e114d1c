// Units of a trained network and what they answer to: keys and mouse.

const within = ({ x: left, y: top, width, height }, x, y) => x >= left && x <= left + width && y >= top && y <= top + height;

export default explorer({
  label: "Unit browser: what the units of a network answer to",
  help: "Left and right choose a unit, up and down a layer, 1 to 9 a patch; Home and End the first and the last unit.",
  clicks: "Click a layer, a unit or a patch.",

  keys({ values, set }) {
    const by = (name, steps) => () => set({ [name]: values()[name] + steps });
    return {
      ArrowLeft: by("unit", -1), ArrowRight: by("unit", 1), ArrowUp: by("layer", -1), ArrowDown: by("layer", 1),
      Home: by("unit", -9999), End: by("unit", 9999),
      ...Object.fromEntries(range(9).map((patch) => [patch + 1, () => set({ patch })])),
    };
  },

  hit(x, y, { tabs, tiles, patches }) {
    for (const [name, boxes] of Object.entries({ layer: tabs, unit: tiles, patch: patches })) {
      const found = boxes.findIndex((one) => within(one, x, y));
      if (found >= 0) return { [name]: found };
    }
    return null;
  },
});
