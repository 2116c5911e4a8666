"""One verb a file. Each has HELP, `add_arguments(parser)` and `run(arguments)` -> exit code."""
