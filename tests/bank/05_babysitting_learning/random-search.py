# %% right: exp of a uniform logarithm, a comprehension
def random_search(evaluate, ranges, n_trials, rng):
    def draw():
        return {n: np.exp(rng.uniform(np.log(a), np.log(b))) for n, (a, b) in ranges.items()}

    return [(v, evaluate(**v)) for v in (draw() for _ in range(n_trials))]


# %% right: powers of ten
def random_search(evaluate, ranges, n_trials, rng):
    results = []
    for i in range(n_trials):
        params = {}
        for key in ranges:
            low, high = np.log10(ranges[key])
            params[key] = 10 ** rng.uniform(low, high)
        score = evaluate(**params)
        results.append([params, score])
    return results


# %% right: all values first, in one array
def random_search(evaluate, ranges, n_trials, rng):
    names = list(ranges)
    low = np.log([ranges[name][0] for name in names])
    high = np.log([ranges[name][1] for name in names])
    points = np.exp(low + (high - low) * rng.random((n_trials, len(names))))
    trials = []
    for point in points:
        values = dict(zip(names, point))
        trials.append((values, evaluate(**values)))
    return trials


# %% right: a power of the ratio
def random_search(evaluate, ranges, n_trials, rng):
    trials = []
    while len(trials) < n_trials:
        values = dict.fromkeys(ranges)
        for name, bounds in ranges.items():
            u = rng.random()
            values[name] = bounds[0] * (bounds[1] / bounds[0]) ** u
        trials += [(values, evaluate(**values))]
    return tuple(trials)


# %% right: columns, name by name
import math


def log_uniform(low, high, count, rng):
    return [math.exp(t) for t in rng.uniform(math.log(low), math.log(high), size=count)]


def random_search(evaluate, ranges, n_trials, rng):
    columns = {name: log_uniform(*bounds, n_trials, rng) for name, bounds in ranges.items()}
    out = []
    for i in range(n_trials):
        values = {name: column[i] for name, column in columns.items()}
        out.append((values, evaluate(**values)))
    return out


# %% right: interpolation
def random_search(evaluate, ranges, n_trials, rng):
    trials = []
    for _ in range(n_trials):
        values = {
            k: float(2.0 ** np.interp(rng.uniform(), [0, 1], np.log2(v))) for k, v in ranges.items()
        }
        score = evaluate(**values)
        trials.append((dict(values), score))
    return trials


# %% wrong: the best trial only
# fails: test-random-search-trials
# says: the best trial alone
# from: solution
# -    return trials
# +    return max(trials, key=lambda trial: trial[1])

# %% wrong: sorted
# says: in order of their scores
# -    return trials
# +    return sorted(trials, key=lambda trial: trial[1], reverse=True)

# %% wrong: score first
# says: score before values
# -        trials.append((values, evaluate(**values)))
# +        trials.append((evaluate(**values), values))

# %% wrong: one dict for all
# says: one dict that all trials share
# -    for _ in range(n_trials):
# -        values = {}
# +    values = {}
# +    for _ in range(n_trials):

# %% wrong: minus the score
# says: minus the score
# -        trials.append((values, evaluate(**values)))
# +        trials.append((values, -evaluate(**values)))

# %% wrong: scores alone
# says: a trial that is no pair
# -        trials.append((values, evaluate(**values)))
# +        trials.append(evaluate(**values))

# %% wrong: the scores in dicts
# says: a trial that is no pair
# -        trials.append((values, evaluate(**values)))
# +        trials.append({**values, "score": evaluate(**values)})

# %% wrong: lists for dicts
# says: values that are no dict
# -        trials.append((values, evaluate(**values)))
# +        trials.append((list(values.values()), evaluate(**values)))

# %% wrong: one trial too few
# says: wrong number of trials
# -    for _ in range(n_trials):
# +    for _ in range(1, n_trials):

# %% wrong: evaluated twice
# says: wrong number of trials
# -        trials.append((values, evaluate(**values)))
# +        evaluate(**values)
# +        trials.append((values, evaluate(**values)))

# %% wrong: every combination
# fails: test-random-search-trials, test-random-search-spread
# because: values of a grid depend on each other
# says: every combination of values
# -    trials = []
# -    for _ in range(n_trials):
# -        values = {}
# -        for name, (low, high) in ranges.items():
# -            values[name] = float(np.exp(rng.uniform(np.log(low), np.log(high))))
# -        trials.append((values, evaluate(**values)))
# -    return trials
# +    import itertools
# +    axes = [np.exp(rng.uniform(np.log(a), np.log(b), n_trials)) for a, b in ranges.values()]
# +    points = [dict(zip(ranges, map(float, p))) for p in itertools.islice(itertools.product(*axes), 2000)]
# +    return [(p, evaluate(**p)) for p in points]

# %% wrong: values by place
# says: by name
# because: evaluate refuses it
# -        trials.append((values, evaluate(**values)))
# +        trials.append((values, evaluate(*values.values())))

# %% wrong: the dict for the values
# says: by name
# -        trials.append((values, evaluate(**values)))
# +        trials.append((values, evaluate(values)))

# %% wrong: uniform values
# fails: test-random-search-spread
# says: values drawn uniformly
# -            values[name] = float(np.exp(rng.uniform(np.log(low), np.log(high))))
# +            values[name] = float(rng.uniform(low, high))

# %% wrong: exponents
# says: the bounds taken for exponents
# -            values[name] = float(np.exp(rng.uniform(np.log(low), np.log(high))))
# +            values[name] = float(10 ** rng.uniform(low, high))

# %% wrong: logarithms returned
# says: outside its range
# -            values[name] = float(np.exp(rng.uniform(np.log(low), np.log(high))))
# +            values[name] = float(rng.uniform(np.log(low), np.log(high)))

# %% wrong: log10 and exp
# says: outside its range
# -            values[name] = float(np.exp(rng.uniform(np.log(low), np.log(high))))
# +            values[name] = float(np.exp(rng.uniform(np.log10(low), np.log10(high))))

# %% wrong: log and powers of ten
# says: outside its range
# -            values[name] = float(np.exp(rng.uniform(np.log(low), np.log(high))))
# +            values[name] = float(10 ** rng.uniform(np.log(low), np.log(high)))

# %% wrong: whole exponents
# says: whole exponents
# -            values[name] = float(np.exp(rng.uniform(np.log(low), np.log(high))))
# +            values[name] = float(10.0 ** rng.integers(np.ceil(np.log10(low)), np.floor(np.log10(high)) + 1))

# %% wrong: one number for all
# says: one random number for all names
# -        values = {}
# +        values = {}
# +        u = rng.random()
# -            values[name] = float(np.exp(rng.uniform(np.log(low), np.log(high))))
# +            values[name] = float(low * (high / low) ** u)

# %% wrong: mirrored
# says: one random number for all names
# -        values = {}
# +        values = {}
# +        u = rng.random()
# -            values[name] = float(np.exp(rng.uniform(np.log(low), np.log(high))))
# +            u = 1 - u
# +            values[name] = float(low * (high / low) ** u)

# %% wrong: the same values in every trial
# says: the same value twice
# -    for _ in range(n_trials):
# -        values = {}
# -        for name, (low, high) in ranges.items():
# -            values[name] = float(np.exp(rng.uniform(np.log(low), np.log(high))))
# +    drawn = {name: float(np.exp(rng.uniform(*np.log(bounds)))) for name, bounds in ranges.items()}
# +    for _ in range(n_trials):
# +        values = dict(drawn)

# %% wrong: a grid on a log scale
# says: a grid
# -    for _ in range(n_trials):
# +    for t in range(n_trials):
# -            values[name] = float(np.exp(rng.uniform(np.log(low), np.log(high))))
# +            values[name] = float(np.geomspace(low, high, n_trials)[t])

# %% wrong: a random walk
# says: that depend on those before
# -    trials = []
# +    trials, place = [], {name: rng.random() for name in ranges}
# -            values[name] = float(np.exp(rng.uniform(np.log(low), np.log(high))))
# +            place[name] = (place[name] + rng.uniform(0, 0.3)) % 1
# +            values[name] = float(low * (high / low) ** place[name])

# %% wrong: normal
# says: not even on a log scale
# -            values[name] = float(np.exp(rng.uniform(np.log(low), np.log(high))))
# +            u = np.clip(rng.normal(0.5, 0.15), 0, 1)
# +            values[name] = float(low * (high / low) ** u)

# %% wrong: half of the range
# says: not even on a log scale
# -            values[name] = float(np.exp(rng.uniform(np.log(low), np.log(high))))
# +            values[name] = float(np.exp(rng.uniform(np.log(low), (np.log(low) + np.log(high)) / 2)))

# %% wrong: the global generator
# says: a generator of your own
# -            values[name] = float(np.exp(rng.uniform(np.log(low), np.log(high))))
# +            values[name] = float(np.exp(np.random.uniform(np.log(low), np.log(high))))

# %% wrong: a seed of its own
# says: a generator of your own
# -    trials = []
# +    trials, rng = [], np.random.default_rng(0)
