// Errors on ImageNet against what the networks cost: keys and mouse.

export default explorer({
  label: "Accuracy on ImageNet by cost",
  help: "Left and right, or up and down, walk the points in order of time; Home and End go to the first and the last.",
  clicks: "Click a mark or its name.",

  keys({ values, set }) {
    const by = (steps) => () => set({ point: values().point + steps });
    return { ArrowLeft: by(-1), ArrowRight: by(1), ArrowUp: by(-1), ArrowDown: by(1), Home: by(-99), End: by(99) };
  },

  hit(x, y, { marks, labels }) {
    const named = labels.find(({ box }) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height);
    if (named) return { point: named.k };
    // Of marks that lie on each other the smallest is above.
    const under = range(marks.length).filter((k) => Math.hypot(marks[k].x - x, marks[k].y - y) <= marks[k].radius + 4);
    return under.length ? { point: under.sort((a, b) => marks[a].radius - marks[b].radius)[0] } : null;
  },
});
