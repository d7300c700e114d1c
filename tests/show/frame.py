"""How long an explorer takes for an update, in frames: work that takes about one is timed in turn with it.

A ratio, since a time alone says how busy the machine is.
"""

# What an explorer does, too: shapes are made, given attributes and put into a figure. 6000 of them take 13 to
# 15 ms on an idle core of an ordinary server, and a frame of a screen is 16 ms.
SCRIPT = """
const shapes = () => {
    const figure = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    for (let i = 0; i < 6000; i++) {
        const shape = document.createElementNS("http://www.w3.org/2000/svg", "rect");
        for (const name of ["x", "y", "width", "height"]) shape.setAttribute(name, `${i % 97}`);
        figure.append(shape);
    }
};
const ratios = [];
for (const value of arguments[1]) {
    const begin = performance.now();
    shapes();
    const frame = performance.now() - begin;
    model.set(arguments[0], value);
    await Promise.resolve();
    ratios.push(Number(document.querySelector(".explorer").dataset.updateMs) / frame);
}
return ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)];
"""


def frames(page, name: str, values: list) -> float:
    """Set a trait to many values, as Python would, and return the median time of an update, in frames."""
    script = f"return (async (...arguments) => {{ {SCRIPT} }})(...arguments)"
    return page.js(script, name, values)
