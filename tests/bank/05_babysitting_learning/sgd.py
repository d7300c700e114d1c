# %% right: as the formula has it, a list for the pair
def sgd(w, dw, state):
    new_w = w - dw * state["learning_rate"]
    return [new_w, state.copy()]


# %% right: a copy, changed in place
def sgd(w, dw, state):
    w = w.copy()
    w -= state["learning_rate"] * dw
    return w, {**state}


# %% right: np.subtract, and the state only read
def sgd(w, dw, state):
    return np.subtract(w, np.multiply(state["learning_rate"], dw)), state


# %% right: a loop over all entries
def sgd(w, dw, state):
    lr = state.get("learning_rate", 0.01)
    result = np.empty_like(w)
    for index in np.ndindex(w.shape):
        result[index] = w[index] - lr * dw[index]
    return result, {"learning_rate": lr}


# %% right: deep copies before anything
import copy


def sgd(w, dw, state):
    w, dw, state = copy.deepcopy((w, dw, state))
    dw *= state["learning_rate"]
    w -= dw
    return w, state


# %% right: a class that knows the rate
class SGD:
    def __init__(self, learning_rate):
        self.learning_rate = learning_rate

    def __call__(self, w, dw):
        return w + (-self.learning_rate) * dw


def sgd(w, dw, state):
    return SGD(state["learning_rate"])(w, dw), dict(state)


# %% wrong: goes up
# fails: test-sgd-step
# says: adding the gradient, which goes up
# from: solution
# -    return w - state["learning_rate"] * dw, dict(state)
# +    return w + state["learning_rate"] * dw, dict(state)

# %% wrong: the step alone
# fails: test-sgd-step, test-sgd-new
# because: nothing that it returns is right
# says: the step alone
# -    return w - state["learning_rate"] * dw, dict(state)
# +    return -state["learning_rate"] * dw, dict(state)

# %% wrong: the step alone, without its sign
# fails: test-sgd-step, test-sgd-new
# because: nothing that it returns is right
# says: the step alone
# -    return w - state["learning_rate"] * dw, dict(state)
# +    return state["learning_rate"] * dw, dict(state)

# %% wrong: a rate of its own
# fails: test-sgd-step
# says: a learning rate of your own
# -    return w - state["learning_rate"] * dw, dict(state)
# +    return w - 0.01 * dw, dict(state)

# %% wrong: half the gradient
# fails: test-sgd-step
# says: a step of half the gradient
# -    return w - state["learning_rate"] * dw, dict(state)
# +    return w - 0.5 * state["learning_rate"] * dw, dict(state)

# %% wrong: w and dw exchanged
# fails: test-sgd-step, test-sgd-new
# because: nothing that it returns is right
# says: w and dw exchanged
# -    return w - state["learning_rate"] * dw, dict(state)
# +    return dw - state["learning_rate"] * w, dict(state)

# %% wrong: the step times w
# fails: test-sgd-step
# says: the step times w
# -    return w - state["learning_rate"] * dw, dict(state)
# +    return w * (1 - state["learning_rate"] * dw), dict(state)

# %% wrong: does nothing
# fails: test-sgd-step, test-sgd-new
# because: it leaves its arguments alone by taking no step
# says: the weights that were given
# -    return w - state["learning_rate"] * dw, dict(state)
# +    return w.copy(), dict(state)

# %% wrong: the rate times all
# fails: test-sgd-step, test-sgd-new
# because: it moves w where the gradient is 0
# says: the learning rate times w as well
# -    return w - state["learning_rate"] * dw, dict(state)
# +    return state["learning_rate"] * (w - dw), dict(state)

# %% wrong: no learning rate
# fails: test-sgd-step
# says: a step of the whole gradient
# -    return w - state["learning_rate"] * dw, dict(state)
# +    return w - dw, dict(state)

# %% wrong: divides by the rate
# fails: test-sgd-step
# says: dividing by the learning rate
# -    return w - state["learning_rate"] * dw, dict(state)
# +    return w - dw / state["learning_rate"], dict(state)

# %% wrong: the sign
# fails: test-sgd-step
# says: the sign of the gradient alone
# -    return w - state["learning_rate"] * dw, dict(state)
# +    return w - state["learning_rate"] * np.sign(dw), dict(state)

# %% wrong: the mean of the gradient
# fails: test-sgd-step
# says: the mean gradient for all weights
# -    return w - state["learning_rate"] * dw, dict(state)
# +    return w - state["learning_rate"] * dw.mean(), dict(state)

# %% wrong: a gradient of length 1
# fails: test-sgd-step, test-sgd-new
# because: it divides 0 by 0 where there is no gradient
# says: a gradient divided by its length
# -    return w - state["learning_rate"] * dw, dict(state)
# +    return w - state["learning_rate"] * dw / np.linalg.norm(dw), dict(state)

# %% wrong: w alone
# fails: test-sgd-step, test-sgd-new
# because: nothing can be asked without a pair
# says: the result is not the pair (w, state)
# -    return w - state["learning_rate"] * dw, dict(state)
# +    return w - state["learning_rate"] * dw

# %% wrong: nothing returned
# fails: test-sgd-step, test-sgd-new
# because: nothing can be asked without a pair
# says: the result is not the pair (w, state)
# -    return w - state["learning_rate"] * dw, dict(state)
# +    w -= state["learning_rate"] * dw

# %% wrong: the state first
# fails: test-sgd-step, test-sgd-new
# because: nothing can be asked without a pair
# says: the state first
# -    return w - state["learning_rate"] * dw, dict(state)
# +    return dict(state), w - state["learning_rate"] * dw

# %% wrong: works in place
# fails: test-sgd-new
# says: the call changes its w
# -    return w - state["learning_rate"] * dw, dict(state)
# +    w -= state["learning_rate"] * dw
# +    return w, state

# %% wrong: multiplies the gradient in place
# fails: test-sgd-new
# says: the call changes its dw
# -    return w - state["learning_rate"] * dw, dict(state)
# +    dw *= state["learning_rate"]
# +    return w - dw, state

# %% wrong: counts steps in the state that was given
# fails: test-sgd-new
# says: the call changes its state
# -    return w - state["learning_rate"] * dw, dict(state)
# +    state["t"] = state.get("t", 0) + 1
# +    return w - state["learning_rate"] * dw, state

# %% wrong: an empty state
# fails: test-sgd-new
# says: a state that was returned without it
# -    return w - state["learning_rate"] * dw, dict(state)
# +    return w - state["learning_rate"] * dw, {}

# %% wrong: no state
# fails: test-sgd-new
# says: object is not subscriptable
# -    return w - state["learning_rate"] * dw, dict(state)
# +    return w - state["learning_rate"] * dw, None

# %% wrong: takes the learning rate out of the state
# fails: test-sgd-new
# says: the call changes its state
# -    return w - state["learning_rate"] * dw, dict(state)
# +    lr = state.pop("learning_rate")
# +    return w - lr * dw, {"learning_rate": lr}

# %% wrong: in place, and None for w
# fails: test-sgd-step, test-sgd-new
# because: nothing can be asked without w
# says: None, not an array
# -    return w - state["learning_rate"] * dw, dict(state)
# +    w -= state["learning_rate"] * dw
# +    return None, dict(state)
