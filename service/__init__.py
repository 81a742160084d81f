"""商会 | The service: what may happen, how it is recorded, and the program that runs it."""
