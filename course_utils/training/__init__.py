"""Training in NumPy: a net, the loop, its history, and how to look after both.

>>> import numpy as np
>>> from course_utils.training import Net, diagnose, train
>>> rng = np.random.default_rng(0)
>>> x = rng.normal(size=(200, 2))
>>> y = (x[:, 0] * x[:, 1] > 0).astype(int)  # no line separates these
>>> data = x[:150], y[:150], x[150:], y[150:]
>>> history = train(Net((2, 20, 2), rng), *data, 0.5, 0.0, epochs=100, batch_size=150, rng=rng)
>>> diagnose(history, target=0.8)
'good'
"""

from course_utils.training.checkup import diagnose, is_clear, sanity_checks
from course_utils.training.history import load_history, save_history
from course_utils.training.loop import accuracy, train
from course_utils.training.nets import Net

__all__ = [
    "Net",
    "accuracy",
    "diagnose",
    "is_clear",
    "load_history",
    "sanity_checks",
    "save_history",
    "train",
]
