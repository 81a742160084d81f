"""What may happen: one module per aggregate, its commands, its facts and its rules."""
