"""Release, grading and feedback on nbgrader's own folders and gradebook."""
