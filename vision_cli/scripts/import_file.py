"""Import a file as the wizard does."""
