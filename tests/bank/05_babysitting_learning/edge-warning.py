# %% right: loops
def edge_warning(trials, ranges):
    best_score, best_values = None, None
    for values, score in trials:
        if best_score is None or score > best_score:
            best_score = score
            best_values = values
    out = []
    for name in ranges:
        low, high = ranges[name]
        tenth = (np.log(high) - np.log(low)) * 0.1
        if np.log(best_values[name]) < np.log(low) + tenth:
            out.append((name, "low"))
        if np.log(best_values[name]) > np.log(high) - tenth:
            out.append((name, "high"))
    return out


# %% right: bounds of the middle
def edge_warning(trials, ranges):
    scores = [score for _, score in trials]
    values = trials[int(np.argmax(scores))][0]
    inner = {k: (a * (b / a) ** 0.1, a * (b / a) ** 0.9) for k, (a, b) in ranges.items()}
    low = [[k, "low"] for k in ranges if values[k] <= inner[k][0]]
    high = [[k, "high"] for k in ranges if values[k] >= inner[k][1]]
    return low + high


# %% right: log10, sorted
def edge_warning(trials, ranges):
    best = sorted(trials, key=lambda t: t[1])[-1][0]
    warnings = []
    for name, value in best.items():
        if name not in ranges:
            continue
        a, b = np.log10(ranges[name])
        p = (np.log10(value) - a) / (b - a)
        side = "low" if p < 0.1 else "high" if p > 0.9 else None
        if side:
            warnings.append((name, side))
    return warnings


# %% right: a comprehension
import math


def edge_warning(trials, ranges):
    best, _ = max(trials, key=lambda pair: pair[1])
    sides = {
        name: math.log(best[name] / low) / math.log(high / low) for name, (low, high) in ranges.items()
    }
    return [(n, "low" if p < 0.5 else "high") for n, p in sides.items() if abs(p - 0.5) > 0.4]


# %% right: a generator in a list
def where(value, bounds):
    low, high = map(np.log, bounds)
    return np.interp(np.log(value), [low, high], [0, 10])


def edge_warning(trials, ranges):
    best = dict(max((score, i) for i, (_, score) in enumerate(trials)) and trials[
        max((score, i) for i, (_, score) in enumerate(trials))[1]
    ][0])

    def found():
        for name, bounds in ranges.items():
            place = where(best[name], bounds)
            if place < 1:
                yield name, "low"
            elif place > 9:
                yield name, "high"

    return list(found())


# %% wrong: no logarithms
# fails: test-edge-warning-sides
# says: without logarithms
# from: solution
# -        place = np.log(values[name] / low) / np.log(high / low)
# +        place = (values[name] - low) / (high - low)

# %% wrong: ten per cent of the bound
# says: 10 % of the bound
# -        if place < 0.1:
# -            warnings.append((name, "low"))
# -        elif place > 0.9:
# -            warnings.append((name, "high"))
# +        if values[name] < 1.1 * low:
# +            warnings.append((name, "low"))
# +        elif values[name] > 0.9 * high:
# +            warnings.append((name, "high"))

# %% wrong: a power of ten
# says: a factor of ten
# -        if place < 0.1:
# -            warnings.append((name, "low"))
# -        elif place > 0.9:
# -            warnings.append((name, "high"))
# +        if values[name] < 10 * low:
# +            warnings.append((name, "low"))
# +        elif values[name] > high / 10:
# +            warnings.append((name, "high"))

# %% wrong: exchanged
# says: low and high exchanged
# -            warnings.append((name, "low"))
# +            warnings.append((name, "high"))
# -        elif place > 0.9:
# -            warnings.append((name, "high"))
# +        elif place > 0.9:
# +            warnings.append((name, "low"))

# %% wrong: the low edge only
# says: the low edge only
# -        elif place > 0.9:
# -            warnings.append((name, "high"))

# %% wrong: the high edge only
# says: the high edge only
# -        if place < 0.1:
# -            warnings.append((name, "low"))
# -        elif place > 0.9:
# +        if place > 0.9:

# %% wrong: five per cent
# says: the outer 5 %
# -        if place < 0.1:
# +        if place < 0.05:
# -        elif place > 0.9:
# +        elif place > 0.95:

# %% wrong: a fifth
# says: the outer 20 %
# -        if place < 0.1:
# +        if place < 0.2:
# -        elif place > 0.9:
# +        elif place > 0.8:

# %% wrong: the edge itself
# says: values on the edge itself
# -        if place < 0.1:
# +        if place <= 0.0:
# -        elif place > 0.9:
# +        elif place >= 1.0:

# %% wrong: names alone
# says: names alone
# -            warnings.append((name, "low"))
# +            warnings.append(name)
# -            warnings.append((name, "high"))
# +            warnings.append(name)

# %% wrong: a dict
# fails: test-edge-warning-sides, test-edge-warning-best
# because: not even no warning is right
# says: a dict: the warnings are a list
# -    return warnings
# +    return dict(warnings)

# %% wrong: returns at the first
# fails: test-edge-warning-sides
# says: the first warning only
# -    return warnings
# +    return warnings[:1]

# %% wrong: returns inside the loop
# says: wrong
# -            warnings.append((name, "high"))
# +            warnings.append((name, "high"))
# +        return warnings

# %% wrong: the lowest score
# fails: test-edge-warning-best
# says: the lowest score
# -    values, _ = max(trials, key=lambda trial: trial[1])
# +    values, _ = min(trials, key=lambda trial: trial[1])

# %% wrong: the first trial
# says: the first trial
# -    values, _ = max(trials, key=lambda trial: trial[1])
# +    values, _ = trials[0]

# %% wrong: the last trial
# says: the last trial
# -    values, _ = max(trials, key=lambda trial: trial[1])
# +    values, _ = trials[-1]

# %% wrong: the largest size
# says: the score of the largest size
# -    values, _ = max(trials, key=lambda trial: trial[1])
# +    values, _ = max(trials, key=lambda trial: abs(trial[1]))

# %% wrong: all trials
# says: all trials
# -    values, _ = max(trials, key=lambda trial: trial[1])
# -    warnings = []
# -    for name, (low, high) in ranges.items():
# -        place = np.log(values[name] / low) / np.log(high / low)
# -        if place < 0.1:
# -            warnings.append((name, "low"))
# -        elif place > 0.9:
# -            warnings.append((name, "high"))
# -    return warnings
# +    warnings = set()
# +    for values, _ in trials:
# +        for name, (low, high) in ranges.items():
# +            place = np.log(values[name] / low) / np.log(high / low)
# +            if place < 0.1:
# +                warnings.add((name, "low"))
# +            elif place > 0.9:
# +                warnings.add((name, "high"))
# +    return sorted(warnings)

# %% wrong: a best score that starts at 0
# says: all scores may be negative
# from: loops
# -    best_score, best_values = None, None
# +    best_score, best_values = 0.0, {name: 3e-4 for name in ranges}
# -        if best_score is None or score > best_score:
# +        if score > best_score:


# %% wrong: trials sorted in place
# fails: test-edge-warning-best
# says: working in place
def edge_warning(trials, ranges):
    trials.sort(key=lambda trial: trial[1])
    best, found = trials[-1][0], []
    for name, (low, high) in ranges.items():
        place = np.log(best[name] / low) / np.log(high / low)
        if not 0.1 <= place <= 0.9:
            found.append((name, "low" if place < 0.5 else "high"))
    return found
