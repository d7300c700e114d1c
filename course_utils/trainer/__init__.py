"""Training in PyTorch: one loop for any network, that stops at any step and goes on, on one device or several.

>>> import torch
>>> from course_utils.data import drawn_images
>>> from course_utils.trainer import Feed, Settings, Trainer, World
>>> x, y = drawn_images(60)
>>> world = World(torch.device("cpu"))
>>> feeds = Feed(x[:40], y[:40], 20, world), Feed(x[40:], y[40:], 20, world)
>>> net = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(3 * 32 * 32, 10))
>>> history = Trainer(net, *feeds, Settings(epochs=2, batch_size=20), world).fit()
>>> len(history["loss"]), len(history["val_accuracy"]), history["stopped"]
(4, 2, None)
"""

from course_utils.trainer.checkpoint import CheckpointError
from course_utils.trainer.distribution import World, best_device, world
from course_utils.trainer.ema import EMA
from course_utils.trainer.feed import Feed
from course_utils.trainer.loop import Trainer
from course_utils.trainer.settings import Settings

__all__ = ["EMA", "CheckpointError", "Feed", "Settings", "Trainer", "World", "best_device", "world"]
