"""Networks of PyTorch as a test sees them: a traced forward pass, the role of each parameter, weights by role.

Only what is asked about networks imports this: it loads PyTorch.
"""
