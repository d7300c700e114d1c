# %% right: unpacked, as in the lecture
def winograd_1d(d, g, multiply=operator.mul):
    d0, d1, d2, d3 = d
    g0, g1, g2 = g
    a = multiply(d0 - d2, g0)
    b = multiply(d1 + d2, 0.5 * (g0 + g1 + g2))
    c = multiply(d2 - d1, 0.5 * (g0 - g1 + g2))
    e = multiply(d1 - d3, g2)
    return (a + b + c, b - c - e)


# %% right: the matrices, and a loop over four products
def winograd_1d(d, g, multiply=operator.mul):
    BT = np.array([[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]])
    G = np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]])
    AT = np.array([[1, 1, 1, 0], [0, 1, -1, -1]])
    m = np.array([multiply(p, q) for p, q in zip(BT @ np.array(d), G @ np.array(g))])
    return AT @ m


# %% right: other signs, which cancel
def winograd_1d(d, g, multiply=operator.mul):
    m1 = multiply(d[0] - d[2], g[0])
    m2 = multiply(d[1] + d[2], (g[0] + g[1] + g[2]) / 2)
    m3 = multiply(d[1] - d[2], (g[0] - g[1] + g[2]) / 2)
    m4 = multiply(d[3] - d[1], g[2])
    return [m1 + m2 - m3, m2 + m3 + m4]


# %% right: the halves taken of the products
def winograd_1d(d, g, multiply=operator.mul):
    even, odd = g[0] + g[2], g[1]
    plus = multiply(d[1] + d[2], even + odd) / 2
    minus = multiply(d[2] - d[1], even - odd) / 2
    first, last = multiply(d[0] - d[2], g[0]), multiply(d[1] - d[3], g[2])
    return np.array([first + plus + minus, plus - minus - last])


# %% right: map over pairs
def winograd_1d(d, g, multiply=operator.mul):
    d, g = [float(v) for v in d], [float(v) for v in g]
    data = d[0] - d[2], d[1] + d[2], d[2] - d[1], d[1] - d[3]
    taps = g[0], sum(g) / 2, (sum(g) - 2 * g[1]) / 2, g[2]
    m = list(map(multiply, data, taps))
    return m[0] + m[1] + m[2], m[1] - m[2] - m[3]


# %% right: the last product first
def winograd_1d(d, g, multiply=operator.mul):
    out = [0, 0]
    out[1] = -multiply(d[1] - d[3], g[2])
    both = multiply(d[1] + d[2], (g[0] + g[1] + g[2]) / 2)
    apart = multiply(d[2] - d[1], (g[0] - g[1] + g[2]) / 2)
    out[0] += both + apart
    out[1] += both - apart
    out[0] += multiply(d[0] - d[2], g[0])
    return tuple(out)


# %% wrong: the filter flipped
# fails: test-winograd-1d-values
# says: the filter flipped
# from: solution
# -    m1 = multiply(d[0] - d[2], g[0])
# +    g = g[::-1]
# +    m1 = multiply(d[0] - d[2], g[0])

# %% wrong: the halves left out
# says: the halves left out
# -    m2 = multiply(d[1] + d[2], (g[0] + g[1] + g[2]) / 2)
# +    m2 = multiply(d[1] + d[2], g[0] + g[1] + g[2])
# -    m3 = multiply(d[2] - d[1], (g[0] - g[1] + g[2]) / 2)
# +    m3 = multiply(d[2] - d[1], g[0] - g[1] + g[2])

# %% wrong: the sign of m3
# says: the sign of m3
# -    m3 = multiply(d[2] - d[1], (g[0] - g[1] + g[2]) / 2)
# +    m3 = multiply(d[1] - d[2], (g[0] - g[1] + g[2]) / 2)

# %% wrong: the sign of m4
# says: the sign of m4
# -    m4 = multiply(d[1] - d[3], g[2])
# +    m4 = multiply(d[3] - d[1], g[2])

# %% wrong: m3 added in the second output
# says: the sign of m3 in the second output
# -    return m1 + m2 + m3, m2 - m3 - m4
# +    return m1 + m2 + m3, m2 + m3 - m4

# %% wrong: m3 taken off in the first output
# says: the sign of m3 in the first output
# -    return m1 + m2 + m3, m2 - m3 - m4
# +    return m1 + m2 - m3, m2 - m3 - m4

# %% wrong: the outputs in the wrong order
# says: the outputs in the wrong order
# -    return m1 + m2 + m3, m2 - m3 - m4
# +    return m2 - m3 - m4, m1 + m2 + m3

# %% wrong: the first output alone
# says: the first output alone
# -    return m1 + m2 + m3, m2 - m3 - m4
# +    return m1 + m2 + m3

# %% wrong: two windows, six products
# fails: test-winograd-1d-count
# says: the two windows one by one
# -    m1 = multiply(d[0] - d[2], g[0])
# +    return [sum(multiply(d[i + k], g[k]) for k in range(3)) for i in range(2)]
# +    m1 = multiply(d[0] - d[2], g[0])

# %% wrong: products with *
# says: products made without `multiply`
# -    m1 = multiply(d[0] - d[2], g[0])
# +    multiply = operator.mul
# +    m1 = multiply(d[0] - d[2], g[0])

# %% wrong: one product with *
# says: 4 calls of multiply
# -    m4 = multiply(d[1] - d[3], g[2])
# +    m4 = (d[1] - d[3]) * g[2]

# %% wrong: four calls, and products beside them
# says: some products are made without `multiply`
# -    m4 = multiply(d[1] - d[3], g[2])
# +    multiply(d[1] - d[3], g[2])
# +    m4 = (d[1] - d[3]) * g[2]

# %% wrong: halves by multiply
# says: 4 calls of multiply
# -    m2 = multiply(d[1] + d[2], (g[0] + g[1] + g[2]) / 2)
# +    m2 = multiply(d[1] + d[2], multiply(g[0] + g[1] + g[2], 0.5))

# %% wrong: whole arrays
# says: whole arrays handed to `multiply`
# -    m1 = multiply(d[0] - d[2], g[0])
# +    data = np.array([d[0] - d[2], d[1] + d[2], d[2] - d[1], d[1] - d[3]])
# +    m = multiply(data, np.array([g[0], sum(g) / 2, (g[0] - g[1] + g[2]) / 2, g[2]]))
# +    return m[0] + m[1] + m[2], m[1] - m[2] - m[3]
# +    m1 = multiply(d[0] - d[2], g[0])

# %% wrong: the filter first
# says: the data come first
# -    m1 = multiply(d[0] - d[2], g[0])
# +    m1 = multiply(g[0], d[0] - d[2])
