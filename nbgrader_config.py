"""Settings of nbgrader: every `nbgrader …` command, the Formgrader and Validate read this file.

COURSE_GRADING names another folder for submissions, marks and feedback (default: grading), so that
`COURSE_GRADING=grading/demo make lab` shows the sample class in the Formgrader.
"""

import os
import sys
from pathlib import Path

from course_utils.course.files import private
from course_utils.grading.nbgrader_hooks import install

c = get_config()  # noqa: F821  (traitlets defines it)

root = Path(__file__).resolve().parent
grading = Path(os.environ.get("COURSE_GRADING", "grading"))
private(root / grading)
(root / grading / "exchange").mkdir(exist_ok=True)

# nbgrader calls `alembic` by name when it makes a gradebook; without an activated environment it would not
# find it.
here = str(Path(sys.executable).parent)
if here not in os.environ.get("PATH", "").split(os.pathsep):
    os.environ["PATH"] = os.pathsep.join([here, os.environ.get("PATH", "")])

c.CourseDirectory.course_id = "convnets"
c.CourseDirectory.root = str(root)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
c.CourseDirectory.submitted_directory = str(grading / "submitted")
c.CourseDirectory.autograded_directory = str(grading / "autograded")
c.CourseDirectory.feedback_directory = str(grading / "feedback")
# A server instead of a file: "postgresql://USER@HOST/DATABASE" (docs/from-laptop-to-cluster.md).
c.CourseDirectory.db_url = f"sqlite:///{root / grading / 'gradebook.db'}"
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints", "*.pyc", "__pycache__", ".pytest_cache", ".DS_Store", "feedback",
    # A browser would run these with the instructor's rights: the Formgrader serves what was handed in.
    "*.htm*", "*.xhtml", "*.svg*", "*.xml", "*.xsl*", "*.js", "*.mjs", "*.mht*", "*.pdf",
]  # fmt: skip
c.Exchange.root = str(root / grading / "exchange")
c.ZipCollectApp.downloaded_directory = str(grading / "downloaded")

# Student code runs apart from the tests: our classes stand where nbgrader runs a notebook.
ours, hooks = "course_utils.grading.preprocessors", "course_utils.grading.nbgrader_hooks"
install()  # what nbgrader lets nobody configure; the module says what and why
c.Execute.timeout = 900  # of Validate, seconds on the clock: a busy machine takes no points
c.Autograde.exporter_class = f"{hooks}.Submitted"
c.ExchangeFactory.collect = f"{hooks}.Collect"
c.ZipCollectApp.collector_plugin = f"{hooks}.Platforms"
c.ExchangeFactory.release_feedback = f"{hooks}.ReleaseFeedback"
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ClearSolutions",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
    f"{ours}.Stamp",
]
c.Autograde.sanitize_preprocessors = [f"{ours}.Restore"]
c.Autograde.autograde_preprocessors = [
    f"{ours}.Judge",
    f"{ours}.Record",
    f"{hooks}.Late",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# A second line behind course_utils.judging.sanitise, for whatever reads a notebook into a page.
c.HTMLExporter.sanitize_html = True
c.AssignLatePenalties.plugin_class = "course_utils.grading.late.DailyPenalty"
c.DailyPenalty.percent_per_day = 5
c.DailyPenalty.grace_minutes = 0  # lateness up to this costs nothing
c.DailyPenalty.most_percent = 100  # what lateness costs at most
c.GenerateFeedback.exporter_class = "course_utils.grading.student_page.StudentPage"
c.GenerateFeedback.preprocessors = [
    f"{hooks}.Late",  # a due date may have moved since
    "nbgrader.preprocessors.GetGrades",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    f"{ours}.HideTests",  # after it: adds to what it has set
]
