"""示范城市 | What does the demonstration show? Kaifeng's real divisions, and invented chambers in them."""
