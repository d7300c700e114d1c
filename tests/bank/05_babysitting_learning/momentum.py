# %% right: a velocity of steps
def momentum(w, dw, state):
    mu = state.get("momentum", 0.9)
    v = state.get("velocity")
    if v is None:
        v = np.zeros_like(w)
    v = mu * v - state["learning_rate"] * dw
    new = dict(state)
    new["velocity"] = v
    return w + v, new


# %% right: copies, then in place, as in torch
def momentum(w, dw, state):
    state = dict(state)
    w = w.copy()
    buf = state.get("momentum_buffer")
    if buf is None:
        buf = dw.copy()
    else:
        buf = buf.copy()
        buf *= state.get("momentum", 0.9)
        buf += dw
    state["momentum_buffer"] = buf
    w -= state["learning_rate"] * buf
    return w, state


# %% right: a list of all gradients
def momentum(w, dw, state):
    past = [*state.get("past", []), dw.copy()]
    mu = state.get("momentum", 0.9)
    v = sum(mu**k * g for k, g in enumerate(reversed(past)))
    return w - state["learning_rate"] * v, {**state, "past": past}


# %% right: a loop over all entries, the pair in a list
def momentum(w, dw, state):
    mu, lr = state.get("momentum", 0.9), state["learning_rate"]
    old = state.get("v", np.zeros(w.shape))
    v, out = np.zeros(w.shape), np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        v[i] = mu * old[i] + dw[i]
        out[i] = w[i] - lr * v[i]
    return [out, {"learning_rate": lr, "momentum": mu, "v": v}]


# %% right: an object in the state
class Velocity:
    def __init__(self, value):
        self.value = value

    def after(self, mu, dw):
        return Velocity(mu * self.value + dw)


def momentum(w, dw, state):
    v = state.get("velocity", Velocity(0.0)).after(state.get("momentum", 0.9), dw)
    return w - state["learning_rate"] * v.value, state | {"velocity": v}


# %% right: from the weights of the step before
def momentum(w, dw, state):
    before = state.get("before", w)
    step = state.get("momentum", 0.9) * (w - before) - state["learning_rate"] * dw
    return w + step, {**state, "before": w.copy()}


# %% right: defaults first, setdefault on a deep copy
import copy


def momentum(w, dw, state):
    new = copy.deepcopy(state)
    new.setdefault("momentum", 0.9)
    new.setdefault("v", np.zeros_like(w))
    new["v"] = new["momentum"] * new["v"] + dw
    return w - new["learning_rate"] * new["v"], new


# %% wrong: a mean of the gradients
# fails: test-momentum-steps
# says: a mean of the gradients
# from: solution
# -    v = state.get("momentum", 0.9) * state.get("v", np.zeros_like(w)) + dw
# +    mu = state.get("momentum", 0.9)
# +    v = mu * state.get("v", np.zeros_like(w)) + (1 - mu) * dw

# %% wrong: the velocity is not kept
# fails: test-momentum-steps
# says: a velocity that is not kept
# -    return w - state["learning_rate"] * v, {**state, "v": v}
# +    return w - state["learning_rate"] * v, dict(state)
# because: without a momentum nothing of it is right but what sgd does

# %% wrong: kept under another name than it is read
# fails: test-momentum-steps
# says: a velocity that is not kept
# -    return w - state["learning_rate"] * v, {**state, "v": v}
# +    return w - state["learning_rate"] * v, {**state, "velocity": v}

# %% wrong: Nesterov
# fails: test-momentum-steps
# says: Nesterov's step
# -    return w - state["learning_rate"] * v, {**state, "v": v}
# +    return w - state["learning_rate"] * (dw + state.get("momentum", 0.9) * v), {**state, "v": v}

# %% wrong: mu of both
# fails: test-momentum-steps, test-momentum-defaults
# because: with a momentum of 0 it does not move
# says: mu * (v + g)
# -    v = state.get("momentum", 0.9) * state.get("v", np.zeros_like(w)) + dw
# +    v = state.get("momentum", 0.9) * (state.get("v", np.zeros_like(w)) + dw)

# %% wrong: the old velocity
# fails: test-momentum-steps, test-momentum-defaults, test-momentum-new
# says: the velocity of the step before
# because: the first step is 0
# -    return w - state["learning_rate"] * v, {**state, "v": v}
# +    return w - state["learning_rate"] * state.get("v", np.zeros_like(w)), {**state, "v": v}

# %% wrong: goes up
# fails: test-momentum-steps, test-momentum-defaults
# because: nothing that it returns is right
# says: going up
# -    return w - state["learning_rate"] * v, {**state, "v": v}
# +    return w + state["learning_rate"] * v, {**state, "v": v}

# %% wrong: two minus signs
# fails: test-momentum-steps, test-momentum-defaults
# because: nothing that it returns is right
# says: going up
# -    v = state.get("momentum", 0.9) * state.get("v", np.zeros_like(w)) + dw
# +    v = state.get("momentum", 0.9) * state.get("v", np.zeros_like(w)) - dw

# %% wrong: the gradients added up
# fails: test-momentum-steps
# says: the gradients added up without mu
# -    v = state.get("momentum", 0.9) * state.get("v", np.zeros_like(w)) + dw
# +    v = state.get("v", np.zeros_like(w)) + dw

# %% wrong: 1 - mu for mu
# fails: test-momentum-steps, test-momentum-defaults
# because: with a momentum of 0 it adds the gradients up
# says: 1 - mu with the old velocity
# -    v = state.get("momentum", 0.9) * state.get("v", np.zeros_like(w)) + dw
# +    v = (1 - state.get("momentum", 0.9)) * state.get("v", np.zeros_like(w)) + dw

# %% wrong: a minus before the old velocity
# fails: test-momentum-steps
# says: a minus before the old velocity
# -    v = state.get("momentum", 0.9) * state.get("v", np.zeros_like(w)) + dw
# +    v = dw - state.get("momentum", 0.9) * state.get("v", np.zeros_like(w))

# %% wrong: no learning rate
# fails: test-momentum-steps
# says: no learning rate
# -    return w - state["learning_rate"] * v, {**state, "v": v}
# +    return w - v, {**state, "v": v}

# %% wrong: the learning rate twice
# fails: test-momentum-steps
# says: the learning rate twice
# -    v = state.get("momentum", 0.9) * state.get("v", np.zeros_like(w)) + dw
# +    v = state.get("momentum", 0.9) * state.get("v", np.zeros_like(w)) + state["learning_rate"] * dw

# %% wrong: a momentum of its own
# fails: test-momentum-steps
# says: a momentum of your own
# -    v = state.get("momentum", 0.9) * state.get("v", np.zeros_like(w)) + dw
# +    v = 0.9 * state.get("v", np.zeros_like(w)) + dw

# %% wrong: starts as the first gradient, and gets it again
# fails: test-momentum-steps
# says: a velocity that starts as the first gradient
# -    v = state.get("momentum", 0.9) * state.get("v", np.zeros_like(w)) + dw
# +    v = state.get("momentum", 0.9) * state.get("v", dw) + dw

# %% wrong: no step in the first call
# fails: test-momentum-steps, test-momentum-defaults, test-momentum-new
# because: nothing that it returns is right
# says: no step in the first call
# -    return w - state["learning_rate"] * v, {**state, "v": v}
# +    if "v" not in state:
# +        return w.copy(), {**state, "v": v}
# +    return w - state["learning_rate"] * v, {**state, "v": v}

# %% wrong: a state without the momentum
# fails: test-momentum-steps
# says: a momentum of your own, or one that a step loses
# -    return w - state["learning_rate"] * v, {**state, "v": v}
# +    return w - state["learning_rate"] * v, {"learning_rate": state["learning_rate"], "v": v}

# %% wrong: a state of the velocity alone
# fails: test-momentum-steps
# says: a state that was returned without it
# -    return w - state["learning_rate"] * v, {**state, "v": v}
# +    return w - state["learning_rate"] * v, {"v": v}

# %% wrong: expects a velocity
# fails: test-momentum-steps, test-momentum-defaults, test-momentum-new
# because: there is no first step
# says: momentum raised KeyError
# -    v = state.get("momentum", 0.9) * state.get("v", np.zeros_like(w)) + dw
# +    v = state.get("momentum", 0.9) * state["v"] + dw

# %% wrong: a velocity in a global
# fails: test-momentum-steps, test-momentum-defaults, test-momentum-new
# because: between two steps of one parameter come steps of others
# says: remembering outside of the state
velocity = {"v": 0.0}


def momentum(w, dw, state):
    velocity["v"] = state.get("momentum", 0.9) * velocity["v"] + dw
    return w - state["learning_rate"] * velocity["v"], dict(state)


# %% wrong: another default
# fails: test-momentum-defaults
# says: another default of the momentum
# from: solution
# -    v = state.get("momentum", 0.9) * state.get("v", np.zeros_like(w)) + dw
# +    v = state.get("momentum", 0.5) * state.get("v", np.zeros_like(w)) + dw

# %% wrong: a momentum of 0 where none is given
# fails: test-momentum-defaults
# says: no momentum where none is given
# -    v = state.get("momentum", 0.9) * state.get("v", np.zeros_like(w)) + dw
# +    v = state.get("momentum", 0) * state.get("v", np.zeros_like(w)) + dw

# %% wrong: no default
# fails: test-momentum-defaults
# says: momentum raised KeyError
# -    v = state.get("momentum", 0.9) * state.get("v", np.zeros_like(w)) + dw
# +    v = state["momentum"] * state.get("v", np.zeros_like(w)) + dw

# %% wrong: an or for the default
# fails: test-momentum-defaults
# says: the default of 0.9 although 0 is given
# -    v = state.get("momentum", 0.9) * state.get("v", np.zeros_like(w)) + dw
# +    v = (state.get("momentum") or 0.9) * state.get("v", np.zeros_like(w)) + dw

# %% wrong: w in place
# fails: test-momentum-new
# says: the call changes its w
# -    return w - state["learning_rate"] * v, {**state, "v": v}
# +    w -= state["learning_rate"] * v
# +    return w, {**state, "v": v}

# %% wrong: stores into the state that was given
# fails: test-momentum-new
# says: the call changes its state
# -    return w - state["learning_rate"] * v, {**state, "v": v}
# +    state["v"] = v
# +    return w - state["learning_rate"] * v, state

# %% wrong: the velocity in place, in a new dict
# fails: test-momentum-new
# says: the call changes its state
# -    v = state.get("momentum", 0.9) * state.get("v", np.zeros_like(w)) + dw
# +    v = state.get("v", np.zeros_like(w))
# +    v *= state.get("momentum", 0.9)
# +    v += dw

# %% wrong: setdefault on the state that was given
# fails: test-momentum-new
# says: the call changes its state
# -    v = state.get("momentum", 0.9) * state.get("v", np.zeros_like(w)) + dw
# +    v = state.setdefault("momentum", 0.9) * state.get("v", np.zeros_like(w)) + dw

# %% wrong: adds the velocity to dw in place
# fails: test-momentum-new
# says: the call changes its dw
# -    v = state.get("momentum", 0.9) * state.get("v", np.zeros_like(w)) + dw
# +    dw += state.get("momentum", 0.9) * state.get("v", np.zeros_like(w))
# +    v = dw.copy()
