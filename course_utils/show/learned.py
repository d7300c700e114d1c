"""Filters that were learned: the six convolutions of [conv conv pool] × 3, trained on the drawn colour images.

    python -m course_utils.show.learned

trains them anew, in minutes, and prints :data:`STORED` and the share of test images that are right.
"""

import base64
import textwrap

import numpy as np

from course_utils import layers
from course_utils.data import drawn_images

FILTERS, BLOCKS = 10, 3
STORED = (
    (
        "AP0L6OMFJzXyyd//kevJ2+fvEC73OusLGOvL6/4x5gECEP4B/Rg1TuVORzgc5yFSRCQRy/ogsfL7+63ExaEV4v7g"
        "OycQpvwaMeJGw9gY9jn729zQ0BIZROlM9EPq4xIoDvHR6y9FGe9D4vUzqgvqAvgNC9YyHy4tIykD0gTjyAPm2NIR"
        "ETwEGywWly0CCAsFCvW++eIw9wPd4/GsCvq9qBjiAQ1YFRvUWD44AyAJHPzJKboB8tIM+O8S8TYE36TJJfP4Rtb3"
        "Bif16bojIuMDweAnFG7pG/4S9+nbZQCv2iv5DhP5wrrYnBoz1uTA44nSP/sh6jAE8FXsxvPrPfQ7OAYn+n8H58/0"
        "/xrr8MTc5sDR8xHIy9ABzA==",
        0.86732,
    ),
    (
        "VCLs2eb/AuDUJhQF9fW2CPDx8xbl1hIM5gX4COAuKRgmjQIF8fD+BQX5JNgYLh0iCDQoBPIdEfIY6/748MgUBh0S"
        "DuQ10ucISyQK0vMHMB/1NvrvLgz5Gygk2j4W++zmBu7nFxcOJTkABDg8ASbk0+wM4fTq5d0MDeTv5AT+INwL+OgM"
        "0DXcLfkoExgPMQO0AB0MLTAO4zEs7zjs1PAW3jDbLSMFK9MoAvojBhU+FisEDCUdDhQO+vjY4ybxNs2yCCEYMfAF"
        "9eKQAwAWKzn1+4H7Ex/fB+bN5Ocr79H47dEc0Qcp2wgzBsDoOv/dIw/D/uzB9yPeSjbPDhDl5P8j6zgF6RUaCfJR"
        "CvXhBNTJ9QYn/xvaAAoa/Rn/FRXyFAfcE/jf7AEr8ggvKS8ENA016vU0/fQC4x/W4wUJ3N0D3gjT9wrjGfvb2dEF"
        "6eP8Ug0bERvcABAC/env/MnhKVZQ+h0o1sgRxPMhzgcjCCIxNhY5Evsf8ezxsvTUADkGDkQzMPkS/e4N8hZIz+Up"
        "CTDyD/YS/87fKAsJ/Q3h4zYKKfMqCwwY5c7oRjj/CCkD8DwkuA8aFBMHDSke9Bzq47EH/PQLGyIpFEAP7C9E6QHs"
        "/gjZB93y5OvPOBnQ9+rr3h70DhQjzzUgF04QDukh+OY5AgoJ9yIwFc5CA/AlFe5U59vsKwj/C/jq7xUd8Bwa5f7x"
        "2hLzBvkU5+P+7N4MAeoV3vvd/N4d+BjR7t3o6fH0/OkFHuAGBRQLCekR8RULDu4gIyRNBCv+FxIHE/cDFDXq1fkH"
        "9PccEffq7e3y2vz0+P0a+gESAQkaDA4JIA8CAuTrv+Qo2wv76CcOxxna8wzwIxXO8wvu9hsK5f/r5eMLBwjlAOTi"
        "ANgRUBLh8M71Cg3dCiM56+YDrPH59dX35RPh9/cPtfcW9dIHCvnd7fvoxef/7fr9GjwR07ABAN0J6Qz2Cs7z/ts7"
        "8yzt+SAABwvV9eoE7v75AP3p4OscCRUo3hPi+BAt5/0j0wn45AEP4gb71ycY4esT880gBj0OCVr45AQc3eMJod4U"
        "7dMz0+7w+fD8AwIEug7YwCfbEvriJeX4CA7GDx859utSLtslFvsPGRwYG0g8+hkrDvn3yAba1w75AeMRCDAN+O33"
        "DRPJG/T93ggF7O4d5vDbKxrR4uT9I/AR5O4BGvquRwG9IQX+LO8bHhQyDsZRAOLeFRzoNw==",
        0.64100,
    ),
    (
        "NCFt3AHsJU1AFhon7Tb2SigaNeIjwtqv0w0L+fzPx/0g4bq6AkD03+7sDO3sEBgUGPC27BHYFPzrJw8x2TAtjvcz"
        "H/H6zwO57TIEAgFlJuE71BMHsfrc9xzJzBW15fTR0gcPy/YY0wBEFx7/0B0B4L+J7tTkNjpDWRv16l79BShFA/fS"
        "+/oi5P1X+wAA8B3V5cv6/B4f+honExbMCQTO7yvZIgrx9hvOROLdOxFGL/rgJx8PyBtUW8oG5jWdCjg7CdXp8Pbh"
        "Flv46U/WCBeQDvbYBsz7TxQA4/eDN90yXgHoMCbWKdzOzhz9DR0LGQfjGtL48SVW2gsGGyAQ1f0X6TLp5/Tq5+dL"
        "dOZJEewxGf3X1PYFDhMZqR/WKxAX8Qy8HfehHT7eI+au8gwFAAYD8+Xz8PTW4/oA9/MJGxe/6hQNFgjeJ8og+8fv"
        "KejT9ePTEB3tEfD7BzcR3hT38eP//evMxQEFRusaFRIL5U67+SrMAxAaJgsYDK/LDxYOLj767e5V0+HkQbPrRUMV"
        "0B2tHPoJGh4+x9cGCAo++SMmTs/a5DfeVk8bG9kM2vv8+DX6u9Ld3SIS+slVMm2/Jnms7vyZMccUGMivwtn0Gg8U"
        "Nyoi+CIMydITHtmd6cT44TzxD8yQ+P4S2MS3AwbM49yn/xr0we4qQf3Ttsj09fzou7n03C3MM+EC//G2+DzXyPz1"
        "2urwBhMqLRVMPaoAy+gb9uwuxvQQAtb9GggECP/N+Q6SHwvZ5vgM9C4P6PMIIx/8Av4a5RvBGhIAszslBhjjGkPe"
        "YO8d5A3S5vTn+SLT1gLu2wXsCvn2+x8s99XIr9Hc/roqISTc89hSteBMQfMHlDUVmhwz9Pw+KSUyQyMe4uIsGxYp"
        "7Q7TBRDTXFlxGMrzHtr8JAYpHuMd9wT32zTo3hcNytb15w7FCDH84uv44Cy1KrP50Rnk0Mjt0v61fypS690J6MgC"
        "0Qc6Ifrw9ugF+fIEtEEXxvrQ7d8kxwXbAALiQUT9Fg0ZMvxQ+gZfArUOzMLkBtnT8Q7j0q/gGCQk+QMu4hC+GfDY"
        "GNffM9np5xq/PxAF4f48G+j3BffoBw7QsRRB5fgkPwUoGO25ygYB39m3svXA+uL7TAT99so6JAUk+CbvGU448DZV"
        "JRftFFfBFvkp7qY2xxDx9AHk/woa/wsr4ggUIgEB8TDyG/Hz2gP81ent8PAo9OsP8bHn+A==",
        0.53012,
    ),
    (
        "094Z0tK0IBXy5MbIBQgRSUQtHAq/HbgZHUAO8tDhKPzX+jYyCCAYyPIA7NvOBtvK1uYd/R236+H5Iv3cJu0F2BAi"
        "KCxuHefQ8QjtMw359vMh5j3/AkD1B0YTA+3bMvc25iL1FykMHdDuPPkE9+C+0ybm1NIB4uzd1zL69u0WBAP69O3C"
        "7TzQ/gQdTezdIQA0GOv6Cw3axM4U+8buxPXi7v4GBipLHPoY6ublBydGJxXuAhIAJ9XgCDbH8CvrMN8M9hDS0Rvn"
        "y8S4I93WUwX8DPjsLQ7x1t3gsR7zB9Pm8gsA0RUF/RUdNQX08hrp6RUVFucNIg0V+04vvsoW9g8DG8zrBgjg6+wD"
        "EvT4vNsyzjT5yTks+CP1/AH2DQXnB+j74/Ew3b8q+9Tu5R8YEwfA2wmt9NQE7hj/+9oIR8bdMQ/yFwbm7RwNIRTt"
        "L+Py4tQR3eoWGevR/tDi9f3x+ywVLxwI3dYB9OMONhIW/ftL1/HmBCYg7iLp+jP9/jfx5vj+7ONd//kBA/oD7vER"
        "w9/kEeXnH+I8H/w+Iv0pLToI7uTuuSLbE9gDyNqbzevd2MSm2+sqDgjo6Rj2+jrh/vrt5Dff6/7Q++/uDtToKjUB"
        "EPXmme0q90T69BT9CQAy5yj169Ae7fzyJNQA0icHFV8u08z8+QHnNPcwL/AYLysWDQAmFu/i1f1N4/H9+wAeCjco"
        "GtIk7hsA6OnV9REpChYD/DLE+umxTdUTJODotugi+bWBRRPRXQzgQeQHCQb/2P73xMqp8TXzQWT08PruEk39C+nY"
        "Au7/MO7mIfD/I1DI8QP/DTPx7ewOHOQKAOA8AAnZBwP9+gIHWCcyNvkBHd3V26y99gYdXDH6ISraLxHjFArcDsoN"
        "8e6x08gT0+Q5EN1vE99X6hQA6xmVHNpUEfMm5QD2/ewN4uL11fsS6dkN7env/AEfFxn96NL3FBLOsykn6P0BMwgh"
        "DSxXGt8q/BIL2OfRE/pVAPTy7+f5EQLy0B7yDd4wH/AMRPS8ECCnL//2CP0Q3ALm817kDwvD48j35u/vBApIFDxD"
        "RugB3dYbDsfNGwURBy4oxyPo2hHg2fYpyOHN2PvaAPgSOeMB3ukEAOUn4ubbFBcAvfgS8/0QwAy7CBQC/wj28hgJ"
        "EQzu3+DWv+3kAvgNJ+P74tfU7vbwGhg3Agko8xIkGBgT6xvp9f0OQDgw7/fmAEH87NLR9A==",
        0.60631,
    ),
    (
        "EhTy+/YQG/312O0XIewVxw8y9+9qBBve1c0Uz8bu/f7Y9gzJ7A8T8iwhCRN0Ate9sxPMMnAz5eX/LSEEDr31jiWh"
        "B+x4zuh5/v77EcjRCfLIE8clIEQaDA7h+Rgc4QXeDB/9/fIT286/QxQ16hv90xQACxQZ+7faEj7/K7Qu5+LuCdAQ"
        "3Pnc+qbQ8iPPZfDpttsXQvxHFScHL8wPJwnoOfbeICjJN//h+/ULBw8XA/cqDwwageo62z2oMEbj5QcWHvjIEyv6"
        "FM8CzO7OLAgAGSYM5P7xDvAFWdf2C91nK+XyGST/CJ8DUvjeHuX29dhL674qVhEzKt0mAPT+0j8j8Cb+vNQkBOXs"
        "6fMr/9wSKRUELCf0DPEBGvddTuAi3P8xFs4HtdAI4zMJJwUCBUEw3Pw0xz4gza4DJQop7+Uf29ADBOoe3aLP9Prx"
        "FtMqyMX60uQrqwpCJxgCTPjr9QyyOBpLDPfH9Nm/5NXpbFAMRPrvCwAwFujQBi/h8Ur8/1H16BngxBXwCNX70eFA"
        "+Az20PL1IRgER/veF+buRSTEOUPWGTfr9fnX5jXhLT/0vCXc/eVVOtENt+cqtgnJ3tXvCsY31zvLERD6yuwpGxww"
        "D/8cFiwPEiQB3AEFIRTtB/bxGt4h9Q3z6+4czAbs8Dvm5s3B9OoX+uEqHgEVMgvxAgMEHAzK5OMR8wn04hsJ98nT"
        "3//iHhP15fAIAvok9vkHGDr6BS0bGhkX5P/v8wgwTO3/3+r+xQbT/uoZGxUBzN8O6vMJWP0k59Hc9fcP9tMVAtLh"
        "7RQTDuIg9u4EJR8NOUwC9drQK/IN+xn6sdACIBoxDcfxCu8PQ1AO1bn16+He3PoPJSkTDOwIPg8QCgzc4drEGk31"
        "5w0uCSz5EdX47++/G0XPIfcsLgcfxRQYxszT+M8L6+fbG+fODv7OJhz4Ae/FNx8S/BkhyPnq3BPj3R7EOSbT8v4Q"
        "Afnz3Qsg2QMB3AD20vH1CfoRCgv9EOsR7ucKLxnuxsT5CcD4J/H68ysBAQvb/uELUjA1BcEaHC/v+EM89ujh6dNE"
        "5PsnDzjyNQbw1unqONw3DwrmD2JN8/0V3doX7xY+HOv5HdwzBw8YYQkB7yA23O718SoaL+/X6bvnKrkWYPYMzd7p"
        "IjMLD53u/xLp3/Mo8usSEOna1BIYEmzst0tSze7f6OIQKE8AEhX+LAb+Js79LgHzAenKyg==",
        0.59550,
    ),
    (
        "OekN3iYzCzfg0gEDCVwI2eP52PYH6PAF3iAV6wcRLgQcvez0tt3yufgJ7h8QLw/jzgHn2tfw7wHV5dzYNxhKFfcV"
        "Mcze8PTvzPT56NQM6wwqAsfqyOLkNQ/uuBu8qs66Gub4MNoVVfr3+dHbDCjbcyjKssHo3y7K6eIP3t31ziYhsgEG"
        "2CBN5PEDNQwHQfce/xUp9/TtLNDfBaYt90DODtH57fDZuiZ+7u0i7ga55j3zBurB+vnCDfvR6f8QxukK8wIR6PQg"
        "6t3n+OzW6yE6Vv8M+fsc7B4LxKu84fLWTSkN478kKvg6//0m/vL10AgOPTIBFxs0GgEq6NcMFiL7+xHwI8nL6yH1"
        "6xbfLwUZLBop5vf2+uTSGOYbNOonBEDvUeW9NdLOB9j19wQ+5jwoO07oC8r0Bsm2UOO9HBf7IvZCI+cd+wcb6DD3"
        "GP7e294H7f4NAPUu+QcK6en9qPbnKsXGbikkBt0M6yELI9HA1Sv8uxrkAyc36irlsTayWS/NCfDe8wYL0ATL9865"
        "68JxLbLMvP0rQ/UP6ygf5ATg9snyGSji7tEVCbzmB8n5+M7SAkHs6wyo/zA6svHTUUMcIqbiptLC7f4Y3xhZBAwO"
        "1CMKCQUE5c/5HuPQ7SEQAPUb/DYmIRkg79sM3tLa6sY75eG3C/Yb4yIbN/ck2AH2MhtVDgH3HOjT6uXpT+/lJQq+"
        "Bg3h+if92R0Hyd0YDeLSQQrl5GH56e1V9/XI8Lca1xwBEVHoAsXU1ezuHBbxGz/VBdcnFc4N6Pf0C9MQ88jE4hy5"
        "M/wIJPMO/PEi8wkx+Q/ayif2ISsPINDYyPOq58AyCQmk+yzrP9jiYRvq1JuaCShd0fUB+rLr0hkf1x/jgdj07hSv"
        "CTEJ1A383D8jj+g5p/zgIsfvMCsI6uL28NnZGSQTATTw9ufJ4j4T6TXS8r4F7ODbJQwzERrn7NcP+hDxHNDEZOnp"
        "8NGyAfcCMxA6DODh/cr1PPnzMhX/NwgbH60V+cYmHu/AC+vnB9uz+BfI7QD/Fzv1+e61OA4ZEiIFEfAh1CYJ/urW"
        "6uv04OnA7u1GQyUQ7LH359YHHwG9SjHLJQXjB+bWz+MKs/nx0LjQ1AELxwrNFSvs/Njq/u0eJ/QrIgHTxLzKRMcL"
        "0d8r/AQQ6QwS8+wEC+/x1RPxIA4tIPxLHQEBzhrk8evwKhRIE/Ib0wI4uruiI9bGMZjRpg==",
        0.57035,
    ),
)
"""Six arrays, base64 of whole numbers from -127 to 127: the weights (10, C, 3, 3), then the ten biases, over
their largest; and this largest number."""


def learned_filters():
    """Return the weights (10, C, 3, 3) and biases (10,) of the six convolutions, first layer first."""
    found, channels = [], 3
    for text, largest in STORED:
        numbers = np.frombuffer(base64.b64decode(text), np.int8) * (largest / 127)
        found.append((numbers[:-FILTERS].reshape(FILTERS, channels, 3, 3), numbers[-FILTERS:]))
        channels = FILTERS
    return found


def _forward(x, params):
    caches = []
    for number in range(1, 2 * BLOCKS + 1):
        w, b = (params[f"{name}{number}"] for name in "Wb")
        x, conv = layers.conv2d_forward(x, w, b, padding=1)
        x, relu = layers.relu_forward(x)
        pool = None
        if number % 2 == 0:
            x, pool = layers.maxpool2d_forward(x, 2)
        caches.append((conv, relu, pool))
    scores, last = layers.linear_forward(x, params["W"], params["b"])
    return scores, caches, last


def _gradients(dout, caches, last):
    dout, dw, db = layers.linear_backward(dout, last)
    grads = {"W": dw, "b": db}
    for number in range(2 * BLOCKS, 0, -1):
        conv, relu, pool = caches[number - 1]
        if pool is not None:
            dout = layers.maxpool2d_backward(dout, pool)
        dout = layers.relu_backward(dout, relu)
        dout, grads[f"W{number}"], grads[f"b{number}"] = layers.conv2d_backward(dout, conv)
    return grads


def train(count=6000, epochs=10, batch=50, rate=0.02, seed=0):
    """Train the network by momentum; return its parameters and the share of 1000 test images that are right."""
    (x, y), (x_test, y_test) = drawn_images(count), drawn_images(1000, seed=1)
    x, x_test = ((a / 255 - 0.5).astype(np.float32) for a in (x, x_test))
    rng, params, channels = np.random.default_rng(seed), {}, 3
    for number in range(1, 2 * BLOCKS + 1):
        shape = (FILTERS, channels, 3, 3)
        scale = np.sqrt(2 / (9 * channels))
        params[f"W{number}"] = (scale * rng.normal(size=shape)).astype(np.float32)
        params[f"b{number}"] = np.zeros(FILTERS, np.float32)
        channels = FILTERS
    params["W"] = (0.02 * rng.normal(size=(FILTERS * 16, 10))).astype(np.float32)
    params["b"] = np.zeros(10, np.float32)
    speed = {name: np.zeros_like(value) for name, value in params.items()}
    steps = epochs * count // batch
    for step in range(steps):
        if step * batch % count < batch:
            order = rng.permutation(count)
        rows = order[step * batch % count :][:batch]
        scores, caches, last = _forward(x[rows], params)
        _, dscores = layers.softmax_loss(scores, y[rows])
        for name, gradient in _gradients(dscores, caches, last).items():
            speed[name] = np.float32(0.9) * speed[name] + gradient
            params[name] -= np.float32(rate * (1 - step / steps)) * speed[name]
    blocks = [_forward(x_test[k : k + 100], params)[0].argmax(1) for k in range(0, 1000, 100)]
    return params, float((np.concatenate(blocks) == y_test).mean())


def _stored(params):
    lines = ["STORED = ("]
    for number in range(1, 2 * BLOCKS + 1):
        numbers = np.concatenate([params[f"{name}{number}"].ravel() for name in "Wb"])
        largest = float(abs(numbers).max())
        text = base64.b64encode(np.rint(numbers / largest * 127).astype(np.int8).tobytes()).decode()
        lines.append("    (")
        lines += [f'        "{part}"' for part in textwrap.wrap(text, 88)]
        lines += [f"        , {largest:.5f},", "    ),"]
    return "\n".join([*lines, ")"])


if __name__ == "__main__":
    trained, right = train()
    print(_stored(trained))
    print(f"# {right:.1%} of 1000 test images right")
