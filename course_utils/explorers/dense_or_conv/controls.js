// Fully connected, local and convolutional layers as the image grows: keys and mouse.

export default explorer({
  label: "Fully connected against convolution",
  help: "Left, right, Page Up and Page Down change the side of the image, up and down the kernel, Home and End go to the smallest and the largest.",
  clicks: "Click or drag in the picture.",

  keys({ values, set }) {
    const by = (pixels) => () => set({ side: values().side + pixels });
    const kernel = (by) => () => set({ kernel_size: values().kernel_size + by });
    return {
      ArrowLeft: by(-1), ArrowRight: by(1), PageUp: by(16), PageDown: by(-16), Home: by(-Infinity), End: by(Infinity),
      ArrowUp: kernel(2), ArrowDown: kernel(-2),
    };
  },

  hit(x, y, { left, right, top, bottom, sideAt }, { values, tables }) {
    if (x < left - 8 || x > right + 8 || y < top || y > bottom + 8) return null;
    const { side } = mend({ ...values, side: sideAt(x) }, tables);
    return { side };
  },
});
