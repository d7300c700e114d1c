// Errors on ImageNet against what the networks cost: numbers and words.

const AXES = {
  multiply_adds: { column: 1, other: 0, title: "Multiply-adds, one crop", area: "parameters" },
  parameters: { column: 0, other: 1, title: "Parameters", area: "multiply-adds" },
  year: { column: null, other: 1, title: "Year", area: "multiply-adds" },
};

/** The points of a way of measuring that an axis has. */
const drawnOn = (axis, results) => results.filter(({ costs }) => axis === "year" || costs);

/** Values that Python would take. */
function mend({ kind, axis, point }, { results }) {
  return { kind, axis, point: clamp(point, 0, drawnOn(axis, results[kind]).length - 1) };
}

/** A month as a number of years: the middle of it. */
function yearOf(month) {
  const [year, number] = month.split("-").map(Number);
  return year + (number - 0.5) / 12;
}

/** A count in few letters: 6.7M, 11.5G. */
function brief(count) {
  const [power, unit] = count >= 1e9 ? [1e9, "G"] : [1e6, "M"];
  return `${(count / power).toFixed(count / power < 100 ? 1 : 0)}${unit}`;
}

/** Of points [across, error], those that no other one beats at the same place or before it. */
function frontierOf(places) {
  const order = range(places.length).sort((a, b) => places[a][0] - places[b][0] || places[a][1] - places[b][1]);
  let best = Infinity;
  return order.filter((k) => {
    const better = places[k][1] < best;
    if (better) best = places[k][1];
    return better;
  });
}

/** Where a result comes from, in words: who was asked, what and how. */
function howOf({ error, models, tested }, kind) {
  const set = kind === "ensemble" ? "test" : "validation";
  const many = models === 1 ? "one model" : models ? `${models} models` : "several models";
  return `Top-5 error ${error} % on the ${set} set: ${many}${tested ? `, ${tested}` : ""}.`;
}

/**
 * Everything that the picture shows in one state. `points`, in order of time: each a result with its `place` ([across,
 * error]) and its `area` (of the other cost, 1 for the largest; null where no cost is known). `frontier`: the
 * numbers of those that nothing before them, or cheaper, beats. `missing`: what is not drawn, and why.
 */
function describe(values, { results, absent, kinds }) {
  const { kind, axis, point } = values;
  const { column, other, area } = AXES[axis];
  const drawn = drawnOn(axis, results[kind]);
  const most = Math.max(...drawn.filter(({ costs }) => costs).map(({ costs }) => costs[other]));
  const points = drawn.map((result) => ({
    ...result,
    place: [column === null ? yearOf(result.month) : result.costs[column], result.error],
    area: result.costs && result.costs[other] / most,
  }));
  const without = results[kind].filter((result) => !drawn.includes(result)).map(({ label }) => label);
  const missing = [...absent[kind], ...(without.length ? [`No known cost, on the axis of the years only: ${without.join("; ")}`] : [])];
  const chosen = points[point];
  const year = chosen.month.slice(0, 4);
  const cost = chosen.costs
    ? `${thousands(chosen.costs[0])} parameters, ${thousands(chosen.costs[1])} multiply-adds for one crop${chosen.models > 1 ? ", all together" : ""}.`
    : "";
  const lines = [howOf(chosen, kind), `${cost} ${chosen.note}`.trim(), `Source: ${chosen.source}.`];
  return {
    points, missing, most, area,
    frontier: frontierOf(points.map(({ place }) => place)),
    sections: [
      [`${chosen.name}, ${year}`, lines.filter((line) => line)],
      ["Not in this picture", missing.map((words) => `${words}.`)],
    ],
    news: `${kinds[kind]}: ${points.length} points over ${AXES[axis].title.toLowerCase()}. `,
    words: `${chosen.name}, ${year}, point ${point + 1} of ${points.length}. ${lines.filter((line) => line).join(" ")}`,
  };
}
