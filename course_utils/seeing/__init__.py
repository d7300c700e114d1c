"""What lecture 08 looks at trained networks with; it needs PyTorch.

Part 08 forbids this package: it answers the exercises.
"""
