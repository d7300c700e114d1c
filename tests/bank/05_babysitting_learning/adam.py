# %% right: the rate corrected, epsilon too
def adam(w, dw, state):
    s = dict(state)
    b1, b2, eps = s.get("beta1", 0.9), s.get("beta2", 0.999), s.get("epsilon", 1e-8)
    s["t"] = s.get("t", 0) + 1
    s["m"] = b1 * s.get("m", 0.0) + (1 - b1) * dw
    s["v"] = b2 * s.get("v", 0.0) + (1 - b2) * dw * dw
    c1, c2 = 1 - b1 ** s["t"], np.sqrt(1 - b2 ** s["t"])
    return w - s["learning_rate"] * c2 / c1 * s["m"] / (np.sqrt(s["v"]) + eps * c2), s


# %% right: copies, then in place, as in torch
def adam(w, dw, state):
    state = {k: v.copy() if isinstance(v, np.ndarray) else v for k, v in state.items()}
    w = w.copy()
    if "step" not in state:
        state.update(step=0, exp_avg=np.zeros_like(w), exp_avg_sq=np.zeros_like(w))
    b1, b2 = state.get("beta1", 0.9), state.get("beta2", 0.999)
    state["step"] += 1
    state["exp_avg"] *= b1
    state["exp_avg"] += (1 - b1) * dw
    state["exp_avg_sq"] *= b2
    state["exp_avg_sq"] += (1 - b2) * dw**2
    bias1, bias2 = 1 - b1 ** state["step"], 1 - b2 ** state["step"]
    denom = np.sqrt(state["exp_avg_sq"]) / np.sqrt(bias2) + state.get("epsilon", 1e-8)
    w -= state["learning_rate"] / bias1 * state["exp_avg"] / denom
    return w, state


# %% right: powers of beta in the state, not t
def adam(w, dw, state):
    known = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "m": 0.0, "s": 0.0,
             "power1": 1.0, "power2": 1.0, **state}  # fmt: skip
    b1, b2 = known["beta1"], known["beta2"]
    known["m"] = known["m"] + (1 - b1) * (dw - known["m"])
    known["s"] = known["s"] + (1 - b2) * (np.square(dw) - known["s"])
    known["power1"] *= b1
    known["power2"] *= b2
    mean, square = known["m"] / (1 - known["power1"]), known["s"] / (1 - known["power2"])
    return w - known["learning_rate"] * mean / (square**0.5 + known["epsilon"]), known


# %% right: a list of all gradients
def adam(w, dw, state):
    past = [*state.get("past", []), dw.copy()]
    b1, b2 = state.get("beta1", 0.9), state.get("beta2", 0.999)
    mean = sum(b1**k * g for k, g in enumerate(past[::-1])) / sum(b1**k for k in range(len(past)))
    square = sum(b2**k * g**2 for k, g in enumerate(past[::-1])) / sum(b2**k for k in range(len(past)))
    step = mean / (np.sqrt(square) + state.get("epsilon", 1e-8))
    return w - state["learning_rate"] * step, {**state, "past": past}


# %% right: an object in the state
class Mean:
    def __init__(self, value=0.0, steps=0):
        self.value, self.steps = value, steps

    def moved(self, new, beta):
        return Mean(beta * self.value + (1 - beta) * new, self.steps + 1)

    def corrected(self, beta):
        return self.value / (1 - beta**self.steps)


def adam(w, dw, state):
    b1, b2 = state.get("beta1", 0.9), state.get("beta2", 0.999)
    first = state.get("first", Mean()).moved(dw, b1)
    second = state.get("second", Mean()).moved(dw**2, b2)
    step = first.corrected(b1) / (np.sqrt(second.corrected(b2)) + state.get("epsilon", 1e-8))
    return w - state["learning_rate"] * step, {**state, "first": first, "second": second}


# %% right: a loop over all entries, the pair in a list
def adam(w, dw, state):
    lr, b1, b2 = state["learning_rate"], state.get("beta1", 0.9), state.get("beta2", 0.999)
    eps, t = state.get("epsilon", 1e-8), state.get("t", 1)
    m, v = state.get("m", np.zeros(w.shape)).copy(), state.get("v", np.zeros(w.shape)).copy()
    out = np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        m[i] = b1 * m[i] + (1 - b1) * dw[i]
        v[i] = b2 * v[i] + (1 - b2) * dw[i] ** 2
        out[i] = w[i] - lr * (m[i] / (1 - b1**t)) / ((v[i] / (1 - b2**t)) ** 0.5 + eps)
    return [out, dict(learning_rate=lr, beta1=b1, beta2=b2, epsilon=eps, t=t + 1, m=m, v=v)]


# %% wrong: the gradient without its mean
# fails: test-adam-means
# says: the gradient without its mean
# from: solution
# -    mean, square = m / (1 - beta1**t), s / (1 - beta2**t)
# +    mean, square = dw, s / (1 - beta2**t)

# %% wrong: beta1 for both
# fails: test-adam-means
# says: beta1 for both means
# -    s = beta2 * state.get("s", np.zeros_like(w)) + (1 - beta2) * dw**2
# +    s = beta1 * state.get("s", np.zeros_like(w)) + (1 - beta1) * dw**2
# -    mean, square = m / (1 - beta1**t), s / (1 - beta2**t)
# +    mean, square = m / (1 - beta1**t), s / (1 - beta1**t)

# %% wrong: the betas exchanged
# fails: test-adam-means
# says: beta1 and beta2 exchanged
# -    beta1, beta2 = state.get("beta1", 0.9), state.get("beta2", 0.999)
# +    beta2, beta1 = state.get("beta1", 0.9), state.get("beta2", 0.999)

# %% wrong: the root left out
# fails: test-adam-means
# says: the root left out
# -    step = mean / (np.sqrt(square) + state.get("epsilon", 1e-8))
# +    step = mean / (square + state.get("epsilon", 1e-8))

# %% wrong: no division
# fails: test-adam-means, test-adam-epsilon, test-adam-state
# because: without a divisor there is no epsilon
# says: m without the division by the root of s
# -    step = mean / (np.sqrt(square) + state.get("epsilon", 1e-8))
# +    step = mean
# because: without a divisor there is no epsilon

# %% wrong: squares of m
# fails: test-adam-means
# says: the mean of squares made of m
# -    s = beta2 * state.get("s", np.zeros_like(w)) + (1 - beta2) * dw**2
# +    s = beta2 * state.get("s", np.zeros_like(w)) + (1 - beta2) * m**2
# fails: test-adam-means, test-adam-correction
# because: the first m are too small, and so are their squares

# %% wrong: sizes of gradients
# fails: test-adam-means
# says: s of the sizes of the gradients
# -    s = beta2 * state.get("s", np.zeros_like(w)) + (1 - beta2) * dw**2
# +    s = beta2 * state.get("s", np.zeros_like(w)) + (1 - beta2) * np.abs(dw)

# %% wrong: one mean of squares for all weights
# fails: test-adam-means
# says: one mean of squares for all weights
# -    s = beta2 * state.get("s", np.zeros_like(w)) + (1 - beta2) * dw**2
# +    s = beta2 * state.get("s", np.zeros_like(w)) + (1 - beta2) * np.mean(dw**2)

# %% wrong: betas of its own
# fails: test-adam-means
# says: betas of your own, or lost on the way
# -    beta1, beta2 = state.get("beta1", 0.9), state.get("beta2", 0.999)
# +    beta1, beta2 = 0.9, 0.999

# %% wrong: the whole gradient in m
# fails: test-adam-means, test-adam-correction
# because: the correction counts on the factor
# says: a factor 1 - beta1 too few with g
# -    m = beta1 * state.get("m", np.zeros_like(w)) + (1 - beta1) * dw
# +    m = beta1 * state.get("m", np.zeros_like(w)) + dw

# %% wrong: the whole square in s
# fails: test-adam-means, test-adam-correction
# because: the correction counts on the factor
# says: s with the whole square
# -    s = beta2 * state.get("s", np.zeros_like(w)) + (1 - beta2) * dw**2
# +    s = beta2 * state.get("s", np.zeros_like(w)) + dw**2

# %% wrong: 1 - beta2 squared
# fails: test-adam-means, test-adam-correction
# because: the correction counts on the factor
# says: a 1 - beta2 too many with
# -    s = beta2 * state.get("s", np.zeros_like(w)) + (1 - beta2) * dw**2
# +    s = beta2 * state.get("s", np.zeros_like(w)) + ((1 - beta2) * dw) ** 2

# %% wrong: beta and 1 - beta exchanged
# fails: test-adam-means, test-adam-correction, test-adam-epsilon, test-adam-state
# because: nothing that it returns is right
# says: beta and 1 - beta exchanged
# -    m = beta1 * state.get("m", np.zeros_like(w)) + (1 - beta1) * dw
# -    s = beta2 * state.get("s", np.zeros_like(w)) + (1 - beta2) * dw**2
# +    m = (1 - beta1) * state.get("m", np.zeros_like(w)) + beta1 * dw
# +    s = (1 - beta2) * state.get("s", np.zeros_like(w)) + beta2 * dw**2

# %% wrong: goes up
# fails: test-adam-means, test-adam-correction, test-adam-epsilon, test-adam-state
# because: nothing that it returns is right
# says: going up
# -    return w - state["learning_rate"] * step, {**state, "m": m, "s": s, "t": t}
# +    return w + state["learning_rate"] * step, {**state, "m": m, "s": s, "t": t}

# %% wrong: m is not kept
# fails: test-adam-means, test-adam-correction
# because: a mean that is forgotten is wrong with its correction too
# says: a mean of the gradients that is not kept
# -    return w - state["learning_rate"] * step, {**state, "m": m, "s": s, "t": t}
# +    return w - state["learning_rate"] * step, {**state, "s": s, "t": t}

# %% wrong: s is not kept
# fails: test-adam-means, test-adam-correction
# because: a mean that is forgotten is wrong with its correction too
# says: a mean of the squares that is not kept
# -    return w - state["learning_rate"] * step, {**state, "m": m, "s": s, "t": t}
# +    return w - state["learning_rate"] * step, {**state, "m": m, "t": t}

# %% wrong: a state without the betas
# fails: test-adam-means, test-adam-correction
# because: the correction needs the betas as well
# says: betas of your own, or lost on the way
# -    return w - state["learning_rate"] * step, {**state, "m": m, "s": s, "t": t}
# +    kept = {"learning_rate": state["learning_rate"], "epsilon": state.get("epsilon", 1e-8)}
# +    return w - state["learning_rate"] * step, {**kept, "m": m, "s": s, "t": t}

# %% wrong: no correction
# fails: test-adam-correction
# says: no correction
# -    mean, square = m / (1 - beta1**t), s / (1 - beta2**t)
# +    mean, square = m, s

# %% wrong: m is not corrected
# fails: test-adam-correction
# says: the mean of the gradients without its correction
# -    mean, square = m / (1 - beta1**t), s / (1 - beta2**t)
# +    mean, square = m, s / (1 - beta2**t)

# %% wrong: s is not corrected
# fails: test-adam-correction
# says: the mean of the squares without its correction
# -    mean, square = m / (1 - beta1**t), s / (1 - beta2**t)
# +    mean, square = m / (1 - beta1**t), s

# %% wrong: t is not kept
# fails: test-adam-correction
# says: a number of steps that stays 1
# -    return w - state["learning_rate"] * step, {**state, "m": m, "s": s, "t": t}
# +    return w - state["learning_rate"] * step, {**state, "m": m, "s": s}

# %% wrong: t is 2 in the first step
# fails: test-adam-correction
# says: t is one too large
# -    t = state.get("t", 0) + 1
# +    t = state.get("t", 1) + 1

# %% wrong: the corrected means are kept
# fails: test-adam-correction
# says: the corrected means kept for the next step
# -    return w - state["learning_rate"] * step, {**state, "m": m, "s": s, "t": t}
# +    return w - state["learning_rate"] * step, {**state, "m": mean, "s": square, "t": t}

# %% wrong: multiplies by the correction
# fails: test-adam-correction
# says: multiplying by 1 - beta**t
# -    mean, square = m / (1 - beta1**t), s / (1 - beta2**t)
# +    mean, square = m * (1 - beta1**t), s * (1 - beta2**t)

# %% wrong: the correction of s beside the root
# fails: test-adam-correction
# says: 1 - beta2**t beside the root
# -    step = mean / (np.sqrt(square) + state.get("epsilon", 1e-8))
# +    step = mean / (np.sqrt(s) / (1 - beta2**t) + state.get("epsilon", 1e-8))

# %% wrong: t is 0 in the first step
# fails: test-adam-correction, test-adam-epsilon, test-adam-state
# because: 0 / 0 in every first step
# says: counting from 0
# -    t = state.get("t", 0) + 1
# +    t = state.get("t", -1) + 1

# %% wrong: beta times t
# fails: test-adam-correction, test-adam-means
# because: 1 - beta * t is not 1 after many steps
# says: 1 - beta * t
# -    mean, square = m / (1 - beta1**t), s / (1 - beta2**t)
# +    mean, square = m / (1 - beta1 * t), s / (1 - beta2 * t)

# %% wrong: epsilon under the root
# fails: test-adam-epsilon
# says: epsilon under the root
# -    step = mean / (np.sqrt(square) + state.get("epsilon", 1e-8))
# +    step = mean / np.sqrt(square + state.get("epsilon", 1e-8))

# %% wrong: no epsilon
# fails: test-adam-epsilon
# says: no epsilon
# -    step = mean / (np.sqrt(square) + state.get("epsilon", 1e-8))
# +    step = mean / np.sqrt(square)

# %% wrong: the paper's short form
# fails: test-adam-epsilon
# says: epsilon before the correction
# -    step = mean / (np.sqrt(square) + state.get("epsilon", 1e-8))
# +    step = mean * np.sqrt(1 - beta2**t) / (np.sqrt(s) + state.get("epsilon", 1e-8))

# %% wrong: an epsilon of its own
# fails: test-adam-epsilon
# says: no epsilon, or one of your own
# -    step = mean / (np.sqrt(square) + state.get("epsilon", 1e-8))
# +    step = mean / (np.sqrt(square) + 1e-8)

# %% wrong: epsilon as a lower bound
# fails: test-adam-epsilon
# says: the larger of the root and epsilon
# -    step = mean / (np.sqrt(square) + state.get("epsilon", 1e-8))
# +    step = mean / np.maximum(np.sqrt(square), state.get("epsilon", 1e-8))

# %% wrong: another beta1 by default
# fails: test-adam-state
# says: another default of beta1
# -    beta1, beta2 = state.get("beta1", 0.9), state.get("beta2", 0.999)
# +    beta1, beta2 = state.get("beta1", 0.99), state.get("beta2", 0.999)

# %% wrong: another beta2 by default
# fails: test-adam-state
# says: another default of beta2
# -    beta1, beta2 = state.get("beta1", 0.9), state.get("beta2", 0.999)
# +    beta1, beta2 = state.get("beta1", 0.9), state.get("beta2", 0.99)

# %% wrong: another epsilon by default
# fails: test-adam-state
# says: another default of epsilon
# -    step = mean / (np.sqrt(square) + state.get("epsilon", 1e-8))
# +    step = mean / (np.sqrt(square) + state.get("epsilon", 1e-7))

# %% wrong: no defaults
# fails: test-adam-state
# says: adam raised KeyError
# -    beta1, beta2 = state.get("beta1", 0.9), state.get("beta2", 0.999)
# +    beta1, beta2 = state["beta1"], state["beta2"]

# %% wrong: stores into the state that was given
# fails: test-adam-state
# says: the call changes its state
# -    return w - state["learning_rate"] * step, {**state, "m": m, "s": s, "t": t}
# +    state.update(m=m, s=s, t=t)
# +    return w - state["learning_rate"] * step, state

# %% wrong: the means in place
# fails: test-adam-state
# says: the call changes its state
# -    m = beta1 * state.get("m", np.zeros_like(w)) + (1 - beta1) * dw
# +    m = state.get("m", np.zeros_like(w))
# +    m *= beta1
# +    m += (1 - beta1) * dw

# %% wrong: w in place
# fails: test-adam-state
# says: the call changes its w
# -    return w - state["learning_rate"] * step, {**state, "m": m, "s": s, "t": t}
# +    w -= state["learning_rate"] * step
# +    return w, {**state, "m": m, "s": s, "t": t}

# %% wrong: t in a global
# fails: test-adam-state, test-adam-correction, test-train-rules
# because: between two steps of one parameter come steps of others, and train steps with it
# says: remembering outside of the state
# -def adam(w, dw, state):
# +counter = [0]
# +
# +
# +def adam(w, dw, state):
# -    t = state.get("t", 0) + 1
# +    counter[0] += 1
# +    t = counter[0]
