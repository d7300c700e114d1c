// Learning-rate schedules against each other: the picture.

const EDGE = 52; // left of a plot, for the numbers of its axis
const HEAD = 26; // above it, for its title
const FOOT = 20; // below it, for the numbers of the epochs
const DECADES = 4; // that a logarithmic axis goes down

const MANY = 15; // falls of the plateau's rate

const NAMES = ["step", "cosine", "plateau"];
const DASHES = [[], [8, 4], [2, 3]];

/** The rates above, the loss below; one axis of epochs. */
function layout(width, { values }) {
  const w = Math.min(width, 1080);
  const plot = (top, high) => ({ left: EDGE, top, wide: w - EDGE - 14, high });
  const narrow = w < 620;
  const rates = plot(narrow ? HEAD + 22 : HEAD, 166);
  const loss = plot(rates.top + rates.high + FOOT + HEAD, 78);
  const x = (epoch) => EDGE + (rates.wide * epoch) / values.epochs;
  return { rates, loss, x, narrow, height: loss.top + loss.high + FOOT + 16 };
}

/** The chosen epoch. */
function spotOf({ rates, loss, x }, { values: { epoch } }) {
  return [x(epoch), rates.top, x(1) - x(0), loss.top + loss.high - rates.top];
}

/** A round number that is not less: 1, 2 or 5 times a power of ten. */
function roundAbove(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((k) => +(k * power).toPrecision(1)).find((k) => k >= value * 0.999999);
}

/** Draw one state. */
function draw(pen, plan, scene) {
  const { values, state, look } = scene;
  const { rates, loss, x, narrow } = plan;
  const text = writer(pen, look.ink);
  const colours = [look.blue, look.frame, look.green];
  const [left, top, wide, high] = spotOf(plan, scene);
  pen.fillStyle = "rgba(86,180,233,0.22)";
  pen.fillRect(left, top, wide, rates.high);
  pen.fillRect(left, loss.top, wide, loss.high);

  const most = roundAbove(Math.max(...state.rates.flat()));
  const log = values.scale === "log";
  const up = (rate) => rates.top + rates.high * (log ? clamp(-Math.log10(Math.max(rate / most, 1e-9)) / DECADES, 0, 1.2) : 1 - rate / most);
  text("Learning rate", 0, 11, 14, look.ink, "left", "600");
  legend(pen, text, plan, state, colours, look);
  const ticks = log ? range(DECADES + 1).map((k) => most / 10 ** k) : [0, 0.25, 0.5, 0.75, 1].map((part) => part * most);
  frame(pen, text, plan, rates, ticks.map((rate) => [up(rate), brief(rate)]), values.epochs, look);

  const above = Math.ceil(2 * Math.max(...state.losses)) / 2;
  const down = (value) => loss.top + loss.high * (1 - value / above);
  text("Validation loss", 0, loss.top - 14, 14, look.ink, "left", "600");
  const key = narrow ? "dots: new bests; bar: waiting" : "dots: new bests; bar: waiting; dashed: the rate of the plateau falls";
  text(key, rates.left + rates.wide, loss.top - 14, 12, look.faint, "right");
  frame(pen, text, plan, loss, range(Math.floor(above) + 1).map((value) => [down(value), brief(value)]), values.epochs, look);
  text("Epoch", rates.left + rates.wide / 2, plan.height - 8, 13);

  // Where there are many falls, their lines would hide the curves.
  const many = state.falls.length > MANY;
  pen.globalAlpha = many ? 0.4 : 1;
  for (const { top, high } of many ? [loss] : [rates, loss])
    strokes(pen, state.falls.map((fall) => [[x(fall), top], [x(fall), top + high]]), look.green, 1.2, [4, 4]);
  pen.globalAlpha = 1;
  pen.save();
  pen.beginPath();
  pen.rect(rates.left, rates.top - 3, rates.wide + 3, rates.high + 6);
  pen.clip();
  // What is drawn later lies above: the dashes leave the line below to be seen.
  state.rates.forEach((line, k) => {
    const stairs = line.flatMap((rate, epoch) => [[x(epoch), up(rate)], [x(epoch + 1), up(rate)]]);
    strokes(pen, [stairs], colours[k], k === 2 ? 3.4 : 2.4, DASHES[k]);
  });
  pen.restore();
  state.now.forEach((rate, k) => {
    const y = up(rate);
    if (y <= rates.top + rates.high + 1) dot(pen, x(values.epoch + 0.5), y, 4, colours[k]);
  });

  strokes(pen, [state.losses.map((value, epoch) => [x(epoch + 1), down(value)])], look.ink, 1.6);
  for (const epoch of state.bests) dot(pen, x(epoch + 1), down(state.losses[epoch]), values.epochs > 90 ? 2.2 : 2.8, look.ink);
  drawWait(pen, plan, scene, down);
}

function dot(pen, x, y, radius, colour) {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fill();
}

/** The epochs that the plateau has waited. */
function drawWait(pen, { x }, { values: { epoch }, state: { plateau: { best, waited } }, look }, down) {
  if (waited) strokes(pen, [[[x(epoch - waited), down(best) + 6], [x(epoch), down(best) + 6]]], look.green, 3.4);
}

/** Which line is what, with its rate in the chosen epoch. */
function legend(pen, text, { rates, narrow }, { now }, colours, look) {
  const y = narrow ? 32 : 11;
  const each = Math.min(narrow ? rates.wide / 3 + 16 : 190, 190);
  const first = narrow ? 2 : rates.left + rates.wide - 3 * each;
  now.forEach((rate, k) => {
    const x = first + k * each;
    strokes(pen, [[[x, y], [x + 26, y]]], colours[k], k === 2 ? 3.4 : 2.4, DASHES[k]);
    text(`${NAMES[k]} ${brief(rate)}`, x + 32, y, 13, look.ink, "left", "600", each - 36);
  });
}

/** Grid and numbers of a plot. */
function frame(pen, text, { x }, { left, top, wide, high }, ticks, epochs, look) {
  const every = epochs > 60 ? 20 : 10;
  const marks = range(Math.floor(epochs / every) + 1).map((k) => k * every);
  const lines = [...ticks.map(([y]) => [[left, y], [left + wide, y]]), ...marks.map((epoch) => [[x(epoch), top], [x(epoch), top + high]])];
  strokes(pen, lines, look.thin, 0.6);
  for (const [y, words] of ticks) text(words, left - 6, y, 12, look.faint, "right");
  for (const epoch of marks) text(epoch, x(epoch), top + high + 11, 12, look.faint);
}
