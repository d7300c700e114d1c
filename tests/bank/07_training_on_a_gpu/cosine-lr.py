# %% right: sin² in place of a cosine
def cosine_lr(step, total_steps, base_lr, warmup_steps=0, final_lr=0.0):
    if step < warmup_steps:
        return base_lr / warmup_steps * (step + 1)
    share = (step - warmup_steps) / (total_steps - warmup_steps - 1)
    return base_lr + (final_lr - base_lr) * math.sin(math.pi / 2 * share) ** 2


# %% right: PyTorch's cosine
def cosine_lr(step, total_steps, base_lr, warmup_steps=0, final_lr=0.0):
    if step < warmup_steps:
        return (step + 1) / warmup_steps * base_lr
    done, all_steps = step - warmup_steps, total_steps - 1 - warmup_steps
    angle = torch.tensor(done / all_steps, dtype=torch.float64) * torch.pi
    return (final_lr + (base_lr - final_lr) * (1 + torch.cos(angle)) / 2).item()


# %% right: the whole list
import numpy as np


def cosine_lr(step, total_steps, base_lr, warmup_steps=0, final_lr=0.0):
    warm = [base_lr * k / warmup_steps for k in range(1, warmup_steps + 1)]
    t = np.linspace(0, np.pi, total_steps - warmup_steps)
    fall = final_lr + (base_lr - final_lr) * (1 + np.cos(t)) / 2
    return float([*warm, *fall][step])


# %% right: a weighted mean of both ends
def cosine_lr(step, total_steps, base_lr, warmup_steps=0, final_lr=0.0):
    if warmup_steps and step + 1 <= warmup_steps:
        weight, low = (step + 1) / warmup_steps, 0.0
    else:
        t = (step - warmup_steps) / (total_steps - warmup_steps - 1)
        weight, low = (math.cos(t * math.pi) + 1) / 2, final_lr
    return weight * base_lr + (1 - weight) * low


# %% right: a complex number that turns
import cmath


def cosine_lr(step, total_steps, base_lr, warmup_steps=0, final_lr=0.0):
    n = step - warmup_steps
    if n < 0:
        return base_lr + base_lr * (n + 1) / warmup_steps
    turn = cmath.exp(1j * cmath.pi * n / (total_steps - 1 - warmup_steps))
    return final_lr + (base_lr - final_lr) * (turn.real + 1) * 0.5


# %% wrong: divided by total_steps
# fails: test-cosine-lr-values
# says: divided by total_steps
# from: solution
# -    t = (step - warmup_steps) / (total_steps - 1 - warmup_steps)
# +    t = (step - warmup_steps) / (total_steps - warmup_steps)

# %% wrong: without the half
# says: without the half
# -    return final_lr + 0.5 * (base_lr - final_lr) * (1 + math.cos(math.pi * t))
# +    return final_lr + (base_lr - final_lr) * (1 + math.cos(math.pi * t))

# %% wrong: a whole period
# says: a whole period
# -    return final_lr + 0.5 * (base_lr - final_lr) * (1 + math.cos(math.pi * t))
# +    return final_lr + 0.5 * (base_lr - final_lr) * (1 + math.cos(2 * math.pi * t))

# %% wrong: a quarter of a period, shifted
# says: wrong
# -    return final_lr + 0.5 * (base_lr - final_lr) * (1 + math.cos(math.pi * t))
# +    return final_lr + (base_lr - final_lr) * math.cos(math.pi / 2 * t)

# %% wrong: final_lr left out
# says: final_lr left out
# -    return final_lr + 0.5 * (base_lr - final_lr) * (1 + math.cos(math.pi * t))
# +    return 0.5 * base_lr * (1 + math.cos(math.pi * t))

# %% wrong: final_lr added
# says: final_lr added
# -    return final_lr + 0.5 * (base_lr - final_lr) * (1 + math.cos(math.pi * t))
# +    return final_lr + 0.5 * base_lr * (1 + math.cos(math.pi * t))

# %% wrong: without π
# says: π left out
# -    return final_lr + 0.5 * (base_lr - final_lr) * (1 + math.cos(math.pi * t))
# +    return final_lr + 0.5 * (base_lr - final_lr) * (1 + math.cos(t))

# %% wrong: a straight line
# says: a straight line
# -    return final_lr + 0.5 * (base_lr - final_lr) * (1 + math.cos(math.pi * t))
# +    return base_lr + (final_lr - base_lr) * t

# %% wrong: minus the cosine, which rises
# says: wrong
# -    return final_lr + 0.5 * (base_lr - final_lr) * (1 + math.cos(math.pi * t))
# +    return final_lr + 0.5 * (base_lr - final_lr) * (1 - math.cos(math.pi * t))

# %% wrong: a warm-up that begins at 0
# fails: test-cosine-lr-warmup
# says: a warm-up that begins at 0
# -        return base_lr * (step + 1) / warmup_steps
# +        return base_lr * step / warmup_steps

# %% wrong: no warm-up
# says: no warm-up
# -    if step < warmup_steps:
# -        return base_lr * (step + 1) / warmup_steps
# -    t = (step - warmup_steps) / (total_steps - 1 - warmup_steps)
# +    t = step / (total_steps - 1)

# %% wrong: a cosine that has begun in the warm-up
# says: a cosine that has begun before the warm-up ends
# -    t = (step - warmup_steps) / (total_steps - 1 - warmup_steps)
# +    t = step / (total_steps - 1)

# %% wrong: a cosine as long as the whole training, begun after the warm-up
# says: wrong
# -    t = (step - warmup_steps) / (total_steps - 1 - warmup_steps)
# +    t = (step - warmup_steps) / (total_steps - 1)

# %% wrong: a warm-up from final_lr
# says: a warm-up from final_lr
# -        return base_lr * (step + 1) / warmup_steps
# +        return final_lr + (base_lr - final_lr) * (step + 1) / warmup_steps

# %% wrong: a warm-up that is one step too long
# says: wrong
# -    if step < warmup_steps:
# -        return base_lr * (step + 1) / warmup_steps
# +    if step < warmup_steps + 1 and warmup_steps:
# +        return base_lr * (step + 1) / (warmup_steps + 1)
