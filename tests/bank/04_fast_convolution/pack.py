# %% right: where and packbits
def pack(signs):
    return np.packbits(np.where(np.asarray(signs) == 1, 1, 0), axis=-1)


# %% right: powers of two
def pack(signs):
    n = signs.shape[-1]
    full = np.zeros((*signs.shape[:-1], -(-n // 8) * 8), int)
    full[..., :n] = (signs + 1) // 2
    groups = full.reshape(*signs.shape[:-1], -1, 8)
    return (groups * 2 ** np.arange(7, -1, -1)).sum(axis=-1).astype(np.uint8)


# %% right: loops and shifts
def pack(signs):
    signs = np.array(signs)
    n = signs.shape[-1]
    out = np.zeros((*signs.shape[:-1], math.ceil(n / 8)), np.uint8)
    for place in np.ndindex(signs.shape):
        if signs[place] > 0:
            byte, bit = divmod(place[-1], 8)
            out[(*place[:-1], byte)] |= 1 << (7 - bit)
    return out


# %% right: ones after the last sign
def pack(signs):
    n = signs.shape[-1]
    wide = np.ones((*signs.shape[:-1], (n + 7) // 8 * 8), bool)
    wide[..., :n] = signs == 1
    return np.packbits(wide, axis=-1)


# %% right: strings of zeros and ones
def pack(signs):
    if signs.ndim > 1:
        return np.array([pack(row) for row in signs])
    text = "".join("1" if s > 0 else "0" for s in signs)
    parts = [text[i : i + 8].ljust(8, "0") for i in range(0, len(text), 8)]
    return np.array([int(part, 2) for part in parts], dtype=np.uint8)


# %% right: eight slices
def pack(signs):
    n = signs.shape[-1]
    wide = np.concatenate([signs, -np.ones((*signs.shape[:-1], -n % 8))], axis=-1) > 0
    out = np.zeros((*signs.shape[:-1], wide.shape[-1] // 8), np.uint8)
    for bit in range(8):
        out = 2 * out + wide[..., bit::8]
    return out.astype(np.uint8)


# %% wrong: the lowest bit first
# fails: test-pack-bits
# says: the first sign in the lowest bit
# from: solution
# -    return np.packbits(signs > 0, axis=-1)
# +    return np.packbits(signs > 0, axis=-1, bitorder="little")

# %% wrong: -1 for a 1 bit
# says: -1 for a 1 bit
# -    return np.packbits(signs > 0, axis=-1)
# +    return np.packbits(signs < 0, axis=-1)

# %% wrong: what is not 0
# fails: test-pack-bits, test-pack-rest
# because: every bit is 1
# says: -1 packed as a number that is not 0
# -    return np.packbits(signs > 0, axis=-1)
# +    return np.packbits(signs != 0, axis=-1)

# %% wrong: along all axes
# because: several vectors become one
# says: packed along all axes
# -    return np.packbits(signs > 0, axis=-1)
# +    return np.packbits(signs > 0)

# %% wrong: a byte for each sign
# because: nothing is packed
# says: a byte for each sign
# -    return np.packbits(signs > 0, axis=-1)
# +    return (signs > 0).astype(np.uint8)

# %% wrong: zeros before the first sign
# fails: test-pack-rest
# says: zeros before the first sign
# -    return np.packbits(signs > 0, axis=-1)
# +    front = np.zeros((*signs.shape[:-1], -signs.shape[-1] % 8), bool)
# +    return np.packbits(np.concatenate([front, signs > 0], axis=-1), axis=-1)

# %% wrong: the last byte from below
# says: the last byte filled from its lowest bit
# -    return np.packbits(signs > 0, axis=-1)
# +    out = np.packbits(signs > 0, axis=-1)
# +    out[..., -1] >>= -signs.shape[-1] % 8
# +    return out

# %% wrong: what does not fill a byte is dropped
# says: signs that do not fill a byte are dropped
# -    return np.packbits(signs > 0, axis=-1)
# +    return np.packbits(signs[..., : signs.shape[-1] // 8 * 8] > 0, axis=-1)

# %% wrong: a byte too many
# fails: test-pack-bits, test-pack-rest
# because: whole bytes have one too many as well
# says: a byte too many
# -    return np.packbits(signs > 0, axis=-1)
# +    more = np.zeros((*signs.shape[:-1], 8 - signs.shape[-1] % 8), bool)
# +    return np.packbits(np.concatenate([signs > 0, more], axis=-1), axis=-1)

# %% wrong: int64
# fails: test-pack-rest
# says: wrong dtype
# -    return np.packbits(signs > 0, axis=-1)
# +    return np.packbits(signs > 0, axis=-1).astype(int)

# %% wrong: signs changed in place
# fails: test-pack-bits
# says: working in place
# -    return np.packbits(signs > 0, axis=-1)
# +    signs[signs < 0] = 0
# +    return np.packbits(signs > 0, axis=-1)
