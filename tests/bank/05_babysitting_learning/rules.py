# %% right: a copy
def sgd(w, dw, state):
    return w - state["learning_rate"] * dw, dict(state)
