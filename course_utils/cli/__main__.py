from course_utils.cli import main

main()
