"""What runs a stranger's code."""
