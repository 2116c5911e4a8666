"""One table of hostile tests, run for every provider.

A provider's addon gives its world (how to start its stand-in, sign a body, make an event, read a
payment there) as a class below `world.World`, and makes concrete test classes of the rows here.
Nothing of this package is collected by itself.
"""
