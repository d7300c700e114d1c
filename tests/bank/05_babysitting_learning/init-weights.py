# %% right: if, elif
def init_weights(fan_in, fan_out, scheme, rng):
    if scheme == "small":
        std = 0.01
    elif scheme == "xavier":
        std = 1 / np.sqrt(fan_in)
    elif scheme == "he":
        std = np.sqrt(2 / fan_in)
    else:
        raise ValueError("unknown scheme: " + str(scheme))
    return std * rng.standard_normal((fan_in, fan_out))


# %% right: rng.normal with scale, match
def init_weights(fan_in, fan_out, scheme, rng):
    match scheme:
        case "small":
            scale = 1e-2
        case "xavier":
            scale = fan_in**-0.5
        case "he":
            scale = (2.0 / fan_in) ** 0.5
        case _:
            raise ValueError(f"{scheme} is none of small, xavier, he")
    return rng.normal(scale=scale, size=(fan_in, fan_out))


# %% right: column by column
import math


def init_weights(fan_in, fan_out, scheme, rng):
    variances = dict(small=0.0001, xavier=1.0 / fan_in, he=2.0 / fan_in)
    try:
        deviation = math.sqrt(variances[scheme])
    except KeyError:
        raise ValueError("no scheme called %s" % scheme) from None
    return np.stack([rng.normal(0.0, deviation, fan_in) for _ in range(fan_out)], axis=1)


# %% right: drawn transposed
def init_weights(fan_in, fan_out, scheme, rng):
    known = ["small", "xavier", "he"]
    if scheme not in known:
        raise ValueError(f"scheme {scheme!r} is not one of {known}")
    w = rng.standard_normal((fan_out, fan_in)).T
    return w * [0.01, np.sqrt(1 / fan_in), np.sqrt(2 / fan_in)][known.index(scheme)]


# %% right: in place, divided by the root
def init_weights(fan_in, fan_out, scheme, rng):
    W = rng.standard_normal(size=fan_in * fan_out).reshape(fan_in, fan_out)
    if scheme == "small":
        W *= 0.01
    elif scheme in ("xavier", "he"):
        W /= np.sqrt(fan_in / (1 if scheme == "xavier" else 2))
    else:
        raise ValueError(scheme)
    return W


# %% right: one number at a time, lists, functions in a dict
SCHEMES = {
    "small": lambda n: 0.01,
    "xavier": lambda n: n**-0.5,
    "he": lambda n: (n / 2) ** -0.5,
}


class UnknownScheme(ValueError):
    pass


def init_weights(fan_in, fan_out, scheme, rng):
    if scheme not in SCHEMES:
        raise UnknownScheme(f"{scheme}?")
    std = SCHEMES[scheme](fan_in)
    return [[rng.normal(0, std) for _ in range(fan_out)] for _ in range(fan_in)]


# %% wrong: transposed
# fails: test-init-weights-shape
# says: transposed
# from: solution
# -    return rng.normal(0, deviations[scheme], (fan_in, fan_out))
# +    return rng.normal(0, deviations[scheme], (fan_out, fan_in))

# %% wrong: a row for the bias
# says: one column for the bias too
# -    return rng.normal(0, deviations[scheme], (fan_in, fan_out))
# +    return rng.normal(0, deviations[scheme], (fan_in + 1, fan_out))

# %% wrong: one axis
# fails: test-init-weights-shape, test-init-weights-spread, test-init-weights-normal
# because: numbers with one axis are no weights
# says: one axis
# -    return rng.normal(0, deviations[scheme], (fan_in, fan_out))
# +    return rng.normal(0, deviations[scheme], fan_in * fan_out)

# %% wrong: a single number
# says: a single number
# -    return rng.normal(0, deviations[scheme], (fan_in, fan_out))
# +    return rng.normal(0, deviations[scheme])

# %% wrong: the mean of both fans
# fails: test-init-weights-spread
# says: the mean of fan-in and fan-out
# -    deviations = {"small": 0.01, "xavier": np.sqrt(1 / fan_in), "he": np.sqrt(2 / fan_in)}
# +    xavier = np.sqrt(2 / (fan_in + fan_out))
# +    deviations = {"small": 0.01, "xavier": xavier, "he": np.sqrt(2 / fan_in)}

# %% wrong: both schemes with the mean of both fans
# says: the mean of fan-in and fan-out
# -    deviations = {"small": 0.01, "xavier": np.sqrt(1 / fan_in), "he": np.sqrt(2 / fan_in)}
# +    fan = (fan_in + fan_out) / 2
# +    deviations = {"small": 0.01, "xavier": np.sqrt(1 / fan), "he": np.sqrt(2 / fan)}

# %% wrong: the fan-out
# says: the fan-out
# -    deviations = {"small": 0.01, "xavier": np.sqrt(1 / fan_in), "he": np.sqrt(2 / fan_in)}
# +    deviations = {"small": 0.01, "xavier": np.sqrt(1 / fan_out), "he": np.sqrt(2 / fan_out)}

# %% wrong: the variance for the deviation
# says: the variance for the standard deviation
# -    deviations = {"small": 0.01, "xavier": np.sqrt(1 / fan_in), "he": np.sqrt(2 / fan_in)}
# +    deviations = {"small": 0.01, "xavier": 1 / fan_in, "he": 2 / fan_in}

# %% wrong: divided by the fan-in
# says: divided by the fan-in, not by its root
# -    deviations = {"small": 0.01, "xavier": np.sqrt(1 / fan_in), "he": np.sqrt(2 / fan_in)}
# +    deviations = {"small": 0.01, "xavier": 1 / fan_in, "he": np.sqrt(2) / fan_in}

# %% wrong: swapped
# says: xavier and he are swapped
# -    deviations = {"small": 0.01, "xavier": np.sqrt(1 / fan_in), "he": np.sqrt(2 / fan_in)}
# +    deviations = {"small": 0.01, "xavier": np.sqrt(2 / fan_in), "he": np.sqrt(1 / fan_in)}

# %% wrong: he without its 2
# says: he is the same as xavier
# -    deviations = {"small": 0.01, "xavier": np.sqrt(1 / fan_in), "he": np.sqrt(2 / fan_in)}
# +    deviations = {"small": 0.01, "xavier": np.sqrt(1 / fan_in), "he": np.sqrt(1 / fan_in)}

# %% wrong: he with half
# says: he with half of 1 / fan-in
# -    deviations = {"small": 0.01, "xavier": np.sqrt(1 / fan_in), "he": np.sqrt(2 / fan_in)}
# +    deviations = {"small": 0.01, "xavier": np.sqrt(1 / fan_in), "he": np.sqrt(1 / (2 * fan_in))}

# %% wrong: the 2 outside the root
# says: he with the 2 outside the root
# -    deviations = {"small": 0.01, "xavier": np.sqrt(1 / fan_in), "he": np.sqrt(2 / fan_in)}
# +    deviations = {"small": 0.01, "xavier": np.sqrt(1 / fan_in), "he": 2 / np.sqrt(fan_in)}

# %% wrong: multiplied by the root of fan-in
# says: the root of fan-in as a factor
# -    deviations = {"small": 0.01, "xavier": np.sqrt(1 / fan_in), "he": np.sqrt(2 / fan_in)}
# +    deviations = {"small": 0.01, "xavier": np.sqrt(fan_in), "he": np.sqrt(2 * fan_in)}

# %% wrong: 0.01 for all
# says: the same 0.01 for every scheme
# -    return rng.normal(0, deviations[scheme], (fan_in, fan_out))
# +    return rng.normal(0, 0.01, (fan_in, fan_out))

# %% wrong: the root of 0.01
# says: 0.01
# -    return rng.normal(0, deviations[scheme], (fan_in, fan_out))
# +    deviations["small"] = np.sqrt(0.01)
# +    return rng.normal(0, deviations[scheme], (fan_in, fan_out))

# %% wrong: not scaled
# says: standard normal numbers
# -    return rng.normal(0, deviations[scheme], (fan_in, fan_out))
# +    return rng.standard_normal((fan_in, fan_out))

# %% wrong: uniform of the right spread
# fails: test-init-weights-normal
# says: a uniform distribution
# -    return rng.normal(0, deviations[scheme], (fan_in, fan_out))
# +    limit = np.sqrt(3) * deviations[scheme]
# +    return rng.uniform(-limit, limit, (fan_in, fan_out))

# %% wrong: absolute values
# says: absolute values
# -    return rng.normal(0, deviations[scheme], (fan_in, fan_out))
# +    return np.abs(rng.normal(0, deviations[scheme], (fan_in, fan_out)))

# %% wrong: signs
# says: or signs alone
# -    return rng.normal(0, deviations[scheme], (fan_in, fan_out))
# +    return deviations[scheme] * rng.choice([-1.0, 1.0], (fan_in, fan_out))

# %% wrong: uniform between plus and minus the deviation
# fails: test-init-weights-normal, test-init-weights-spread
# because: neither the distribution nor its spread is right
# says: uniform between minus and plus the deviation
# -    return rng.normal(0, deviations[scheme], (fan_in, fan_out))
# +    return rng.uniform(-deviations[scheme], deviations[scheme], (fan_in, fan_out))

# %% wrong: rng.random
# says: uniform numbers from 0 to 1
# -    return rng.normal(0, deviations[scheme], (fan_in, fan_out))
# +    return deviations[scheme] * rng.random((fan_in, fan_out))

# %% wrong: the deviation for the mean
# because: the deviation is 1 then
# says: rng.normal takes the mean first
# -    return rng.normal(0, deviations[scheme], (fan_in, fan_out))
# +    return rng.normal(deviations[scheme], 1, (fan_in, fan_out))

# %% wrong: one column
# because: so few numbers have another spread
# says: one column, repeated
# -    return rng.normal(0, deviations[scheme], (fan_in, fan_out))
# +    column = rng.normal(0, deviations[scheme], (fan_in, 1))
# +    return np.tile(column, fan_out)

# %% wrong: clipped at two deviations
# because: that makes the spread smaller, too
# says: normal numbers clipped
# -    return rng.normal(0, deviations[scheme], (fan_in, fan_out))
# +    std = deviations[scheme]
# +    return np.clip(rng.normal(0, std, (fan_in, fan_out)), -2 * std, 2 * std)

# %% wrong: zeros
# fails: test-init-weights-normal, test-init-weights-spread, test-init-weights-generator
# because: nothing is drawn
# says: zeros: weights are drawn
# -    return rng.normal(0, deviations[scheme], (fan_in, fan_out))
# +    return np.zeros((fan_in, fan_out))

# %% wrong: the global generator
# fails: test-init-weights-generator
# says: a generator of NumPy or Python that is not rng
# -    return rng.normal(0, deviations[scheme], (fan_in, fan_out))
# +    return deviations[scheme] * np.random.randn(fan_in, fan_out)

# %% wrong: a seed of its own
# says: a seed of its own
# -    return rng.normal(0, deviations[scheme], (fan_in, fan_out))
# +    rng = np.random.default_rng(0)
# +    return rng.normal(0, deviations[scheme], (fan_in, fan_out))

# %% wrong: a global seed
# says: a seed of its own
# -    return rng.normal(0, deviations[scheme], (fan_in, fan_out))
# +    np.random.seed(0)
# +    return deviations[scheme] * np.random.randn(fan_in, fan_out)

# %% wrong: a generator without a seed
# says: a generator of NumPy or Python that is not rng
# -    return rng.normal(0, deviations[scheme], (fan_in, fan_out))
# +    return np.random.default_rng().normal(0, deviations[scheme], (fan_in, fan_out))

# %% wrong: a copy of the generator
# says: drawing from a copy of rng
# -    return rng.normal(0, deviations[scheme], (fan_in, fan_out))
# +    import copy
# +
# +    return copy.deepcopy(rng).normal(0, deviations[scheme], (fan_in, fan_out))

# %% wrong: he for anything else
# fails: test-init-weights-schemes
# says: no ValueError for a call that makes no sense
# from: if, elif
# -    elif scheme == "he":
# -        std = np.sqrt(2 / fan_in)
# -    else:
# -        raise ValueError("unknown scheme: " + str(scheme))
# +    else:
# +        std = np.sqrt(2 / fan_in)

# %% wrong: a KeyError
# says: raised KeyError
# from: solution
# -    if scheme not in deviations:
# -        raise ValueError(f"scheme must be small, xavier or he, got {scheme!r}")

# %% wrong: a message without the scheme
# says: the error message does not name
# from: if, elif
# -        raise ValueError("unknown scheme: " + str(scheme))
# +        raise ValueError("unknown scheme")

# %% wrong: returned, not raised
# says: no ValueError for a call that makes no sense
# -        raise ValueError("unknown scheme: " + str(scheme))
# +        return ValueError("unknown scheme: " + str(scheme))

# %% wrong: prints
# says: no ValueError for a call that makes no sense
# -        raise ValueError("unknown scheme: " + str(scheme))
# +        print("unknown scheme", scheme)
# +        return None

# %% wrong: an assertion
# says: raised AssertionError
# from: solution
# -    if scheme not in deviations:
# -        raise ValueError(f"scheme must be small, xavier or he, got {scheme!r}")
# +    assert scheme in deviations, scheme

# %% wrong: schemes by their first letter
# says: no ValueError for a call that makes no sense
# -    if scheme not in deviations:
# -        raise ValueError(f"scheme must be small, xavier or he, got {scheme!r}")
# +    deviations |= {name: deviations["he"] for name in ("hey", "kaiming", "glorot")}
# +    if scheme not in deviations:
# +        raise ValueError(f"scheme must be small, xavier or he, got {scheme!r}")
