// Two networks as blocks to scale: keys and mouse.

const QUANTITY_NAMES = Object.keys(QUANTITIES);

export default explorer({
  label: "Two networks as blocks",
  help: "Left and right choose a block, Home and End the first and the last; up and down go to the other network; Space: other bars.",
  clicks: "Click a block.",

  keys({ values, set, tables: { networks } }) {
    const to = (block) => () => {
      const now = values();
      const [name, trait] = now.active === 1 ? [now.first, "first_block"] : [now.second, "second_block"];
      set({ [trait]: block(now[trait], blocksOf(name, networks)) });
    };
    return {
      ArrowLeft: to((block) => block - 1), ArrowRight: to((block) => block + 1),
      Home: to(() => 0), End: to((_, last) => last),
      ArrowUp: () => set({ active: 1 }), ArrowDown: () => set({ active: 2 }),
      " ": () => set({ quantity: QUANTITY_NAMES[(QUANTITY_NAMES.indexOf(values().quantity) + 1) % QUANTITY_NAMES.length] }),
    };
  },

  hit(x, y, { rows }) {
    const row = rows.findIndex(({ top, bottom }) => y >= top && y < bottom);
    const block = row < 0 ? -1 : rows[row].slots.findIndex(([left, right]) => x >= left && x < right);
    return block < 0 ? null : { active: row + 1, [row ? "second_block" : "first_block"]: block };
  },
});
