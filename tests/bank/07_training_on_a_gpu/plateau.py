# %% right: PyTorch's own, on a parameter of its own
class Plateau:
    def __init__(self, base_lr, factor=0.1, patience=10):
        self.optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=base_lr)
        self.schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(
            self.optimizer, factor=factor, patience=patience, threshold=0.0, threshold_mode="abs", eps=0.0
        )

    def step(self, metric):
        self.schedule.step(metric)
        return self.optimizer.param_groups[0]["lr"]


# %% right: the whole history
class Plateau:
    def __init__(self, base_lr, factor=0.1, patience=10):
        self.base_lr, self.factor, self.patience = base_lr, factor, patience
        self.metrics = []

    def step(self, metric):
        self.metrics.append(metric)
        lr, waited, best = self.base_lr, 0, None
        for value in self.metrics:
            if best is None or value < best:
                best, waited = value, 0
                continue
            waited += 1
            if waited == self.patience + 1:
                lr, waited = lr * self.factor, 0
        return lr


# %% right: counting down
class Plateau:
    def __init__(self, base_lr, factor=0.1, patience=10):
        self.current = base_lr
        self.factor = factor
        self.patience = patience
        self.left = patience + 1
        self.best = float("inf")

    def step(self, metric):
        if metric < self.best:
            self.best = metric
            self.left = self.patience + 1
        else:
            self.left -= 1
            if self.left == 0:
                self.current *= self.factor
                self.left = self.patience + 1
        return self.current


# %% right: a generator
class Plateau:
    def __init__(self, base_lr, factor=0.1, patience=10):
        self._run = self._rates(base_lr, factor, patience)
        next(self._run)

    @staticmethod
    def _rates(lr, factor, patience):
        best, bad = math.inf, 0
        metric = yield
        while True:
            bad = 0 if metric < best else bad + 1
            best = min(best, metric)
            if bad > patience:
                lr, bad = lr * factor, 0
            metric = yield lr

    def step(self, metric):
        return self._run.send(metric)


# %% right: the number of falls, the step of the best
class Plateau:
    def __init__(self, base_lr, factor=0.1, patience=10):
        self.base_lr, self.factor, self.patience = base_lr, factor, patience
        self.calls, self.since, self.falls = 0, 0, 0
        self.best = None

    def step(self, metric):
        self.calls += 1
        if self.best is None or metric < self.best:
            self.best, self.since = metric, self.calls
        elif self.calls - self.since > self.patience:
            self.falls += 1
            self.since = self.calls
        return self.base_lr * self.factor**self.falls


# %% wrong: one call early
# fails: test-plateau-rates
# says: one call early
# from: solution
# -        if self.waited > self.patience:
# +        if self.waited >= max(self.patience, 1):

# %% wrong: one call late
# says: one call late
# -        if self.waited > self.patience:
# +        if self.waited > self.patience + 1:

# %% wrong: an equal value is a new best
# says: an equal value
# -        if metric < self.best:
# +        if metric <= self.best:

# %% wrong: higher is better
# says: higher taken for better
# -        self.best, self.waited = math.inf, 0
# +        self.best, self.waited = -math.inf, 0
# -        if metric < self.best:
# +        if metric > self.best:

# %% wrong: PyTorch's threshold
# because: values that are lower by less than a ten-thousandth do not occur among these
# fails: test-plateau-rates
# says: wrong
# -        if metric < self.best:
# +        if metric < self.best - 0.3:

# %% wrong: the count does not start again after a fall
# says: a count that does not start again
# -            self.lr, self.waited = self.lr * self.factor, 0
# +            self.lr = self.lr * self.factor

# %% wrong: the count does not start again with a new best
# says: counted in all, not in a row
# -            self.best, self.waited = metric, 0
# +            self.best = metric

# %% wrong: the best is forgotten after a fall
# says: the best forgotten
# -            self.lr, self.waited = self.lr * self.factor, 0
# +            self.lr, self.waited, self.best = self.lr * self.factor, 0, math.inf

# %% wrong: compared with the value before
# says: compared with the value before
# -        if metric < self.best:
# -            self.best, self.waited = metric, 0
# -        else:
# -            self.waited += 1
# +        self.waited = 0 if metric < self.best else self.waited + 1
# +        self.best = metric

# %% wrong: the rate from the call after
# says: wrong
# -        if metric < self.best:
# +        before = self.lr
# +        if metric < self.best:
# -        return self.lr
# +        return before

# %% wrong: a fall only once
# says: wrong
# -            self.lr, self.waited = self.lr * self.factor, 0
# +            self.lr, self.waited, self.factor = self.lr * self.factor, 0, 1.0

# %% wrong: the factor taken off
# says: wrong
# -            self.lr, self.waited = self.lr * self.factor, 0
# +            self.lr, self.waited = self.lr * (1 - self.factor), 0

# %% wrong: nothing comes back
# says: None, not a float
# -        return self.lr

# %% wrong: another default of the patience
# fails: test-plateau-defaults
# says: another default
# -    def __init__(self, base_lr, factor=0.1, patience=10):
# +    def __init__(self, base_lr, factor=0.1, patience=5):

# %% wrong: another default of the factor
# says: another default
# -    def __init__(self, base_lr, factor=0.1, patience=10):
# +    def __init__(self, base_lr, factor=0.5, patience=10):
