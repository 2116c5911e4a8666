"""The demo: a French business takes its contracts over and collects for half a year."""
