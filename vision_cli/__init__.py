"""What `./vision` does. Standard library only: it runs before any package is installed.

The scripts of `vision_cli/scripts` are the exception: they run inside Odoo.
"""
