// Learning-rate schedules against each other: keys and mouse.

const LEAP = 10; // epochs

export default explorer({
  label: "Schedule lab: the learning rate over a training, by three schedules",
  help: "Left and right: one epoch; up and down: ten; Home and End; Space: linear or logarithmic.",
  clicks: "Click or drag in a curve to choose an epoch.",

  keys({ values, set }) {
    const by = (epochs) => () => set({ epoch: values().epoch + epochs });
    return {
      ArrowLeft: by(-1), ArrowRight: by(1), ArrowUp: by(LEAP), ArrowDown: by(-LEAP),
      Home: by(-Infinity), End: by(Infinity),
      " ": () => set({ scale: values().scale === "log" ? "linear" : "log" }),
    };
  },

  /** The epoch under a point of a plot. */
  hit(x, y, { rates, loss }, { values: { epochs } }) {
    const inside = [rates, loss].some(({ left, top, wide, high }) => x >= left - 8 && x <= left + wide + 8 && y >= top && y <= top + high);
    return inside ? { epoch: clamp(Math.floor(((x - rates.left) / rates.wide) * epochs), 0, epochs - 1) } : null;
  },
});
