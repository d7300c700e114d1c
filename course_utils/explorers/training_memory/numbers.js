// What one step of training keeps in memory: numbers and words.

const GB = 1e9; // of cards, too
const FULL = 4; // bytes of an fp32 number
const HALF = 2; // of a bf16 one
const PARTS = ["weights", "gradients", "update", "copies", "activations"];
const KEPT = { sgd: "nothing of SGD's", momentum: "momentum", adam: "Adam's two moments" };

/** Values that Python would take. */
const mend = (values) => values;

/** The bill of a network: bytes of each part, what does not hang on the batch, what each image takes, and the largest batch that fits. */
function billOf({ parameters, cast, activations }, { batch, gpu, precision, update }, { states, widths }) {
  const numbers = added(Object.values(activations));
  const each = numbers * widths[precision];
  const copies = precision === "bf16" ? cast * HALF : 0;
  const parts = [parameters * FULL, parameters * FULL, states[update] * parameters * FULL, copies, batch * each];
  const fixed = added(parts.slice(0, 4));
  const total = fixed + batch * each;
  return { parts, fixed, each, numbers, total, fits: total <= gpu * GB, largest: Math.max(0, Math.floor((gpu * GB - fixed) / each)) };
}

/** How much of the activations each kind of layer puts out, the most first. */
function kindsOf(activations, numbers) {
  const shares = Object.entries(activations).map(([kind, count]) => [kind, (100 * count) / numbers]);
  const seen = shares.sort((a, b) => b[1] - a[1]).filter(([, share]) => share >= 0.5);
  return seen.map(([kind, share]) => `${kind} ${Math.round(share)} %`).join(", ");
}

/** How the bill of the chosen network comes about. */
function lineByLine({ parameters, cast, activations }, bill, values, { states, widths }) {
  const { batch, gpu, precision, update } = values;
  const { parts, fixed, each, numbers, largest } = bill;
  const [weights, , kept, copies, all] = parts.map(roundedBytes);
  const lines = [`Weights: ${thousands(parameters)}·${FULL} B = ${weights}; gradients as much; ${states[update] ? `${KEPT[update]} ${kept}` : "SGD keeps nothing more"}.`];
  if (precision === "bf16") lines.push(`Copies of convolutions and linear layers in bf16: ${thousands(cast)}·${HALF} B = ${copies}.`);
  lines.push(
    ["Activations: ", [batch, "batch"], `·${thousands(numbers)}·`, [widths[precision], "precision"], ` B = ${all}; of them ${kindsOf(activations, numbers)}.`],
    ["Largest batch: ⌊(", [gpu, "gpu"], ` GB − ${roundedBytes(fixed)}) / ${roundedBytes(each)}⌋ = ${thousands(largest)}.`],
  );
  return lines;
}

/**
 * Everything that the picture shows in one state. `rows`, one for each network: its `name` and `shape`, the bytes of its `parts`
 * (weights, gradients, what the update rule keeps, copies in bf16, activations), `fixed` and `each` (bytes that do not hang on
 * the batch, and those of an image), `total`, whether it `fits`, and the `largest` batch that does. `chosen` is one of them.
 */
function describe(values, tables, before) {
  const { networks, cards } = tables;
  const { network, batch, gpu, precision } = values;
  const rows = Object.entries(networks).map(([name, counts]) => ({ name, shape: counts.shape, ...billOf(counts, values, tables) }));
  const chosen = rows.find(({ name }) => name === network);
  const lines = lineByLine(networks[network], chosen, values, tables);
  const card = `${gpu} GB${cards[gpu] ? ` (${cards[gpu]})` : ""}`;
  const sum = `${network}, batch ${thousands(batch)}, ${precision}: ${roundedBytes(chosen.total)}, ${chosen.fits ? "fits" : "does not fit"} ${card}`;
  const others = rows.filter(({ fits }) => !fits).map(({ name }) => name);
  const rest = others.length ? `Do not fit: ${others.join("; ")}.` : "All seven fit.";
  const onlyNetwork = before && before.network !== network && same({ ...before, network }, values);
  return {
    rows, chosen,
    sections: [[sum, lines]],
    words: `${sum}. ${lines.map(plainly).join(" ")}${onlyNetwork ? "" : ` ${rest}`}`,
  };
}

const plainly = (line) => [line].flat().map((part) => (Array.isArray(part) ? part[0] : part)).join("");
