# %% right: the mean under another name, moved towards the square
def rmsprop(w, dw, state):
    cache = state.get("cache", np.zeros_like(w))
    cache = cache + (1 - state.get("decay_rate", 0.99)) * (dw * dw - cache)
    new_w = w - state["learning_rate"] * dw / (cache**0.5 + state.get("epsilon", 1e-8))
    return new_w, {**state, "cache": cache}


# %% right: copies, then in place, as in torch
def rmsprop(w, dw, state):
    new = dict(state)
    square = new["square_avg"].copy() if "square_avg" in new else np.zeros_like(w)
    alpha = new.get("decay_rate", 0.99)
    square *= alpha
    square += (1 - alpha) * dw * dw
    new["square_avg"] = square
    w = w.copy()
    w -= new["learning_rate"] * dw / (np.sqrt(square) + new.get("epsilon", 1e-8))
    return w, new


# %% right: all defaults merged first
def rmsprop(w, dw, state):
    state = {"decay_rate": 0.99, "epsilon": 1e-8, "s": 0.0, **state}
    rho, eps = state["decay_rate"], state["epsilon"]
    state["s"] = rho * state["s"] + (1 - rho) * np.square(dw)
    return w - state["learning_rate"] / (np.sqrt(state["s"]) + eps) * dw, state


# %% right: a list of all gradients
def rmsprop(w, dw, state):
    past = [*state.get("past", []), dw.copy()]
    rho = state.get("decay_rate", 0.99)
    s = sum((1 - rho) * rho**k * g**2 for k, g in enumerate(reversed(past)))
    root = np.sqrt(s) + state.get("epsilon", 1e-8)
    return w - state["learning_rate"] * dw / root, {**state, "past": past}


# %% right: a loop over all entries, the pair in a list
import math


def rmsprop(w, dw, state):
    rho, eps, lr = state.get("decay_rate", 0.99), state.get("epsilon", 1e-8), state["learning_rate"]
    old = state.get("s", np.zeros(w.shape))
    s, out = np.zeros(w.shape), np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        s[i] = rho * old[i] + (1 - rho) * dw[i] ** 2
        out[i] = w[i] - lr * dw[i] / (math.sqrt(s[i]) + eps)
    return [out, {"learning_rate": lr, "decay_rate": rho, "epsilon": eps, "s": s}]


# %% right: np.average with weights
def rmsprop(w, dw, state):
    rho = state.get("decay_rate", 0.99)
    pair = np.stack([state.get("mean", np.zeros_like(w)), dw**2])
    mean = np.average(pair, axis=0, weights=[rho, 1 - rho])
    step = np.divide(dw, np.sqrt(mean) + state.get("epsilon", 1e-8))
    return w - state["learning_rate"] * step, state | {"mean": mean}


# %% wrong: epsilon under the root
# fails: test-rmsprop-steps
# says: epsilon under the root
# from: solution
# -    step = dw / (np.sqrt(s) + state.get("epsilon", 1e-8))
# +    step = dw / np.sqrt(s + state.get("epsilon", 1e-8))

# %% wrong: the root left out
# fails: test-rmsprop-steps
# says: the root left out
# -    step = dw / (np.sqrt(s) + state.get("epsilon", 1e-8))
# +    step = dw / (s + state.get("epsilon", 1e-8))

# %% wrong: AdaGrad
# fails: test-rmsprop-steps
# says: the squares added up, as in AdaGrad
# -    s = rho * state.get("s", np.zeros_like(w)) + (1 - rho) * dw**2
# +    s = state.get("s", np.zeros_like(w)) + dw**2
# because: a sum is right in no second step

# %% wrong: no factor 1 - rho
# fails: test-rmsprop-steps
# says: the squares added up with a factor rho
# -    s = rho * state.get("s", np.zeros_like(w)) + (1 - rho) * dw**2
# +    s = rho * state.get("s", np.zeros_like(w)) + dw**2

# %% wrong: the size of the gradient
# fails: test-rmsprop-steps
# says: the size of the gradient
# -    s = rho * state.get("s", np.zeros_like(w)) + (1 - rho) * dw**2
# +    s = rho * state.get("s", np.zeros_like(w)) + (1 - rho) * np.abs(dw)

# %% wrong: one mean for all weights
# fails: test-rmsprop-steps
# says: one mean for all weights
# -    s = rho * state.get("s", np.zeros_like(w)) + (1 - rho) * dw**2
# +    s = rho * state.get("s", np.zeros_like(w)) + (1 - rho) * np.mean(dw**2)

# %% wrong: the mean is not kept
# fails: test-rmsprop-steps
# says: a mean square that is not kept
# -    return w - state["learning_rate"] * step, {**state, "s": s}
# +    return w - state["learning_rate"] * step, dict(state)

# %% wrong: a bias correction
# fails: test-rmsprop-steps
# says: a bias correction, which rmsprop does not have
# -    step = dw / (np.sqrt(s) + state.get("epsilon", 1e-8))
# -    return w - state["learning_rate"] * step, {**state, "s": s}
# +    t = state.get("t", 0) + 1
# +    step = dw / (np.sqrt(s / (1 - rho**t)) + state.get("epsilon", 1e-8))
# +    return w - state["learning_rate"] * step, {**state, "s": s, "t": t}

# %% wrong: starts as the first square
# fails: test-rmsprop-steps
# says: a mean that starts as the first square
# -    s = rho * state.get("s", np.zeros_like(w)) + (1 - rho) * dw**2
# +    s = rho * state.get("s", dw**2) + (1 - rho) * dw**2

# %% wrong: an epsilon of its own
# fails: test-rmsprop-steps
# says: no epsilon, or one of your own
# -    step = dw / (np.sqrt(s) + state.get("epsilon", 1e-8))
# +    step = dw / (np.sqrt(s) + 1e-8)

# %% wrong: no epsilon
# fails: test-rmsprop-steps, test-rmsprop-state
# because: 0 / 0 where there is no gradient
# says: no epsilon
# -    step = dw / (np.sqrt(s) + state.get("epsilon", 1e-8))
# +    step = dw / np.sqrt(s)

# %% wrong: 1 - rho squared
# fails: test-rmsprop-steps
# says: squaring (1 - rho) as well
# -    s = rho * state.get("s", np.zeros_like(w)) + (1 - rho) * dw**2
# +    s = rho * state.get("s", np.zeros_like(w)) + ((1 - rho) * dw) ** 2

# %% wrong: the sign of the gradient
# fails: test-rmsprop-steps
# says: the sign of the gradient
# -    step = dw / (np.sqrt(s) + state.get("epsilon", 1e-8))
# +    step = np.sign(dw) / (np.sqrt(s) + state.get("epsilon", 1e-8))

# %% wrong: multiplies by the root
# fails: test-rmsprop-steps, test-rmsprop-state
# because: its first steps are as short as those by default are long
# says: multiplying by the root
# -    step = dw / (np.sqrt(s) + state.get("epsilon", 1e-8))
# +    step = dw * (np.sqrt(s) + state.get("epsilon", 1e-8))

# %% wrong: epsilon beside the quotient
# fails: test-rmsprop-steps, test-rmsprop-state
# because: 0 / 0 where there is no gradient
# says: epsilon added to the quotient
# -    step = dw / (np.sqrt(s) + state.get("epsilon", 1e-8))
# +    step = dw / np.sqrt(s) + state.get("epsilon", 1e-8)

# %% wrong: a state without the rates
# fails: test-rmsprop-steps
# says: a state without the rates that were given
# -    return w - state["learning_rate"] * step, {**state, "s": s}
# +    return w - state["learning_rate"] * step, {"learning_rate": state["learning_rate"], "s": s}

# %% wrong: a decay rate of its own
# fails: test-rmsprop-steps
# says: a decay rate of your own
# -    rho = state.get("decay_rate", 0.99)
# +    rho = 0.99

# %% wrong: rho and 1 - rho exchanged
# fails: test-rmsprop-steps
# says: rho and 1 - rho exchanged
# -    s = rho * state.get("s", np.zeros_like(w)) + (1 - rho) * dw**2
# +    s = (1 - rho) * state.get("s", np.zeros_like(w)) + rho * dw**2

# %% wrong: the old mean
# fails: test-rmsprop-steps
# says: the mean square of the steps before
# -    step = dw / (np.sqrt(s) + state.get("epsilon", 1e-8))
# +    step = dw / (np.sqrt(state.get("s", np.zeros_like(w))) + state.get("epsilon", 1e-8))

# %% wrong: goes up
# fails: test-rmsprop-steps
# says: going up
# -    return w - state["learning_rate"] * step, {**state, "s": s}
# +    return w + state["learning_rate"] * step, {**state, "s": s}

# %% wrong: the gradient, not its square
# fails: test-rmsprop-steps
# says: the gradient, not its square
# -    s = rho * state.get("s", np.zeros_like(w)) + (1 - rho) * dw**2
# +    s = rho * state.get("s", np.zeros_like(w)) + (1 - rho) * dw

# %% wrong: another decay rate by default
# fails: test-rmsprop-state
# says: another default of the decay rate
# -    rho = state.get("decay_rate", 0.99)
# +    rho = state.get("decay_rate", 0.9)

# %% wrong: another epsilon by default
# fails: test-rmsprop-state
# says: another default of epsilon
# -    step = dw / (np.sqrt(s) + state.get("epsilon", 1e-8))
# +    step = dw / (np.sqrt(s) + state.get("epsilon", 1e-7))

# %% wrong: no default
# fails: test-rmsprop-state
# says: rmsprop raised KeyError
# -    rho = state.get("decay_rate", 0.99)
# +    rho = state["decay_rate"]

# %% wrong: stores into the state that was given
# fails: test-rmsprop-state
# says: the call changes its state
# -    return w - state["learning_rate"] * step, {**state, "s": s}
# +    state["s"] = s
# +    return w - state["learning_rate"] * step, state

# %% wrong: the mean in place
# fails: test-rmsprop-state
# says: the call changes its state
# -    s = rho * state.get("s", np.zeros_like(w)) + (1 - rho) * dw**2
# +    s = state.get("s", np.zeros_like(w))
# +    s *= rho
# +    s += (1 - rho) * dw**2

# %% wrong: w in place
# fails: test-rmsprop-state
# says: the call changes its w
# -    return w - state["learning_rate"] * step, {**state, "s": s}
# +    w -= state["learning_rate"] * step
# +    return w, {**state, "s": s}
