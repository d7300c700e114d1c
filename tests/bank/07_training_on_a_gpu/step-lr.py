# %% right: a loop over the steps that are over
def step_lr(epoch, base_lr, step_size, gamma=0.1):
    lr = base_lr
    for _ in range(epoch // step_size):
        lr *= gamma
    return lr


# %% right: math.floor and math.pow
def step_lr(epoch, base_lr, step_size, gamma=0.1):
    return base_lr * math.pow(gamma, math.floor(epoch / step_size))


# %% right: an epoch at a time
def step_lr(epoch, base_lr, step_size, gamma=0.1):
    lr = base_lr
    for e in range(1, epoch + 1):
        if e % step_size == 0:
            lr = lr * gamma
    return lr


# %% right: recursion
def step_lr(epoch, base_lr, step_size, gamma=0.1):
    if epoch < step_size:
        return base_lr
    return gamma * step_lr(epoch - step_size, base_lr, step_size, gamma)


# %% right: divmod, through logarithms
def step_lr(epoch, base_lr, step_size, gamma=0.1):
    falls, _ = divmod(epoch, step_size)
    return math.exp(math.log(base_lr) + falls * math.log(gamma))


# %% wrong: an exponent that grows in each epoch
# fails: test-step-lr-values
# says: // counts whole steps
# from: solution
# -    return base_lr * gamma ** (epoch // step_size)
# +    return base_lr * gamma ** (epoch / step_size)

# %% wrong: rounded
# says: wrong
# -    return base_lr * gamma ** (epoch // step_size)
# +    return base_lr * gamma ** round(epoch / step_size)

# %% wrong: one epoch early
# says: one step early
# -    return base_lr * gamma ** (epoch // step_size)
# +    return base_lr * gamma ** ((epoch + 1) // step_size)

# %% wrong: one epoch late
# says: one step late
# -    return base_lr * gamma ** (epoch // step_size)
# +    return base_lr * gamma ** (max(epoch - 1, 0) // step_size)

# %% wrong: a tenth, whatever gamma is
# says: whatever gamma is
# -    return base_lr * gamma ** (epoch // step_size)
# +    return base_lr * 0.1 ** (epoch // step_size)

# %% wrong: one fall
# says: a single fall
# -    return base_lr * gamma ** (epoch // step_size)
# +    return base_lr * gamma if epoch >= step_size else base_lr

# %% wrong: divided
# says: divided by gamma
# -    return base_lr * gamma ** (epoch // step_size)
# +    return base_lr / gamma ** (epoch // step_size)

# %% wrong: a fall in each epoch
# says: gamma for each epoch
# -    return base_lr * gamma ** (epoch // step_size)
# +    return base_lr * gamma**epoch

# %% wrong: falls only in the epochs that step_size divides
# says: wrong
# -    return base_lr * gamma ** (epoch // step_size)
# +    return base_lr * gamma if epoch and epoch % step_size == 0 else base_lr

# %% wrong: gamma times the number of falls
# says: wrong
# -    return base_lr * gamma ** (epoch // step_size)
# +    return base_lr * gamma * max(epoch // step_size, 1 / gamma)
