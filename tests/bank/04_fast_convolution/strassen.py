# %% right: quarters by slices, odd sizes padded in the recursion
def strassen(a, b, leaf=64, multiply=np.matmul):
    m, k = a.shape
    if b.shape[0] != k:
        raise ValueError("inner sizes")
    n = b.shape[1]
    if m <= leaf and k <= leaf and n <= leaf:
        return multiply(a, b)
    h, i, j = -(-m // 2), -(-k // 2), -(-n // 2)
    A, B = np.zeros((2 * h, 2 * i)), np.zeros((2 * i, 2 * j))
    A[:m, :k], B[:k, :n] = a, b
    A11, A12, A21, A22 = A[:h, :i], A[:h, i:], A[h:, :i], A[h:, i:]
    B11, B12, B21, B22 = B[:i, :j], B[:i, j:], B[i:, :j], B[i:, j:]

    def again(p, q):
        return strassen(p, q, leaf, multiply)

    M1 = again(A11 + A22, B11 + B22)
    M2 = again(A21 + A22, B11)
    M3 = again(A11, B12 - B22)
    M4 = again(A22, B21 - B11)
    M5 = again(A11 + A12, B22)
    M6 = again(A21 - A11, B11 + B12)
    M7 = again(A12 - A22, B21 + B22)
    C = np.empty((2 * h, 2 * j))
    C[:h, :j] = M1 + M4 - M5 + M7
    C[:h, j:] = M3 + M5
    C[h:, :j] = M2 + M4
    C[h:, j:] = M1 - M2 + M3 + M6
    return C[:m, :n]


# %% right: Winograd's form, with fewer sums
def strassen(a, b, leaf=64, multiply=np.matmul):
    if a.shape[1] != len(b):
        raise ValueError
    if max(*a.shape, b.shape[1]) <= leaf:
        return multiply(a, b)
    rows, columns = len(a), b.shape[1]
    a = np.pad(a, [(0, s % 2) for s in a.shape])
    b = np.pad(b, [(0, s % 2) for s in b.shape])
    p, q, r = len(a) // 2, a.shape[1] // 2, b.shape[1] // 2
    s1 = a[p:, :q] + a[p:, q:]
    s2 = s1 - a[:p, :q]
    s3 = a[:p, :q] - a[p:, :q]
    s4 = a[:p, q:] - s2
    t1 = b[:q, r:] - b[:q, :r]
    t2 = b[q:, r:] - t1
    t3 = b[q:, r:] - b[:q, r:]
    t4 = t2 - b[q:, :r]
    p1 = strassen(a[:p, :q], b[:q, :r], leaf, multiply)
    p2 = strassen(a[:p, q:], b[q:, :r], leaf, multiply)
    p3 = strassen(s4, b[q:, r:], leaf, multiply)
    p4 = strassen(a[p:, q:], t4, leaf, multiply)
    p5 = strassen(s1, t1, leaf, multiply)
    p6 = strassen(s2, t2, leaf, multiply)
    p7 = strassen(s3, t3, leaf, multiply)
    u2 = p1 + p6
    u3 = u2 + p7
    top = np.hstack([p1 + p2, u2 + p5 + p3])
    bottom = np.hstack([u3 - p4, u3 + p5])
    return np.vstack([top, bottom])[:rows, :columns]


# %% right: padded once, to leaf times a power of two
def square_product(a, b, leaf, multiply):
    n = len(a)
    if n <= leaf:
        return multiply(a, b)
    h = n // 2
    (a11, a12), (a21, a22) = (a[:h, :h], a[:h, h:]), (a[h:, :h], a[h:, h:])
    (b11, b12), (b21, b22) = (b[:h, :h], b[:h, h:]), (b[h:, :h], b[h:, h:])
    pairs = [(a11 + a22, b11 + b22), (a21 + a22, b11), (a11, b12 - b22), (a22, b21 - b11)]
    pairs += [(a11 + a12, b22), (a21 - a11, b11 + b12), (a12 - a22, b21 + b22)]
    m = [None] + [square_product(p, q, leaf, multiply) for p, q in pairs]
    return np.block(
        [[m[1] + m[4] - m[5] + m[7], m[3] + m[5]], [m[2] + m[4], m[1] - m[2] + m[3] + m[6]]]
    )


def strassen(a, b, leaf=64, multiply=np.matmul):
    if a.shape[1] != b.shape[0]:
        raise ValueError(f"{a.shape} @ {b.shape}")
    largest = max(a.shape + b.shape)
    if largest <= leaf:
        return multiply(a, b)
    side = leaf
    while side < largest:
        side *= 2
    full = [np.pad(x, ((0, side - x.shape[0]), (0, side - x.shape[1]))) for x in (a, b)]
    return square_product(*full, leaf, multiply)[: a.shape[0], : b.shape[1]]


# %% right: tables of signs
def strassen(a, b, leaf=64, multiply=np.matmul):
    (m, k), (l, n) = np.shape(a), np.shape(b)
    if k != l:
        raise ValueError("no product")
    if all(size <= leaf for size in (m, k, n)):
        return multiply(a, b)
    left = [[1, 0, 0, 1], [0, 0, 1, 1], [1, 0, 0, 0], [0, 0, 0, 1], [1, 1, 0, 0], [-1, 0, 1, 0], [0, 1, 0, -1]]
    right = [[1, 0, 0, 1], [1, 0, 0, 0], [0, 1, 0, -1], [-1, 0, 1, 0], [0, 0, 0, 1], [1, 1, 0, 0], [0, 0, 1, 1]]
    back = [[1, 0, 0, 1, -1, 0, 1], [0, 0, 1, 0, 1, 0, 0], [0, 1, 0, 1, 0, 0, 0], [1, -1, 1, 0, 0, 1, 0]]

    def quarters(x):
        x = np.pad(x, ((0, x.shape[0] % 2), (0, x.shape[1] % 2)))
        h, w = x.shape[0] // 2, x.shape[1] // 2
        return x.reshape(2, h, 2, w).swapaxes(1, 2).reshape(4, h, w)

    p, q = np.tensordot(left, quarters(a), 1), np.tensordot(right, quarters(b), 1)
    products = np.array([strassen(s, t, leaf, multiply) for s, t in zip(p, q)])
    c = np.tensordot(back, products, 1)
    h, w = c.shape[1:]
    return c.reshape(2, 2, h, w).swapaxes(1, 2).reshape(2 * h, 2 * w)[:m, :n]


# %% right: an odd row or column peeled off
def strassen(a, b, leaf=64, multiply=np.matmul):
    if a.shape[1] != b.shape[0]:
        raise ValueError("inner sizes differ")
    if max(a.shape) <= leaf and max(b.shape) <= leaf:
        return multiply(a, b)
    a, b = np.array(a, float), np.array(b, float)
    m, n = a.shape[0], b.shape[1]
    if a.shape[0] % 2:
        a = np.vstack([a, np.zeros((1, a.shape[1]))])
    if b.shape[1] % 2:
        b = np.hstack([b, np.zeros((b.shape[0], 1))])
    if a.shape[1] % 2:
        a, b = np.hstack([a, np.zeros((a.shape[0], 1))]), np.vstack([b, np.zeros((1, b.shape[1]))])
    (a, c), (b, d) = np.hsplit(a, 2), np.hsplit(b, 2)
    (a11, a21), (a12, a22) = np.vsplit(a, 2), np.vsplit(c, 2)
    (b11, b21), (b12, b22) = np.vsplit(b, 2), np.vsplit(d, 2)
    m1 = strassen(a11 + a22, b11 + b22, leaf, multiply)
    m2 = strassen(a21 + a22, b11, leaf, multiply)
    m3 = strassen(a11, b12 - b22, leaf, multiply)
    m4 = strassen(a22, b21 - b11, leaf, multiply)
    m5 = strassen(a11 + a12, b22, leaf, multiply)
    m6 = strassen(a21 - a11, b11 + b12, leaf, multiply)
    m7 = strassen(a12 - a22, b21 + b22, leaf, multiply)
    left = np.vstack([m1 + m4 - m5 + m7, m2 + m4])
    return np.hstack([left, np.vstack([m3 + m5, m1 - m2 + m3 + m6])])[:m, :n]


# %% right: lists of lists for the sums, a list returned
def strassen(a, b, leaf=64, multiply=np.matmul):
    m, k, n = len(a), len(a[0]), len(b[0])
    if k != len(b):
        raise ValueError
    if max(m, k, n) <= leaf:
        return np.asarray(multiply(np.asarray(a), np.asarray(b))).tolist()

    def quarters(x):
        rows, columns = len(x) + len(x) % 2, len(x[0]) + len(x[0]) % 2
        full = [[float(v) for v in row] + [0.0] * (columns - len(row)) for row in x]
        full += [[0.0] * columns] * (rows - len(x))
        h, w = rows // 2, columns // 2
        return [[row[j : j + w] for row in full[i : i + h]] for i in (0, h) for j in (0, w)]

    def add(x, y, sign=1):
        return [[p + sign * q for p, q in zip(r, s)] for r, s in zip(x, y)]

    (a1, a2, a3, a4), (b1, b2, b3, b4) = quarters(a), quarters(b)
    go = lambda p, q: strassen(p, q, leaf, multiply)  # noqa: E731
    m1, m2, m3 = go(add(a1, a4), add(b1, b4)), go(add(a3, a4), b1), go(a1, add(b2, b4, -1))
    m4, m5 = go(a4, add(b3, b1, -1)), go(add(a1, a2), b4)
    m6, m7 = go(add(a3, a1, -1), add(b1, b2)), go(add(a2, a4, -1), add(b3, b4))
    c1, c2 = add(add(add(m1, m4), m5, -1), m7), add(m3, m5)
    c3, c4 = add(m2, m4), add(add(add(m1, m2, -1), m3), m6)
    whole = [r + s for r, s in zip(c1, c2)] + [r + s for r, s in zip(c3, c4)]
    return [row[:n] for row in whole[:m]]


# %% wrong: M4 the other way round
# fails: test-strassen-values
# says: it has B21 - B11
# from: solution
# -    m4 = strassen(a22, b21 - b11, leaf, multiply)
# +    m4 = strassen(a22, b11 - b21, leaf, multiply)

# %% wrong: M6 the other way round
# says: it has A21 - A11
# -    m6 = strassen(a21 - a11, b11 + b12, leaf, multiply)
# +    m6 = strassen(a11 - a21, b11 + b12, leaf, multiply)

# %% wrong: M7 the other way round
# says: it has A12 - A22
# -    m7 = strassen(a12 - a22, b21 + b22, leaf, multiply)
# +    m7 = strassen(a22 - a12, b21 + b22, leaf, multiply)

# %% wrong: M5 added
# says: M5 added to the first quarter
# -    product = np.block([[m1 + m4 - m5 + m7, m3 + m5], [m2 + m4, m1 - m2 + m3 + m6]])
# +    product = np.block([[m1 + m4 + m5 + m7, m3 + m5], [m2 + m4, m1 - m2 + m3 + m6]])

# %% wrong: M2 added
# says: M2 added to the last quarter
# -    product = np.block([[m1 + m4 - m5 + m7, m3 + m5], [m2 + m4, m1 - m2 + m3 + m6]])
# +    product = np.block([[m1 + m4 - m5 + m7, m3 + m5], [m2 + m4, m1 + m2 + m3 + m6]])

# %% wrong: the quarters swapped
# says: the quarters on the right and at the bottom swapped
# -    product = np.block([[m1 + m4 - m5 + m7, m3 + m5], [m2 + m4, m1 - m2 + m3 + m6]])
# +    product = np.block([[m1 + m4 - m5 + m7, m2 + m4], [m3 + m5, m1 - m2 + m3 + m6]])

# %% wrong: sums made in place
# says: wrong values
# -    m1 = strassen(a11 + a22, b11 + b22, leaf, multiply)
# +    a11 += a22
# +    m1 = strassen(a11, b11 + b22, leaf, multiply)

# %% wrong: eight products
# fails: test-strassen-count
# says: eight products of quarters
# -    m1 = strassen(a11 + a22, b11 + b22, leaf, multiply)
# +    go = lambda p, q: strassen(p, q, leaf, multiply)
# +    top = [go(a11, b11) + go(a12, b21), go(a11, b12) + go(a12, b22)]
# +    return np.block([top, [go(a21, b11) + go(a22, b21), go(a21, b12) + go(a22, b22)]])[:m, :n]
# +    m1 = strassen(a11 + a22, b11 + b22, leaf, multiply)

# %% wrong: all in one call
# fails: test-strassen-count, test-strassen-shapes
# because: leaf is not looked at, whatever the sizes
# says: blocks of which one size is above leaf
# -    if max(m, k, n) <= leaf:
# +    if True:

# %% wrong: np.matmul in the place of multiply
# fails: test-strassen-count
# says: products made without `multiply`
# -    if max(m, k, n) <= leaf:
# -        return multiply(a, b)
# +    if max(m, k, n) <= leaf:
# +        return a @ b

# %% wrong: multiply is not passed on
# says: 0 calls
# -    if max(m, k, n) <= leaf:
# +    multiply = np.matmul
# +    if max(m, k, n) <= leaf:

# %% wrong: leaf is not passed on
# says: the wrong number of products
# -    (m, k), (inner, n) = a.shape, b.shape
# +    (m, k), (inner, n) = a.shape, b.shape
# +    first, leaf = leaf, 1 if max(a.shape) > leaf else leaf

# %% wrong: cut down to numbers
# says: blocks of at most leaf are not cut
# -    if max(m, k, n) <= leaf:
# +    if max(m, k, n) <= 1:

# %% wrong: one size of at most leaf
# fails: test-strassen-shapes
# says: all three are at most leaf
# -    if max(m, k, n) <= leaf:
# +    if min(m, k, n) <= leaf:

# %% wrong: odd sizes lose a row
# says: odd sizes lose their last row or column
# -    a, b = np.pad(a, ((0, m % 2), (0, k % 2))), np.pad(b, ((0, k % 2), (0, n % 2)))
# +    a, b = a[: m - m % 2, : k - k % 2], b[: k - k % 2, : n - n % 2]

# %% wrong: the zeros not cut off
# says: the row or column of zeros is still there
# -    return product[:m, :n]
# +    return product

# %% wrong: odd sizes not thought of
# says: raised ValueError
# -    a, b = np.pad(a, ((0, m % 2), (0, k % 2))), np.pad(b, ((0, k % 2), (0, n % 2)))
# +    a, b = a, b

# %% wrong: nothing refused
# fails: test-strassen-refused
# says: no ValueError
# -    if k != inner:
# -        raise ValueError(f"{a.shape} and {b.shape} have no product")
# +    if k != inner:
# +        a, b = a[:, : min(k, inner)], b[: min(k, inner)]
# +        k = inner = min(k, inner)

# %% wrong: filled up with zeros
# says: nothing is refused
# -    if k != inner:
# -        raise ValueError(f"{a.shape} and {b.shape} have no product")
# +    if k != inner:
# +        both = max(k, inner)
# +        a, b = np.pad(a, ((0, 0), (0, both - k))), np.pad(b, ((0, both - inner), (0, 0)))
# +        k = inner = both

# %% wrong: another leaf by default
# fails: test-strassen-count
# says: the wrong number of products
# -def strassen(a, b, leaf=64, multiply=np.matmul):
# +def strassen(a, b, leaf=32, multiply=np.matmul):


# %% wrong: the size in the middle not looked at
# fails: test-strassen-shapes
# says: blocks that are too large
def strassen(a, b, leaf=64, multiply=np.matmul):
    (m, k), (inner, n) = a.shape, b.shape
    if k != inner:
        raise ValueError(f"{k} columns, {inner} rows")
    if m <= leaf and n <= leaf:
        return multiply(a, b)
    a, b = np.pad(a, ((0, m % 2), (0, k % 2))), np.pad(b, ((0, k % 2), (0, n % 2)))
    (p, q), (r, s) = (np.hsplit(half, 2) for half in np.vsplit(a, 2))
    (t, u), (v, w) = (np.hsplit(half, 2) for half in np.vsplit(b, 2))
    m1 = strassen(p + s, t + w, leaf, multiply)
    m2 = strassen(r + s, t, leaf, multiply)
    m3 = strassen(p, u - w, leaf, multiply)
    m4 = strassen(s, v - t, leaf, multiply)
    m5 = strassen(p + q, w, leaf, multiply)
    m6 = strassen(r - p, t + u, leaf, multiply)
    m7 = strassen(q - s, v + w, leaf, multiply)
    return np.block([[m1 + m4 - m5 + m7, m3 + m5], [m2 + m4, m1 - m2 + m3 + m6]])[:m, :n]
