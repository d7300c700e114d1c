"""What lecture 08 looks at trained networks with; it needs PyTorch.

Here stand the forms that lecture and explorers want: many images, units and classes at once, on chains of
layers. `course_utils.seeing.plain` has the exercises as part 08 asks for them, one at a time, for any network:
what its tests compare with. Where one can be written as a call of the other it is; what is left twice is
computed in two ways, and tests/seeing/test_both_forms.py holds the one against the other.
`course_utils.seeing.wrong` has the exercises with options for what goes wrong in them.

Part 08 forbids this package: it answers the exercises.
"""
