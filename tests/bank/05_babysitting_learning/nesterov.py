# %% right: a velocity of steps, as in CS231n
def nesterov(w, dw, state):
    mu, lr = state.get("momentum", 0.9), state["learning_rate"]
    v_prev = state.get("v", np.zeros_like(w))
    v = mu * v_prev - lr * dw
    return w - mu * v_prev + (1 + mu) * v, {**state, "v": v}


# %% right: copies, then in place, as in torch
def nesterov(w, dw, state):
    new, mu = dict(state), state.get("momentum", 0.9)
    buf = new["buf"].copy() if "buf" in new else np.zeros_like(w)
    buf *= mu
    buf += dw
    new["buf"] = buf
    result = w.copy()
    result -= new["learning_rate"] * (dw + mu * buf)
    return result, new


# %% right: the old velocity, with the factors multiplied out
def nesterov(w, dw, state):
    mu = state.get("momentum", 0.9)
    old = state.get("v", 0 * w)
    step = (1 + mu) * dw + mu**2 * old
    return w - state["learning_rate"] * step, {**state, "v": mu * old + dw}


# %% right: a list of all gradients
def nesterov(w, dw, state):
    past = [*state.get("past", []), dw.copy()]
    mu = state.get("momentum", 0.9)
    v = sum(mu**k * g for k, g in enumerate(reversed(past)))
    return w - state["learning_rate"] * (dw + mu * v), {**state, "past": past}


# %% right: the weights without the look ahead in the state
def nesterov(w, dw, state):
    mu, lr = state.get("momentum", 0.9), state["learning_rate"]
    base, v = state.get("base", w.copy()), state.get("v", np.zeros(w.shape))
    v = mu * v - lr * dw
    base = base + v
    return base + mu * v, {**state, "base": base, "v": v}


# %% right: a loop over all entries, the pair in a list
def nesterov(w, dw, state):
    mu, lr = state.get("momentum", 0.9), state["learning_rate"]
    old = state.get("v", np.zeros(w.shape))
    v, out = np.zeros(w.shape), np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        v[i] = mu * old[i] + dw[i]
        out[i] = w[i] - lr * (dw[i] + mu * v[i])
    return [out, {"learning_rate": lr, "momentum": mu, "v": v}]


# %% wrong: momentum
# fails: test-nesterov-steps
# says: momentum, which is g + mu * old
# from: solution
# -    return w - state["learning_rate"] * (dw + mu * v), {**state, "v": v}
# +    return w - state["learning_rate"] * v, {**state, "v": v}

# %% wrong: the old velocity
# fails: test-nesterov-steps
# says: momentum, which is g + mu * old
# -    return w - state["learning_rate"] * (dw + mu * v), {**state, "v": v}
# +    return w - state["learning_rate"] * (dw + mu * state.get("v", np.zeros_like(w))), {**state, "v": v}

# %% wrong: g + v
# fails: test-nesterov-steps
# says: g + v: the velocity has the factor mu in the step too
# -    return w - state["learning_rate"] * (dw + mu * v), {**state, "v": v}
# +    return w - state["learning_rate"] * (dw + v), {**state, "v": v}

# %% wrong: mu * g + v
# fails: test-nesterov-steps
# says: mu * g + v: mu is the factor of v
# -    return w - state["learning_rate"] * (dw + mu * v), {**state, "v": v}
# +    return w - state["learning_rate"] * (mu * dw + v), {**state, "v": v}

# %% wrong: (1 + mu) * v
# fails: test-nesterov-steps
# says: (1 + mu) * v
# -    return w - state["learning_rate"] * (dw + mu * v), {**state, "v": v}
# +    return w - state["learning_rate"] * (1 + mu) * v, {**state, "v": v}

# %% wrong: g - mu * v
# fails: test-nesterov-steps
# says: g - mu * v
# -    return w - state["learning_rate"] * (dw + mu * v), {**state, "v": v}
# +    return w - state["learning_rate"] * (dw - mu * v), {**state, "v": v}

# %% wrong: a mean of the gradients
# fails: test-nesterov-steps
# says: a mean of the gradients
# -    v = mu * state.get("v", np.zeros_like(w)) + dw
# +    v = mu * state.get("v", np.zeros_like(w)) + (1 - mu) * dw

# %% wrong: the velocity is not kept
# fails: test-nesterov-steps
# says: a velocity that is not kept
# -    return w - state["learning_rate"] * (dw + mu * v), {**state, "v": v}
# +    return w - state["learning_rate"] * (dw + mu * v), dict(state)

# %% wrong: (1 - mu) * g
# fails: test-nesterov-steps
# says: (1 - mu) * g, or mu times mu * old
# -    return w - state["learning_rate"] * (dw + mu * v), {**state, "v": v}
# +    return w - state["learning_rate"] * ((1 - mu) * dw + mu * v), {**state, "v": v}

# %% wrong: a momentum of its own
# fails: test-nesterov-steps
# says: a momentum of your own
# -    mu = state.get("momentum", 0.9)
# +    mu = 0.9
# because: with a momentum of 0 it is not sgd

# %% wrong: the gradients added up
# fails: test-nesterov-steps
# says: the gradients added up without mu
# -    v = mu * state.get("v", np.zeros_like(w)) + dw
# +    v = state.get("v", np.zeros_like(w)) + dw

# %% wrong: no learning rate before g
# fails: test-nesterov-steps
# says: no learning rate before g
# -    return w - state["learning_rate"] * (dw + mu * v), {**state, "v": v}
# +    return w - dw - state["learning_rate"] * mu * v, {**state, "v": v}

# %% wrong: a state without the momentum
# fails: test-nesterov-steps
# says: a state without the momentum that was given
# -    return w - state["learning_rate"] * (dw + mu * v), {**state, "v": v}
# +    return w - state["learning_rate"] * (dw + mu * v), {"learning_rate": state["learning_rate"], "v": v}

# %% wrong: goes up
# fails: test-nesterov-steps
# says: going up
# -    return w - state["learning_rate"] * (dw + mu * v), {**state, "v": v}
# +    return w + state["learning_rate"] * (dw + mu * v), {**state, "v": v}

# %% wrong: mu * v alone
# fails: test-nesterov-steps
# says: mu * v alone
# -    return w - state["learning_rate"] * (dw + mu * v), {**state, "v": v}
# +    return w - state["learning_rate"] * mu * v, {**state, "v": v}

# %% wrong: mu times everything
# fails: test-nesterov-steps
# says: mu times everything
# -    return w - state["learning_rate"] * (dw + mu * v), {**state, "v": v}
# +    return w - state["learning_rate"] * mu * (dw + v), {**state, "v": v}

# %% wrong: a state of the velocity alone
# fails: test-nesterov-steps
# says: a state that was returned without it
# -    return w - state["learning_rate"] * (dw + mu * v), {**state, "v": v}
# +    return w - state["learning_rate"] * (dw + mu * v), {"v": v}

# %% wrong: another default
# fails: test-nesterov-state
# says: another default of the momentum
# -    mu = state.get("momentum", 0.9)
# +    mu = state.get("momentum", 0.99)

# %% wrong: no default
# fails: test-nesterov-state
# says: nesterov raised KeyError
# -    mu = state.get("momentum", 0.9)
# +    mu = state["momentum"]

# %% wrong: an or for the default
# fails: test-nesterov-state
# says: the default of 0.9 although 0 is given
# -    mu = state.get("momentum", 0.9)
# +    mu = state.get("momentum") or 0.9

# %% wrong: w in place
# fails: test-nesterov-state
# says: the call changes its w
# -    return w - state["learning_rate"] * (dw + mu * v), {**state, "v": v}
# +    w -= state["learning_rate"] * (dw + mu * v)
# +    return w, {**state, "v": v}

# %% wrong: stores into the state that was given
# fails: test-nesterov-state
# says: the call changes its state
# -    return w - state["learning_rate"] * (dw + mu * v), {**state, "v": v}
# +    state["v"] = v
# +    return w - state["learning_rate"] * (dw + mu * v), state
