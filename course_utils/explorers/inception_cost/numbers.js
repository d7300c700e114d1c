// An inception module, with its 1×1 reductions and without: numbers and words.

const BRANCHES = ["1×1", "3×3", "5×5", "pool"];

/** Values that Python would take. */
const mend = (values, { largest }) => ({ ...values, size: clamp(values.size, 1, largest), branch: clamp(values.branch, 1, 4) });

/** A convolution over maps of size × size: what it reads and gives, and what it costs; `own` are the sliders of both. */
function convolution(kernel, [from, to], size, own) {
  const weights = kernel * kernel * from * to;
  return { kernel, from, to, own, parameters: weights + to, work: weights * size * size };
}

/** The layers of the four branches: two in a row where there is a reduction or a pooling. */
function branchesOf(module, size, reductions) {
  const [channels, n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj] = module;
  const one = (to, own, from = channels) => convolution(1, [from, to], size, ["in_channels", own]);
  const pool = { pool: true, from: channels, to: channels, parameters: 0, work: 0 };
  const wide = (kernel, narrow, to, name) =>
    reductions
      ? [one(narrow, `${name}_reduce`), convolution(kernel, [narrow, to], size, [`${name}_reduce`, name])]
      : [convolution(kernel, [channels, to], size, ["in_channels", name])];
  return [
    [one(n1x1, "n1x1")],
    wide(3, n3x3_reduce, n3x3, "n3x3"),
    wide(5, n5x5_reduce, n5x5, "n5x5"),
    reductions ? [pool, one(pool_proj, "pool_proj")] : [pool],
  ];
}

/** One version of the module: its branches, what each gives, and the bill. */
function versionOf(module, size, reductions) {
  const branches = branchesOf(module, size, reductions);
  const sum = (name) => added(branches.flat().map((layer) => layer[name]));
  const outputs = branches.map((layers) => layers.at(-1).to);
  return { branches, outputs, parameters: sum("parameters"), work: sum("work"), out_channels: added(outputs) };
}

/** A count in few letters: 163.7k, 128.0M; k is 1000. */
function brief(count) {
  if (count < 1000) return `${count}`;
  for (const [power, unit] of [[3, "k"], [6, "M"], [9, "G"]]) {
    const short = (count / 10 ** power).toFixed(1);
    if (Number(short) < 1000 || unit === "G") return `${short}${unit}`;
  }
}

const ratioOf = (part, whole) => `× ${(whole / part).toFixed(2)}`;

/** How a layer's costs come about. */
function billOf({ pool, kernel, from, to, own, parameters, work }, size) {
  if (pool) return [`3×3 max pooling, stride 1: ${from} maps in, ${to} out, nothing to multiply or to learn`];
  const [read, given] = [[from, own[0]], [to, own[1]]];
  const window = kernel > 1 ? `${kernel}²·` : "";
  return [
    `${kernel}×${kernel}: ${window}`, read, "·", given, " + ", given, ` = ${thousands(parameters)} parameters; `,
    [size, "size"], `²·${window}`, read, "·", given, ` = ${thousands(work)} multiply-adds`,
  ];
}

/**
 * Everything that the picture shows in one state. `versions`: the module with its reductions, and without; each has
 * `branches` (lists of layers: kernel or pool, from, to, parameters, work), `outputs` (maps that each branch gives),
 * `parameters`, `work` and `out_channels`. `shown` is one of them, `chosen` the layers of the chosen branch. When only
 * another branch was chosen since `before`, the words are about it.
 */
function describe(values, { modules }, before) {
  const { module, reductions, size, branch } = values;
  const versions = [true, false].map((reduced) => versionOf(module, size, reduced));
  const [reduced, naive] = versions;
  const shown = reductions ? reduced : naive;
  const chosen = shown.branches[branch - 1];
  const name = Object.keys(modules).find((known) => same(modules[known], [size, module])) ?? "of your own";
  const costs = (of) => `${thousands(of.parameters)} parameters, ${thousands(of.work)} multiply-adds`;
  const lines = [
    `With: ${costs(reduced)}, ${reduced.out_channels} maps.`,
    [`Without: ${costs(naive)}, ${naive.out_channels} maps: pooling hands on all `, [module[0], "in_channels"], "."],
  ];
  const here = { parameters: added(chosen.map((layer) => layer.parameters)), work: added(chosen.map((layer) => layer.work)) };
  const ofBranch = `Branch ${BRANCHES[branch - 1]}: ${costs(here)}, ${chosen.at(-1).to} maps out.`;
  const ofModule =
    `Module ${name}, maps of ${size} × ${size}, shown ${reductions ? "with" : "without"} reductions. ` +
    `With: ${costs(reduced)}, ${reduced.out_channels} maps out. Without: ${costs(naive)}, ${naive.out_channels} maps out.`;
  const how = reductions ? "with reductions" : "without reductions";
  return {
    versions, shown, chosen, name,
    sections: [
      [`Branch ${branch} of 4: ${BRANCHES[branch - 1]}, ${how}`, chosen.map((layer) => billOf(layer, size))],
      [`Module ${name}, both versions`, lines],
    ],
    words: before && before.branch !== branch && same({ ...before, branch }, values) ? ofBranch : `${ofModule} ${ofBranch}`,
  };
}
