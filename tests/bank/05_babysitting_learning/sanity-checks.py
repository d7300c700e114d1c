# %% right: copies of the arrays, trained in new arrays
def sanity_checks(net, data, learning_rate=1e-3, epochs=200):
    x, y = data
    n_classes = net.classes
    loss0 = net.loss(x, y, 0)[0]
    loss1 = net.loss(x, y, 1000)[0]
    penalty = 0
    for k in net.params:
        if k[0] == "W":
            penalty += 500 * np.sum(net.params[k] * net.params[k])
    backup = {k: v.copy() for k, v in net.params.items()}
    xs = x[0:20]
    ys = y[0:20]
    for i in range(epochs):
        l, g = net.loss(xs, ys, 0)
        for k in g:
            net.params[k] = net.params[k] - learning_rate * g[k]
    loss2, _ = net.loss(xs, ys, 0)
    for k in backup:
        net.params[k] = backup[k]
    result = {}
    result["first_loss"] = (loss0, np.log(n_classes), np.abs(loss0 - np.log(n_classes)) < 0.1)
    result["regularised_loss"] = (
        loss1,
        loss0 + penalty,
        np.isclose(loss1, loss0 + penalty, rtol=0.01),
    )
    result["overfit"] = (loss2, 0, loss2 < 0.1)
    return result


# %% right: deepcopy, in place, lists for tuples
import copy


def sanity_checks(net, data, learning_rate=1e-3, epochs=200):
    saved = copy.deepcopy(net.params)
    X, Y = data
    first = float(net.loss(X, Y, 0.0)[0])
    expected_first = -np.log(1.0 / net.classes)
    reg = 1e3
    second = float(net.loss(X, Y, reg)[0])
    W2 = sum((W**2).sum() for n, W in saved.items() if n.startswith("W"))
    expected_second = first + reg / 2 * W2
    for _ in range(epochs):
        _, grads = net.loss(X[:20], Y[:20], 0.0)
        for name, p in net.params.items():
            p -= learning_rate * grads[name]
    third = float(net.loss(X[:20], Y[:20], 0.0)[0])
    net.params = saved
    return {
        "first_loss": [first, expected_first, bool(abs(first - expected_first) < 0.1)],
        "regularised_loss": [second, expected_second, bool(abs(second / expected_second - 1) < 0.01)],
        "overfit": [third, 0.1, third < 0.1],
    }


# %% right: small functions, the cost looked at in every step
def sanity_checks(net, data, learning_rate=1e-3, epochs=200):
    x, y = data

    def cost(reg=0.0, n=None):
        return net.loss(x[:n], y[:n], reg)[0]

    def check_first():
        return cost(), np.log(net.classes)

    def check_reg():
        flat = np.concatenate([v.ravel() for k, v in net.params.items() if k.startswith("W")])
        return cost(1000.0), cost() + 500.0 * flat @ flat

    def check_overfit():
        old = {k: np.array(v) for k, v in net.params.items()}
        log = [cost(n=20)]
        for _ in range(epochs):
            grads = net.loss(x[:20], y[:20], 0.0)[1]
            net.params = {k: v - learning_rate * grads[k] for k, v in net.params.items()}
            log.append(cost(n=20))
        net.params = old
        return log[-1], 0.0

    a, b = check_first()
    c, d = check_reg()
    e, f = check_overfit()
    return dict(
        first_loss=(a, b, -0.1 < a - b < 0.1),
        regularised_loss=(c, d, d * 0.99 < c < d * 1.01),
        overfit=(e, f, e < 0.1),
    )


# %% right: a class, try and finally, update for SGD from 5.5
class Kept:
    def __init__(self, net):
        self.net = net

    def __enter__(self):
        self.old = {name: value.copy() for name, value in self.net.params.items()}

    def __exit__(self, *_):
        self.net.params = self.old


def sanity_checks(net, data, learning_rate=1e-3, epochs=200):
    x, y = data
    first, _ = net.loss(x, y, reg=0.0)
    strong, _ = net.loss(x, y, reg=1e3)
    names = [name for name in net.params if name.startswith("W")]
    expected = first + 0.5 * 1e3 * sum(np.linalg.norm(net.params[name]) ** 2 for name in names)
    with Kept(net):
        few = x[:20], y[:20]
        step = 0
        while step < epochs:
            _, grads = net.loss(*few, 0.0)
            for name, dw in grads.items():
                net.params[name], _ = sgd(net.params[name], dw, {"learning_rate": learning_rate})
            step += 1
        learnt, _ = net.loss(*few, 0.0)
    report = {}
    for name, measured, wanted, far in [
        ("first_loss", first, np.log(net.classes), 0.1),
        ("regularised_loss", strong, expected, 0.01 * expected),
        ("overfit", learnt, 0.0, 0.1),
    ]:
        report[name] = measured, wanted, abs(measured - wanted) < far
    return report


# %% right: einsum, min for the number of examples
def sanity_checks(net, data, learning_rate=1e-3, epochs=200):
    x, y = data
    k = min(20, len(y))
    idx = np.arange(k)
    base = net.loss(x, y, 0.0)[0]
    high = net.loss(x, y, 1e3)[0]
    total = 0.0
    for key, w in net.params.items():
        if key.startswith("W"):
            total = total + np.einsum("ij,ij->", w, w) if w.ndim == 2 else total + (w * w).sum()
    target = base + 1e3 * total / 2
    originals = list(net.params.items())
    net.params = {key: 1.0 * w for key, w in originals}
    for _ in range(epochs):
        grads = net.loss(x[idx], y[idx], 0.0)[1]
        for key in list(net.params):
            np.subtract(net.params[key], learning_rate * grads[key], out=net.params[key])
    final = net.loss(x[idx], y[idx], 0.0)[0]
    net.params = dict(originals)
    return {
        "first_loss": (base, np.log(net.classes), abs(base - np.log(net.classes)) < 1e-1),
        "regularised_loss": (high, target, np.abs(high - target) / target < 1e-2),
        "overfit": (final, None, True if final < 1e-1 else False),
    }


# %% right: written back into the same arrays
def sanity_checks(net, data, learning_rate=1e-3, epochs=200):
    x, y = data
    params = net.params
    kept = {}
    for name in params:
        kept[name] = np.copy(params[name])
    first = net.loss(x, y, 0.0)[0]
    strong = net.loss(x, y, 1e3)[0]
    wanted = first
    for name in kept:
        if name.startswith("W"):
            wanted += 1e3 * 0.5 * (kept[name] ** 2).sum()
    for _ in range(epochs):
        gradients = net.loss(x[:20], y[:20], 0.0)[1]
        for name in params:
            params[name] += -learning_rate * gradients[name]
    learnt = net.loss(x[:20], y[:20], 0.0)[0]
    for name in params:
        params[name][...] = kept[name]
    return {
        "first_loss": (first, np.log(net.classes), (first - np.log(net.classes)) ** 2 < 0.01),
        "regularised_loss": (strong, wanted, abs(strong - wanted) < wanted / 100),
        "overfit": (learnt, 0.1, learnt < 0.1),
    }


# %% wrong: log10
# fails: test-sanity-checks-first
# says: base 10
# from: solution
# -    uniform = np.log(net.classes)
# +    uniform = np.log10(net.classes)

# %% wrong: log2
# says: base 2
# -    uniform = np.log(net.classes)
# +    uniform = np.log2(net.classes)

# %% wrong: one over the classes
# says: the probability
# -    uniform = np.log(net.classes)
# +    uniform = 1 / net.classes

# %% wrong: the log of the probability
# says: minus that
# -    uniform = np.log(net.classes)
# +    uniform = np.log(1 / net.classes)

# %% wrong: ten classes taken for granted
# says: log 10 whatever
# -    uniform = np.log(net.classes)
# +    uniform = np.log(10)

# %% wrong: the labels that occur
# says: labels that occur
# -    uniform = np.log(net.classes)
# +    uniform = np.log(len(np.unique(y)))

# %% wrong: the number of examples
# says: the number of examples
# -    uniform = np.log(net.classes)
# +    uniform = np.log(len(y))

# %% wrong: the first loss of twenty
# says: the first 20 examples only
# -    first, _ = net.loss(x, y, 0.0)
# +    first, _ = net.loss(x[:20], y[:20], 0.0)
# -    strong, _ = net.loss(x, y, 1e3)
# +    strong, _ = net.loss(x, y, 1e3)
# +    first, whole = net.loss(x, y, 0.0)[0], first
# +    penalised = first + 0.5 * 1e3 * squares
# -        "first_loss": (first, uniform, abs(first - uniform) < 0.1),
# +        "first_loss": (whole, uniform, abs(whole - uniform) < 0.1),

# %% wrong: no absolute value
# says: no absolute value
# -        "first_loss": (first, uniform, abs(first - uniform) < 0.1),
# +        "first_loss": (first, uniform, first - uniform < 0.1),

# %% wrong: the wrong sign
# says: the wrong sign
# -        "first_loss": (first, uniform, abs(first - uniform) < 0.1),
# +        "first_loss": (first, uniform, uniform - first < 0.1),

# %% wrong: equality
# says: equality, or
# -        "first_loss": (first, uniform, abs(first - uniform) < 0.1),
# +        "first_loss": (first, uniform, first == uniform),

# %% wrong: ten per cent
# says: 10 % of log C
# -        "first_loss": (first, uniform, abs(first - uniform) < 0.1),
# +        "first_loss": (first, uniform, abs(first - uniform) < 0.1 * uniform),

# %% wrong: a threshold that is too small
# says: 0.1
# -        "first_loss": (first, uniform, abs(first - uniform) < 0.1),
# +        "first_loss": (first, uniform, np.isclose(first, uniform, atol=1e-2)),

# %% wrong: greater for less
# says: > for <
# -        "first_loss": (first, uniform, abs(first - uniform) < 0.1),
# +        "first_loss": (first, uniform, abs(first - uniform) > 0.1),

# %% wrong: expected before measured
# says: expected before measured
# -        "first_loss": (first, uniform, abs(first - uniform) < 0.1),
# +        "first_loss": (uniform, first, abs(first - uniform) < 0.1),

# %% wrong: the whole answer of loss
# fails: test-sanity-checks-first, test-sanity-checks-penalty
# because: every first loss is a pair
# says: the pair (loss, grads)
# from: copies of the arrays, trained in new arrays
# -    loss0 = net.loss(x, y, 0)[0]
# -    loss1 = net.loss(x, y, 1000)[0]
# +    loss0 = net.loss(x, y, 0)
# +    loss1 = net.loss(x, y, 1000)
# -    result["first_loss"] = (loss0, np.log(n_classes), np.abs(loss0 - np.log(n_classes)) < 0.1)
# -    result["regularised_loss"] = (
# -        loss1,
# -        loss0 + penalty,
# -        np.isclose(loss1, loss0 + penalty, rtol=0.01),
# -    )
# +    result["first_loss"] = (loss0, np.log(n_classes), False)
# +    result["regularised_loss"] = (loss1, loss0[0] + penalty, False)

# %% wrong: biases penalised
# fails: test-sanity-checks-penalty
# says: biases in the sum
# from: solution
# -    squares = sum(np.sum(value**2) for name, value in net.params.items() if name.startswith("W"))
# +    squares = sum(np.sum(value**2) for value in net.params.values())

# %% wrong: all but names with a b
# says: every name but the biases
# -    squares = sum(np.sum(value**2) for name, value in net.params.items() if name.startswith("W"))
# +    squares = sum(np.sum(value**2) for name, value in net.params.items() if name[0] != "b")

# %% wrong: any w
# says: with a w in it
# -    squares = sum(np.sum(value**2) for name, value in net.params.items() if name.startswith("W"))
# +    squares = sum(np.sum(v**2) for name, v in net.params.items() if "w" in name.lower())

# %% wrong: the first matrix only
# says: W1 alone
# -    squares = sum(np.sum(value**2) for name, value in net.params.items() if name.startswith("W"))
# +    squares = np.sum(net.params["W1"] ** 2)

# %% wrong: norms
# says: norms for squares
# -    squares = sum(np.sum(value**2) for name, value in net.params.items() if name.startswith("W"))
# +    squares = sum(np.linalg.norm(v) for name, v in net.params.items() if name.startswith("W"))

# %% wrong: the square of the sum
# says: the square of a sum
# -    squares = sum(np.sum(value**2) for name, value in net.params.items() if name.startswith("W"))
# +    squares = sum(np.sum(v) ** 2 for name, v in net.params.items() if name.startswith("W"))

# %% wrong: no half
# says: no factor of one half
# -    penalised = first + 0.5 * 1e3 * squares
# +    penalised = first + 1e3 * squares

# %% wrong: the penalty alone
# says: the penalty alone
# -    penalised = first + 0.5 * 1e3 * squares
# +    penalised = 0.5 * 1e3 * squares

# %% wrong: a weak penalty
# says: a reg other than 1000
# -    penalised = first + 0.5 * 1e3 * squares
# -    strong, _ = net.loss(x, y, 1e3)
# +    penalised = first + 0.5 * squares
# +    strong, _ = net.loss(x, y, 1.0)

# %% wrong: it has gone up
# says: merely gone up
# -        "regularised_loss": (strong, penalised, abs(strong - penalised) < 0.01 * penalised),
# +        "regularised_loss": (strong, penalised, strong > first),

# %% wrong: a threshold of a tenth
# says: a threshold of 0.1
# -        "regularised_loss": (strong, penalised, abs(strong - penalised) < 0.01 * penalised),
# +        "regularised_loss": (strong, penalised, abs(strong - penalised) < 0.1),

# %% wrong: ten per cent of the penalty
# says: 10 % of what is expected
# -        "regularised_loss": (strong, penalised, abs(strong - penalised) < 0.01 * penalised),
# +        "regularised_loss": (strong, penalised, abs(strong - penalised) < 0.1 * penalised),

# %% wrong: one side of the penalty
# says: no absolute value
# -        "regularised_loss": (strong, penalised, abs(strong - penalised) < 0.01 * penalised),
# +        "regularised_loss": (strong, penalised, strong - penalised < 0.01 * penalised),

# %% wrong: the penalised loss of twenty
# says: the first 20 examples only
# -    penalised = first + 0.5 * 1e3 * squares
# -    strong, _ = net.loss(x, y, 1e3)
# +    strong, _ = net.loss(x[:20], y[:20], 1e3)
# +    penalised = net.loss(x[:20], y[:20], 0.0)[0] + 0.5 * 1e3 * squares

# %% wrong: the penalised loss after the training
# says: measured after the training
# from: copies of the arrays, trained in new arrays
# -    loss1 = net.loss(x, y, 1000)[0]
# +    pass
# -    loss2, _ = net.loss(xs, ys, 0)
# +    loss2, _ = net.loss(xs, ys, 0)
# +    loss1 = net.loss(x, y, 1000)[0]

# %% wrong: the cost before the last step
# fails: test-sanity-checks-overfit
# says: the cost before the last step
# from: solution
# -        _, grads = net.loss(x, y, 0.0)
# +        learnt, grads = net.loss(x, y, 0.0)
# -    learnt, _ = net.loss(x, y, 0.0)

# %% wrong: all examples
# says: all examples
# -    x, y = x[:20], y[:20]

# %% wrong: the last twenty
# says: the last 20
# -    x, y = x[:20], y[:20]
# +    x, y = x[-20:], y[-20:]

# %% wrong: ten examples
# says: 10 examples
# -    x, y = x[:20], y[:20]
# +    x, y = x[:10], y[:10]

# %% wrong: twenty-one examples
# says: 21 examples
# -    x, y = x[:20], y[:20]
# +    x, y = x[: 20 + 1], y[: 20 + 1]

# %% wrong: twenty at random
# says: wrong value
# -    x, y = x[:20], y[:20]
# +    rows = np.random.default_rng(0).permutation(len(x))[:20]
# +    x, y = x[rows], y[rows]

# %% wrong: at least twenty
# says: raised IndexError
# -    x, y = x[:20], y[:20]
# +    x, y = x[np.arange(20)], y[np.arange(20)]

# %% wrong: with a penalty
# says: with a penalty
# -        _, grads = net.loss(x, y, 0.0)
# +        _, grads = net.loss(x, y, 1e3)

# %% wrong: measured with a penalty
# says: measured with a penalty
# -    learnt, _ = net.loss(x, y, 0.0)
# +    learnt, _ = net.loss(x, y, 1e3)

# %% wrong: measured on all
# says: measured on all examples
# -    x, y = x[:20], y[:20]
# -    for _ in range(epochs):
# -        _, grads = net.loss(x, y, 0.0)
# +    for _ in range(epochs):
# +        _, grads = net.loss(x[:20], y[:20], 0.0)

# %% wrong: the default number of epochs
# says: the default number of epochs
# -    for _ in range(epochs):
# +    for _ in range(200):

# %% wrong: the default learning rate
# says: the default learning rate
# -            net.params[name] -= learning_rate * grads[name]
# +            net.params[name] -= 1e-3 * grads[name]

# %% wrong: another default
# says: wrong value
# -def sanity_checks(net, data, learning_rate=1e-3, epochs=200):
# +def sanity_checks(net, data, learning_rate=1e-2, epochs=200):

# %% wrong: one step too few
# says: the cost before the last step
# -    for _ in range(epochs):
# +    for _ in range(1, epochs):

# %% wrong: up the slope
# says: up the slope
# -            net.params[name] -= learning_rate * grads[name]
# +            net.params[name] += learning_rate * grads[name]

# %% wrong: weights only
# says: weights only
# -        for name in net.params:
# +        for name in [n for n in net.params if n.startswith("W")]:

# %% wrong: copies are trained, the net is asked
# says: no step at all
# -        for name in net.params:
# -            net.params[name] -= learning_rate * grads[name]
# +        for name, value in net.params.items():
# +            value = value - learning_rate * grads[name]

# %% wrong: single examples
# says: steps on single examples
# -        _, grads = net.loss(x, y, 0.0)
# -        for name in net.params:
# -            net.params[name] -= learning_rate * grads[name]
# +        for i in range(len(x)):
# +            _, grads = net.loss(x[i : i + 1], y[i : i + 1], 0.0)
# +            for name in net.params:
# +                net.params[name] -= learning_rate * grads[name]

# %% wrong: stops when it is low
# says: stopping once the cost is below 0.1
# -        _, grads = net.loss(x, y, 0.0)
# +        cost, grads = net.loss(x, y, 0.0)
# +        if cost < 0.1:
# +            break

# %% wrong: until it is low
# says: wrong value
# -    for _ in range(epochs):
# -        _, grads = net.loss(x, y, 0.0)
# +    for _ in range(20 * epochs):
# +        cost, grads = net.loss(x, y, 0.0)
# +        if cost < 0.1:
# +            break

# %% wrong: the gradient of the whole set beside it
# says: too many calls
# -        _, grads = net.loss(x, y, 0.0)
# +        for _ in range(5):
# +            _, grads = net.loss(x, y, 0.0)

# %% wrong: always passed
# says: passed without looking
# -        "overfit": (learnt, 0.1, learnt < 0.1),
# +        "overfit": (learnt, 0.1, True),

# %% wrong: passed where it fails
# says: > for <
# -        "overfit": (learnt, 0.1, learnt < 0.1),
# +        "overfit": (learnt, 0.1, learnt > 0.1),

# %% wrong: passed where it has gone down
# says: wrong value
# -        "overfit": (learnt, 0.1, learnt < 0.1),
# +        "overfit": (learnt, 0.1, learnt < first),

# %% wrong: a threshold of one
# says: a threshold of 1
# -        "overfit": (learnt, 0.1, learnt < 0.1),
# +        "overfit": (learnt, 0.1, learnt < 1),

# %% wrong: another key
# says: a dict, not a tuple
# -        "overfit": (learnt, 0.1, learnt < 0.1),
# +        "overfit_20": (learnt, 0.1, learnt < 0.1),

# %% wrong: not put back
# fails: test-sanity-checks-left
# says: a net that stays trained
# -    net.params = before

# %% wrong: a copy of the dict
# says: holds the same ones
# -    net.params = {name: value.copy() for name, value in before.items()}
# +    net.params = before.copy()

# %% wrong: a second name
# says: a net that stays trained
# -    net.params = {name: value.copy() for name, value in before.items()}
# +    net.params = before

# %% wrong: weights put back
# says: biases forgotten
# from: written back into the same arrays
# -    for name in params:
# -        params[name][...] = kept[name]
# +    for name in params:
# +        if name.startswith("W"):
# +            params[name] = kept[name]

# %% wrong: a list of names is left behind
# says: not asked for: 'steps'
# from: solution
# -    net.params = before
# +    net.params = {**before, "steps": epochs}


# %% wrong: every name with a W in it
# fails: test-sanity-checks-penalty
# says: every name with a W somewhere
def sanity_checks(net, data, learning_rate=1e-3, epochs=200):
    x, y = data
    first, expected = net.loss(x, y, 0.0)[0], np.log(net.classes)
    strong = net.loss(x, y, 1000.0)[0]
    penalty = 500.0 * sum(np.sum(w**2) for name, w in net.params.items() if "W" in name)
    kept = net.params
    net.params = {name: w.copy() for name, w in kept.items()}
    for _ in range(epochs):
        _, grads = net.loss(x[:20], y[:20], 0.0)
        for name in net.params:
            net.params[name] = net.params[name] - learning_rate * grads[name]
    last = net.loss(x[:20], y[:20], 0.0)[0]
    net.params = kept
    return {
        "first_loss": (first, expected, abs(first - expected) < 0.1),
        "regularised_loss": (strong, first + penalty, abs(strong - first - penalty) < 0.01 * (first + penalty)),
        "overfit": (last, 0.0, last < 0.1),
    }
