"""Who is asking: the tokens that say so."""
