"""What a caller may ask and say: the GraphQL schema over views and commands."""
