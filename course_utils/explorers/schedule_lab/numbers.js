// Learning-rate schedules against each other: numbers and words. One step an epoch, both counted from 0.

const FEW = 12; // epochs that a sentence lists

/** Values that Python would take. */
const mend = (values) => ({ ...values, epoch: clamp(values.epoch, 0, values.epochs - 1) });

/** The rate that falls by a factor every so many epochs. */
const stepRate = (epoch, { base_lr, step_size, gamma }) => base_lr * gamma ** Math.floor(epoch / step_size);

/** How far the cosine's fall has come: 0 after the warm-up, 1 in the last epoch. */
const partOf = (epoch, { epochs, warmup }) => (epoch - warmup) / (epochs - 1 - warmup);

/** The rate that rises along a line, then falls along half a cosine. */
function cosineRate(epoch, values) {
  const { base_lr, warmup, final_lr } = values;
  if (epoch < warmup) return (base_lr * (epoch + 1)) / warmup;
  return final_lr + 0.5 * (base_lr - final_lr) * (1 + Math.cos(Math.PI * partOf(epoch, values)));
}

/** The validation loss after each epoch: it falls until one of them, then stays, up to noise. */
function lossesOf({ epochs, falls_until, noise }, { loss: [first, last], draw }) {
  const fall = (epoch) => Math.exp((-4 * Math.min(epoch + 1, falls_until + 1)) / (falls_until + 1));
  return range(epochs).map((epoch) => last + (first - last) * fall(epoch) + noise * draw[epoch]);
}

/**
 * What the plateau schedule knows in each epoch, from the losses of those before it: `lr`, `best` (a loss, or null),
 * `at` (the epoch that had it), `waited` (epochs since without a new best, or since the last fall) and `falls` so far.
 */
function plateauOf(losses, { base_lr, factor, patience }) {
  let now = { lr: base_lr, best: null, at: null, waited: 0, falls: 0 };
  return losses.map((loss, epoch) => {
    const before = now;
    now = { ...now };
    if (now.best === null || loss < now.best) [now.best, now.at, now.waited] = [loss, epoch, 0];
    else now.waited++;
    if (now.waited > patience) [now.lr, now.waited, now.falls] = [now.lr * factor, 0, now.falls + 1];
    return before;
  });
}

const raised = (n) => [...`${n}`].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])).join("");

/** A rate in three digits, or with a power of ten where it is very small. */
function brief(x) {
  if (x === 0) return "0";
  const [digits, power] = x.toExponential(2).split("e").map(Number);
  return power < -3 ? `${digits === 1 ? "" : `${digits}·`}10${raised(power)}` : `${+x.toPrecision(3)}`;
}

/** How the rates of an epoch come about, a line for each schedule. */
function arithmetic(values, rates, plateau) {
  const { epoch, epochs, base_lr, step_size, gamma, warmup, final_lr, factor, patience } = values;
  const base = [brief(base_lr), "base_lr"];
  const floor = Math.floor(epoch / step_size);
  const step = [base, "·", [gamma, "gamma"], `^⌊${epoch} / `, [step_size, "step_size"], "⌋ = ", `${brief(base_lr)}·${gamma}${raised(floor)} = ${brief(rates[0])}`];
  const final = [brief(final_lr), "final_lr"];
  const cosine =
    epoch < warmup
      ? [base, `·(${epoch} + 1) / `, [warmup, "warmup"], ` = ${brief(rates[1])}, in the warm-up`]
      : [final, " + ½·(", base, " − ", final, `)·(1 + cos πt) = ${brief(rates[1])}, t = (${epoch} − `, [warmup, "warmup"], ") / (", [epochs - 1, "epochs"], " − ", [warmup, "warmup"], `) = ${brief(partOf(epoch, values))}`];
  const { best, at, waited, falls } = plateau;
  const known = best === null ? ["no loss yet"] : [`best loss ${best.toFixed(3)} in epoch ${at}, waited ${waited} of `, [patience, "patience"], " epochs"];
  const third = [base, "·", [factor, "factor"], `${raised(falls)} = ${brief(rates[2])}: `, ...known];
  return [["Step: ", ...step], ["Cosine: ", ...cosine], ["Plateau: ", ...third]];
}

/**
 * Everything that the picture shows in one state. `rates`: of the step, the cosine and the plateau schedule, one for each epoch;
 * `losses`: after each epoch; `bests`: the epochs whose loss was a new best; `falls`: the epochs that begin with a lower rate of the
 * plateau; `now`: the three rates of the chosen epoch; `plateau`: what the plateau knows in it.
 */
function describe(values, tables) {
  const { epochs, epoch } = values;
  const losses = lossesOf(values, tables);
  const known = plateauOf(losses, values);
  const rates = [stepRate, cosineRate].map((rate) => range(epochs).map((k) => rate(k, values)));
  rates.push(known.map(({ lr }) => lr));
  const now = rates.map((line) => line[epoch]);
  const falls = range(epochs).filter((k) => k && known[k].falls > known[k - 1].falls);
  const bests = [...new Set([...known.map(({ at }) => at), ...(losses.at(-1) < known.at(-1).best ? [epochs - 1] : [])])].filter((k) => k !== null);
  const lines = arithmetic(values, now, known[epoch]);
  const more = falls.length > FEW ? ` and ${falls.length - FEW} more` : "";
  const seen = falls.length ? `The plateau's rate falls in epoch ${listed(falls.slice(0, FEW))}${more}.` : "The plateau's rate never falls.";
  return {
    rates, losses, bests, falls, now, plateau: known[epoch],
    sections: [["", [...lines, seen]]],
    news: `${seen} `,
    words: `Epoch ${epoch} of ${epochs}. ${lines.map((line) => `${plainly(line)}.`).join(" ")}`,
  };
}

const plainly = (line) => [line].flat().map((part) => (Array.isArray(part) ? part[0] : part)).join("");
