"""Reading of the files of a former system: bytes in, typed rows or row errors out, no ORM."""
