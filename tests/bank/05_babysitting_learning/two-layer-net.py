# %% right: unpacked, step by step
def two_layer_net(x, y, params, reg):
    W1, b1 = params["W1"], params["b1"]
    W2, b2 = params["W2"], params["b2"]
    z1 = x.dot(W1) + b1
    h1 = np.maximum(0, z1)
    scores = h1.dot(W2) + b2
    data_loss, dscores = softmax_loss(scores, y)
    reg_loss = 0.5 * reg * np.sum(W1 * W1) + 0.5 * reg * np.sum(W2 * W2)
    grads = {}
    grads["W2"] = h1.T.dot(dscores)
    grads["b2"] = np.sum(dscores, axis=0)
    dh1 = dscores.dot(W2.T)
    dh1[z1 <= 0] = 0
    grads["W1"] = x.T.dot(dh1)
    grads["b1"] = np.sum(dh1, axis=0)
    grads["W1"] += reg * W1
    grads["W2"] += reg * W2
    return data_loss + reg_loss, grads


# %% right: self-contained, einsum, its own softmax
def two_layer_net(x, y, params, reg):
    w1, b1, w2, b2 = (params[k] for k in ("W1", "b1", "W2", "b2"))
    n = x.shape[0]
    a = np.einsum("nd,dh->nh", x, w1) + b1
    mask = a > 0
    s = np.einsum("nh,hc->nc", a * mask, w2) + b2
    s = s - s.max(axis=1, keepdims=True)
    lse = np.log(np.exp(s).sum(axis=1))
    loss = (lse - s[range(n), y]).mean() + reg / 2 * (np.vdot(w1, w1) + np.vdot(w2, w2))
    ds = np.exp(s - lse[:, None])
    ds[range(n), y] -= 1
    ds /= n
    da = np.einsum("nc,hc->nh", ds, w2) * mask
    return loss, dict(
        W1=np.einsum("nd,nh->dh", x, da) + reg * w1,
        b1=da.sum(0),
        W2=np.einsum("nh,nc->hc", a * mask, ds) + reg * w2,
        b2=ds.sum(0),
    )


# %% right: layer objects
class Linear:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, dout):
        self.dw, self.db = self.x.T @ dout, dout.sum(axis=0)
        return dout @ self.w.T


class Relu:
    def forward(self, x):
        self.positive = x > 0
        return np.where(self.positive, x, 0.0)

    def backward(self, dout):
        return np.where(self.positive, dout, 0.0)


def two_layer_net(x, y, params, reg):
    layers = [Linear(params["W1"], params["b1"]), Relu(), Linear(params["W2"], params["b2"])]
    for layer in layers:
        x = layer.forward(x)
    loss, dout = softmax_loss(x, y)
    for layer in reversed(layers):
        dout = layer.backward(dout)
    grads = {}
    for i, layer in ((1, layers[0]), (2, layers[2])):
        loss += reg * 0.5 * float((layer.w**2).sum())
        grads[f"W{i}"] = layer.dw + reg * layer.w
        grads[f"b{i}"] = layer.db
    return loss, grads


# %% right: example by example
def two_layer_net(x, y, params, reg):
    grads = {key: reg * value if key[0] == "W" else np.zeros_like(value) for key, value in params.items()}
    loss = sum(reg * np.linalg.norm(params[key]) ** 2 / 2 for key in ("W1", "W2"))
    n = len(x)
    for i in range(n):
        hidden = params["b1"] + sum(x[i, j] * params["W1"][j] for j in range(len(x[i])))
        active = np.array([max(h, 0.0) for h in hidden])
        scores = active @ params["W2"] + params["b2"]
        one_loss, d = softmax_loss(scores[None], y[i : i + 1])
        loss += one_loss / n
        d = d[0] / n
        grads["W2"] += np.outer(active, d)
        grads["b2"] += d
        back = (params["W2"] @ d) * (hidden > 0)
        grads["W1"] += np.outer(x[i], back)
        grads["b1"] += back
    return loss, grads


# %% right: biases as another row of the weights
def two_layer_net(x, y, params, reg):
    one = np.ones((len(x), 1))
    first = np.vstack([params["W1"], params["b1"]])
    second = np.vstack([params["W2"], params["b2"]])
    x1 = np.hstack([x, one])
    z = x1 @ first
    h1 = np.hstack([np.clip(z, 0, None), one])
    loss, d = softmax_loss(h1 @ second, y)
    d2 = h1.T @ d
    d1 = x1.T @ ((d @ second.T)[:, :-1] * np.heaviside(z, 0))
    d1[:-1] += reg * params["W1"]
    d2[:-1] += reg * params["W2"]
    penalty = reg * (np.square(params["W1"]).sum() + np.square(params["W2"]).sum()) / 2
    return np.float64(loss + penalty), {"b2": d2[-1], "W2": d2[:-1], "b1": d1[-1], "W1": d1[:-1]}


# %% right: closures on a tape
def two_layer_net(x, y, params, reg):
    grads, tape = {}, []

    def linear(v, i):
        w = params["W%d" % i]

        def back(d):
            grads["W%d" % i] = v.T @ d + reg * w
            grads["b%d" % i] = d.sum(axis=0)
            return d @ w.T

        tape.append(back)
        return v @ w + params["b%d" % i]

    def relu(v):
        tape.append(lambda d: d * (v > 0))
        return v * (v > 0)

    scores = linear(relu(linear(x, 1)), 2)
    loss, d = softmax_loss(scores, y)
    while tape:
        d = tape.pop()(d)
    return loss + reg / 2 * sum((params[k] ** 2).sum() for k in ("W1", "W2")), grads


# %% wrong: no ReLU, forward and backward
# fails: test-two-layer-net-loss
# says: no ReLU between the layers
# from: solution
# -    active = np.maximum(hidden, 0)
# +    active = hidden
# -    dhidden = dscores @ w2.T * (hidden > 0)
# +    dhidden = dscores @ w2.T

# %% wrong: tanh
# says: tanh between the layers
# -    active = np.maximum(hidden, 0)
# +    active = np.tanh(hidden)
# -    dhidden = dscores @ w2.T * (hidden > 0)
# +    dhidden = dscores @ w2.T * (1 - active**2)

# %% wrong: a sigmoid
# says: a sigmoid between the layers
# -    active = np.maximum(hidden, 0)
# +    active = 1 / (1 + np.exp(-hidden))
# -    dhidden = dscores @ w2.T * (hidden > 0)
# +    dhidden = dscores @ w2.T * active * (1 - active)

# %% wrong: a leak
# says: a leak
# -    active = np.maximum(hidden, 0)
# +    active = np.where(hidden > 0, hidden, 0.01 * hidden)
# -    dhidden = dscores @ w2.T * (hidden > 0)
# +    dhidden = dscores @ w2.T * np.where(hidden > 0, 1, 0.01)

# %% wrong: a ReLU on the scores
# says: a ReLU after the last layer
# -    loss, dscores = softmax_loss(active @ w2 + params["b2"], y)
# +    scores = active @ w2 + params["b2"]
# +    loss, dscores = softmax_loss(np.maximum(scores, 0), y)
# +    dscores = dscores * (scores > 0)

# %% wrong: no first bias
# fails: test-two-layer-net-loss, test-two-layer-net-gradient
# because: without b1 its gradient is not the slope of the loss
# says: no bias in the first layer
# -    hidden = x @ w1 + params["b1"]
# +    hidden = x @ w1

# %% wrong: softmax twice
# says: softmax twice
# -    loss, dscores = softmax_loss(active @ w2 + params["b2"], y)
# +    scores = active @ w2 + params["b2"]
# +    e = np.exp(scores - scores.max(axis=1, keepdims=True))
# +    loss, dscores = softmax_loss(e / e.sum(axis=1, keepdims=True), y)

# %% wrong: no last bias
# fails: test-two-layer-net-loss, test-two-layer-net-gradient
# because: without b2 its gradient is not the slope of the loss
# says: no bias in the last layer
# -    loss, dscores = softmax_loss(active @ w2 + params["b2"], y)
# +    loss, dscores = softmax_loss(active @ w2, y)

# %% wrong: the loss divided by N again
# fails: test-two-layer-net-loss, test-two-layer-net-gradient
# because: the gradients are not those of this loss
# says: divided by N twice
# -    loss = loss + 0.5 * reg * (np.sum(w1**2) + np.sum(w2**2))
# +    loss = loss / len(y) + 0.5 * reg * (np.sum(w1**2) + np.sum(w2**2))

# %% wrong: no penalty in the loss
# fails: test-two-layer-net-penalty
# says: the penalty is left out
# -    loss = loss + 0.5 * reg * (np.sum(w1**2) + np.sum(w2**2))

# %% wrong: no half in the loss
# says: the penalty without its 1/2
# -    loss = loss + 0.5 * reg * (np.sum(w1**2) + np.sum(w2**2))
# +    loss = loss + reg * (np.sum(w1**2) + np.sum(w2**2))

# %% wrong: no half, and gradients that fit
# says: the penalty without its 1/2
# -    loss = loss + 0.5 * reg * (np.sum(w1**2) + np.sum(w2**2))
# +    loss = loss + reg * (np.sum(w1**2) + np.sum(w2**2))
# +    reg = 2 * reg

# %% wrong: W2 alone
# says: W1 is not in the penalty
# -    loss = loss + 0.5 * reg * (np.sum(w1**2) + np.sum(w2**2))
# +    loss = loss + 0.5 * reg * np.sum(w2**2)

# %% wrong: biases in the penalty
# says: the biases are in the penalty
# -    loss = loss + 0.5 * reg * (np.sum(w1**2) + np.sum(w2**2))
# +    loss = loss + 0.5 * reg * sum(np.sum(value**2) for value in params.values())

# %% wrong: biases in the penalty and in the gradients
# says: the biases are in the penalty
# -    loss = loss + 0.5 * reg * (np.sum(w1**2) + np.sum(w2**2))
# +    loss = loss + 0.5 * reg * sum(np.sum(value**2) for value in params.values())
# -    return loss, grads
# +    return loss, grads | {key: grads[key] + reg * params[key] for key in ("b1", "b2")}

# %% wrong: norms without squares
# says: there is no root
# -    loss = loss + 0.5 * reg * (np.sum(w1**2) + np.sum(w2**2))
# +    loss = loss + 0.5 * reg * (np.linalg.norm(w1) + np.linalg.norm(w2))

# %% wrong: absolute values
# says: L2 takes squares
# -    loss = loss + 0.5 * reg * (np.sum(w1**2) + np.sum(w2**2))
# +    loss = loss + 0.5 * reg * (np.sum(np.abs(w1)) + np.sum(np.abs(w2)))

# %% wrong: the penalty divided by N
# says: the penalty divided by N
# -    loss = loss + 0.5 * reg * (np.sum(w1**2) + np.sum(w2**2))
# +    loss = loss + 0.5 * reg / len(x) * (np.sum(w1**2) + np.sum(w2**2))

# %% wrong: means of squares
# says: the mean of the squares
# -    loss = loss + 0.5 * reg * (np.sum(w1**2) + np.sum(w2**2))
# +    loss = loss + 0.5 * reg * (np.mean(w1**2) + np.mean(w2**2))

# %% wrong: weight decay in place
# says: working in place
# -    return loss, grads
# +    for key in ("W1", "W2"):
# +        params[key] -= 1e-3 * grads[key]
# +    return loss, grads

# %% wrong: squares in place
# says: working in place
# -    loss = loss + 0.5 * reg * (np.sum(w1**2) + np.sum(w2**2))
# +    loss = loss + 0.5 * reg * (np.sum(w1**2) + np.sum(w2**2))
# +    x, w1 = x.copy(), w1.copy()
# -    return loss, grads
# +    y.sort()
# +    return loss, grads

# %% wrong: no mask
# fails: test-two-layer-net-gradient
# says: the gradient passes the ReLU unchanged
# -    dhidden = dscores @ w2.T * (hidden > 0)
# +    dhidden = dscores @ w2.T

# %% wrong: a mask of the gradient
# says: the sign of the gradient decides
# -    dhidden = dscores @ w2.T * (hidden > 0)
# +    dhidden = np.maximum(dscores @ w2.T, 0)

# %% wrong: hidden for its mask
# says: hidden itself for its mask
# -    dhidden = dscores @ w2.T * (hidden > 0)
# +    dhidden = dscores @ w2.T * active

# %% wrong: the mask at 0
# says: a gradient that passes at 0
# -    dhidden = dscores @ w2.T * (hidden > 0)
# +    dhidden = dscores @ w2.T * (hidden >= 0)

# %% wrong: hidden, not active
# says: what comes out of the ReLU
# -    grads |= {"W2": active.T @ dscores + reg * w2, "b2": dscores.sum(axis=0)}
# +    grads |= {"W2": hidden.T @ dscores + reg * w2, "b2": dscores.sum(axis=0)}

# %% wrong: sums over the batch
# says: sums over the batch
# -    dhidden = dscores @ w2.T * (hidden > 0)
# +    dscores = dscores * len(x)
# +    dhidden = dscores @ w2.T * (hidden > 0)

# %% wrong: divided by N again
# says: divided by N twice
# -    dhidden = dscores @ w2.T * (hidden > 0)
# +    dscores = dscores / len(x)
# +    dhidden = dscores @ w2.T * (hidden > 0)

# %% wrong: means for the biases
# says: a mean over the batch for the biases
# -    grads |= {"W2": active.T @ dscores + reg * w2, "b2": dscores.sum(axis=0)}
# +    grads |= {"W2": active.T @ dscores + reg * w2, "b2": dscores.mean(axis=0)}
# +    grads["b1"] = dhidden.mean(axis=0)

# %% wrong: biases as rows
# says: biases with an extra axis
# -    return loss, grads
# +    return loss, grads | {key: grads[key].reshape(1, -1) for key in ("b1", "b2")}

# %% wrong: no gradients of the biases
# says: the biases have no gradient
# -    return loss, grads
# +    return loss, {key: grads[key] for key in ("W1", "W2")}

# %% wrong: W2 updated too early
# says: not the gradient of your loss
# -    dhidden = dscores @ w2.T * (hidden > 0)
# +    dhidden = dscores @ (w2 - active.T @ dscores).T * (hidden > 0)

# %% wrong: a wrong sign
# fails: test-two-layer-net-gradient, test-two-layer-net-penalty-gradient
# because: the penalty has the wrong sign, too
# says: a wrong sign
# -    return loss, grads
# +    return loss, {key: -value for key, value in grads.items()}

# %% wrong: the updated parameters
# says: the parameters after a step
# -    return loss, grads
# +    return loss, {key: params[key] - grads[key] for key in grads}

# %% wrong: other keys
# because: nothing in it is right
# says: wrong keys
# -    return loss, grads
# +    return loss, {f"d{key}": value for key, value in grads.items()}

# %% wrong: no penalty in the gradients
# fails: test-two-layer-net-penalty-gradient
# says: no penalty in the gradients
# -    dhidden = dscores @ w2.T * (hidden > 0)
# +    reg = 0
# +    dhidden = dscores @ w2.T * (hidden > 0)

# %% wrong: twice the penalty
# says: 2 * reg * W
# -    dhidden = dscores @ w2.T * (hidden > 0)
# +    reg = 2 * reg
# +    dhidden = dscores @ w2.T * (hidden > 0)

# %% wrong: half the penalty
# says: half of reg * W
# -    dhidden = dscores @ w2.T * (hidden > 0)
# +    reg = reg / 2
# +    dhidden = dscores @ w2.T * (hidden > 0)

# %% wrong: the penalty subtracted
# says: the penalty subtracted
# -    dhidden = dscores @ w2.T * (hidden > 0)
# +    reg = -reg
# +    dhidden = dscores @ w2.T * (hidden > 0)

# %% wrong: the penalty on the biases
# says: the biases have a penalty
# -    return loss, grads
# +    return loss, grads | {key: grads[key] + reg * params[key] for key in ("b1", "b2")}

# %% wrong: no penalty on W1
# says: no penalty in the gradient of W1
# -    grads = {"W1": x.T @ dhidden + reg * w1, "b1": dhidden.sum(axis=0)}
# +    grads = {"W1": x.T @ dhidden, "b1": dhidden.sum(axis=0)}

# %% wrong: signs of the weights
# says: signs of the weights
# -    grads = {"W1": x.T @ dhidden + reg * w1, "b1": dhidden.sum(axis=0)}
# +    w1, w2 = np.sign(w1), np.sign(w2)
# +    grads = {"W1": x.T @ dhidden + reg * w1, "b1": dhidden.sum(axis=0)}

# %% wrong: the loss alone
# fails: test-two-layer-net-gradient, test-two-layer-net-penalty, test-two-layer-net-penalty-gradient
# because: without gradients there is little to ask
# says: not a pair
# -    return loss, grads
# +    return loss
