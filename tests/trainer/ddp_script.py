"""A training of two epochs, alone or under torchrun; its weights and history go to a file."""

import sys
from pathlib import Path

import torch
from torch import nn

from course_utils.data import drawn_images
from course_utils.trainer import Feed, Settings, Trainer, world


def main(folder: Path, padding: int):
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.Conv2d(3, 8, 3, 2, 1),
        nn.ReLU(),
        nn.Conv2d(8, 8, 3, 2, 1),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(512, 10),
    )
    x, y = drawn_images(75, seed=5)
    settings = Settings(epochs=2, batch_size=16, learning_rate=0.05, clip=0.5, ema=0.9)
    with world("cpu") as here:
        train = Feed(x[:51], y[:51], 16, here, padding=padding, flip=bool(padding))
        trainer = Trainer(
            net,
            train,
            Feed(x[51:], y[51:], 16, here, moments=train.moments),
            settings,
            here,
            folder,
        )
        trainer.fit()
        if here.rank == 0:
            torch.save(
                {"model": trainer.bare.state_dict(), "history": trainer.history}, folder / "end.pt"
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
