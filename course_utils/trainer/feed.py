"""Batches from images that are in the memory of the device, augmented there."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch

from course_utils.trainer.augment import cropped, cutout, draw_offsets, flipped
from course_utils.trainer.distribution import World


class Feed:
    """Batches of a set of images, in a new order in each epoch.

    Order and augmentation of a batch hang on the seed, the epoch and its number alone: a training goes on in
    the middle of an epoch as if it had not stopped, and several processes see together what one would see.

    Parameters
    ----------
    images : ndarray of uint8, shape (N, C, H, W)
    labels : ndarray of N ints
    batch_size : int
        Of all processes together.
    world : World
    seed : int
    moments : (Tensor, Tensor), optional
        Mean and standard deviation of each channel, from 0 to 255; by default those of these images.
    padding : int
        By how many pixels images are moved at most.
    flip : bool
        Whether half of them are mirrored.
    cutout : int
        The side of a square that is blackened in each; 0 for none.
    """

    def __init__(
        self,
        images: np.ndarray,
        labels: np.ndarray,
        batch_size: int,
        world: World,
        seed: int = 0,
        moments: tuple[torch.Tensor, torch.Tensor] | None = None,
        padding: int = 0,
        flip: bool = False,
        cutout: int = 0,
    ):
        if len(images) == 0 or len(images) != len(labels):
            raise ValueError(
                f"{len(images)} images and {len(labels)} labels: as many of both, and some, are needed"
            )
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1, got {batch_size}")
        last = len(images) % batch_size or batch_size
        if last < world.size:
            raise ValueError(
                f"{len(images)} images in batches of {batch_size} leave {last} for the last one, too few for "
                f"{world.size} processes; choose another batch size"
            )
        x = torch.tensor(images)  # a copy: arrays may be only for reading
        self.moments = moments or _moments(x)
        self.images = x.to(world.device).contiguous(memory_format=torch.channels_last)
        self.labels = torch.tensor(labels, dtype=torch.int64).to(world.device)
        self.batch_size, self.world, self.seed = batch_size, world, seed
        self.padding, self.flip, self.cutout = padding, flip, cutout
        mean, spread = (m.to(world.device)[:, None, None] for m in self.moments)
        self._scale, self._shift = 1 / spread, -mean / spread

    def __len__(self) -> int:
        """How many batches an epoch has."""
        return -(-len(self.images) // self.batch_size)

    def epoch(
        self, number: int, start: int = 0
    ) -> Iterator[tuple[torch.Tensor, torch.Tensor, int]]:
        """Yield the batches of an epoch.

        Parameters
        ----------
        number : int
            Of the epoch, from 0.
        start : int
            The first batch.

        Yields
        ------
        x : Tensor of shape (n, C, H, W)
            float32, each channel with mean 0 and variance 1 over the set, augmented; this process's rows.
        y : Tensor of n ints
        size : int
            Images in the batch, of all processes.
        """
        order = torch.randperm(len(self.images), generator=self._generator(number, -1))
        for batch in range(start, len(self)):
            rows = order[batch * self.batch_size : (batch + 1) * self.batch_size]
            own = slice(self.world.rank, None, self.world.size)
            draw = self._generator(number, batch)
            mine = rows[own].to(self.images.device)
            x = self.images[mine]
            if self.flip:
                x = flipped(x, (torch.rand(len(rows), generator=draw) < 0.5)[own])
            if self.padding:
                # Zeros come in where an image ends: black, not the mean colour.
                x = cropped(x, self.padding, draw_offsets(len(rows), self.padding, draw)[own])
            if self.cutout:
                last = x.shape[-1] - self.cutout
                x = cutout(
                    x, self.cutout, torch.randint(0, last + 1, (len(rows), 2), generator=draw)[own]
                )
            yield self.normalised(x), self.labels[mine], len(rows)

    def ordered(self, at_once: int) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """Yield this process's rows as they are, in order, at most `at_once` of them."""
        for start in range(self.world.rank, len(self.images), at_once * self.world.size):
            rows = slice(start, start + at_once * self.world.size, self.world.size)
            yield self.normalised(self.images[rows]), self.labels[rows]

    def normalised(self, x: torch.Tensor) -> torch.Tensor:
        """Return images of uint8 as a network gets them."""
        return torch.addcmul(self._shift, x.float(), self._scale)

    def _generator(self, epoch, batch):
        # Numbers that lie together make generators that are alike: NumPy's sequences are not.
        word = np.random.SeedSequence([self.seed, epoch, batch + 1]).generate_state(2, np.uint32)
        return torch.Generator().manual_seed(int(word[0]) << 32 | int(word[1]))


def _moments(x):
    """Mean and standard deviation of each channel, in pieces: as floats images take four times the room."""
    count = x.numel() / x.shape[1]
    totals = torch.zeros(2, x.shape[1], dtype=torch.float64)
    for piece in x.split(1000):
        values = piece.double()
        totals += torch.stack([values.sum((0, 2, 3)), (values**2).sum((0, 2, 3))])
    mean, squares = totals / count
    return mean.float(), (squares - mean**2).sqrt().clamp(min=1e-6).float()
