# %% right: signs again, and a sum of products
def xnor_dot(a, b, n):
    p = 2 * np.unpackbits(a, axis=-1)[..., :n].astype(int) - 1
    q = 2 * np.unpackbits(b, axis=-1)[..., :n].astype(int) - 1
    return (p * q).sum(axis=-1)


# %% right: xnor and a mask for the last byte
def xnor_dot(a, b, n):
    agree = ~(a ^ b)
    if n % 8:
        mask = np.full(a.shape[-1], 255, np.uint8)
        mask[-1] = (255 << (8 - n % 8)) & 255
        agree = agree & mask
    counts = np.array([bin(v).count("1") for v in range(256)])
    return 2 * counts[agree].sum(axis=-1) - n


# %% right: np.bitwise_count
def xnor_dot(a, b, n):
    differ = np.bitwise_xor(a, b)
    last = differ[..., -1] >> (-n % 8)
    total = np.bitwise_count(differ[..., :-1]).sum(axis=-1, dtype=np.int64) + np.bitwise_count(last)
    return n - 2 * total.astype(int)


# %% right: bit by bit
def xnor_dot(a, b, n):
    total = np.zeros(np.broadcast_shapes(a.shape, b.shape)[:-1], int)
    for i in range(n):
        byte, bit = i // 8, 7 - i % 8
        same = ((a[..., byte] >> bit) & 1) == ((b[..., byte] >> bit) & 1)
        total += np.where(same, 1, -1)
    return total


# %% right: Python's integers, for each pair
def xnor_dot(a, b, n):
    a, b = np.broadcast_arrays(a, b)
    out = np.zeros(a.shape[:-1], np.int64)
    for place in np.ndindex(out.shape):
        p, q = (int.from_bytes(v[place].tobytes(), "big") >> (-n % 8) for v in (a, b))
        out[place] = n - 2 * (p ^ q).bit_count()
    return out if out.ndim else int(out)


# %% right: a table of bytes, floats that are whole no more
def xnor_dot(a, b, n):
    table = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).sum(axis=1).astype(int)
    differ = np.array(a ^ b)
    differ[..., -1] &= np.uint8(256 - 2 ** (-n % 8))
    return n - 2 * np.take(table, differ).sum(axis=-1)


# %% wrong: the places that agree
# fails: test-xnor-dot-values
# says: the number of places that agree
# from: solution
# -    return n - 2 * differ.sum(axis=-1, dtype=int)
# +    return n - differ.sum(axis=-1, dtype=int)

# %% wrong: the places that differ
# says: the number of places that differ
# -    return n - 2 * differ.sum(axis=-1, dtype=int)
# +    return differ.sum(axis=-1, dtype=int)

# %% wrong: the sign turned round
# says: the sign turned round
# -    return n - 2 * differ.sum(axis=-1, dtype=int)
# +    return 2 * differ.sum(axis=-1, dtype=int) - n

# %% wrong: both bits 1
# says: two 0 bits agree too
# -    differ = np.unpackbits(a ^ b, axis=-1, count=n)
# -    return n - 2 * differ.sum(axis=-1, dtype=int)
# +    return np.unpackbits(a & b, axis=-1, count=n).sum(axis=-1, dtype=int)

# %% wrong: counted in eight bits
# says: counted in 8 bits
# -    return n - 2 * differ.sum(axis=-1, dtype=int)
# +    return n - 2 * differ.sum(axis=-1, dtype=np.uint8).astype(int)

# %% wrong: no negative numbers
# says: wrong value
# -    return n - 2 * differ.sum(axis=-1, dtype=int)
# +    return n - 2 * differ.sum(axis=-1)

# %% wrong: bytes compared
# fails: test-xnor-dot-values, test-xnor-dot-unused
# because: bytes of which a part counts are compared whole as well
# says: bytes compared
# -    return n - 2 * differ.sum(axis=-1, dtype=int)
# +    return n - 2 * np.sum(a != b, axis=-1)

# %% wrong: a float
# fails: test-xnor-dot-values
# says: a float, not an integer
# -    return n - 2 * differ.sum(axis=-1, dtype=int)
# +    return n - 2 * differ.sum(axis=-1, dtype=float)

# %% wrong: a changed in place
# says: working in place
# -    differ = np.unpackbits(a ^ b, axis=-1, count=n)
# +    both = a if a.shape == b.shape else a ^ b
# +    if both is a:
# +        a ^= b
# +    differ = np.unpackbits(both, axis=-1, count=n)

# %% wrong: unused bits counted
# fails: test-xnor-dot-unused
# says: unused bits counted
# -    differ = np.unpackbits(a ^ b, axis=-1, count=n)
# +    differ = np.unpackbits(a ^ b, axis=-1)

# %% wrong: all bits of the bytes
# says: all bits of the bytes
# -    differ = np.unpackbits(a ^ b, axis=-1, count=n)
# +    n = 8 * a.shape[-1]
# +    differ = np.unpackbits(a ^ b, axis=-1)

# %% wrong: the last n bits
# says: the last n bits
# -    differ = np.unpackbits(a ^ b, axis=-1, count=n)
# +    differ = np.unpackbits(a ^ b, axis=-1)[..., -n:]

# %% wrong: whole bytes only
# says: whole bytes only
# -    differ = np.unpackbits(a ^ b, axis=-1, count=n)
# +    differ = np.unpackbits(a ^ b, axis=-1, count=n // 8 * 8)

# %% wrong: all pairs added up
# fails: test-xnor-dot-broadcast
# says: all added up
# -    return n - 2 * differ.sum(axis=-1, dtype=int)
# +    return int((n - 2 * differ.sum(axis=-1, dtype=int)).sum())

# %% wrong: pairs of rows only
# says: pairs of rows only
# -    differ = np.unpackbits(a ^ b, axis=-1, count=n)
# -    return n - 2 * differ.sum(axis=-1, dtype=int)
# +    def one(p, q):
# +        return n - 2 * int(np.unpackbits(p ^ q, count=n).sum(dtype=int))
# +    if a.ndim == b.ndim == 1:
# +        return one(a, b)
# +    rows = zip(a.reshape(-1, a.shape[-1]), b.reshape(-1, b.shape[-1]))
# +    return np.array([one(p, q) for p, q in rows])
