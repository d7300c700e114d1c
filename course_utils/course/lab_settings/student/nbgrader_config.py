"""Settings of nbgrader in a student's JupyterLab; `course lab` has it read."""

c = get_config()  # noqa: F821  (traitlets defines it)

c.Execute.timeout = 900  # of Validate, seconds for a cell: it may draw, or train, on a busy machine
