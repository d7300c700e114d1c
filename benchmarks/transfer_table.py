"""The table of transfer of lecture 08, with several seeds.

    python benchmarks/transfer_table.py [--seeds N …]

Needs torch; about two minutes a seed on two cores. The network that comes with the course is tuned to 100
and to 3000 images of the similar and of the different set: its last convolution and a new last layer, or
all layers; beside it a network with new weights. Gradient descent with momentum 0.9, rate 0.05 falling
along a cosine, batches of 50, 30 epochs of 100 images or 8 of 3000, no augmentation; 1000 test images. A
seed sets the new weights and the order.

Measured on two busy cores of an AMD EPYC (torch 2.13, seeds 0, 1, 2; one standard error is 0.015):

- similar, 100: few layers 0.341 0.349 0.345, many 0.288 0.291 0.304, new weights 0.121 0.112 0.108;
- similar, 3000: 0.490 0.499 0.501, 0.562 0.550 0.552, 0.271 0.300 0.280;
- different, 100: 0.431 0.427 0.423, 0.394 0.415 0.395, 0.300 0.335 0.287;
- different, 3000: 0.525 0.522 0.531, 0.847 0.841 0.837, 0.814 0.853 0.807.
"""

import argparse
import os

# Read when torch is loaded: threads that wait leave the cores to other work.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch  # noqa: E402

from course_utils.data.transfer import different_images, similar_images  # noqa: E402
from course_utils.seeing.reference import reference, reference_network  # noqa: E402
from course_utils.seeing.transfer import fine_tune, right, tensors  # noqa: E402


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    net = reference()
    for seed in options.parse_args().seeds:
        torch.manual_seed(seed)
        new = reference_network()
        plans = {
            "few layers": (net, "pool3"),
            "many layers": (net, None),
            "new weights": (new, None),
        }
        for kind, draw in (("similar", similar_images), ("different", different_images)):
            x, y = tensors(*draw(3000, seed=0))
            held_out = tensors(*draw(1000, seed=1))
            for count, epochs in ((100, 30), (3000, 8)):
                for plan, (start, frozen) in plans.items():
                    tuned = fine_tune(start, x[:count], y[:count], frozen, epochs, 0.05, seed=seed)
                    share = right(tuned, *held_out)
                    print(f"seed {seed}, {kind}, {count}, {plan}: {share:.3f}", flush=True)


if __name__ == "__main__":
    main()
