"""Networks that are right, and the same with one fault each, for naming it and for charging it once.

A function for each exercise of part 06 takes the name of a test and returns the `Subject` of that test: the
right network, the faults that this test charges and names, and those that another test charges.
"""

from course_utils.checks.networks.wrong.blocks import basic as basic_block

__all__ = ["basic_block"]
