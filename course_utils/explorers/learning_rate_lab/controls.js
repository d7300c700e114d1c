// A small network in training: keys and mouse.

const LEAP = 10; // steps

export default explorer({
  label: "Learning-rate lab: a small network in training",
  help: "Left and right: one step; up and down: ten; Home and End; plus and minus: the learning rate; Space plays; K keeps a run, F forgets all.",
  clicks: "Settings hold from the first step on: a changed one shows the run that it would have been. Click a curve to go to its step.",
  pace: 50,
  next: ({ step, ...values }, tables) => {
    const { end } = runOf({ ...values, step }, labOf(tables));
    return step < Math.min(tables.most, end) ? { step: Math.min(nextMark(step), tables.most) } : null;
  },
  first: () => ({ step: 0 }),

  keys({ values, set, tables, model }) {
    const by = (steps) => () => set({ step: values().step + steps });
    const [, , , , rates] = JSON.parse(model.get("_setup")).knobs.learning_rate;
    const rate = (by) => () => set({ learning_rate: rates[clamp(rates.indexOf(values().learning_rate) + by, 0, rates.length - 1)] });
    return {
      ArrowLeft: by(-1), ArrowRight: by(1), ArrowUp: by(LEAP), ArrowDown: by(-LEAP),
      Home: by(-Infinity), End: by(Infinity),
      "+": rate(1), "=": rate(1), "-": rate(-1), "−": rate(-1),
      k: () => set(keeping(values())), f: () => set({ kept: [] }),
    };
  },

  /** The step under a point of a curve. */
  hit(x, y, plan, { state }) {
    const plot = Object.values(plan.plots).find(({ left, top, wide, high }) => x >= left - 8 && x <= left + wide + 8 && y >= top && y <= top + high);
    return plot ? { step: Math.round((clamp((x - plot.left) / plot.wide, 0, 1)) * lastStepShown(state)) } : null;
  },

  own({ values, set, tables, stop }) {
    const go = (changes) => () => {
      stop();
      set(changes(values()));
    };
    const buttons = [
      button("|‹", "Start again: step 0", go(() => ({ step: 0 }))),
      button("‹ Back", "One step back", go(({ step }) => ({ step: step - 1 }))),
      button("Step ›", "One step on", go(({ step }) => ({ step: step + 1 }))),
      button("+10 ›", "Ten steps on", go(({ step }) => ({ step: step + LEAP }))),
    ];
    const keep = button("Keep", "Keep this run, to compare with the next ones", () => set(keeping(values())));
    const forget = button("Forget", "Forget the kept runs", () => set({ kept: [] }));
    function show({ values: { step, kept }, state, tables }) {
      const [start, back, on, leap] = buttons;
      start.disabled = back.disabled = step === 0;
      on.disabled = leap.disabled = step === tables.most || state.end !== null;
      forget.disabled = !kept.length;
    }
    return { buttons: [...buttons, keep, forget], show };
  },
});

/** The changes that keep a run: the oldest of too many goes. */
function keeping(values) {
  const run = { ...settingsOf(values), step: values.step };
  return values.kept.some((old) => same(old, run)) ? {} : { kept: [...values.kept, run] };
}
