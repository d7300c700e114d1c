# %% right: nested
def advise(n_images, similar):
    if similar:
        if n_images < 1000:
            return "linear classifier on top"
        return "fine-tune a few layers"
    if n_images < 1000:
        return "linear classifiers from several stages"
    return "fine-tune many layers"


# %% right: a dict
TABLE = {
    ("few", "similar"): "linear classifier on top",
    ("few", "different"): "linear classifiers from several stages",
    ("many", "similar"): "fine-tune a few layers",
    ("many", "different"): "fine-tune many layers",
}


def advise(n_images, similar):
    return TABLE["many" if n_images >= 1000 else "few", "similar" if similar else "different"]


# %% right: a table of rows
def advise(n_images, similar):
    table = [
        ["fine-tune many layers", "fine-tune a few layers"],
        ["linear classifiers from several stages", "linear classifier on top"],
    ]
    return table[n_images <= 999][bool(similar)]


# %% right: match
def advise(n_images, similar):
    match (n_images // 1000 > 0, similar):
        case (False, True):
            return "linear classifier on top"
        case (False, False):
            return "linear classifiers from several stages"
        case (True, True):
            return "fine-tune a few layers"
    return "fine-tune many layers"


# %% right: words put together
def advise(n_images, similar):
    if n_images >= 1000:
        return "fine-tune " + ("a few" if similar else "many") + " layers"
    return "linear classifier" + (" on top" if similar else "s from several stages")


# %% right: the index in one list
def advise(n_images, similar):
    texts = (
        "linear classifier on top",
        "linear classifiers from several stages",
        "fine-tune a few layers",
        "fine-tune many layers",
    )
    return texts[2 * int(n_images > 999) + int(not similar)]


# %% wrong: similar and different exchanged
# fails: test-advise-fields
# says: similar and different exchanged
# from: nested
# -    if similar:
# +    if not similar:

# %% wrong: few and many exchanged
# says: few and many exchanged
# from: the index in one list
# -    return texts[2 * int(n_images > 999) + int(not similar)]
# +    return texts[2 * int(n_images <= 999) + int(not similar)]

# %% wrong: both exchanged
# says: both exchanged
# -    return texts[2 * int(n_images > 999) + int(not similar)]
# +    return texts[2 * int(n_images <= 999) + int(similar)]

# %% wrong: rows and columns exchanged
# says: rows and columns of the table exchanged
# -    return texts[2 * int(n_images > 999) + int(not similar)]
# +    return texts[int(n_images > 999) + 2 * int(not similar)]

# %% wrong: the number alone
# fails: test-advise-fields
# says: the number of images alone
# from: nested
# -    if similar:
# -        if n_images < 1000:
# -            return "linear classifier on top"
# -        return "fine-tune a few layers"
# -    if n_images < 1000:
# -        return "linear classifiers from several stages"
# -    return "fine-tune many layers"
# +    return "linear classifier on top" if n_images < 1000 else "fine-tune many layers"

# %% wrong: another text
# says: wrong value
# -            return "linear classifier on top"
# +            return "linear classifier"

# %% wrong: printed
# fails: test-advise-fields, test-advise-limit
# because: nothing that it returns is right
# says: nothing was returned
# from: a dict
# -    return TABLE["many" if n_images >= 1000 else "few", "similar" if similar else "different"]
# +    print(TABLE["many" if n_images >= 1000 else "few", "similar" if similar else "different"])

# %% wrong: 1000 taken for few
# fails: test-advise-limit
# says: 1 000 images taken for few
# -    return TABLE["many" if n_images >= 1000 else "few", "similar" if similar else "different"]
# +    return TABLE["many" if n_images > 1000 else "few", "similar" if similar else "different"]

# %% wrong: few up to 500
# says: few up to 500
# fails: test-advise-limit
# -    return TABLE["many" if n_images >= 1000 else "few", "similar" if similar else "different"]
# +    return TABLE["many" if n_images >= 500 else "few", "similar" if similar else "different"]

# %% wrong: few up to 10 000
# says: few up to 10 000
# -    return TABLE["many" if n_images >= 1000 else "few", "similar" if similar else "different"]
# +    return TABLE["many" if n_images >= 10_000 else "few", "similar" if similar else "different"]
